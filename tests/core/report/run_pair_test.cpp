// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_pair.h"

#include <gtest/gtest.h>

#include "report/csv.h"
#include "report/tables.h"

namespace vitrine::report {
namespace {

void put(RunContent& run, const std::string& id, results::Payload payload) {
    run.artefacts.push_back(std::make_shared<results::Artefact>(results::Artefact{id, "", std::move(payload)}));
}

RunContent runOf(const std::string& method, std::int64_t bits, double top1, double sqnr) {
    RunContent run;
    run.record.method = method;
    run.record.parameters = {{"weight.bits", bits, "published", "bits", bits == 8},
                             {method + ".own", 0.5, "ours", "", true}};
    run.record.inputs = {
        {.role = "evaluation", .path = {"../val.csv", "/val.csv"}, .contentHash = "0123456789", .images = 100}};
    run.record.seconds = 10;
    put(run, "errors.local",
        results::LayerErrors{
            "local", 1, {{"x", "weight", "b0", "", sqnr, 0.9, 1e-2}, {"y", "weight", "b0", "", 999, 1, 0}}});
    put(run, "accuracy.quantized", results::Accuracy{.subject = "quantized", .count = 100, .top1 = top1, .top5 = 90});
    return run;
}

const std::vector<Cell>* rowOf(const Table& table, const std::string& id) {
    for (const auto& row : table.rows)
        if (row[0] == Cell(id)) return &row;
    return nullptr;
}

TEST(RunPair, FiguresSayWhichRunIsBetter) {
    const Table table = figureComparison(runOf("repq", 4, 50, 12), runOf("repq", 4, 40, 15));
    const auto* top1 = rowOf(table, "top1");
    ASSERT_NE(top1, nullptr);
    EXPECT_EQ(*top1, (std::vector<Cell>{std::string("top1"), std::string("Top-1"), 50.0, 40.0, -10.0, -20.0,
                                        std::string("%"), std::string("worse")}));
    EXPECT_EQ(rowOf(table, "mean_sqnr")->at(7), Cell(std::string("better")));
    EXPECT_EQ(rowOf(table, "seconds")->at(7), Cell(std::string("same")));
    EXPECT_EQ(rowOf(table, "worst_site")->at(2), Cell(std::string("x")));
    EXPECT_EQ(rowOf(table, "fidelity"), nullptr);
    EXPECT_EQ(rowOf(table, "size"), nullptr);
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
}

TEST(RunPair, FiguresOfOneRunAloneHaveNoDifference) {
    const Table table = figureComparison(runOf("repq", 4, 50, 12), RunContent{});
    EXPECT_EQ(rowOf(table, "top1")->at(3), Cell());
    EXPECT_EQ(rowOf(table, "top1")->at(4), Cell());
    EXPECT_TRUE(figureComparison({}, {}).rows.empty());
}

TEST(RunPair, SettingsOfDifferentMethods) {
    const RunContent a = runOf("repq", 4, 50, 12), b = runOf("baseline", 8, 50, 12);
    EXPECT_EQ(toCsv(parameterComparison(a, b, Settings::different)),
              "id,a,b,unit,comparison,state_a,state_b,provenance\r\n"
              "method,repq,baseline,,different,,,\r\n"
              "weight.bits,4,8,bits,different,changed,,published\r\n"
              "repq.own,0.5,,,only A,,,ours\r\n"
              "baseline.own,,0.5,,only B,,,ours\r\n");
    const Table all = parameterComparison(a, b, Settings::all);
    EXPECT_EQ(rowOf(all, "evaluation")->at(1), Cell(std::string("val.csv, 100 images")));
    EXPECT_EQ(rowOf(all, "evaluation")->at(4), Cell(std::string()));
    EXPECT_TRUE(parameterComparison(a, a, Settings::different).rows.empty());
}

TEST(RunPair, OtherImagesOfTheSameNameAndRulesAreDifferences) {
    RunContent a = runOf("repq", 4, 50, 12), b = a;
    b.record.inputs[0].contentHash = "9876543210";
    b.record.rules = {
        {"role:weight", quant::QuantizerSpec{.bits = 6, .symmetric = true, .granularity = quant::Granularity::channel}},
        {"head*", std::nullopt}};
    EXPECT_EQ(toCsv(parameterComparison(a, b, Settings::different)),
              "id,a,b,unit,comparison,state_a,state_b,provenance\r\n"
              "evaluation,\"val.csv, 100 images (01234567)\",\"val.csv, 100 images (98765432)\",,different,,,\r\n"
              "rule 1,,role:weight \u2192 uniform 6 bit symmetric per channel,,only B,,,\r\n"
              "rule 2,,head* \u2192 float,,only B,,,\r\n");
}

TEST(RunPair, SitesHaveAChangeWhereBothHaveAnError) {
    const RunContent a = runOf("repq", 4, 50, 12), b = runOf("repq", 4, 50, 15);
    const auto pairs = sitePairs(a, b, SiteMetric::sqnr, "local");
    ASSERT_EQ(pairs.size(), 2u);
    EXPECT_EQ(pairs[0].change, 3.0);
    EXPECT_EQ(pairs[0].better, true);
    EXPECT_FALSE(pairs[1].change);
    EXPECT_EQ(sitePairs(a, b, SiteMetric::mse, "local")[0].change, 1.0);
    EXPECT_FALSE(sitePairs(a, b, SiteMetric::mse, "local")[0].better);
    EXPECT_TRUE(sitePairs(a, b, SiteMetric::sqnr, "accumulated").empty());
    EXPECT_EQ(sitePairs(a, a, SiteMetric::sqnr, "local")[0].change, 0.0);
    EXPECT_EQ(sitePairs(a, {}, SiteMetric::sqnr, "local")[0].b, std::nullopt);
    EXPECT_EQ(toCsv(sitePairTable(pairs, SiteMetric::sqnr, "local")),
              "site,role,block,a,b,difference,verdict\r\nx,weight,b0,12,15,3,better\r\ny,weight,b0,999,999,,\r\n");
}

TEST(RunPair, HistogramsAreSubtractedOnlyOverTheSameBins) {
    const results::Histogram a{"s", 0, 2, {1, 2}, {0, 3}, {}}, b{"s", 0, 2, {1, 2}, {3, 0}, {}};
    EXPECT_EQ(toCsv(histogramComparison(&a, &b)),
              "run,site,from,to,float_count,quantized_count,difference\r\n"
              "A,s,0,1,1,0,\r\nA,s,1,2,2,3,\r\nB,s,0,1,1,3,3\r\nB,s,1,2,2,0,-3\r\n");
    results::Histogram wide = b;
    wide.high = 4;
    EXPECT_EQ(histogramComparison(&a, &wide).columns.size(), 6u);
    EXPECT_EQ(histogramComparison(&a, nullptr).rows.size(), 2u);
    EXPECT_TRUE(histogramComparison(nullptr, nullptr).rows.empty());
}

}  // namespace
}  // namespace vitrine::report
