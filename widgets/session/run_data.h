// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>
#include <variant>

#include "graph/graph.h"
#include "graph/sites.h"
#include "report/run_content.h"

namespace vitrine::widgets {

/// One run as views see it: its record and the artefacts there are so far. Immutable; a live run is replaced by a new one
/// as it grows.
using RunDataPtr = std::shared_ptr<const report::RunContent>;

/// The payload of an artefact, or null when the run is null, lacks it or has another kind under this id.
template <typename T>
const T* payload(const RunDataPtr& run, std::string_view artefactId) {
    if (!run) return nullptr;
    for (const auto& artefact : run->artefacts)
        if (artefact->id == artefactId) return std::get_if<T>(&artefact->payload);
    return nullptr;
}

/// A network with its sites. Immutable, shared between threads.
struct Network {
    std::shared_ptr<const graph::Graph> graph;
    std::vector<graph::Site> sites;
    std::vector<std::string> warnings;
};
using NetworkPtr = std::shared_ptr<const Network>;

}  // namespace vitrine::widgets
