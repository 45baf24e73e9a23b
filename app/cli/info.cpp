// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "graph/operations.h"
#include "graph/sites.h"
#include "models/model.h"
#include "options.h"
#include "output.h"
#include "program.h"
#include "report/number_text.h"
#include "report/text.h"

namespace vitrine::cli {
namespace {

struct Options {
    std::string model;
    std::vector<std::string> modelSet;
};

std::string listText(const std::vector<std::int64_t>& numbers) {
    std::string text;
    for (const std::int64_t number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
    return text;
}

/// "[B, 197, 192]"
std::string siteShapeText(const Shape& shape) {
    std::string text = shapeText(shape);
    if (!shape.empty() && shape[0] == graph::kBatch) text.replace(1, 2, "B");
    return text;
}

nlohmann::json infoJson(const models::LoadedModel& model, const std::vector<graph::Site>& sites) {
    const graph::Graph& graph = *model.graph;
    const graph::ModelInfo& info = graph.info;
    nlohmann::json json = {
        {"model", model.source.string()},
        {"hash", model.hash},
        {"family", info.family},
        {"architecture", info.architecture},
        {"image", {{"channels", info.imageChannels}, {"height", info.imageHeight}, {"width", info.imageWidth}}},
        {"classes", info.classes},
        {"embed_dim", info.embedDim},
        {"depths", info.depths},
        {"heads", info.heads},
        {"patch_size", info.patchSize},
        {"window_size", info.windowSize},
        {"mean", info.mean},
        {"std", info.standardDeviation},
        {"crop", info.cropFraction},
        {"interpolation", info.interpolation},
        {"parameter_count", graph.parameterCount()},
        {"macs", graph::totalMacs(graph)},
        {"warnings", model.warnings},
        {"assumptions", info.assumptions}};
    json["blocks"] = nlohmann::json::array();
    for (const graph::Block& block : graph.blocks)
        json["blocks"].push_back({{"id", block.id}, {"kind", graph::blockKindName(block.kind)}});
    json["sites"] = nlohmann::json::array();
    for (const graph::Site& site : sites)
        json["sites"].push_back({{"id", site.id},
                                 {"role", graph::roleName(site.role)},
                                 {"shape", site.shape},
                                 {"macs", site.macs},
                                 {"block", graph.blocks[site.block].id}});
    return json;
}

report::Table blockTable(const graph::Graph& graph, const std::vector<graph::Site>& sites) {
    report::Table table{"blocks",
                        "Blocks",
                        {{"id", "Block", "", report::Format::identifier},
                         {"kind", "Kind"},
                         {"output", "Output"},
                         {"sites", "Sites", "", report::Format::integer},
                         {"macs", "MACs", "", report::Format::integer}},
                        {},
                        ""};
    for (std::size_t b = 0; b < graph.blocks.size(); ++b) {
        const graph::Block& block = graph.blocks[b];
        std::int64_t macs = 0;
        for (graph::NodeId node = block.firstNode; node < block.endNode; ++node)
            macs += graph::macs(graph, graph.node(node));
        const auto count = std::count_if(sites.begin(), sites.end(), [&](const auto& site) { return site.block == b; });
        table.rows.push_back({block.id, std::string(graph::blockKindName(block.kind)),
                              siteShapeText(graph.value(block.output).shape), static_cast<std::int64_t>(count), macs});
    }
    return table;
}

report::Table siteTable(const graph::Graph& graph, const std::vector<graph::Site>& sites) {
    report::Table table{"sites",
                        "Sites",
                        {{"id", "Site", "", report::Format::identifier},
                         {"role", "Role"},
                         {"shape", "Shape"},
                         {"macs", "MACs", "", report::Format::integer},
                         {"block", "Block"}},
                        {},
                        ""};
    for (const graph::Site& site : sites)
        table.rows.push_back({site.id, std::string(graph::roleName(site.role)), siteShapeText(site.shape), site.macs,
                              graph.blocks[site.block].id});
    return table;
}

std::string infoText(const models::LoadedModel& model, const std::vector<graph::Site>& sites) {
    const graph::Graph& graph = *model.graph;
    const graph::ModelInfo& info = graph.info;
    std::string text =
        "Family       " + info.family + (info.architecture.empty() ? "" : " (" + info.architecture + ")") + "\n";
    text += "Image        " + std::to_string(info.imageChannels) + " x " + std::to_string(info.imageHeight) + " x " +
            std::to_string(info.imageWidth) + ", patches of " + std::to_string(info.patchSize) +
            (info.windowSize > 0 ? ", windows of " + std::to_string(info.windowSize) : "") + "\n";
    text += "Embedding    " + std::to_string(info.embedDim) + "; depth " + listText(info.depths) + "; heads " +
            listText(info.heads) + "\n";
    text += "Classes      " + std::to_string(info.classes) + "\n";
    text += "Parameters   " + std::to_string(graph.parameterCount()) + "\n";
    text += "MACs         " + std::to_string(graph::totalMacs(graph)) + " for one image\n\n";
    text +=
        "Blocks\n" + report::toText(blockTable(graph, sites)) + "\nSites\n" + report::toText(siteTable(graph, sites));
    return text;
}

ExitCode perform(const Options& options, const Settings& settings) {
    const models::LoadedModel model =
        models::loadModel(options.model, models::overridesFrom(modelOverrides(options.modelSet)));
    const std::vector<graph::Site> sites = graph::findSites(*model.graph);
    printWarnings(settings, model.warnings);
    if (settings.json)
        printResult(settings, infoJson(model, sites), {});
    else
        printResult(settings, {}, infoText(model, sites));
    return ExitCode::done;
}

}  // namespace

void addInfoCommand(Program& program) {
    CLI::App& command = addCommand(program, "info", "What a checkpoint holds: family, sizes, blocks, sites",
                                   "  vitrine-cli info deit_tiny_patch16_224.pth\n"
                                   "  vitrine-cli info vit.safetensors --model-set heads=3 --json");
    const auto options = std::make_shared<Options>();
    command.add_option("MODEL", options->model, "Checkpoint: safetensors, .pth or .pt")->required()->type_name("FILE");
    addModelSetOption(command, options->modelSet);
    command.callback(
        [&program, options] { program.action = [&program, options] { return perform(*options, program.settings); }; });
}

}  // namespace vitrine::cli
