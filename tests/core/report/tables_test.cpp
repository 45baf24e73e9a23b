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
