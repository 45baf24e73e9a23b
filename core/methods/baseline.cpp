// SPDX-License-Identifier: GPL-3.0-or-later
// Calibration alone: ranges from what passes each site of the float network (docs/methods.md 2).
#include <ATen/ATen.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analysis/site_range.h"
#include "base/error.h"
#include "methods/builtin.h"
#include "methods/parts/calibration.h"
#include "methods/parts/site_specs.h"
#include "quant/observers.h"
#include "quant/scale_search.h"

namespace vitrine::methods {
namespace {

quant::Encoding weightEncoding(const at::Tensor& weight, const quant::QuantizerSpec& spec, const ParameterSet& parameters) {
    const std::string& observer = parameters.text("weight.observer");
    if (observer == "percentile") return quant::searchPercentiles(weight, spec, 0, parameters.reals("weight.percentiles"));
    if (observer == "omse") return quant::searchShrunkRanges(weight, spec, 0, {.zeroPoint = quant::ZeroPoint::clamped});
    return quant::searchShrunkRanges(weight, spec, 0, {.candidates = 1, .zeroPoint = quant::ZeroPoint::clamped});
}

/// One calibration: weights first, then the activations in one or two passes over the images.
class Calibration {
  public:
    Calibration(SiteSpecs specs, quant::QuantizedModel& model, MethodContext& context)
        : specs_(std::move(specs)), sites_(context.network.sites()), model_(model), context_(context),
          count_(calibrationCount(context)), batch_(context.parameters.integer("calibration.batch")) {}

    void run() {
        quantizeWeights();
        makeObservers();
        for (int pass = 0; pass < passes_; ++pass) {
            observePass(pass);
            for (const auto& [site, observer] : observers_) observer->endPass();
        }
        for (const auto& [site, observer] : observers_) model_.encodings[sites_[site].id] = observer->encoding();
        emitIntervals();
    }

  private:
    void quantizeWeights() {
        for (std::size_t i = 0; i < sites_.size(); ++i) {
            if (!sites_[i].isWeight() || !specs_[i]) continue;
            context_.control.check();
            const at::Tensor weight = context_.network.parameter(sites_[i].value);
            model_.encodings[sites_[i].id] = weightEncoding(weight, *specs_[i], context_.parameters);
        }
    }

    void makeObservers() {
        const ParameterSet& p = context_.parameters;
        const auto kind = quant::observerFromName(p.text("activation.observer"));
        const quant::ObserverOptions options{.rate = p.real("activation.momentum"),
                                             .percentile = p.real("activation.percentile"),
                                             .zeroPoint = quant::ZeroPoint::clamped};
        for (std::size_t i = 0; i < sites_.size(); ++i) {
            if (sites_[i].isWeight() || !specs_[i]) continue;
            const quant::QuantizerSpec& spec = *specs_[i];
            const bool factored = p.boolean("activation.ptf") && sites_[i].role == graph::Role::postLayerNorm &&
                                  spec.kind == quant::QuantizerKind::uniform && spec.granularity == quant::Granularity::channel;
            observers_[i] = quant::makeObserver(factored ? quant::ObserverKind::ptf : kind.value(), spec, scaleAxis(sites_[i], spec), options);
            passes_ = std::max(passes_, observers_[i]->passes());
        }
    }

    /// Ends early when the work shall finish: every pass sees the first batch at least.
    void observePass(int pass) {
        results::Trace widths{.name = "calibration.width", .xLabel = "images", .yLabel = "sum of widths"};
        for (std::int64_t first = 0; first < count_; first += batch_) {
            if (first > 0 && context_.control.shouldFinish()) return;
            const double passed = pass + static_cast<double>(first) / static_cast<double>(count_);
            context_.progress.update(passed / passes_, std::to_string(first) + " of " + std::to_string(count_) + " images");
            double width = 0;
            visitBatch(first, [&](std::size_t site, const at::Tensor& value) {
                observers_.at(site)->update(value);
                width += value.max().item<double>() - value.min().item<double>();
            });
            widths.x.push_back(static_cast<double>(std::min(first + batch_, count_)));
            widths.y.push_back(width);
            context_.emit({.id = "calibration.width", .title = "Width of the values of all sites, by batch", .payload = widths});
            context_.control.safePoint([] {});  // a pause waits here; a killed stage starts again
        }
    }

    /// Shows `visit` the values of all activation sites that have a quantizer, for one batch.
    void visitBatch(std::int64_t first, const std::function<void(std::size_t site, const at::Tensor& value)>& visit) const {
        const engine::Hooks hooks{.quantize =
                                      [&](std::size_t site, at::Tensor value, bool) {
                                          if (specs_[site]) visit(site, value);
                                          return value;
                                      },
                                  .checkpoint = [this] { context_.control.check(); }};
        engine::forward(context_.network, context_.data->images(first, std::min(batch_, count_ - first)), hooks);
    }

    void emitIntervals() const {
        results::Intervals intervals;
        visitBatch(0, [&](std::size_t site, const at::Tensor& value) {
            const quant::Encoding& encoding = model_.encodings.at(sites_[site].id);
            analysis::SiteRange range;
            range.add(value, &encoding);
            intervals.rows.push_back(range.row(sites_[site], &encoding));
        });
        context_.emit({.id = "calibration.intervals", .title = "Ranges at calibration", .payload = std::move(intervals)});
    }

    const SiteSpecs specs_;
    const std::vector<graph::Site>& sites_;
    quant::QuantizedModel& model_;
    MethodContext& context_;
    std::int64_t count_, batch_;
    int passes_ = 1;
    std::map<std::size_t, std::unique_ptr<quant::Observer>> observers_;  ///< by site
};

class Baseline final : public Method {
  public:
    const MethodInfo& info() const override { return methodInfo("baseline"); }

    MethodState run(std::size_t stage, MethodState state, MethodContext& context) const override {
        if (stage != 0) fail(ErrorCode::internal, "the baseline has no stage " + std::to_string(stage));
        const at::NoGradGuard noGradient;
        state = MethodState{.model = {.graph = context.network.sharedGraph()}};
        Calibration(resolveSpecs(context.policy, context.network.sites()), state.model, context).run();
        context.progress.finish();
        return state;
    }
};

}  // namespace

const Method& baseline() {
    static const Baseline method;
    return method;
}

}  // namespace vitrine::methods
