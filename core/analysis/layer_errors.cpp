// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/layer_errors.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "analysis/comparison.h"
#include "engine/engine.h"
#include "quant/quantizers.h"

namespace vitrine::analysis {
namespace {

struct Comparisons {
    Comparison local, accumulated;
};

/// One measurement: the model in float and quantized, side by side.
class Measurement {
  public:
    Measurement(const quant::QuantizedModel& model, const std::string& device, const jobs::Control& control)
        : model_(model),
          control_(control),
          float_(model.graph, device),
          quantized_(model.graph, device),
          sites_(float_.sites().size()),
          outputs_(model.graph->blocks.size()) {
        for (std::size_t i = 0; i < sites_.size(); ++i) {
            encodings_.push_back(find(float_.sites()[i].id));
            if (float_.sites()[i].isWeight()) compareWeight(i);
        }
    }

    /// Calls `blockDone` after each block.
    void addBatch(const at::Tensor& images, const std::function<void()>& blockDone) {
        at::Tensor reference = images, approximation = images;
        for (std::size_t b = 0; b < model_.graph->blocks.size(); ++b) {
            const graph::Block& block = model_.graph->blocks[b];
            floatValues_.assign(sites_.size(), {});
            reference =
                engine::evaluate(float_, {{block.input, reference}}, {&block.output, 1}, floatHooks()).at(block.output);
            approximation =
                engine::evaluate(quantized_, {{block.input, approximation}}, {&block.output, 1}, quantizedHooks())
                    .at(block.output);
            outputs_[b].add(reference, approximation);
            reached_ = std::max(reached_, b + 1);
            blockDone();
        }
    }

    /// Of the blocks that were reached.
    LayerErrorPair result(std::int64_t images) const {
        LayerErrorPair pair{.local = {.reference = "local", .images = images},
                            .accumulated = {.reference = "accumulated", .images = images}};
        for (std::size_t b = 0; b < reached_; ++b) {
            for (std::size_t i = 0; i < sites_.size(); ++i) {
                if (float_.sites()[i].block != b) continue;
                pair.local.rows.push_back(siteRow(i, sites_[i].local));
                pair.accumulated.rows.push_back(siteRow(i, sites_[i].accumulated));
            }
            pair.accumulated.rows.push_back(outputRow(b));
        }
        return pair;
    }

  private:
    const quant::Encoding* find(const std::string& site) const {
        const auto found = model_.encodings.find(site);
        return found == model_.encodings.end() ? nullptr : &found->second;
    }

    at::Tensor apply(std::size_t site, const at::Tensor& value) const {
        return encodings_[site] == nullptr ? value : quant::fakeQuantize(value, *encodings_[site]);
    }

    void compareWeight(std::size_t site) {
        const graph::ValueId value = float_.sites()[site].value;
        const at::Tensor weight = float_.parameter(value), quantized = apply(site, weight);
        sites_[site].local.addWhole(weight, quantized);
        sites_[site].accumulated.addWhole(weight, quantized);
        quantized_.setParameter(value, quantized);
    }

    engine::Hooks floatHooks() {
        return {.quantize =
                    [this](std::size_t site, at::Tensor value, bool) {
                        sites_[site].local.add(value, apply(site, value));
                        floatValues_[site] = value;
                        return value;
                    },
                .checkpoint = [this] { control_.check(); }};
    }

    engine::Hooks quantizedHooks() {
        return {.quantize =
                    [this](std::size_t site, at::Tensor value, bool) {
                        at::Tensor quantized = apply(site, value);
                        sites_[site].accumulated.add(std::exchange(floatValues_[site], {}), quantized);
                        return quantized;
                    },
                .checkpoint = [this] { control_.check(); }};
    }

    results::LayerErrors::Row row(const Comparison& comparison) const {
        return {.sqnrDb = comparison.sqnrDb(), .cosine = comparison.cosine(), .mse = comparison.mse()};
    }

    results::LayerErrors::Row siteRow(std::size_t index, const Comparison& comparison) const {
        const graph::Site& site = float_.sites()[index];
        results::LayerErrors::Row result = row(comparison);
        result.site = site.id;
        result.role = graph::roleName(site.role);
        result.block = model_.graph->blocks[site.block].id;
        result.quantizer = encodings_[index] == nullptr ? "float" : quant::describe(*encodings_[index]);
        return result;
    }

    results::LayerErrors::Row outputRow(std::size_t index) const {
        const graph::Block& block = model_.graph->blocks[index];
        results::LayerErrors::Row result = row(outputs_[index]);
        result.site = model_.graph->value(block.output).id;
        result.role = "output";
        result.block = block.id;
        result.quantizer = "float";
        return result;
    }

    const quant::QuantizedModel& model_;
    const jobs::Control& control_;
    engine::Network float_, quantized_;
    std::vector<const quant::Encoding*> encodings_;  ///< by site; null for float
    std::vector<Comparisons> sites_;
    std::vector<Comparison> outputs_;      ///< by block
    std::size_t reached_ = 0;              ///< blocks that saw an image
    std::vector<at::Tensor> floatValues_;  ///< of the block in work, by site
};

}  // namespace

LayerErrorPair layerErrors(const quant::QuantizedModel& model, const std::string& device, const Images& images,
                           jobs::Control& control, jobs::Progress& progress, const WatchLayerErrors& watch) {
    Measurement measurement(model, device, control);
    std::int64_t done = 0;
    while (done < images.count && (done == 0 || !control.shouldFinish())) {
        const std::int64_t count = std::min(images.batch, images.count - done);
        measurement.addBatch(images.load(done, count), [&] {
            if (watch) watch([&] { return measurement.result(done + count); });
        });
        done += count;
        progress.update(static_cast<double>(done) / static_cast<double>(images.count),
                        std::to_string(done) + " of " + std::to_string(images.count) + " images");
        control.safePoint([] {});
    }
    return measurement.result(done);
}

}  // namespace vitrine::analysis
