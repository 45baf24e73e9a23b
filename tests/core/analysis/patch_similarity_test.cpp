// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/patch_similarity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"

namespace vitrine::analysis {
namespace {

using Indices = std::vector<std::int64_t>;

/// 3 x 3 patches of two channels; patch i points into the direction of angle i / 10.
PatchGrid fan() {
    PatchGrid grid{3, 3, 2, {}};
    for (int i = 0; i < 9; ++i) grid.values.insert(grid.values.end(), {std::cos(0.1F * static_cast<float>(i)), std::sin(0.1F * static_cast<float>(i))});
    return grid;
}

TEST(PatchSimilarity, NearestDirectionsAreThePositives) {
    const AnchorSimilarity middle = anchorSimilarity(fan(), 4);
    EXPECT_EQ(middle.positives, (Indices{3, 5, 2, 6}));
    EXPECT_EQ(middle.negatives, (Indices{0, 1, 7, 8}));
    EXPECT_EQ(middle.similarity[4], 1);
    EXPECT_NEAR(middle.similarity[0], std::cos(0.4), 1e-6);
}

TEST(PatchSimilarity, ACornerKeepsANegative) {
    const AnchorSimilarity corner = anchorSimilarity(fan(), 0);
    EXPECT_EQ(corner.positives, (Indices{1, 3}));
    EXPECT_EQ(corner.negatives, (Indices{4}));
    EXPECT_EQ(anchorSimilarity({1, 1, 1, {1}}, 0).positives, Indices{});
}

TEST(PatchSimilarity, PatchesOfAPictureAreTakenFromItsTile) {
    results::SyntheticImages images{.width = 4, .height = 4, .columns = 2, .rows = 1};
    images.images.resize(2);
    results::SyntheticImages::Sheet sheet{0, 4, 4, {}};
    // The second picture: white above, black below; the first one is grey.
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 8; ++x) sheet.rgb.insert(sheet.rgb.end(), 3, static_cast<std::uint8_t>(x < 4 ? 128 : (y < 2 ? 255 : 0)));
    images.sheets.push_back(sheet);
    const PatchGrid grid = pixelPatches(images, 0, 1, 2, 2);
    EXPECT_EQ(grid.channels, 12);
    const AnchorSimilarity similarity = anchorSimilarity(grid, 0);
    EXPECT_NEAR(similarity.similarity[1], 1, 1e-6);
    EXPECT_NEAR(similarity.similarity[2], -1, 1e-6);
    EXPECT_EQ(anchorSimilarity(pixelPatches(images, 0, 0, 2, 2), 0).similarity[1], 0);  // nothing but its mean
    EXPECT_THROW(pixelPatches(images, 1, 0, 2, 2), Exception);
    EXPECT_THROW(pixelPatches(images, 0, 2, 2, 2), Exception);
    EXPECT_THROW(pixelPatches(images, 0, 0, 5, 2), Exception);
    images.sheets[0].rgb.pop_back();
    EXPECT_THROW(pixelPatches(images, 0, 0, 2, 2), Exception);
    EXPECT_THROW(anchorSimilarity(grid, 4), Exception);
    EXPECT_THROW(anchorSimilarity({2, 2, 3, {}}, 0), Exception);
}

}  // namespace
}  // namespace vitrine::analysis
