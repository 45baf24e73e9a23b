// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels.h"

#include <array>
#include <cmath>
#include <hwy/highway.h>
#include <limits>

#include "core/engine/support.h"
#include "engine/products.h"
#include "engine/stacks.h"

namespace vitrine::test {
namespace {

using engine::toTorch;

/// Runs a test in each instruction set of the processor.
class InEveryInstructionSet : public ::testing::TestWithParam<std::int64_t> {
  protected:
    InEveryInstructionSet() { choose(GetParam()); }
    ~InEveryInstructionSet() override { choose(0); }

  private:
    /// 0 stands for the best one.
    static void choose(std::int64_t target) {
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    }
};
class Gelu : public InEveryInstructionSet {};
class Softmax : public InEveryInstructionSet {};
class LayerNorm : public InEveryInstructionSet {};
class StackProducts : public InEveryInstructionSet {};

std::vector<std::int64_t> instructionSets() {
    std::vector<std::int64_t> targets;
    for (std::int64_t left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1) targets.push_back(left & -left);
    return targets;
}
std::string instructionSetName(const ::testing::TestParamInfo<std::int64_t>& info) { return hwy::TargetName(info.param); }

INSTANTIATE_TEST_SUITE_P(Kernels, Gelu, ::testing::ValuesIn(instructionSets()), instructionSetName);
INSTANTIATE_TEST_SUITE_P(Kernels, Softmax, ::testing::ValuesIn(instructionSets()), instructionSetName);
INSTANTIATE_TEST_SUITE_P(Kernels, LayerNorm, ::testing::ValuesIn(instructionSets()), instructionSetName);
INSTANTIATE_TEST_SUITE_P(Kernels, StackProducts, ::testing::ValuesIn(instructionSets()), instructionSetName);

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST_P(Gelu, GradientIsAccurateEverywhere) {
    std::vector<float> x;
    for (int i = -2'000'000; i <= 2'000'000; ++i) x.push_back(static_cast<float>(i) * 1e-5f);
    const std::vector<float> ones(x.size(), 1.0f);
    std::vector<float> slope(x.size());
    engine::geluGradient(x.data(), ones.data(), slope.data(), static_cast<std::int64_t>(x.size()));
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double exact = 0.5 * std::erfc(-double{x[i]} / std::sqrt(2.0)) + x[i] * std::exp(-0.5 * x[i] * x[i]) / std::sqrt(2 * M_PI);
        worst = std::max(worst, std::abs(slope[i] - exact));
    }
    EXPECT_LT(worst, 4e-7);
}

TEST_P(Softmax, GradientAgreesWithTorch) {
    for (const std::int64_t columns : {1, 3, 16, 49, 197}) {
        const at::Tensor y = toTorch(randomTensor({7, columns}, 1)).to(at::kDouble).softmax(-1);
        const at::Tensor gradient = toTorch(randomTensor({7, columns}, 2));
        const at::Tensor in = y.to(at::kFloat);
        at::Tensor out = gradient.clone();
        engine::softmaxGradientRows(in.data_ptr<float>(), out.data_ptr<float>(), out.data_ptr<float>(), 7, columns);
        const at::Tensor wide = gradient.to(at::kDouble);
        EXPECT_LT(largestDifference(out, y * (wide - (y * wide).sum(-1, true))), 2e-6) << columns;
    }
}

TEST_P(LayerNorm, GradientAgreesWithTorch) {
    for (const std::int64_t columns : {3, 16, 31, 192}) {
        const at::Tensor x = toTorch(randomTensor({5, columns}, 1, 3.0, 2.0));
        const at::Tensor weight = toTorch(randomTensor({columns}, 2, 1.0, 1.0));
        const at::Tensor gradient = toTorch(randomTensor({5, columns}, 3));
        at::Tensor out = gradient.clone();
        engine::layerNormGradientRows(x.data_ptr<float>(), out.data_ptr<float>(), out.data_ptr<float>(), 5, columns,
                                      {weight.data_ptr<float>(), nullptr, 1e-6f});
        const at::Tensor leaf = x.to(at::kDouble).requires_grad_(true);
        const at::Tensor y = at::layer_norm(leaf, {columns}, weight.to(at::kDouble), at::zeros({columns}, at::kDouble), 1e-6);
        y.backward(gradient.to(at::kDouble));
        EXPECT_LT(largestDifference(out, leaf.grad()), 1e-5) << columns;
    }
}

TEST_P(Gelu, GaussiansAreThoseOfTheirFormula) {
    for (const std::int64_t count : {0, 1, 5, 16, 196}) {
        const at::Tensor x = toTorch(randomTensor({count}, 4));
        const at::Tensor z = (0.25 - x.to(at::kDouble)) * 3;
        const at::Tensor height = (z.square() * -0.5).exp();
        EXPECT_NEAR(engine::gaussianSum(x.data_ptr<float>(), count, 0.25f, 3.0f), height.sum().item<double>(), 1e-4) << count;
        const at::Tensor before = toTorch(randomTensor({count}, 5));
        at::Tensor out = before.clone();
        engine::addGaussianSlopes(x.data_ptr<float>(), out.data_ptr<float>(), count, 0.25f, 3.0f, 0.7f);
        if (count > 0) {
            EXPECT_LT(largestDifference(out, before.to(at::kDouble) + 0.7 * z * height), 1e-5) << count;
        }
    }
}

TEST_P(Gelu, IsAccurateEverywhere) {
    std::vector<float> x;
    for (int i = -2'000'000; i <= 2'000'000; ++i) x.push_back(static_cast<float>(i) * 1e-5f);
    std::vector<float> y(x.size());
    engine::gelu(x.data(), y.data(), static_cast<std::int64_t>(x.size()));
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double exact = 0.5 * double{x[i]} * std::erfc(-double{x[i]} / std::sqrt(2.0));
        worst = std::max(worst, std::abs(y[i] - exact) / std::max(1.0, std::abs(double{x[i]})));
    }
    EXPECT_LT(worst, 3e-7);
}

