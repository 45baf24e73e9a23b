// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/parameters.h"
#include "jobs/job.h"
#include "models/model.h"
#include "project/record.h"
#include "quant/spec.h"
#include "results/artefacts.h"

/// The one place that the window and the command line both call to do work. Headers name no Torch type.
namespace vitrine::runs {

/// Images with labels.
struct DataSpec {
    std::filesystem::path path;       ///< a CSV `file,label`, or a folder of class folders; empty: none
    std::filesystem::path root;       ///< what the paths in a CSV are relative to; empty: the folder of the CSV
    std::vector<std::int64_t> rows;   ///< 0-based data rows in this order; empty: all
};

/// Calibration images that are made instead of read.
struct SyntheticCalibration {
    std::string method;       ///< id of a synthesizer: methods::allSynthesizers()
    ParameterSet parameters;  ///< of its schema; "synthesis.count" says how many
};

/// Everything that decides the result of a run.
struct RunSpec {
    std::filesystem::path project;  ///< made where there is none
    std::filesystem::path model;
    ParameterSet modelOverrides{models::overrideSchema()};
    DataSpec calibration;  ///< may be empty for a method that needs no data
    std::optional<SyntheticCalibration> synthetic;  ///< instead of `calibration`; made before the method's first stage
    DataSpec evaluation;   ///< empty: accuracy is not measured
    std::string method;
    ParameterSet parameters{};  ///< of the method's schema
    std::vector<quant::PolicyRule> rules;  ///< applied behind those of the method's own policy: the last match decides
    std::uint64_t seed = 0;
    std::string device = "cpu";
    std::int64_t batch = 32;            ///< images evaluated at once
    std::optional<std::string> resume;  ///< id of the interrupted run to go on with; see resumeSpec()
};

struct RunOutcome {
    std::string id;
    project::RunState state = project::RunState::finished;  ///< finished or kept
    std::vector<std::string> warnings;  ///< assumptions about the network first
};

/// What a run tells while it works. Called on the working thread; must neither throw nor block.
struct RunEvents {
    std::function<void(const project::RunRecord&)> recordChanged;  ///< first once the run has its id; at most 20 a second
    std::function<void(const results::ArtefactPtr&)> artefact;     ///< new, or again under its id with more in it
};

/// Does a run: loads the network, runs the method's stages, measures accuracy, errors, intervals and costs, and stores all of
/// it in the project. Its threads are those of the process (engine::configureRuntime).
/// - Pause: waits with everything on disk. - Leave: throws Exception(stopped) at the next safe point; the run is an interrupted one.
/// - Stop and keep: stores what there is. - Cancel: removes the run and throws Exception(stopped). - Failure: stores the run as
///   failed and throws; a full disk or a kill leaves it interrupted.
/// - A resumed run skips what is done and ends with the same bytes as an uninterrupted one, but for times.
/// Throws what loading and the method throw; before the run has begun nothing is stored.
RunOutcome execute(const RunSpec& spec, jobs::JobContext& context, const RunEvents& events = {});

/// The specification of an interrupted run, as its record holds it. Throws as Project::open and Project::run do.
RunSpec resumeSpec(const std::filesystem::path& project, const std::string& runId);

}  // namespace vitrine::runs
