// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/run_content.h"

/// Runs as JSON for scripts. Keys are stable.
namespace vitrine::report {

/// {"top1", "top5", "count", "seconds", "low", "high"[, "fidelity", "divergence"]}; percentages from 0 to 100; low and high are the
/// ends of the 95 % Wilson interval of top1.
nlohmann::json accuracyToJson(const results::Accuracy& accuracy);

/// One entry of a list of runs: id, state, method, started, seconds, and the figures that are known.
nlohmann::json summaryToJson(const project::RunSummary& summary);

/// Adds "name", "note" and "pinned" where the user set them.
void addNote(nlohmann::json& run, const project::RunNote& note);

/// The run without its artefacts: what it was asked to do, with which inputs, how it went, its accuracy ("float",
/// "quantized", and the quantized figures again as "top1", "top5", "count"), costs and scope, and "layers": one object
/// per site.
nlohmann::json runToJson(const RunContent& run);

/// runToJson() and "artefacts": every artefact as {"id", "title", "kind", "rows"}, and predictions of every image.
nlohmann::json exportToJson(const RunContent& run);

}  // namespace vitrine::report
