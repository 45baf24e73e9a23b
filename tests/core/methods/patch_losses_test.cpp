// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/patch_losses.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "base/error.h"
#include "base/random.h"
#include "methods/parts/image_prior.h"
#include "methods/parts/kernel_density.h"

namespace vitrine::methods {
namespace {

at::Tensor randomTensor(at::IntArrayRef sizes, std::uint64_t seed) {
    Random random(seed);
    at::Tensor tensor = at::empty(sizes, at::kDouble);
    for (std::int64_t i = 0; i < tensor.numel(); ++i) tensor.data_ptr<double>()[i] = random.normal();
    return tensor;
}

/// The gradient by torch against central differences of the same function along random directions.
void checkGradient(const std::function<at::Tensor(const at::Tensor&)>& loss, const at::Tensor& at, double tolerance = 1e-6) {
    const at::Tensor leaf = at.clone().requires_grad_(true);
    loss(leaf).backward();
    for (std::uint64_t seed = 70; seed < 74; ++seed) {
        const at::Tensor direction = randomTensor(at.sizes(), seed);
        constexpr double step = 1e-6;
        const double expected = (loss(at + step * direction) - loss(at - step * direction)).item<double>() / (2 * step);
        const double actual = (leaf.grad() * direction).sum().item<double>();
        EXPECT_NEAR(actual, expected, tolerance * std::max(1.0, std::abs(expected)));
    }
}

struct Grid {
    std::int64_t rows, columns, radius, positives;
};
const Grid kGrids[] = {{2, 2, 1, 4}, {3, 5, 1, 4}, {7, 7, 1, 4}, {4, 6, 2, 4}, {5, 5, 1, 1}, {4, 4, 1, 50}, {2, 9, 3, 6}};

TEST(PatchNeighbours, AreThoseOfTheGrid) {
    const PatchNeighbours n = patchNeighbours(14, 14, 1);
    EXPECT_EQ(n.count[0].item<std::int64_t>(), 3);
    EXPECT_EQ(n.count[5].item<std::int64_t>(), 5);
    EXPECT_EQ(n.count[14 * 6 + 6].item<std::int64_t>(), 8);
    for (const Grid& grid : kGrids) {
        const PatchNeighbours found = patchNeighbours(grid.rows, grid.columns, grid.radius);
        for (std::int64_t i = 0; i < grid.rows * grid.columns; ++i) {
            std::vector<std::int64_t> expected;
            for (std::int64_t j = 0; j < grid.rows * grid.columns; ++j) {
                const std::int64_t far = std::max(std::abs(i / grid.columns - j / grid.columns), std::abs(i % grid.columns - j % grid.columns));
                if (j != i && far <= grid.radius) expected.push_back(j);
            }
            std::vector<std::int64_t> actual;
            for (std::int64_t k = 0; k < found.index.size(1); ++k)
                if (found.valid[i][k].item<bool>()) actual.push_back(found.index[i][k].item<std::int64_t>());
            EXPECT_EQ(actual, expected);
        }
    }
}

TEST(NeighbourSimilarity, IsTheCosine) {
    for (const Grid& grid : kGrids) {
        const at::Tensor patches = randomTensor({2, grid.rows * grid.columns, 6}, 1);
        const PatchNeighbours n = patchNeighbours(grid.rows, grid.columns, grid.radius);
        const at::Tensor similarity = neighbourSimilarity(patches, grid.rows, grid.columns, grid.radius);
        const at::Tensor directions = patches / patches.norm(2, {2}, true);
        const at::Tensor all = directions.bmm(directions.transpose(1, 2));
        const at::Tensor expected = all.gather(2, n.index.unsqueeze(0).expand({2, -1, -1})) * n.valid;
        EXPECT_TRUE(at::allclose(similarity, expected, 1e-7, 1e-7));
    }
}

// Every patch has min(n, neighbours - 1) positives and at least one negative; positives are the most similar ones.
TEST(PositiveNeighbours, AreTheMostSimilarAndLeaveANegative) {
    for (const Grid& grid : kGrids) {
        const at::Tensor patches = randomTensor({3, grid.rows * grid.columns, 4}, 2);
        const PatchNeighbours n = patchNeighbours(grid.rows, grid.columns, grid.radius);
        const at::Tensor similarity = neighbourSimilarity(patches, grid.rows, grid.columns, grid.radius);
        const at::Tensor positive = positiveNeighbours(similarity, n, grid.positives);
        const at::Tensor valid = n.valid.unsqueeze(0).expand(positive.sizes());
        EXPECT_FALSE(positive.logical_and(valid.logical_not()).any().item<bool>());
        const at::Tensor negative = valid.logical_and(positive.logical_not());
        EXPECT_TRUE(negative.any(2).all().item<bool>());
        const at::Tensor expected = (n.count - 1).clamp_max(grid.positives).unsqueeze(0).expand({3, -1});
        EXPECT_TRUE(positive.sum(2).equal(expected));
        const at::Tensor least = similarity.masked_fill(positive.logical_not(), 9).amin(2);
        const at::Tensor most = similarity.masked_fill(negative.logical_not(), -9).amax(2);
        EXPECT_TRUE(least.ge(most).all().item<bool>());
    }
}

TEST(PatchContrast, OfEqualPatchesCountsNeighbours) {
    // All similarities are 1, so each patch has -log(positives / neighbours): 4 corners 2/3, 4 edges 4/5, 1 inner 4/8.
    const at::Tensor patches = at::ones({2, 9, 3}, at::kDouble);
    const double expected = -(4 * std::log(2.0 / 3) + 4 * std::log(4.0 / 5) + std::log(0.5)) / 9;
    const at::Tensor loss = patchContrastiveLoss(patches, 3, 3, {});
    EXPECT_NEAR(loss[0].item<double>(), expected, 1e-9);
    EXPECT_NEAR(loss[1].item<double>(), expected, 1e-9);
    // With a logarithm for each positive: log(neighbours).
    const double mean = (4 * std::log(3.0) + 4 * std::log(5.0) + std::log(8.0)) / 9;
    EXPECT_NEAR(patchContrastiveLoss(patches, 3, 3, {.reduction = PositivesReduction::mean})[0].item<double>(), mean, 1e-9);
}

TEST(PatchContrast, OfTwoByTwoByHand) {
    // Patches a a / b c: similarities of the corner a: 1, 0 (b), 0 (c) with orthogonal a, b, c.
    const at::Tensor patches = at::tensor({1., 0., 0., 2., 0., 0., 0., 3., 0., 0., 0., 1.}, at::kDouble).view({1, 4, 3});
    const double t = 0.5;
    const double e = std::exp(1 / t);
    const double ofA = -std::log((e + 1) / (e + 2));
    const double ofOthers = -std::log(2.0 / 3);
    EXPECT_NEAR(patchContrastiveLoss(patches, 2, 2, {.temperature = t})[0].item<double>(), (2 * ofA + 2 * ofOthers) / 4, 1e-7);
}

TEST(PatchContrast, GradientAgreesWithDifferences) {
    for (const PositivesReduction reduction : {PositivesReduction::sum, PositivesReduction::mean})
        for (const Grid& grid : kGrids) {
            const PatchContrast contrast{.temperature = 0.3, .radius = grid.radius, .positives = grid.positives, .reduction = reduction};
            checkGradient([&](const at::Tensor& x) { return patchContrastiveLoss(x, grid.rows, grid.columns, contrast).sum(); },
                          randomTensor({2, grid.rows * grid.columns, 5}, 3));
        }
}

TEST(PatchContrast, ImagesAreIndependentAndZerosAreHarmless) {
    const at::Tensor patches = randomTensor({3, 16, 5}, 4);
    const at::Tensor together = patchContrastiveLoss(patches, 4, 4, {});
    for (std::int64_t i = 0; i < 3; ++i)
        EXPECT_TRUE(together.narrow(0, i, 1).equal(patchContrastiveLoss(patches.narrow(0, i, 1), 4, 4, {})));
    const at::Tensor zeros = at::zeros({1, 16, 5}, at::kDouble).requires_grad_(true);
    patchContrastiveLoss(zeros, 4, 4, {}).sum().backward();
    EXPECT_TRUE(at::isfinite(zeros.grad()).all().item<bool>());
}

TEST(PatchContrast, RefusesWhatMakesNoSense) {
    const at::Tensor patches = randomTensor({1, 9, 3}, 5);
    EXPECT_THROW(patchContrastiveLoss(patches, 2, 4, {}), Exception);
    EXPECT_THROW(patchContrastiveLoss(patches, 9, 1, {}), Exception);
    EXPECT_THROW(patchContrastiveLoss(patches, 3, 3, {.temperature = 0}), Exception);
    EXPECT_THROW(patchContrastiveLoss(patches, 3, 3, {.radius = 0}), Exception);
    EXPECT_THROW(patchContrastiveLoss(patches, 3, 3, {.positives = 0}), Exception);
    EXPECT_THROW(patchEntropy(patches, {.points = 1}), Exception);
    EXPECT_THROW(patchEntropy(patches, {.bandwidth = 0}), Exception);
}

/// The same entropy by torch's operations alone.
at::Tensor plainEntropy(const at::Tensor& patches, double bandwidth, std::int64_t points) {
    const at::Tensor directions = patches / patches.norm(2, {2}, true);
    const at::Tensor similarity = directions.bmm(directions.transpose(1, 2)).flatten(1);
    std::vector<at::Tensor> results;
    for (std::int64_t g = 0; g < patches.size(0); ++g) {
        const at::Tensor s = similarity[g];
        const at::Tensor x = at::linspace(s.min().item(), s.max().item(), points, at::kDouble);
        const at::Tensor z = (x.unsqueeze(1) - s.unsqueeze(0)) / bandwidth;
        const at::Tensor f = (z.square() * -0.5).exp().mean(1) / (bandwidth * std::sqrt(2 * M_PI)) + 1e-4;
        results.push_back(at::trapezoid(-(f * f.log()), x, 0));
    }
    return at::stack(results);
}

TEST(PatchEntropy, AgreesWithPlainOperations) {
    for (const double bandwidth : {0.01, 0.1, 0.5}) {
        const at::Tensor patches = randomTensor({3, 20, 6}, 6);
        const at::Tensor one = patches.clone().requires_grad_(true);
        const at::Tensor other = patches.clone().requires_grad_(true);
        const at::Tensor actual = patchEntropy(one, {.bandwidth = bandwidth});
        const at::Tensor expected = plainEntropy(other, bandwidth, 10);
        EXPECT_TRUE(at::allclose(actual, expected, 1e-10, 1e-12)) << bandwidth;
        (actual * at::tensor({1., 2., 3.}, at::kDouble)).sum().backward();
        (expected * at::tensor({1., 2., 3.}, at::kDouble)).sum().backward();
        EXPECT_TRUE(at::allclose(one.grad(), other.grad(), 1e-8, 1e-10)) << bandwidth;
    }
}

TEST(PatchEntropy, OfEqualPatchesIsFinite) {
    const at::Tensor patches = at::ones({2, 5, 3}).requires_grad_(true);
    const at::Tensor entropy = patchEntropy(patches, {});
    entropy.sum().backward();
    EXPECT_TRUE(at::isfinite(entropy).all().item<bool>());
    EXPECT_TRUE(at::isfinite(patches.grad()).all().item<bool>());
}

TEST(KernelDensity, GradientAgreesWithDifferences) {
    at::Tensor matrix = randomTensor({2, 5, 5}, 7) * 0.3;
    matrix = (matrix + matrix.transpose(1, 2)) / 2;
    const at::Tensor points = at::linspace(-1, 1, 7, at::kDouble).repeat({2, 1});
    const at::Tensor weights = randomTensor({2, 7}, 8);
    const at::Tensor leaf = matrix.clone().requires_grad_(true);
    (symmetricDensity(leaf, points, 0.2) * weights).sum().backward();
    at::Tensor direction = randomTensor({2, 5, 5}, 9);
    direction = (direction + direction.transpose(1, 2)) / 2;
    const auto at = [&](double step) { return (symmetricDensity(matrix + step * direction, points, 0.2) * weights).sum().item<double>(); };
    // The gradient of a pair lies in the upper triangle alone.
    const double actual = (leaf.grad() * direction).sum().item<double>();
    EXPECT_NEAR(actual, (at(1e-6) - at(-1e-6)) / 2e-6, 1e-6);
}

TEST(TotalVariation, ByHandAndByDifferences) {
    const at::Tensor image = at::tensor({1., 2., 4., 8.}, at::kDouble).view({1, 1, 2, 2});
    // Differences to the right -1, -4; below -3, -6; falling -7; rising 2.
    EXPECT_NEAR(totalVariation(image).item<double>(), std::sqrt(17.0) + std::sqrt(45.0) + 7 + 2, 1e-12);
    EXPECT_EQ(totalVariation(at::ones({2, 3, 4, 4})).item<double>(), 0.0);
    checkGradient(totalVariation, randomTensor({2, 3, 5, 6}, 10));
    EXPECT_THROW(totalVariation(at::ones({1, 1, 1, 4})), Exception);
    EXPECT_NEAR(variationScale({32, 3, 224, 224}), 1.0, 1e-12);
    EXPECT_NEAR(variationScale({8, 3, 112, 112}), 0.25, 1e-12);
}

TEST(ImagePrior, BoxAndColoursFollowTheNetwork) {
    graph::ModelInfo info;
    info.mean = {0.5, 0.25, 0.0};
    info.standardDeviation = {0.5, 0.25, 2.0};
    const ValidBox box = validBox(info);
    EXPECT_TRUE(box.low.flatten().equal(at::tensor({-1.f, -1.f, 0.f})));
    EXPECT_TRUE(box.high.flatten().equal(at::tensor({1.f, 3.f, 0.5f})));
    EXPECT_TRUE(denormalized(box.low, info).eq(0).all().item<bool>());
    EXPECT_TRUE(denormalized(box.high + 1, info).eq(1).all().item<bool>());
    Random one(3), two(3);
    EXPECT_TRUE(gaussianImages(info, 2, one).equal(gaussianImages(info, 2, two)));
    const at::Tensor labels = drawLabels(info, 500, one);
    EXPECT_GE(labels.min().item<std::int64_t>(), 0);
    EXPECT_LT(labels.max().item<std::int64_t>(), 1000);
    EXPECT_GT(labels.max().item<std::int64_t>(), 900);
}

}  // namespace
}  // namespace vitrine::methods