TEST_P(Gelu, SpecialValues) {
    const std::vector<float> x{0.0f, -kInfinity, kInfinity, NAN, -1000.0f, 1000.0f, 3e38f};
    std::vector<float> y(x.size());
    engine::gelu(x.data(), y.data(), static_cast<std::int64_t>(x.size()));
    EXPECT_EQ(y[0], 0.0f);
    EXPECT_NEAR(y[1], 0.0f, 1e-36f);
    EXPECT_EQ(y[2], kInfinity);
    EXPECT_TRUE(std::isnan(y[3]));
    EXPECT_NEAR(y[4], 0.0f, 1e-36f);
    EXPECT_EQ(y[5], 1000.0f);
    EXPECT_EQ(y[6], 3e38f);
}

TEST_P(Softmax, IsAccurateForEveryLength) {
    for (const std::int64_t columns : {1, 2, 7, 15, 16, 17, 49, 64, 197, 577}) {
        at::Tensor x = toTorch(randomTensor({5, columns}, 1, 4.0)).clone();
        const at::Tensor exact = at::softmax(x.to(at::kDouble), -1);
        const at::Tensor y = at::empty_like(x);
        engine::softmaxRows(x.data_ptr<float>(), y.data_ptr<float>(), 5, columns);
        EXPECT_LT(((y - exact) / exact).abs().max().item<double>(), 2e-6) << columns;
        engine::softmaxRows(x.data_ptr<float>(), x.data_ptr<float>(), 5, columns);
        EXPECT_TRUE(sameBits(x, y)) << "in place, " << columns;
    }
}

TEST_P(Softmax, MaskedAndHugeLogits) {
    const std::vector<float> x{-kInfinity, 0.0f, -100.0f, 0.0f, -1e30f, -kInfinity};
    std::vector<float> y(x.size());
    engine::softmaxRows(x.data(), y.data(), 1, static_cast<std::int64_t>(x.size()));
    EXPECT_EQ(y[0], 0.0f);
    EXPECT_FLOAT_EQ(y[1], 0.5f);
    EXPECT_LT(y[2], 1e-37f);
    EXPECT_EQ(y[4], 0.0f);
    const std::vector<float> huge{1e30f, 1e30f, NAN};
    engine::softmaxRows(huge.data(), y.data(), 1, 2);
    EXPECT_FLOAT_EQ(y[0], 0.5f);
    engine::softmaxRows(huge.data(), y.data(), 1, 3);
    EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[1]) && std::isnan(y[2]));
}

TEST_P(LayerNorm, IsAccurateForEveryLength) {
    for (const std::int64_t columns : {1, 5, 16, 31, 96, 192, 385}) {
        const at::Tensor x = toTorch(randomTensor({7, columns}, 2, 1.0, 30.0));
        const at::Tensor weight = toTorch(randomTensor({columns}, 3));
        const at::Tensor bias = toTorch(randomTensor({columns}, 4));
        const at::Tensor y = at::empty_like(x);
        engine::layerNormRows(x.data_ptr<float>(), y.data_ptr<float>(), 7, columns,
                              {weight.data_ptr<float>(), bias.data_ptr<float>(), 1e-6f});
        const at::Tensor exact = at::layer_norm(x.to(at::kDouble), {columns}, weight.to(at::kDouble), bias.to(at::kDouble), 1e-6);
        // A mean of 30 is known to 2e-6, which the division by a standard deviation of 1 and weights up to 3 carry on.
        // In a row of one the difference to the mean is 0 exactly.
        EXPECT_LT(largestDifference(y, exact), 5e-5) << columns;
    }
}

