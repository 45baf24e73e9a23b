// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/distributions.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "analysis/site_range.h"
#include "analysis/value_kernels.h"
#include "base/error.h"
#include "engine/engine.h"
#include "quant/quantizers.h"

namespace vitrine::analysis {
namespace {

using graph::Site;
using SiteVisitor = std::function<void(std::size_t site, const at::Tensor& value)>;

const quant::Encoding* encodingOf(const quant::QuantizedModel& model, const Site& site) {
    const auto found = model.encodings.find(site.id);
    return found == model.encodings.end() ? nullptr : &found->second;
}

/// Shows `visit` the weights once and then the values of all activation sites, batch by batch, and calls `batchDone`. A
/// pause waits between batches; work that shall finish ends after the batch at hand.
void visitSites(const engine::Network& network, const Images& images, jobs::Control& control, jobs::Progress& progress,
                const SiteVisitor& visit, const std::function<void()>& batchDone) {
    for (std::size_t i = 0; i < network.sites().size(); ++i)
        if (network.sites()[i].isWeight()) visit(i, network.parameter(network.sites()[i].value));
    const engine::Hooks hooks{.quantize =
                                  [&](std::size_t site, at::Tensor value, bool) {
                                      control.check();
                                      visit(site, value);
                                      return value;
                                  },
                              .checkpoint = [&] { control.check(); }};
    std::int64_t done = 0;
    while (done < images.count && (done == 0 || !control.shouldFinish())) {
        const std::int64_t count = std::min(images.batch, images.count - done);
        engine::forward(network, images.load(done, count), hooks);
        done += count;
        progress.update(static_cast<double>(done) / static_cast<double>(images.count),
                        std::to_string(done) + " of " + std::to_string(images.count) + " images");
        batchDone();
        control.safePoint([] {});
    }
}

/// One histogram while it is filled.
struct Bins {
    const quant::Encoding* encoding = nullptr;
    double minimum = std::numeric_limits<double>::max();
    double maximum = std::numeric_limits<double>::lowest();
    results::Histogram histogram;

    void widen(const at::Tensor& value) {
        if (value.numel() == 0) return;
        minimum = std::min(minimum, value.min().item<double>());
        maximum = std::max(maximum, value.max().item<double>());
    }

    void fix(std::int64_t bins) {
        const bool usable = minimum < maximum && std::isfinite(minimum) && std::isfinite(maximum);
        histogram.low = usable ? minimum : (std::isfinite(minimum) && minimum == maximum ? minimum - 0.5 : -1);
        histogram.high = usable ? maximum : histogram.low + 1;
        histogram.floatCounts.assign(static_cast<std::size_t>(bins), 0);
        histogram.quantizedCounts.assign(static_cast<std::size_t>(bins), 0);
        if (encoding->scale.size() == 1 && encoding->bits <= 8) histogram.levels = quant::levels(*encoding, 0);
    }

    void fill(const at::Tensor& value) {
        count(value, histogram.floatCounts);
        count(quant::fakeQuantize(value, *encoding), histogram.quantizedCounts);
    }

