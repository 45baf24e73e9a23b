// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/patch_analysis.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/tensors.h"
#include "methods/parts/patch_features.h"
#include "project/project.h"
#include "quant/quantized_network.h"
#include "runs/image_data.h"
#include "runs/kept_images.h"

namespace vitrine::runs {
namespace fs = std::filesystem;

using analysis::PatchBlock;
using analysis::PatchMaps;
using analysis::PatchRequest;

namespace {

constexpr std::int64_t kMostAttention = 1024;  // patches, whose square is kept

results::ArtefactPtr syntheticImagesOf(const project::Project& project, const project::RunRecord& record) {
    const auto isListed = [](const project::ArtefactRecord& listed) { return listed.id == "synthesis.images"; };
    if (std::none_of(record.artefacts.begin(), record.artefacts.end(), isListed))
        fail(ErrorCode::notFound, "the run made no images", record.id, "choose a run of a method that needs no data");
    return project.artefact(record.id, "synthesis.images");
}

/// The last sheet of this step.
std::size_t sheetOf(const results::SyntheticImages& images, const PatchRequest& request) {
    const auto found = std::find_if(images.sheets.rbegin(), images.sheets.rend(), [&](const auto& sheet) { return sheet.step == request.step; });
    if (found == images.sheets.rend() || request.image < 0 || request.image >= static_cast<std::int64_t>(images.images.size()))
        fail(ErrorCode::notFound, "the run has no such image", request.run);
    return static_cast<std::size_t>(images.sheets.rend() - found) - 1;
}

/// [1, 3, height, width] in 0..1.
at::Tensor tileOf(const results::SyntheticImages& images, std::size_t index, std::int64_t image) {
    const results::SyntheticImages::Sheet& sheet = images.sheets[index];
    const std::int64_t row = image / images.columns, column = image % images.columns;
    const at::Tensor whole = at::from_blob(const_cast<std::uint8_t*>(sheet.rgb.data()),  // read only
                                           {images.rows * sheet.tileHeight, images.columns * sheet.tileWidth, 3}, at::kByte);
    return whole.narrow(0, row * sheet.tileHeight, sheet.tileHeight)
        .narrow(1, column * sheet.tileWidth, sheet.tileWidth)
        .permute({2, 0, 1})
        .to(at::kFloat)
        .div(255)
        .unsqueeze(0);
}

/// Likewise, of the images that the run keeps beside its model; none where it keeps none, or others.
std::optional<at::Tensor> wholePicture(const fs::path& run, const results::SyntheticImages& images, std::int64_t image) {
    const std::optional<at::Tensor> kept = keptImages(run);
    const bool fits = kept && kept->size(0) == static_cast<std::int64_t>(images.images.size()) && kept->size(2) == images.height && kept->size(3) == images.width;
    return fits ? std::optional(kept->narrow(0, image, 1).to(at::kFloat).div(255)) : std::nullopt;
}

/// What is looked at, with as many pixels as there are.
at::Tensor pictureOf(const project::Project& project, const PatchRequest& request, const results::SyntheticImages& images, bool isStored) {
    const std::size_t sheet = sheetOf(images, request);
    const bool isLast = sheet + 1 == images.sheets.size();
    const bool isShrunk = images.sheets[sheet].tileWidth < images.width || images.sheets[sheet].tileHeight < images.height;
    if (isLast && isShrunk && isStored)
        if (std::optional<at::Tensor> whole = wholePicture(project.runFolder(request.run), images, request.image)) return *whole;
    return tileOf(images, sheet, request.image);
}

std::vector<float> valuesOf(const at::Tensor& tensor) {
    const at::Tensor plain = tensor.to(at::kCPU, at::kFloat).contiguous();
    const auto* first = plain.data_ptr<float>();
    return {first, first + plain.numel()};
}

graph::ValueId probabilitiesOf(const graph::Graph& graph, const methods::PatchFeature& feature) {
    return graph.node(graph.value(feature.attended).producer).inputs[0];
}

PatchBlock blockOf(const graph::Graph& graph, const methods::PatchFeature& feature, const engine::ValueTensors& values) {
    PatchBlock result{.block = graph.blocks[feature.block].id};
    const at::Tensor patches = methods::patchesOf(feature, values.at(feature.output));
    result.output = {feature.rows, feature.columns, patches.size(2), valuesOf(patches[0])};
    const at::Tensor probabilities = values.at(probabilitiesOf(graph, feature));
    const std::int64_t count = feature.rows * feature.columns;
    const bool isGlobal = probabilities.dim() == 4 && probabilities.size(3) == count + feature.prefixTokens;
    if (!isGlobal || count > kMostAttention) return result;
    const at::Tensor mean = probabilities[0].mean(0);  // [tokens, tokens]
    const at::Tensor toPatches = mean.narrow(1, feature.prefixTokens, count);
    result.attention = valuesOf(toPatches.narrow(0, feature.prefixTokens, count));
    if (feature.prefixTokens > 0) result.classAttention = valuesOf(toPatches[0]);
    return result;
}

PatchMaps mapsOf(const engine::Network& network, engine::Hooks hooks, const at::Tensor& input, const jobs::Control& control) {
    const graph::Graph& graph = network.graph();
    const std::vector<methods::PatchFeature> features = methods::patchFeatures(graph);
    if (features.empty()) fail(ErrorCode::notFound, "the network has no attention over a grid of patches", graph.info.family);
    std::vector<graph::ValueId> wanted;
    for (const methods::PatchFeature& feature : features) {
        wanted.push_back(feature.output);
        wanted.push_back(probabilitiesOf(graph, feature));
    }
    hooks.checkpoint = [&control] { control.check(); };
    const engine::ValueTensors values = engine::evaluate(network, {{graph.input, input}}, wanted, hooks);
    PatchMaps maps;
    for (const methods::PatchFeature& feature : features) maps.blocks.push_back(blockOf(graph, feature, values));
    return maps;
}

}  // namespace

PatchMaps patchMaps(const fs::path& folder, const PatchRequest& request, jobs::JobContext& context, const results::ArtefactPtr& images) {
    at::init_num_threads();  // OpenMP counts threads for each thread that calls it
    const at::NoGradGuard noGradients;
    const project::Project project = project::Project::open(folder);
    const project::RunRecord record = project.run(request.run);
    if (request.quantized && !project::isComplete(record.state))
        fail(ErrorCode::invalidArgument, "the run has no quantized network yet", request.run, "look with the float network");
    const results::ArtefactPtr artefact = images ? images : syntheticImagesOf(project, record);
    const at::Tensor picture = pictureOf(project, request, std::get<results::SyntheticImages>(artefact->payload), !images);
    const RunSpec spec = resumeSpec(folder, request.run);
    jobs::Progress loading = context.progress.child(0.5, "load");
    const models::LoadedModel source = models::loadModel(spec.model, models::overridesFrom(spec.modelOverrides));
    const data::Preprocessing wanted = preprocessingOf(source.graph->info);
    const at::Tensor input = networkInput(picture, wanted);
    loading.finish();
    context.control.check();
    PatchMaps maps;
    if (request.quantized) {
        const quant::QuantizedNetwork network(quant::load(project.modelFolder(record.id), source.graph));
        maps = mapsOf(network.network(), network.hooks(), input, context.control);
    } else {
        maps = mapsOf(engine::Network(source.graph), {}, input, context.control);
    }
    maps.of = request;
    maps.width = picture.size(3);
    maps.height = picture.size(2);
    const at::Tensor bytes = picture[0].mul(255).round().to(at::kByte).permute({1, 2, 0}).contiguous();
    maps.rgb.assign(bytes.data_ptr<std::uint8_t>(), bytes.data_ptr<std::uint8_t>() + bytes.numel());
    maps.enlarged = maps.height < wanted.height || maps.width < wanted.width;
    context.progress.finish();
    return maps;
}

}  // namespace vitrine::runs
