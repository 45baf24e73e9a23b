// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/quantized_model.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "core/engine/networks.h"
#include "core/quant/support.h"
#include "formats/safetensors.h"
#include "support/temporary_folder.h"

namespace vitrine {
namespace {

using namespace test;
using nlohmann::json;
using quant::Encoding;
using quant::Granularity;
using quant::QuantizedModel;

bool sameBytes(const HostTensor& a, const HostTensor& b) {
    return a.shape == b.shape && a.dtype == b.dtype && std::memcmp(a.bytes.get(), b.bytes.get(), a.byteCount) == 0;
}

/// One encoding per channel, one per tensor; a rewritten weight and a new bias.
QuantizedModel sampleModel(const graph::Graph& source) {
    Random random(1);
    QuantizedModel model;
    model.graph =
        quant::withParameters(source, {{"fc.weight", randomTensor({5, 3}, 1)}, {"fc.bias", randomTensor({5}, 2)}});
    model.rewritten = {"fc.weight", "fc.bias"};
    model.encodings["patch.weight"] = randomEncoding(Variant::roundThenShift, random, 3, 0);
    model.encodings["softmax"] = randomEncoding(Variant::log2, random);
    model.encodings["fc"] = randomEncoding(Variant::roundThenShift, random);
    return model;
}

TEST(WithParameters, ReplacesDataAndNothingElse) {
    const auto source = makeToyNetwork();
    const HostTensor weight = randomTensor({5, 3}, 9);
    const auto changed = quant::withParameters(*source, {{"fc.weight", weight}});
    EXPECT_TRUE(sameBytes(changed->value(changed->require("fc.weight")).data, weight));
    EXPECT_FALSE(sameBytes(source->value(source->require("fc.weight")).data, weight));
    EXPECT_EQ(changed->values.size(), source->values.size());
    graph::validate(*changed);
}

TEST(WithParameters, AddsABiasToALinearLayerWithoutOne) {
    const auto source = makeToyNetwork();
    const auto changed = quant::withParameters(*source, {{"fc.bias", randomTensor({5}, 9)}});
    graph::validate(*changed);
    const graph::Node& layer = changed->node(changed->value(changed->require("fc")).producer);
    ASSERT_EQ(layer.inputs.size(), 3u);
    EXPECT_EQ(changed->value(layer.inputs[2]).id, "fc.bias");
    EXPECT_EQ(changed->parameterCount(), source->parameterCount() + 5);
    const auto again = quant::withParameters(*changed, {{"fc.bias", randomTensor({5}, 10)}});
    EXPECT_EQ(again->values.size(), changed->values.size());
}

TEST(WithParameters, RefusesWhatDoesNotFit) {
    const auto source = makeToyNetwork();
    const auto refused = [&](const std::string& id, const HostTensor& tensor) {
        const Error error = errorOf([&] { quant::withParameters(*source, {{id, tensor}}); });
        EXPECT_EQ(error.code, ErrorCode::badFormat) << id;
        EXPECT_EQ(error.where, id);
    };
    refused("fc.weight", randomTensor({3, 5}, 1));
    refused("fc.weight", HostTensor::of(std::vector<double>(15), {5, 3}));
    refused("fc.bias", randomTensor({4}, 1));
    refused("fc.bias", HostTensor::of(std::vector<double>(5), {5}));
    refused("fc", randomTensor({5}, 1));           // no parameter
    refused("scores.bias", randomTensor({4}, 1));  // no linear layer
    refused("input.bias", randomTensor({4}, 1));   // computed by nothing
    refused("nothing.weight", randomTensor({4}, 1));
    HostTensor cut = randomTensor({5, 3}, 1);
    cut.byteCount -= 4;
    refused("fc.weight", cut);
}

TEST(QuantizedModelFiles, EveryBitSurvives) {
    const auto source = makeToyNetwork();
    Random random(2);
    const TemporaryFolder folder;
    for (int repeat = 0; repeat < 10; ++repeat)
        for (const Variant variant : kVariants) {
            QuantizedModel model = sampleModel(*source);
            model.encodings["tokens"] = randomEncoding(variant, random);
            model.encodings["fc.weight"] = randomEncoding(variant, random, 5, 0);
            model.encodings["input"] = randomEncoding(variant, random, 4, 3);
            model.encodings["mean"] = Encoding{
                .bits = 2, .qmax = 3, .scale = {repeat % 2 == 0 ? 1e-45f : 3.4028235e38f}, .zeroPoint = {0.1f}};
            quant::save(model, folder.path());
            const QuantizedModel loaded = quant::load(folder.path(), source);
            EXPECT_EQ(loaded.encodings, model.encodings);
            EXPECT_EQ(loaded.rewritten, model.rewritten);
            for (const graph::Value& value : model.graph->values) {
                if (value.kind != graph::ValueKind::parameter) continue;
                EXPECT_TRUE(sameBytes(loaded.graph->value(loaded.graph->require(value.id)).data, value.data))
                    << value.id;
            }
        }
}

TEST(QuantizedModelFiles, TheSameModelGivesTheSameBytes) {
    const auto source = makeToyNetwork();
    const TemporaryFolder a, b;
    quant::save(sampleModel(*source), a.path());
    quant::save(quant::load(a.path(), source), b.path());
    for (const char* name : {"quantized.json", "quantized.safetensors"})
        EXPECT_EQ(readTextFile(a / name), readTextFile(b / name)) << name;
}

TEST(QuantizedModelFiles, AnEmptyModelIsTheNetworkItself) {
    const auto source = makeToyNetwork();
    const TemporaryFolder folder;
    quant::save({.graph = source}, folder.path());
    const QuantizedModel loaded = quant::load(folder.path(), source);
    EXPECT_TRUE(loaded.encodings.empty());
    EXPECT_TRUE(loaded.rewritten.empty());
}

TEST(QuantizedModelFiles, SavingRefusesWhatLoadingWould) {
    const auto source = makeToyNetwork();
    const TemporaryFolder folder;
    QuantizedModel model = sampleModel(*source);
    model.encodings["patch.weight"].axis = 1;
    EXPECT_EQ(errorOf([&] { quant::save(model, folder.path()); }).code, ErrorCode::badFormat);
    model = sampleModel(*source);
    model.encodings["nowhere"] = model.encodings["fc"];
    EXPECT_EQ(errorOf([&] { quant::save(model, folder.path()); }).code, ErrorCode::badFormat);
    model = sampleModel(*source);
    model.rewritten = {"fc"};
    EXPECT_EQ(errorOf([&] { quant::save(model, folder.path()); }).code, ErrorCode::invalidArgument);
}

/// A saved model whose JSON a test damages.
class DamagedModel : public testing::Test {
  protected:
    void SetUp() override {
        quant::save(sampleModel(*source_), folder_.path());
        document_ = json::parse(readTextFile(file_));
    }

