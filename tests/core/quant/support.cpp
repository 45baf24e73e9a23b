// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/support.h"

#include <algorithm>
#include <bit>
#include <cfenv>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/engine/networks.h"
#include "graph/builder.h"

namespace vitrine::test {

using quant::Encoding;
using quant::Granularity;
using quant::QuantizerKind;
using quant::Rounding;

bool isUniform(Variant variant) { return variant != Variant::log2 && variant != Variant::logSqrt2; }
bool hasFraction(Variant variant) { return variant == Variant::roundThenFraction || variant == Variant::shiftFraction; }

Encoding randomEncoding(Variant variant, Random& random, std::int64_t scales, std::int64_t axis) {
    Encoding encoding;
    const bool uniform = isUniform(variant);
    encoding.kind = uniform                    ? QuantizerKind::uniform
                    : variant == Variant::log2 ? QuantizerKind::log2
                                               : QuantizerKind::logSqrt2;
    const bool otherRounding = variant == Variant::symmetric && random.integer(0, 1) == 1;
    const bool shiftFirst = otherRounding || variant == Variant::shiftThenRound || variant == Variant::shiftFraction;
    encoding.rounding = shiftFirst ? Rounding::shiftThenRound : Rounding::roundThenShift;
    encoding.bits = static_cast<int>(random.integer(quant::kMinBits, uniform ? 10 : quant::kMaxLogBits));
    encoding.granularity = scales > 0 ? Granularity::channel : Granularity::tensor;
    encoding.axis = axis;
    const std::int64_t codes = std::int64_t{1} << encoding.bits;
    encoding.qmin = variant == Variant::symmetric ? -codes / 2 : 0;
    encoding.qmax = encoding.qmin + codes - 1;
    for (std::int64_t i = 0; i < std::max<std::int64_t>(1, scales); ++i) {
        encoding.scale.push_back(static_cast<float>(std::exp2(random.uniform(-12, 6))));
        if (!uniform) continue;
        const double zero = random.uniform(-0.2 * static_cast<double>(codes), 1.2 * static_cast<double>(codes));
        const double whole = variant == Variant::symmetric ? 0 : std::round(zero);
        encoding.zeroPoint.push_back(static_cast<float>(hasFraction(variant) ? zero : whole));
    }
    quant::validate(encoding);
    return encoding;
}

Encoding perTensor(const Encoding& encoding, std::size_t channel) {
    Encoding result = encoding;
    result.granularity = Granularity::tensor;
    result.scale = {encoding.scale[channel]};
    if (!encoding.zeroPoint.empty()) result.zeroPoint = {encoding.zeroPoint[channel]};
    return result;
}

namespace {

float uniformReference(float ratio, const Encoding& encoding, float scale, float zero) {
    const float code =
        encoding.rounding == Rounding::roundThenShift ? std::nearbyintf(ratio) + zero : std::nearbyintf(ratio + zero);
    const float clamped = std::clamp(code, static_cast<float>(encoding.qmin), static_cast<float>(encoding.qmax));
    return (clamped - zero) * scale + 0.0f;  // codes are integers, which have no -0
}

float logReference(float ratio, const Encoding& encoding, float scale) {
    if (!(ratio > 0)) return 0;
    const bool halves = encoding.kind == QuantizerKind::logSqrt2;
    const long double code = std::nearbyint(-(halves ? 2.0L : 1.0L) * std::log2(static_cast<long double>(ratio)));
    if (code > static_cast<long double>(encoding.qmax)) return 0;
    const int whole = static_cast<int>(std::max(0.0L, code));
    const int halvings = halves ? (whole + 1) / 2 : whole;
    const double power = std::ldexp(halves && whole % 2 == 1 ? std::numbers::sqrt2 : 1.0, -halvings);
    return static_cast<float>(power) * scale;
}

}  // namespace

float referenceValue(float x, const Encoding& encoding, std::size_t channel) {
    if (std::isnan(x)) return x;
    const float scale = encoding.scale[channel];
    return encoding.kind == QuantizerKind::uniform
               ? uniformReference(x / scale, encoding, scale, encoding.zeroPoint[channel])
               : logReference(x / scale, encoding, scale);
}

at::Tensor referenceFakeQuantize(const at::Tensor& x, const Encoding& encoding) {
    const at::Tensor dense = x.contiguous();
    at::Tensor result = at::empty(x.sizes(), at::kFloat);
    std::int64_t inner = 1;
    for (std::int64_t axis = encoding.axis + 1; axis < x.dim(); ++axis) inner *= x.size(axis);
    const auto scales = static_cast<std::int64_t>(encoding.scale.size());
    for (std::int64_t i = 0; i < x.numel(); ++i) {
        const auto channel =
            encoding.granularity == Granularity::tensor ? std::size_t{0} : static_cast<std::size_t>(i / inner % scales);
        result.data_ptr<float>()[i] = referenceValue(dense.data_ptr<float>()[i], encoding, channel);
    }
    return result;
}

float awkwardValue(const Encoding& encoding, std::size_t channel, Random& random) {
    const float scale = encoding.scale[channel];
    const double zero = encoding.zeroPoint.empty() ? 0 : encoding.zeroPoint[channel];
    const double codes = static_cast<double>(encoding.qmax - encoding.qmin + 1);
    const auto near = [&](double value) {
        float x = static_cast<float>(value);
        const auto steps = random.integer(-1, 1);
        return steps == 0 ? x : std::nextafterf(x, steps < 0 ? -INFINITY : INFINITY);
    };
    const auto code = static_cast<double>(random.integer(encoding.qmin - 2, encoding.qmax + 2));
    switch (random.integer(0, 7)) {
        case 0:
            return near((code + 0.5) * scale);  // tie of round(x / s)
        case 1:
            return near((code + 0.5 - zero) * scale);  // tie of round(x / s + z)
        case 2:
            return near(std::exp2(-(code + 0.5)) * scale);  // borders of the logarithmic kinds
        case 3:
            return near(std::exp2(-(code + 0.5) / 2) * scale);
        case 4:
            return static_cast<float>(scale * codes * random.uniform(-2, 2));
        case 5:
            return static_cast<float>(scale * std::exp2(random.uniform(-30, 3)));
        case 6:
            return static_cast<float>(random.normal());
        default:
            break;
    }
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    constexpr float kSpecial[] = {0.0f,          -0.0f,
                                  1e-45f,        -1e-45f,
                                  1e-39f,        1.17549435e-38f,
                                  3.4e38f,       -3.4e38f,
                                  2147483648.0f, -2147483904.0f,
                                  9.3e18f,       kInfinity,
                                  -kInfinity,    std::numeric_limits<float>::quiet_NaN()};
    return kSpecial[random.integer(0, static_cast<std::int64_t>(std::size(kSpecial)) - 1)];
}

at::Tensor awkwardTensor(at::IntArrayRef shape, const Encoding& encoding, Random& random) {
    at::Tensor x = at::empty(shape, at::kFloat);
    const auto scales = static_cast<std::int64_t>(encoding.scale.size());
    for (std::int64_t i = 0; i < x.numel(); ++i)
        x.data_ptr<float>()[i] =
            awkwardValue(encoding, static_cast<std::size_t>(random.integer(0, scales - 1)), random);
    return x;
}

at::Tensor finiteTensor(at::IntArrayRef shape, const Encoding& encoding, Random& random) {
    return at::nan_to_num(awkwardTensor(shape, encoding, random), 0.0, 1e30, -1e30);
}

std::int64_t firstDifference(const at::Tensor& a, const at::Tensor& b) {
    if (a.sizes() != b.sizes()) return 0;
    const at::Tensor left = a.contiguous();
    const at::Tensor right = b.contiguous();
    for (std::int64_t i = 0; i < left.numel(); ++i) {
        const float l = left.data_ptr<float>()[i], r = right.data_ptr<float>()[i];
        const bool same =
            std::isnan(l) ? std::isnan(r) : std::bit_cast<std::uint32_t>(l) == std::bit_cast<std::uint32_t>(r);
        if (!same) return i;
    }
    return -1;
}

Error errorOf(const std::function<void()>& f) {
    try {
        f();
    } catch (const Exception& exception) {
        return exception.error();
    }
    return {.code = ErrorCode::internal, .what = "no exception"};
}

std::shared_ptr<const graph::Graph> makeToyNetwork() {
    graph::ModelInfo info;
    info.imageChannels = 2;
    info.imageHeight = info.imageWidth = 4;
    info.classes = 2;
    graph::GraphBuilder b(info);
    auto parameter = [&b, seed = std::uint64_t{20}](const std::string& id, Shape shape) mutable {
        return b.parameter(id, randomTensor(std::move(shape), ++seed));
    };
    b.beginBlock("patch", graph::BlockKind::embedding, 0);
    const graph::ValueId patches =
        b.conv2d("patch", 0, parameter("patch.weight", {3, 2, 2, 2}), parameter("patch.bias", {3}), {.stride = {2, 2}});
    const graph::ValueId tokens =
        b.permute("tokens", b.reshape("patch.flatten", patches, {graph::kBatch, 3, 4}), {0, 2, 1});
    b.beginBlock("block", graph::BlockKind::transformer, tokens);
    const graph::ValueId fc = b.linear("fc", tokens, parameter("fc.weight", {5, 3}));
    const graph::ValueId scores = b.matmul("scores", fc, fc, {.transposeB = true, .scale = 0.5});
    const graph::ValueId attended = b.matmul("attended", b.softmax("softmax", scores), fc);
    b.beginBlock("head", graph::BlockKind::head, attended);
    const graph::ValueId pooled = b.mean("mean", attended, 1);
    return std::make_shared<const graph::Graph>(
        b.finish(b.linear("head", pooled, parameter("head.weight", {2, 5}), parameter("head.bias", {2}))));
}

}  // namespace vitrine::test
