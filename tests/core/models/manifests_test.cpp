// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "graph/operations.h"
#include "models/model.h"
#include "support/reference_data.h"

namespace vitrine {
namespace {

using nlohmann::json;

std::int64_t largestTensor(const json& tensors) {
    std::int64_t largest = 0;
    for (const json& tensor : tensors) largest = std::max(largest, elementCount(tensor.at("shape").get<Shape>()));
    return largest;
}

/// A checkpoint of zeros with the listed names and shapes; all tensors share one buffer.
formats::Checkpoint zeroCheckpoint(const json& tensors) {
    const auto count = static_cast<std::size_t>(largestTensor(tensors));
    const HostTensor floats = HostTensor::of(std::vector<float>(count), {static_cast<std::int64_t>(count)});
    formats::Checkpoint checkpoint;
    for (const json& entry : tensors) {
        const auto shape = entry.at("shape").get<Shape>();
        HostTensor tensor = floats;
        if (entry.at("dtype") == "int64")
            tensor = HostTensor::of(std::vector<std::int64_t>(static_cast<std::size_t>(elementCount(shape))), shape);
        tensor.shape = shape;
        tensor.byteCount = static_cast<std::size_t>(elementCount(shape)) * dtypeSize(tensor.dtype);
        checkpoint.tensors[entry.at("name").get<std::string>()] = tensor;
    }
    return checkpoint;
}

std::string familyOf(const std::string& name) {
    if (name.starts_with("swin")) return "swin";
    if (name.find("distilled") != std::string::npos) return "deit_distilled";
    return name.starts_with("deit") ? "deit" : "vit";
}

std::int64_t macsOf(const graph::Graph& graph, std::initializer_list<graph::Op> operations) {
    std::int64_t total = 0;
    for (const graph::Node& node : graph.nodes)
        if (std::ranges::find(operations, node.op) != operations.end()) total += graph::macs(graph, node);
    return total;
}

void expectManifest(const json& manifest, const json& tensors, const json& configuration) {
    const auto name = manifest.at("model").get<std::string>();
    const models::LoadedModel model = models::buildModel(zeroCheckpoint(tensors), {}, name + ".safetensors");
    const graph::ModelInfo& info = model.graph->info;
    EXPECT_EQ(info.architecture, name);
    EXPECT_EQ(info.family, familyOf(name));
    EXPECT_EQ((Shape{info.imageChannels, info.imageHeight, info.imageWidth}),
              configuration.at("input_size").get<Shape>());
    EXPECT_EQ(info.classes, configuration.at("num_classes").get<std::int64_t>());
    EXPECT_EQ(info.mean, configuration.at("mean").get<std::vector<double>>());
    EXPECT_EQ(info.standardDeviation, configuration.at("std").get<std::vector<double>>());
    EXPECT_EQ(info.cropFraction, configuration.at("crop_pct").get<double>());
    EXPECT_EQ(info.interpolation, configuration.at("interpolation").get<std::string>());
    EXPECT_EQ(model.graph->parameterCount(), manifest.at("param_count").get<std::int64_t>());
    const json& counted = manifest.at("macs_counted");
    EXPECT_EQ(macsOf(*model.graph, {graph::Op::linear}), counted.at("linear").get<std::int64_t>());
    EXPECT_EQ(macsOf(*model.graph, {graph::Op::conv2d}), counted.at("conv").get<std::int64_t>());
    EXPECT_EQ(macsOf(*model.graph, {graph::Op::matmul}), counted.at("attn").get<std::int64_t>());
    EXPECT_EQ(graph::totalMacs(*model.graph), counted.at("total").get<std::int64_t>());
    for (const graph::Node& node : model.graph->nodes) {
        if (node.op != graph::Op::layerNorm) continue;
        EXPECT_EQ(node.as<graph::LayerNormAttributes>().epsilon, manifest.at("layernorm_eps").at(0).get<double>());
    }
    for (const std::string& warning : model.warnings) EXPECT_EQ(warning.find("not used"), std::string::npos) << warning;
}

class Manifests : public testing::TestWithParam<const char*> {};

TEST_P(Manifests, GiveFamilySizesParametersAndMacsInBothLayouts) {
    const std::string file = std::string("golden/manifests/") + GetParam() + ".json";
    VITRINE_REQUIRE_REFERENCE(file);
    const json manifest = json::parse(readTextFile(test::referencePath(file)));
    expectManifest(manifest, manifest.at("tensors"), manifest.at("default_cfg"));
    const json& current = manifest.at("timm_1_0_28");
    expectManifest(manifest, current.contains("tensors") ? current.at("tensors") : manifest.at("tensors"),
                   current.at("default_cfg"));
}

INSTANTIATE_TEST_SUITE_P(All, Manifests,
                         testing::Values("deit_base_patch16_224", "deit_small_patch16_224",
                                         "deit_tiny_distilled_patch16_224", "deit_tiny_patch16_224",
                                         "swin_base_patch4_window7_224", "swin_small_patch4_window7_224",
                                         "swin_tiny_patch4_window7_224", "vit_base_patch16_224",
                                         "vit_large_patch16_224", "vit_small_patch16_224", "vit_tiny_patch16_224"),
                         [](const auto& tested) { return std::string(tested.param); });

}  // namespace
}  // namespace vitrine
