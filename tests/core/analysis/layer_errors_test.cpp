// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/layer_errors.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/comparison.h"
#include "base/error.h"
#include "core/analysis/quantized_networks.h"
#include "quant/quantized_network.h"

namespace vitrine::analysis {
namespace {

LayerErrorPair measure(const quant::QuantizedModel& model, std::int64_t batch) {
    jobs::Control control;
    jobs::Progress progress;
    return layerErrors(model, "cpu", test::imagesFor(*model.graph, 6, batch), control, progress);
}

const results::LayerErrors::Row& row(const results::LayerErrors& errors, const std::string& site) {
    return *std::find_if(errors.rows.begin(), errors.rows.end(), [&](const auto& r) { return r.site == site; });
}

TEST(LayerErrors, WatchersSeeTheBlocksThatWereReached) {
    const quant::QuantizedModel model = test::fixedRanges(test::randomVit(1), 3);
    jobs::Control control;
    jobs::Progress progress;
    std::vector<LayerErrorPair> seen;
    const LayerErrorPair whole = layerErrors(model, "cpu", test::imagesFor(*model.graph, 6, 4), control, progress,
                                             [&](const auto& soFar) { seen.push_back(soFar()); });
    const std::size_t blocks = model.graph->blocks.size();
    ASSERT_EQ(seen.size(), 2 * blocks);
    for (std::size_t k = 1; k < blocks; ++k) EXPECT_GT(seen[k].local.rows.size(), seen[k - 1].local.rows.size());
    EXPECT_EQ(seen[blocks].local.rows.size(), whole.local.rows.size()) << "from the second batch on all are known";
    EXPECT_EQ(seen.back().accumulated.images, 6);
    for (std::size_t i = 0; i < whole.accumulated.rows.size(); ++i)
        EXPECT_EQ(seen.back().accumulated.rows[i].mse, whole.accumulated.rows[i].mse) << whole.accumulated.rows[i].site;
}

TEST(LayerErrors, WithoutQuantizersNothingDiffers) {
    const LayerErrorPair pair = measure({.graph = test::randomVit(1)}, 4);
    EXPECT_EQ(pair.local.rows.size(), graph::findSites(*test::randomVit(1)).size());
    EXPECT_EQ(pair.accumulated.rows.size(), pair.local.rows.size() + test::randomVit(1)->blocks.size());
    for (const auto& r : pair.accumulated.rows) EXPECT_EQ(r.sqnrDb, kInfiniteDb) << r.site;
    EXPECT_EQ(pair.local.rows[0].quantizer, "float");
}

TEST(LayerErrors, LogitsAgreeWithAWholeForwardPass) {
    for (const auto& graph : {test::randomVit(2), test::randomSwin(3)}) {
        const quant::QuantizedModel model = test::fixedRanges(graph, 6);
        const at::Tensor images = test::imagesFor(*graph, 6, 6).load(0, 6);
        const at::Tensor quantized = quant::QuantizedNetwork(model).forward(images);
        Comparison expected;
        expected.add(engine::forward(engine::Network(graph), images), quantized);
        const LayerErrorPair pair = measure(model, 6);
        const results::LayerErrors::Row& logits = pair.accumulated.rows.back();
        EXPECT_EQ(logits.role, "output");
        EXPECT_NEAR(logits.sqnrDb, expected.sqnrDb(), 1e-6);
        EXPECT_NEAR(logits.cosine, expected.cosine(), 1e-9);
    }
}

TEST(LayerErrors, FirstSiteHasNoPrefixAndLaterOnesDo) {
    const LayerErrorPair pair = measure(test::fixedRanges(test::randomVit(4), 4), 3);
    EXPECT_EQ(row(pair.local, "input").sqnrDb, row(pair.accumulated, "input").sqnrDb);
    EXPECT_EQ(row(pair.local, "head.weight").mse, row(pair.accumulated, "head.weight").mse);
    EXPECT_GT(row(pair.local, "blocks.1.mlp.gelu").sqnrDb, row(pair.accumulated, "blocks.1.mlp.gelu").sqnrDb);
}

TEST(LayerErrors, BatchesDoNotMatterAndMoreBitsHelp) {
    const auto graph = test::randomSwin(5);
    const LayerErrorPair four = measure(test::fixedRanges(graph, 4), 6),
                         split = measure(test::fixedRanges(graph, 4), 4);
    const LayerErrorPair eight = measure(test::fixedRanges(graph, 8), 6);
    for (std::size_t i = 0; i < four.local.rows.size(); ++i)
        EXPECT_NEAR(four.local.rows[i].sqnrDb, split.local.rows[i].sqnrDb, 0.05) << four.local.rows[i].site;
    EXPECT_GT(eight.accumulated.rows.back().sqnrDb, four.accumulated.rows.back().sqnrDb);
}

TEST(LayerErrors, KeepsTheImagesSoFarWhenAsked) {
    const auto model = test::fixedRanges(test::randomVit(6), 4);
    const Images images = test::imagesFor(*model.graph, 6, 2);
    jobs::Control control, other;
    jobs::Progress progress;
    Images stopping = images;
    stopping.load = [&](std::int64_t first, std::int64_t count) {
        if (first == 2) control.stopAndKeep();
        return images.load(first, count);
    };
    Images four = images;
    four.count = 4;
    const LayerErrorPair kept = layerErrors(model, "cpu", stopping, control, progress);
    const LayerErrorPair expected = layerErrors(model, "cpu", four, other, progress);
    EXPECT_EQ(kept.local.images, 4);
    EXPECT_EQ(kept.accumulated.rows.back().sqnrDb, expected.accumulated.rows.back().sqnrDb);
    EXPECT_TRUE(control.endedEarly());
    EXPECT_FALSE(other.endedEarly());
}

TEST(LayerErrors, EndsWhenCancelled) {
    jobs::Control control;
    jobs::Progress progress;
    control.cancel();
    const auto graph = test::randomVit(6);
    EXPECT_THROW(layerErrors({.graph = graph}, "cpu", test::imagesFor(*graph, 2, 2), control, progress), Exception);
}

}  // namespace
}  // namespace vitrine::analysis
