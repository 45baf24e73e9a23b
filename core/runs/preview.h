// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/sites.h"
#include "quant/spec.h"
#include "results/artefacts.h"
#include "runs/run.h"

/// What can be said of a run before it starts. Cheap: called on every change of a form. Thread safe.
namespace vitrine::runs {

/// What the rules do to the sites of a network.
struct PolicyPreview {
    quant::Policy policy;              ///< of the method, then the extra rules
    std::size_t extraFrom = 0;         ///< index of the first extra rule
    std::vector<std::optional<quant::QuantizerSpec>> specs;  ///< by site; nullopt = float
    std::vector<std::size_t> matched;  ///< by rule: how many sites it matches
    std::vector<std::size_t> decided;  ///< by rule: of how many sites it is the last match
    quant::ScopeCard scope;
};

/// Throws Exception(invalidArgument) when a rule names an unknown role.
PolicyPreview previewPolicy(const std::string& method, const ParameterSet& parameters,
                            const std::vector<quant::PolicyRule>& extraRules, const std::vector<graph::Site>& sites);

/// What would stop a run, or what the user should know before it starts, by form field.
struct Problem {
    std::string field;  ///< "model", "calibration", "evaluation", "method", a parameter id, "rule 2", "seed", ...
    std::string text;
    std::string remedy;
    bool fatal = true;  ///< false: a warning
};
/// Checks what can be checked without reading images: files exist, the method has its data, parameters fit each other and
/// the network, rules match something. `sites` may be empty when the network is not loaded yet.
std::vector<Problem> findProblems(const RunSpec& spec, const std::vector<graph::Site>& sites);

struct Estimate {
    double seconds = 0;
    double bytes = 0;
    std::string basis;  ///< "from 3 runs of this method and network", "from the network's operations"
};
/// Time and memory, from runs of the same method and network in `runs` where there are any (scaled by images), else from
/// the operations of the network and what a short measurement said about this machine. `images` are those of calibration
/// and evaluation.
struct EstimateInput {
    const graph::Graph& network;
    std::string method;
    const ParameterSet& parameters;
    std::int64_t calibrationImages = 0;
    std::int64_t evaluationImages = 0;
    std::int64_t batch = 32;
    std::vector<project::RunRecord> runs;  ///< complete ones of the project
};
Estimate estimate(const EstimateInput& input);

/// The command line that does the same run: "vitrine-cli run --project ... --set weight.bits=4". Quoted for a POSIX shell.
std::string commandLine(const RunSpec& spec);

}  // namespace vitrine::runs
