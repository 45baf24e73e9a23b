// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/tables.h"

#include <gtest/gtest.h>

#include "report/csv.h"

namespace vitrine::report {
namespace {

results::LayerErrors someErrors() {
    return {"local",
            32,
            {{"blocks.0.attn.qkv.weight", "weight", "blocks.0", "uniform 4 bit per channel", 21.5, 0.996, 1e-4},
             {"blocks.0.norm1", "post_layer_norm", "blocks.0", "float", 999, 1, 0},
             {"blocks.0.attn.softmax", "post_softmax", "blocks.0", "log_sqrt2 4 bit per tensor", 9.25, 0.97, 2e-5}}};
}

TEST(Tables, EveryRowHasACellPerColumn) {
    results::Intervals intervals{{{"a", "other", 4, -1, 2, -0.9, 1.9, -0.5, 0.5, 0.25, {}}}};
    results::Histograms histograms{{{"a", 0, 1, {1, 2}, {0, 3}, {}}}};
    results::Accuracy accuracy{.subject = "float", .data = "set", .count = 2, .predictions = {3, 4}, .rows = {7, 9}};
    const ParameterSchema schema{{"weight.bits", ParameterType::integer, std::int64_t{8}, "Bits of weights"}};
    for (const Table& table :
         {errorTable(someErrors()), intervalTable(intervals), histogramTable(histograms), accuracyTable({accuracy}),
          predictionTable(accuracy), scopeTable({{{"weight", "uniform", 3}}}),
          traceTable({"loss", "step", "loss", {1, 2}, {3, 4}}),
          parameterTable({{"weight.bits", std::int64_t{4}, "published", "bits", false}}), schemaTable(schema)}) {
        EXPECT_FALSE(table.rows.empty()) << table.id;
        for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.id;
    }
}

results::SearchHistory aSearch() {
    return {.targets = {"blocks.1 attention", "blocks.0 attention"},
            .evaluations = 70,
            .rejected = 3,
            .candidates = {{.evaluation = 69, .target = 0, .pass = 0, .cycle = 0, .fitness = 2.5, .best = 2.5, .worst = 2.5, .accepted = true},
                           {.evaluation = 70, .target = 1, .pass = 4, .cycle = 2, .fitness = 2.25, .best = 2.25, .worst = 3,
                            .accepted = false, .bits = 5, .change = 0.02}}};
}

TEST(Tables, ASearchIsListedCandidateByCandidate) {
    const Table table = searchTable(aSearch());
    EXPECT_EQ(table.id, "search");
    EXPECT_EQ(toCsv(table), "evaluation,target,pass,cycle,bits,change_percent,fitness,best,worst,accepted\r\n"
                            "69,blocks.1 attention,1,0,,0,2.5,2.5,2.5,yes\r\n"  // passes count from 1; no bits where they are left alone
                            "70,blocks.0 attention,5,2,5,2,2.25,2.25,3,no\r\n");
    const std::vector<std::size_t> shown = shownColumns(table);
    EXPECT_EQ(shown.size(), table.columns.size());
}

TEST(Tables, ASearchSaysWhatIsNotListedAndWhatItsBudgetIs) {
    results::SearchHistory search = aSearch();
    EXPECT_NE(searchTable(search).note.find("70 measurements; 3 candidates above the budget were not measured."), std::string::npos);
    EXPECT_EQ(searchTable(search).note.find("listed"), std::string::npos);
    search.leftOut = 12;
    search.budgets = {{.measure = "weight_bits", .unit = "bits", .used = 4.75, .allowed = 5}, {.measure = "size", .unit = "bytes", .used = 3e6}};
    const std::string note = searchTable(search).note;
    EXPECT_NE(note.find("12 older ones are not listed."), std::string::npos) << note;
    EXPECT_NE(note.find("4.75"), std::string::npos) << note;
    EXPECT_NE(note.find(" of 5"), std::string::npos) << note;
    search.candidates.clear();
    EXPECT_TRUE(searchTable(search).rows.empty());
    EXPECT_EQ(searchTable({}).columns.size(), 10u);
}

TEST(Tables, WeakestSitesAreSortedAndLeaveExactOnesOut) {
    const auto weakest = weakestSites(someErrors(), 5);
    ASSERT_EQ(weakest.rows.size(), 2u);
    EXPECT_EQ(weakest.rows[0].site, "blocks.0.attn.softmax");
    EXPECT_EQ(weakestSites(someErrors(), 1).rows.size(), 1u);
}

TEST(Tables, ParametersSayWhatWasChanged) {
    EXPECT_EQ(
        toCsv(parameterTable(
            {{"weight.bits", std::int64_t{4}, "published", "bits", false}, {"repq.compat", false, "ours", "", true}})),
        "id,value,unit,changed,provenance\r\nweight.bits,4,bits,changed,published\r\nrepq.compat,false,,,ours\r\n");
}

TEST(Tables, EmptyAndDataOnlyColumnsAreNotShown) {
    Table table{"t",
                "t",
                {{"a", "A"}, {"b", "B"}, {"c", "C"}},
                {{std::string("x"), std::string(), Cell()}, {std::string("y"), Cell(), 1.0}},
                ""};
    EXPECT_EQ(shownColumns(table), (std::vector<std::size_t>{0, 2}));
    table.columns[2].dataOnly = true;
    EXPECT_EQ(shownColumns(table), (std::vector<std::size_t>{0}));
    table.rows.clear();
    EXPECT_EQ(shownColumns(table), (std::vector<std::size_t>{0, 1}))
        << "without rows the head says what there would be";
}

TEST(Tables, FormatsOfAFreeTableFollowItsCells) {
    const results::Table source{{{"name", "", false}, {"count", "", false}, {"share", "%", true}},
                                {{std::string("a"), std::int64_t{1}, 0.5}, {std::string("b"), std::int64_t{2}}}};
    const Table table = ownTable(source);
    EXPECT_EQ(table.columns[0].format, Format::text);
    EXPECT_EQ(table.columns[1].format, Format::integer);
    EXPECT_EQ(table.columns[2].format, Format::significant);
    EXPECT_EQ(table.columns[2].bar, Bar::linear);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(table.rows[1][2]));
}

}  // namespace
}  // namespace vitrine::report
