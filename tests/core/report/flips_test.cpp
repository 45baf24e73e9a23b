// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/flips.h"

#include <gtest/gtest.h>

#include "report/csv.h"

namespace vitrine::report {
namespace {

RunContent runOf(std::vector<std::int64_t> rows, std::vector<std::int32_t> predictions,
                 const std::string& set = "set") {
    RunContent run;
    run.record.inputs = {{.role = "evaluation", .path = {"i.csv", "/i.csv"}, .hash = set, .contentHash = set}};
    results::Accuracy accuracy{.subject = "quantized", .predictions = std::move(predictions), .rows = std::move(rows)};
    run.artefacts = {
        std::make_shared<results::Artefact>(results::Artefact{"accuracy.quantized", "", std::move(accuracy)})};
    return run;
}

TEST(Flips, ListsImagesOfBothWithAnotherPredictionByRow) {
    const auto list = flipList(runOf({9, 1, 2, 3}, {5, 6, 7, 8}), runOf({3, 2, 1, 40}, {0, 7, 1, 2}));
    ASSERT_TRUE(list);
    EXPECT_EQ(list->compared, 3);
    EXPECT_EQ(list->flips, (std::vector<Flip>{{1, 6, 1}, {3, 8, 0}}));
}

TEST(Flips, AbsentForOtherImagesOrWithoutPredictions) {
    EXPECT_FALSE(flipList(runOf({1}, {5}, "one"), RunContent{}));
    auto other = runOf({1}, {6}, "other");
    other.record.inputs[0].path = {"j.csv", "/j.csv"};
    EXPECT_FALSE(flipList(runOf({1}, {5}, "one"), other));
}

TEST(Flips, SameRunHasNone) {
    const RunContent run = runOf({1, 2}, {5, 6});
    const auto list = flipList(run, run);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->compared, 2);
    EXPECT_TRUE(list->flips.empty());
}

TEST(Flips, FewerRowsThanPredictionsAreCutToTheShorter) {
    const auto list = flipList(runOf({1}, {5, 6, 7}), runOf({1, 2}, {4}));
    ASSERT_TRUE(list);
    EXPECT_EQ(list->flips.size(), 1u);
}

TEST(Flips, KindFollowsTheTrueClass) {
    const Flip flip{0, 3, 4};
    EXPECT_EQ(flipKind(flip, 3), FlipKind::lost);
    EXPECT_EQ(flipKind(flip, 4), FlipKind::gained);
    EXPECT_EQ(flipKind(flip, 5), FlipKind::bothWrong);
    EXPECT_EQ(flipKind(flip, -1), FlipKind::unlabelled);
}

TEST(Flips, TableNamesClassesWhereTheyAreKnown) {
    const FlipNames names{[](std::int64_t) { return std::int64_t{1}; },
                          [](std::int64_t classId) { return classId == 1 ? std::string("tench") : std::string(); }};
    EXPECT_EQ(toCsv(flipTable({{7, 1, 2}}, names)),
              "row,kind,label,label_name,prediction_a,prediction_a_name,prediction_b,prediction_b_name\r\n"
              "7,lost,1,tench,1,tench,2,\r\n");
    EXPECT_EQ(toCsv(flipTable({{7, 1, 2}}, {})),
              "row,kind,label,label_name,prediction_a,prediction_a_name,prediction_b,prediction_b_name\r\n"
              "7,unlabelled,,,1,,2,\r\n");
}

}  // namespace
}  // namespace vitrine::report
