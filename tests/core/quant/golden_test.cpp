// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/quant/support.h"
#include "engine/tensors.h"
#include "formats/safetensors.h"
#include "quant/quantizers.h"
#include "support/reference_data.h"

namespace vitrine {
namespace {

using namespace test;
using nlohmann::json;
using quant::Encoding;
using quant::Granularity;
using quant::QuantizerKind;

/// Tensors of golden/prims and the description of their cases.
struct Golden {
    explicit Golden(const std::string& name)
        : tensors(formats::readSafetensors(referencePath("golden/prims/" + name + ".safetensors"))),
          cases(json::parse(std::ifstream(referencePath("golden/prims/" + name + ".json")))) {}

    bool has(const std::string& name) const { return tensors.contains(name); }
    at::Tensor tensor(const std::string& name) const { return engine::toTorch(tensors.at(name)).clone(); }
    std::vector<float> floats(const std::string& name) const { return tensors.at(name).toFloats(); }

    TensorMap tensors;
    json cases;
};

/// Eight bits hold the codes of every case.
Encoding uniformEncoding(std::int64_t qmin, std::int64_t qmax, std::vector<float> scale, std::vector<float> zero) {
    return {.qmin = qmin, .qmax = qmax, .scale = std::move(scale), .zeroPoint = std::move(zero)};
}

/// The golden file multiplies by the reciprocal of the scale, which decides otherwise where x / s is a tie up to
/// rounding.
at::Tensor awayFromTies(const at::Tensor& x, const Encoding& encoding) {
    at::Tensor scale = at::tensor(encoding.scale, at::kDouble);
    if (encoding.granularity != Granularity::tensor) {
        std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
        shape[static_cast<std::size_t>(encoding.axis)] = scale.numel();
        scale = scale.view(shape);
    }
    const at::Tensor ratio = x.to(at::kDouble) / scale;
    return (ratio - ratio.floor() - 0.5).abs() > 1e-4;  // both quotients err by up to 4e-5 at 255
}

void expectForwardAndGradient(const Golden& golden, const std::string& name, const Encoding& encoding) {
    SCOPED_TRACE(name);
    const at::Tensor x = golden.tensor(name + ".x").requires_grad_();
    const at::Tensor compared = awayFromTies(x.detach(), encoding);
    ASSERT_GT(compared.sum().item<std::int64_t>(), x.numel() / 4);
    const at::Tensor y = quant::fakeQuantize(x, encoding);
    EXPECT_TRUE(at::equal(y.detach().masked_select(compared), golden.tensor(name + ".y").masked_select(compared)));
    y.backward(golden.tensor(name + ".grad_out"));
    EXPECT_TRUE(at::equal(x.grad().masked_select(compared), golden.tensor(name + ".grad_x").masked_select(compared)));
    EXPECT_EQ(firstDifference(y.detach(), quant::fakeQuantize(x.detach(), encoding)), -1);
}

TEST(QuantizersGolden, FakeQuantizationAndItsGradient) {
    VITRINE_REQUIRE_REFERENCE("golden/prims/fake_quant.safetensors");
    const Golden golden("fake_quant");
    for (const json& entry : golden.cases.at("per_tensor")) {
        const std::string name = entry.at("name");
        const Encoding encoding = uniformEncoding(entry.at("qmin"), entry.at("qmax"), {entry.at("scale").get<float>()},
                                                  {entry.at("zero_point").get<float>()});
        expectForwardAndGradient(golden, name, encoding);
    }
    for (const json& entry : golden.cases.at("per_channel")) {
        const std::string name = entry.at("name");
        Encoding encoding = uniformEncoding(entry.at("qmin"), entry.at("qmax"), golden.floats(name + ".scale"),
                                            golden.floats(name + ".zero_point"));
        encoding.granularity = Granularity::channel;
        encoding.axis = entry.at("axis");
        expectForwardAndGradient(golden, name, encoding);
    }
}

TEST(QuantizersGolden, CodesAndValuesOfOnnxExactly) {
    VITRINE_REQUIRE_REFERENCE("golden/prims/onnx_qdq.safetensors");
    const Golden golden("onnx_qdq");
    int compared = 0;
    for (const json& entry : golden.cases.at("cases")) {
        const std::string name = entry.at("name");
        if (!golden.has(name + ".dq")) continue;
        SCOPED_TRACE(name);
        const bool isSigned = entry.at("dtype") == "int8";
        Encoding encoding = uniformEncoding(isSigned ? -128 : 0, isSigned ? 127 : 255, golden.floats(name + ".scale"),
                                            golden.floats(name + ".zero_point"));
        const at::Tensor x = golden.tensor(name + ".x");
        if (!entry.at("axis").is_null()) {
            encoding.granularity = Granularity::channel;
            encoding.axis = (entry.at("axis").get<std::int64_t>() + x.dim()) % x.dim();
        }
        EXPECT_TRUE(at::equal(quant::encode(x, encoding), golden.tensor(name + ".q").to(at::kInt)));
        EXPECT_TRUE(at::equal(quant::fakeQuantize(x, encoding), golden.tensor(name + ".dq")));
        if (golden.has(name + ".dq_all_codes")) {
            const at::Tensor codes = at::arange(encoding.qmin, encoding.qmax + 1, at::kInt);
            EXPECT_TRUE(at::equal(quant::decode(codes, encoding), golden.tensor(name + ".dq_all_codes")));
        }
        ++compared;
    }
    EXPECT_EQ(compared, 12);
}

TEST(QuantizersGolden, LogarithmicCodesAndValues) {
    VITRINE_REQUIRE_REFERENCE("golden/prims/log2.safetensors");
    const Golden golden("log2");
    for (const json& entry : golden.cases.at("cases")) {
        const std::string name = entry.at("name");
        SCOPED_TRACE(name);
        const bool halves = name.starts_with("sqrt2");
        const int bits = halves ? 4 : entry.at("bits").get<int>();
        const float scale = halves ? std::stof(name.substr(name.find("_s") + 2)) : entry.at("scale").get<float>();
        const Encoding encoding{.kind = halves ? QuantizerKind::logSqrt2 : QuantizerKind::log2,
                                .bits = bits,
                                .qmax = (1 << bits) - 1,
                                .scale = {scale}};
        at::Tensor compared = at::ones({golden.tensor(name + ".x").numel()}, at::kBool);
        if (golden.has(name + ".ambiguous")) compared = golden.tensor(name + ".ambiguous").eq(0);
        const at::Tensor x = golden.tensor(name + ".x").masked_select(compared);
        const at::Tensor codes = quant::encode(x, encoding).clamp_max(encoding.qmax);  // one more stands for 0
        EXPECT_TRUE(at::equal(codes, golden.tensor(name + ".q").masked_select(compared)));
        const at::Tensor expected = golden.tensor(name + ".y_mask0").masked_select(compared);
        EXPECT_TRUE(at::allclose(quant::fakeQuantize(x, encoding), expected, 1e-6, 0));
    }
}

}  // namespace
}  // namespace vitrine
