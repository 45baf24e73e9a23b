// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph_runs.h"

#include "base/resources.h"
#include "models/model.h"

namespace vitrine::test {
namespace {

results::ArtefactPtr artefact(std::string id, results::Payload payload) {
    return std::make_shared<results::Artefact>(results::Artefact{std::move(id), "", std::move(payload)});
}

}  // namespace

widgets::NetworkPtr networkOf(const std::string& file) {
    auto network = std::make_shared<widgets::Network>();
    const models::LoadedModel loaded = models::loadModel(file);
    network->graph = loaded.graph;
    network->sites = graph::findSites(*loaded.graph);
    network->warnings = loaded.warnings;
    return network;
}

widgets::NetworkPtr sampleNetwork() {
    static const widgets::NetworkPtr network = networkOf((resourcePath("sample") / "vit_sample.safetensors").string());
    return network;
}

widgets::RunDataPtr runOn(const widgets::Network& network, const NetworkRun& recipe) {
    results::LayerErrors local{"local", 8, {}}, accumulated{"accumulated", 8, {}};
    results::Intervals intervals;
    double sqnr = recipe.sqnr;
    for (const graph::Site& site : network.sites) {
        const bool isFloat = site.id == recipe.unquantized, isWorst = site.id == recipe.worst;
        sqnr += 0.05;
        results::LayerErrors::Row row{site.id, std::string(graph::roleName(site.role)), network.graph->blocks[site.block].id, "", 0, 0.99, 1e-3};
        row.quantizer = isFloat ? "float" : "uniform " + std::to_string(recipe.bits) + " bit" + (site.isWeight() ? " per channel" : "");
        row.sqnrDb = isFloat ? 999 : (isWorst ? -3 : sqnr);
        local.rows.push_back(row);
        row.sqnrDb -= isFloat ? 0 : 5;
        accumulated.rows.push_back(row);
        if (!isFloat)
            intervals.rows.push_back({site.id, row.role, recipe.bits, -2, 3, -1.5, 2.5, -1, 2, isWorst ? 0.38 : 0.0001, {-1, 0, 1, 2}});
    }
    auto run = std::make_shared<report::RunContent>();
    run->record.id = recipe.id;
    run->record.method = "repq";
    run->record.state = project::RunState::finished;
    run->artefacts = {artefact("errors.local", local), artefact("errors.accumulated", accumulated), artefact("intervals", intervals)};
    return run;
}

}  // namespace vitrine::test