    void write(const std::string& text) { std::ofstream(file_, std::ios::binary | std::ios::trunc) << text; }

    Error loadError() const {
        return errorOf([&] { quant::load(folder_.path(), source_); });
    }

    /// The error with the value at `pointer` replaced, which names the file.
    Error errorWith(const std::string& pointer, const json& value) {
        json damaged = document_;
        damaged[json::json_pointer(pointer)] = value;
        write(damaged.dump());
        const Error error = loadError();
        EXPECT_EQ(error.where, file_.string()) << pointer << " = " << value << ": " << error.text();
        return error;
    }

    void expectRefused(const std::string& pointer, const json& value, const std::string& named) {
        const Error error = errorWith(pointer, value);
        EXPECT_EQ(error.code, ErrorCode::badFormat) << pointer << " = " << value << ": " << error.text();
        EXPECT_NE(error.what.find(named), std::string::npos) << pointer << " = " << value << ": " << error.text();
    }

    std::shared_ptr<const graph::Graph> source_ = makeToyNetwork();
    TemporaryFolder folder_;
    std::filesystem::path file_ = folder_ / "quantized.json";
    json document_;
};

TEST_F(DamagedModel, RefusesFieldsOfEncodings) {
    const std::string fc = "/encodings/fc", site = "site 'fc'";
    for (const json& bits :
         {json(1), json(17), json(-4), json(4.5), json("4"), json(), json(1e30), json(18446744073709551615u)})
        expectRefused(fc + "/bits", bits, site);
    for (const json& scale : {json(0), json(-1), json("1"), json(), json(1e300), json::array({1})})
        expectRefused(fc + "/scale", scale, site);
    for (const json& zero : {json(1e9), json("0"), json()}) expectRefused(fc + "/zero_point", zero, site);
    expectRefused(fc + "/qmin", 70000, site);
    expectRefused(fc + "/qmin", document_["encodings"]["fc"]["qmax"], site);
    expectRefused(fc + "/qmax", 65535, site);
    expectRefused(fc + "/kind", "log4", site);
    expectRefused(fc + "/rounding", "up", site);
    expectRefused(fc + "/granularity", "group", site);
    expectRefused(fc + "/axis", -1, site);
    expectRefused(fc + "/colour", "red", site);
    expectRefused(fc, json::array(), site);
    expectRefused(fc + "/granularity", "channel", site);  // its scale is not in the tensor file
    expectRefused("/encodings/softmax/zero_point", 0, "site 'softmax'");
    expectRefused("/encodings/softmax/kind", "uniform", "site 'softmax'");
    expectRefused("/encodings/patch.weight/axis", 1, "site 'patch.weight'");
    expectRefused("/encodings/patch.weight/axis", 4, "site 'patch.weight'");
    expectRefused("/encodings/patch.weight/axis", 1000000, "site 'patch.weight'");
    expectRefused("/encodings/patch.weight/scale", 1.0, "site 'patch.weight'");
}

TEST_F(DamagedModel, RefusesOtherDocuments) {
    expectRefused("/encodings/nowhere", document_["encodings"]["fc"], "nowhere");
    expectRefused("/encodings", 5, "encodings");
    expectRefused("/rewritten", "fc.weight", "rewritten");
    expectRefused("/rewritten", {1, 2}, "rewritten");
    expectRefused("/rewritten", {"fc.weight"}, "parameter:fc.bias");  // a tensor that nothing refers to
    expectRefused("/rewritten", {"fc.weight", "fc.bias", "fc.bias"}, "");
    expectRefused("/rewritten", {"fc.weight", "fc.bias", "head.weight"}, "parameter:head.weight");
    expectRefused("/tensors_hash", "0123", "damaged");
    expectRefused("/format", 0, "format");
    expectRefused("/format", "1", "format");
    expectRefused("/more", 1, "more");
    EXPECT_EQ(errorWith("/format", 2).code, ErrorCode::unsupported);
    for (const char* text : {"", "{", "[]", "null", "{} {}", "\xff\xfe", "{\"format\": 1e999}"}) {
        write(text);
        EXPECT_EQ(loadError().code, ErrorCode::badFormat) << text;
        EXPECT_EQ(loadError().where, file_.string()) << text;
    }
    write(std::string(200000, '['));
    EXPECT_EQ(loadError().code, ErrorCode::badFormat);
    std::filesystem::remove(file_);
    EXPECT_EQ(loadError().code, ErrorCode::notFound);
}

TEST_F(DamagedModel, RefusesADamagedOrForeignTensorFile) {
    const auto tensors = folder_ / "quantized.safetensors";
    std::string bytes = readTextFile(tensors);
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    std::ofstream(tensors, std::ios::binary | std::ios::trunc) << bytes;
    EXPECT_EQ(loadError().code, ErrorCode::badFormat);
    EXPECT_NE(loadError().what.find("quantized.safetensors"), std::string::npos) << loadError().text();
    std::filesystem::remove(tensors);
    EXPECT_EQ(loadError().code, ErrorCode::notFound);
}

TEST_F(DamagedModel, RefusesAnotherNetwork) {
    const Error error = errorOf([&] { quant::load(folder_.path(), makeVit({})); });
    EXPECT_EQ(error.code, ErrorCode::badFormat) << error.text();
}

TEST_F(DamagedModel, RandomDamageNeverDoesMoreThanFail) {
    const std::string good = document_.dump();
    Random random(3);
    for (int repeat = 0; repeat < 300; ++repeat) {
        std::string text = good;
        for (std::int64_t edits = random.integer(1, 4); edits > 0; --edits) {
            const auto at = static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(text.size()) - 1));
            constexpr std::string_view kBytes = "0123456789-+.eE\"{}[],:ntf \\";
            text[at] =
                kBytes[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(kBytes.size()) - 1))];
        }
        write(text);
        const Error error = loadError();
        const bool loaded = error.what == "no exception";
        EXPECT_TRUE(loaded || error.code == ErrorCode::badFormat || error.code == ErrorCode::unsupported)
            << error.text() << text;
    }
}

}  // namespace
}  // namespace vitrine
