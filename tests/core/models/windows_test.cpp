// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/windows.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace vitrine::models {
namespace {

TEST(RelativePositionIndex, DependsOnTheDifferenceAlone) {
    const HostTensor tensor = relativePositionIndex(2, 3);
    const auto index = tensor.as<std::int64_t>();
    ASSERT_EQ(tensor.shape, (Shape{36}));
    EXPECT_EQ(index[0], 1 * 5 + 2) << "a token and itself: the middle of a 3 x 5 table";
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(index[i * 6 + i], index[0]);
    EXPECT_EQ(index[0 * 6 + 5], 0) << "from the first to the last token";
    EXPECT_EQ(index[5 * 6 + 0], 14) << "and back";
    EXPECT_EQ(index[0 * 6 + 1], index[4 * 6 + 5]) << "one step to the right in either row";
}

TEST(ShiftMask, SeparatesWhatTheShiftBroughtTogether) {
    StagePlan stage;
    stage.mapHeight = stage.mapWidth = 4;
    stage.windowHeight = stage.windowWidth = 2;
    stage.shiftHeight = stage.shiftWidth = 1;
    const HostTensor tensor = shiftMask(stage);
    ASSERT_EQ(tensor.shape, (Shape{4, 4, 4}));
    const auto mask = tensor.as<float>();
    for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(mask[i], 0.0f) << "the first window holds neighbours only";
    EXPECT_EQ(mask[16 + 1], -100.0f) << "right window: its columns come from opposite sides";
    EXPECT_EQ(mask[16 + 2], 0.0f) << "but its rows are neighbours";
    for (std::size_t query = 0; query < 4; ++query)
        for (std::size_t key = 0; key < 4; ++key) EXPECT_EQ(mask[48 + query * 4 + key], query == key ? 0.0f : -100.0f);
}

TEST(ShiftMask, LeavesASideWithoutShiftAlone) {
    StagePlan stage;
    stage.mapHeight = 4;
    stage.mapWidth = 2;
    stage.windowHeight = stage.windowWidth = 2;
    stage.shiftHeight = 1;
    const auto mask = shiftMask(stage);
    ASSERT_EQ(mask.shape, (Shape{2, 4, 4}));
    EXPECT_EQ(mask.as<float>()[16 + 1], 0.0f);
    EXPECT_EQ(mask.as<float>()[16 + 2], -100.0f);
}

TEST(ShiftMask, CoversPaddedMaps) {
    StagePlan stage;
    stage.mapHeight = 13;
    stage.mapWidth = 11;
    stage.windowHeight = stage.windowWidth = 4;
    stage.shiftHeight = stage.shiftWidth = 2;
    EXPECT_EQ(shiftMask(stage).shape, (Shape{12, 16, 16}));
}

TEST(ShiftMask, RefusesImagesOfUnreasonableSize) {
    StagePlan stage;
    stage.mapHeight = stage.mapWidth = 4096;
    stage.windowHeight = stage.windowWidth = 16;
    stage.shiftHeight = stage.shiftWidth = 8;
    EXPECT_THROW(shiftMask(stage), Exception);
}

}  // namespace
}  // namespace vitrine::models
