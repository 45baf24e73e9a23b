// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/distributions.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/error.h"
#include "core/analysis/quantized_networks.h"
#include "quant/quantizers.h"

namespace vitrine::analysis {
namespace {

class Distributions : public testing::Test {
  protected:
    const quant::QuantizedModel model = test::fixedRanges(test::randomVit(1), 3);
    const Images images = test::imagesFor(*model.graph, 5, 2);
    const at::Tensor pixels = images.load(0, 5);
    jobs::Control control;
    jobs::Progress progress;
};

TEST_F(Distributions, IntervalsOfTheInputAreThoseOfItsPixels) {
    const results::Intervals result = intervals(model, "cpu", images, control, progress);
    ASSERT_EQ(result.rows.size(), graph::findSites(*model.graph).size());
    const results::Intervals::Row& input = result.rows[0];
    EXPECT_EQ(input.site, "input");
    EXPECT_EQ(input.bits, 3);
    EXPECT_NEAR(input.minimum, pixels.min().item<double>(), 1e-7);
    EXPECT_NEAR(input.maximum, pixels.max().item<double>(), 1e-7);
    EXPECT_EQ(input.levels.size(), 8u);
    const quant::Interval covered = quant::interval(model.encodings.at("input"), 0);
    EXPECT_EQ(input.low, covered.low);
    EXPECT_EQ(input.high, covered.high);
    const double outside = pixels.lt(covered.low).logical_or(pixels.gt(covered.high)).sum().item<double>();
    EXPECT_NEAR(input.clippedFraction, outside / static_cast<double>(pixels.numel()), 1e-12);
}

TEST_F(Distributions, ClippingIsCountedChannelByChannel) {
    quant::QuantizedModel perChannel{.graph = model.graph};
    quant::Ranges ranges{std::vector<float>(16, -1000.0F), std::vector<float>(16, 1000.0F)};
    ranges.low[3] = ranges.high[3] = 0;  // everything of channel 3 is outside
    const std::string site = "blocks.0.norm1";
    perChannel.encodings[site] = quant::encodeRanges({.granularity = quant::Granularity::channel}, 2, ranges);
    const results::Intervals result = intervals(perChannel, "cpu", images, control, progress);
    const auto row =
        std::find_if(result.rows.begin(), result.rows.end(), [&](const auto& r) { return r.site == site; });
    EXPECT_NEAR(row->clippedFraction, 1.0 / 16, 0.001);
    EXPECT_TRUE(row->levels.empty());
    EXPECT_EQ(result.rows[0].bits, 0);  // a site in float
}

TEST_F(Distributions, KnownIntervalsSaveAPassAndChangeNothing) {
    const results::Intervals known = intervals(model, "cpu", images, control, progress);
    std::int64_t loads = 0;
    Images counted = images;
    counted.load = [&](std::int64_t first, std::int64_t count) {
        ++loads;
        return images.load(first, count);
    };
    const results::Histograms once = histograms(model, "cpu", counted, {.known = &known}, control, progress);
    EXPECT_EQ(loads, 3);
    const results::Histograms twice = histograms(model, "cpu", counted, {}, control, progress);
    EXPECT_EQ(loads, 9);
    ASSERT_EQ(once.sites.size(), twice.sites.size());
    for (std::size_t k = 0; k < once.sites.size(); ++k) {
        EXPECT_EQ(once.sites[k].low, twice.sites[k].low) << once.sites[k].site;
        EXPECT_EQ(once.sites[k].floatCounts, twice.sites[k].floatCounts) << once.sites[k].site;
        EXPECT_EQ(once.sites[k].quantizedCounts, twice.sites[k].quantizedCounts) << once.sites[k].site;
    }
    const results::Intervals partial{.rows = {known.rows.front()}};
    EXPECT_EQ(histograms(model, "cpu", images, {.known = &partial}, control, progress).sites.back().floatCounts,
              twice.sites.back().floatCounts);
}

TEST_F(Distributions, WatchersSeeResultsGrow) {
    std::vector<double> widths;
    const results::Intervals whole = intervals(model, "cpu", images, control, progress, [&](const auto& soFar) {
        const results::Intervals::Row input = soFar().rows.front();
        widths.push_back(input.maximum - input.minimum);
    });
    EXPECT_EQ(widths.size(), 3u);
    EXPECT_TRUE(std::is_sorted(widths.begin(), widths.end()));
    EXPECT_EQ(widths.back(), whole.rows.front().maximum - whole.rows.front().minimum);
    std::vector<std::int64_t> counts;
    histograms(model, "cpu", images, {.sites = {"input"}}, control, progress, [&](const auto& soFar) {
        const std::vector<std::int64_t> bins = soFar().sites.front().floatCounts;
        counts.push_back(std::accumulate(bins.begin(), bins.end(), std::int64_t{0}));
    });
    const std::int64_t perImage = pixels.numel() / 5;
    EXPECT_EQ(counts, (std::vector<std::int64_t>{2 * perImage, 4 * perImage, 5 * perImage}));
}

TEST_F(Distributions, HistogramsCountEveryValue) {
    const results::Histograms result =
        histograms(model, "cpu", images, {.sites = {"input"}, .bins = 64}, control, progress);
    ASSERT_EQ(result.sites.size(), 1u);
    const results::Histogram& histogram = result.sites[0];
    const auto sum = [](const std::vector<std::int64_t>& counts) {
        return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    };
    EXPECT_EQ(sum(histogram.floatCounts), pixels.numel());
    EXPECT_EQ(sum(histogram.quantizedCounts), pixels.numel());
    EXPECT_LE(
        std::count_if(histogram.quantizedCounts.begin(), histogram.quantizedCounts.end(), [](auto n) { return n > 0; }),
        8);
    const double middle = histogram.low + (histogram.high - histogram.low) / 2;
    const std::int64_t below =
        std::accumulate(histogram.floatCounts.begin(), histogram.floatCounts.begin() + 32, std::int64_t{0});
    EXPECT_NEAR(static_cast<double>(below), pixels.lt(middle).sum().item<double>(), 2);
}

TEST_F(Distributions, HistogramsOfAllSitesAndOfConstantOnes) {
    const Images black{.count = 2,
                       .load = [&](std::int64_t, std::int64_t n) { return at::zeros_like(pixels.narrow(0, 0, n)); }};
    const results::Histograms result = histograms(model, "cpu", black, {}, control, progress);
    EXPECT_EQ(result.sites.size(), model.encodings.size());
    EXPECT_LT(result.sites[0].low, result.sites[0].high);
}

TEST_F(Distributions, HistogramsLeaveOutWhatIsNotANumber) {
    at::Tensor odd = pixels.narrow(0, 0, 1).clone();
    odd.flatten()[5] = std::numeric_limits<float>::quiet_NaN();
    const quant::QuantizedModel oneSite{.graph = model.graph,
                                        .encodings = {{"patch_embed.proj.weight", model.encodings.at("input")}}};
    const results::Histograms weights = histograms(oneSite, "cpu", images, {.bins = 7}, control, progress);
    ASSERT_EQ(weights.sites.size(), 1u);
    EXPECT_EQ(weights.sites[0].floatCounts.size(), 7u);  // a weight counts once, however many batches there are
    EXPECT_EQ(
        std::accumulate(weights.sites[0].floatCounts.begin(), weights.sites[0].floatCounts.end(), std::int64_t{0}),
        16 * 3 * 64);
    const Images broken{.count = 1, .batch = 1, .load = [&](std::int64_t, std::int64_t) { return odd; }};
    const results::Histograms input =
        histograms(model, "cpu", broken, {.sites = {"input"}, .bins = 7}, control, progress);
    EXPECT_EQ(std::accumulate(input.sites[0].floatCounts.begin(), input.sites[0].floatCounts.end(), std::int64_t{0}),
              odd.numel() - 1);
    EXPECT_EQ(input.sites[0].floatCounts.size(), 7u);
}

TEST_F(Distributions, EndAfterTheFirstBatchWhenAsked) {
    control.stopAndKeep();
    const results::Histograms few =
        histograms(model, "cpu", images, {.sites = {"input"}, .bins = 64}, control, progress);
    const auto& counts = few.sites[0].floatCounts;
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), pixels.numel() * 2 / 5);
    EXPECT_TRUE(control.endedEarly());
    const results::Intervals result = intervals(model, "cpu", images, control, progress);
    EXPECT_NEAR(result.rows[0].maximum, pixels.narrow(0, 0, 2).max().item<double>(), 1e-7);
}

TEST_F(Distributions, WrongOptionsAreNamed) {
    EXPECT_THROW(histograms(model, "cpu", images, {.sites = {"nowhere"}}, control, progress), Exception);
    EXPECT_THROW(histograms(model, "cpu", images, {.bins = 1}, control, progress), Exception);
    control.cancel();
    EXPECT_THROW(intervals(model, "cpu", images, control, progress), Exception);
}

}  // namespace
}  // namespace vitrine::analysis