TEST(PackedWeights, UnpackToTheSameBits) {
    for (const Shape& shape : {Shape{5, 3}, Shape{192, 576}, Shape{1000, 192}, Shape{24, 3, 4, 4}}) {
        const at::Tensor weight = toTorch(randomTensor(shape, 8));
        EXPECT_TRUE(sameBits(engine::PackedWeight(weight).unpack(), weight));
        const at::Tensor strided = weight.flip(0).transpose(0, 1).contiguous().transpose(0, 1);
        EXPECT_TRUE(sameBits(engine::PackedWeight(strided).unpack(), strided));
    }
}

TEST(PackedWeights, MultiplyLikeDouble) {
    const at::Tensor weight = toTorch(randomTensor({70, 33}, 1));
    const at::Tensor bias = toTorch(randomTensor({70}, 2));
    const engine::PackedWeight packed(weight);
    for (const Shape& shape : {Shape{1, 33}, Shape{7, 33}, Shape{2, 19, 33}, Shape{33}}) {
        const at::Tensor x = toTorch(randomTensor(shape, 3));
        for (const at::Tensor& b : {bias, at::Tensor()}) {
            const at::Tensor exact = at::linear(x.to(at::kDouble), weight.to(at::kDouble), b.defined() ? b.to(at::kDouble) : b);
            EXPECT_LT(largestDifference(engine::multiplyPacked(x, packed, b), exact), 2e-5);  // 33 roundings of up to 10
        }
    }
}

TEST_P(StackProducts, DoNotDependOnStrides) {
    // [B, H, N, d] operands as they lie in memory: dense, cut from [B, N, 3, H, d], and with columns dense.
    const std::array<std::int64_t, 4> cases[] = {{2, 3, 197, 64}, {2, 3, 49, 32}, {1, 1, 5, 3}, {3, 2, 1, 7}, {2, 2, 9, 1}};
    for (const auto& sizes : cases) {
        const std::int64_t batch = sizes[0];
        const std::int64_t heads = sizes[1];
        const std::int64_t tokens = sizes[2];
        const std::int64_t size = sizes[3];
        const at::Tensor parts = toTorch(randomTensor({batch, tokens, 3, heads, size}, 4)).permute({2, 0, 3, 1, 4});
        const at::Tensor weights = toTorch(randomTensor({batch, heads, tokens, tokens}, 5));
        const auto product = [&](const at::Tensor& a, const at::Tensor& b, double scale) {
            at::Tensor out = at::empty({batch, heads, a.size(-2), b.size(-1)});
            engine::multiplyStacks(a, b, scale, out);
            const at::Tensor exact = at::matmul(a.to(at::kDouble), b.to(at::kDouble)) * scale;
            EXPECT_LT(largestDifference(out, exact), 2e-4);  // 197 roundings of sums up to 60
            at::Tensor permuted = at::empty({batch, a.size(-2), heads, b.size(-1)}).permute({0, 2, 1, 3});
            engine::multiplyStacks(a, b, scale, permuted);
            EXPECT_TRUE(sameBits(out, permuted));
            return out;
        };
        for (const double scale : {1.0, 0.125, 0.1767767}) {
            const at::Tensor keys = parts[1].transpose(-1, -2);
            const at::Tensor expected = product(parts[0], keys, scale);
            EXPECT_TRUE(sameBits(product(parts[0].contiguous(), keys, scale), expected));
            EXPECT_TRUE(sameBits(product(parts[0], keys.contiguous(), scale), expected));
            EXPECT_TRUE(sameBits(product(parts[0].contiguous(), parts[1].contiguous().transpose(-1, -2), scale), expected));
            const at::Tensor columns = parts[0].transpose(-1, -2).contiguous().transpose(-1, -2);
            EXPECT_TRUE(sameBits(product(columns, keys, scale), expected));
            EXPECT_TRUE(sameBits(product(weights, parts[2], scale), product(weights, parts[2].contiguous(), scale)));
        }
    }
}

}  // namespace
}  // namespace vitrine::test
