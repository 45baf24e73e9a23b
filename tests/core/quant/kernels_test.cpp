// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "core/quant/support.h"
#include "quant/quantizers.h"

// The vector kernels must give the bits of the scalar reference in support.cpp.
namespace vitrine {
namespace {

using namespace test;
using quant::Encoding;

void expectReference(const at::Tensor& x, const Encoding& encoding, const std::string& what) {
    const at::Tensor expected = referenceFakeQuantize(x, encoding);
    const auto check = [&](const at::Tensor& actual, const char* path) {
        const std::int64_t i = firstDifference(actual, expected);
        ASSERT_EQ(i, -1) << what << ", " << path << ", " << describe(encoding)
                         << ": x = " << x.contiguous().data_ptr<float>()[i] << " became "
                         << actual.contiguous().data_ptr<float>()[i] << ", not " << expected.data_ptr<float>()[i];
    };
    check(quant::fakeQuantize(x, encoding), "fakeQuantize");
    check(quant::decode(quant::encode(x, encoding), encoding), "decode(encode)");
    at::Tensor copy = at::empty_strided(x.sizes(), x.strides(), at::kFloat).copy_(x);
    quant::fakeQuantizeInPlace(copy, encoding);
    check(copy, "fakeQuantizeInPlace");
}

void expectAllLengths(Random& random) {
    for (const Variant variant : kVariants)
        for (std::int64_t length = 0; length <= 130; ++length) {
            const Encoding encoding = randomEncoding(variant, random);
            const std::int64_t offset = random.integer(0, 3);  // starts between the vectors' boundaries
            expectReference(awkwardTensor({offset + length}, encoding, random).narrow(0, offset, length), encoding,
                            "length " + std::to_string(length));
        }
}

TEST(QuantKernels, GiveTheBitsOfTheScalarReferenceForEveryLength) {
    Random random(1);
    expectAllLengths(random);
}

TEST(QuantKernels, AgreeInEveryInstructionSet) {
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
        SCOPED_TRACE(hwy::TargetName(target));
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().DeInit();
        Random random(2);
        expectAllLengths(random);
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().DeInit();
}

TEST(QuantKernels, GiveEveryChannelItsScale) {
    Random random(3);
    for (const Variant variant : kVariants)
        for (const std::int64_t length : {0, 1, 2, 3, 5, 8, 13, 16, 31, 33, 64, 67, 130})
            for (const std::int64_t axis : {0, 1, 2}) {
                std::vector<std::int64_t> shape{3, 2, length};
                std::swap(shape[2], shape[static_cast<std::size_t>((axis + 2) % 3)]);
                if (shape[static_cast<std::size_t>(axis)] == 0) continue;
                const Encoding encoding = randomEncoding(variant, random, shape[static_cast<std::size_t>(axis)], axis);
                expectReference(awkwardTensor(shape, encoding, random), encoding,
                                "axis " + std::to_string(axis) + ", length " + std::to_string(length));
            }
}

TEST(QuantKernels, ReadViewsWhereTheyLie) {
    Random random(4);
    for (const Variant variant : kVariants)
        for (const std::int64_t width : {3, 16, 20}) {
            const Encoding encoding = randomEncoding(variant, random);
            const at::Tensor qkv =
                awkwardTensor({2, 5, 3, 2, width}, encoding, random);  // batch, tokens, qkv, heads, width
            expectReference(qkv.select(2, 1).transpose(1, 2), encoding, "key");
            expectReference(qkv.select(2, 2).permute({0, 2, 3, 1}), encoding, "transposed value");
            expectReference(qkv.slice(4, 1, width, 2), encoding, "every other column");
            expectReference(qkv.select(4, 0), encoding, "one column");
            const Encoding perHead = randomEncoding(variant, random, 2, 1);
            expectReference(qkv.select(2, 0).transpose(1, 2), perHead, "query per head");
        }
}

TEST(QuantKernels, ReadExpandedTensors) {
    Random random(5);
    const Encoding encoding = randomEncoding(Variant::roundThenShift, random);
    const at::Tensor x = awkwardTensor({1, 1, 32}, encoding, random).expand({4, 3, 32});
    EXPECT_EQ(firstDifference(quant::fakeQuantize(x, encoding), referenceFakeQuantize(x, encoding)), -1);
}

TEST(QuantKernels, ShareLargeTensorsAmongThreads) {
    Random random(6);
    for (const Variant variant : kVariants) {
        const Encoding whole = randomEncoding(variant, random);
        expectReference(awkwardTensor({100003}, whole, random), whole, "per tensor");
        const Encoding columns = randomEncoding(variant, random, 37, 1);
        expectReference(awkwardTensor({3001, 37}, columns, random), columns, "per column");
        const Encoding rows = randomEncoding(variant, random, 37, 0);
        expectReference(awkwardTensor({37, 3001}, rows, random), rows, "per row");
    }
}

TEST(QuantKernels, HandleSixteenBitsAndExtremeZeroPoints) {
    Random random(7);
    for (const float zero : {0.0f, 65535.0f, -4194303.0f, 4194303.0f, -4194303.5f, 32767.75f}) {
        const Encoding encoding{.bits = 16, .qmax = 65535, .scale = {0.0013f}, .zeroPoint = {zero}};
        validate(encoding);
        expectReference(awkwardTensor({4001}, encoding, random), encoding, "zero point " + std::to_string(zero));
    }
}

TEST(QuantKernels, SaturateInfinitiesAndKeepNan) {
    const at::Tensor x = at::tensor({INFINITY, -INFINITY, NAN, 3.4e38f, -3.4e38f});
    const Encoding uniform{.bits = 4, .qmax = 15, .scale = {0.5f}, .zeroPoint = {6.0f}};
    const at::Tensor a = quant::fakeQuantize(x, uniform);
    EXPECT_EQ(a[0].item<float>(), 4.5f);
    EXPECT_EQ(a[1].item<float>(), -3.0f);
    EXPECT_TRUE(std::isnan(a[2].item<float>()));
    EXPECT_EQ(a[3].item<float>(), 4.5f);
    EXPECT_EQ(a[4].item<float>(), -3.0f);
    const Encoding log{.kind = quant::QuantizerKind::log2, .bits = 4, .qmax = 15, .scale = {0.5f}};
    const at::Tensor b = quant::fakeQuantize(x, log);
    EXPECT_EQ(b[0].item<float>(), 0.5f);
    EXPECT_EQ(b[1].item<float>(), 0.0f);
    EXPECT_TRUE(std::isnan(b[2].item<float>()));
}

}  // namespace
}  // namespace vitrine