  private:
    void count(const at::Tensor& value, std::vector<std::int64_t>& counts) const {
        const at::Tensor host = value.cpu().contiguous();
        const float* data = host.data_ptr<float>();
        const auto bins = static_cast<std::int32_t>(counts.size());
        const kernels::Grid grid{histogram.low, static_cast<double>(bins) / (histogram.high - histogram.low), bins};
        std::array<std::int32_t, 1024> places;
        constexpr auto kChunk = static_cast<std::int64_t>(places.size());
        counts.push_back(0);  // NaN
        for (std::int64_t first = 0; first < host.numel(); first += kChunk) {
            const std::int64_t size = std::min(kChunk, host.numel() - first);
            kernels::gridBins(data + first, places.data(), size, grid);
            for (std::int64_t i = 0; i < size; ++i)
                ++counts[static_cast<std::size_t>(places[static_cast<std::size_t>(i)])];
        }
        counts.pop_back();
    }
};

std::map<std::size_t, Bins> chosenSites(const quant::QuantizedModel& model, const std::vector<Site>& sites,
                                        const HistogramOptions& options) {
    std::map<std::size_t, Bins> chosen;
    for (std::size_t i = 0; i < sites.size(); ++i) {
        const bool wanted = options.sites.empty() ||
                            std::find(options.sites.begin(), options.sites.end(), sites[i].id) != options.sites.end();
        const quant::Encoding* encoding = encodingOf(model, sites[i]);
        if (!wanted || encoding == nullptr) continue;
        chosen[i].encoding = encoding;
        chosen[i].histogram.site = sites[i].id;
    }
    for (const std::string& id : options.sites)
        if (model.encodings.count(id) == 0)
            fail(ErrorCode::notFound, "no quantizer sits at this site", id,
                 "choose one of the quantized sites of the model");
    return chosen;
}

/// Takes the ranges of `known`. False when it lacks a site.
bool takeRanges(std::map<std::size_t, Bins>& chosen, const results::Intervals* known) {
    if (known == nullptr) return false;
    for (auto& [index, bins] : chosen) {
        const std::string& site = bins.histogram.site;
        const auto row = std::find_if(known->rows.begin(), known->rows.end(),
                                      [&site](const results::Intervals::Row& other) { return other.site == site; });
        if (row == known->rows.end()) return false;
        bins.minimum = row->minimum;
        bins.maximum = row->maximum;
    }
    return true;
}

}  // namespace

results::Intervals intervals(const quant::QuantizedModel& model, const std::string& device, const Images& images,
                             jobs::Control& control, jobs::Progress& progress, const WatchIntervals& watch) {
    const engine::Network network(model.graph, device);
    std::vector<SiteRange> ranges(network.sites().size());
    const auto soFar = [&] {
        results::Intervals result;
        for (std::size_t i = 0; i < ranges.size(); ++i)
            result.rows.push_back(ranges[i].row(network.sites()[i], encodingOf(model, network.sites()[i])));
        return result;
    };
    const auto add = [&](std::size_t site, const at::Tensor& value) {
        ranges[site].add(value, encodingOf(model, network.sites()[site]));
    };
    visitSites(network, images, control, progress, add, [&] {
        if (watch) watch(soFar);
    });
    return soFar();
}

results::Histograms histograms(const quant::QuantizedModel& model, const std::string& device, const Images& images,
                               const HistogramOptions& options, jobs::Control& control, jobs::Progress& progress,
                               const WatchHistograms& watch) {
    if (options.bins < 2 || options.bins > 65536)
        fail(ErrorCode::invalidArgument, "a histogram cannot have " + std::to_string(options.bins) + " bins", "bins",
             "choose 2..65536");
    const engine::Network network(model.graph, device);
    std::map<std::size_t, Bins> chosen = chosenSites(model, network.sites(), options);
    const auto visitChosen = [&](jobs::Progress& part, const std::function<void(Bins&, const at::Tensor&)>& action,
                                 const std::function<void()>& batchDone) {
        const auto visit = [&](std::size_t site, const at::Tensor& value) {
            if (const auto found = chosen.find(site); found != chosen.end()) action(found->second, value);
        };
        visitSites(network, images, control, part, visit, batchDone);
    };
    const auto soFar = [&] {
        results::Histograms result;
        for (const auto& [site, bins] : chosen) result.sites.push_back(bins.histogram);
        return result;
    };
    const bool known = takeRanges(chosen, options.known);
    if (!known) {
        jobs::Progress ranges = progress.child(0.5, "ranges");
        visitChosen(ranges, [](Bins& bins, const at::Tensor& value) { bins.widen(value); }, [] {});
    }
    for (auto& [site, bins] : chosen) bins.fix(options.bins);
    jobs::Progress counts = progress.child(known ? 1 : 0.5, "counts");
    visitChosen(counts, [](Bins& bins, const at::Tensor& value) { bins.fill(value); }, [&] {
        if (watch) watch(soFar);
    });
    return soFar();
}

}  // namespace vitrine::analysis
