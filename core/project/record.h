// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/parameters.h"
#include "quant/spec.h"

/// What a project writes down about a run. Plain data; every string is for people unless it is called an id.
namespace vitrine::project {

enum class RunState {
    running,      ///< a process is writing it now
    interrupted,  ///< its process ended without finishing it: it can be resumed
    finished,     ///< with its full result
    kept,         ///< stopped early by the user, with the result so far
    failed,       ///< without a result; its record holds the error
    damaged,      ///< its folder or its record is gone or cannot be read; see validate()
};
std::string_view runStateName(RunState state);  ///< "running", ...
std::optional<RunState> runStateFromName(std::string_view name);
/// Whether the run is immutable: finished, kept or failed.
bool isComplete(RunState state);

/// A place outside the project, kept in both forms so that a project that moves alone, or together with its inputs, finds it.
struct StoredPath {
    std::string relative;  ///< to the project folder
    std::string absolute;

    bool empty() const { return absolute.empty(); }
    bool operator==(const StoredPath&) const = default;
};

/// Something that a run read.
struct InputRecord {
    std::string role;  ///< "model", "calibration", "evaluation"
    StoredPath path;   ///< a file, or a folder of images
    StoredPath root;   ///< folder that the image paths of a CSV are relative to, where it was given
    std::vector<std::int64_t> rows;  ///< data rows that were chosen; empty: all
    std::uint64_t size = 0;          ///< bytes of the file; 0 for a folder
    std::string hash;                ///< hashFile() of the file; empty for a folder
    std::string contentHash;         ///< of images and labels in the order of use; empty for the model
    std::int64_t images = 0;         ///< how many were used

    bool operator==(const InputRecord&) const = default;
};

/// A parameter as it was set, with what its schema said about it then.
struct ParameterRecord {
    std::string id;
    ParameterValue value;
    std::string provenance;  ///< of its default: "published", "code", "ours"
    std::string unit;
    bool isDefault = true;
};

/// What made the calibration images of a run that read none.
struct SyntheticRecord {
    std::string method;  ///< id of the synthesizer
    std::vector<ParameterRecord> parameters;  ///< all of them
};

struct StageRecord {
    std::string id;
    std::string title;
    double seconds = 0;
};

/// The figures that lists of runs show. Absent where they were not measured.
struct RunFigures {
    std::optional<double> floatTop1;  ///< percent
    std::optional<double> top1;       ///< percent, quantized
    std::optional<double> top5;       ///< percent, quantized
    std::optional<std::int64_t> count;  ///< images evaluated
    std::optional<double> averageWeightBits;
    std::optional<double> averageActivationBits;
    std::optional<double> sizeBytes;
    std::optional<double> bops;

    bool operator==(const RunFigures&) const = default;
};

struct ArtefactRecord {
    std::string id;
    std::string kind;  ///< results::payloadKind()
    std::string title;
    std::string file;  ///< relative to the run folder
};

/// A file of a finished run, to notice damage.
struct FileRecord {
    std::string file;  ///< relative to the run folder
    std::uint64_t size = 0;
    std::string hash;  ///< hashFile()
};

/// What run.json holds.
struct RunRecord {
    std::string id;  ///< "r0001-repq"
    RunState state = RunState::running;
    std::string method;       ///< method id
    std::string methodTitle;  ///< "RepQ-ViT"
    std::vector<ParameterRecord> parameters;      ///< all of them
    std::vector<ParameterRecord> modelOverrides;  ///< those that were set
    std::vector<quant::PolicyRule> rules;         ///< behind those of the method's own policy
    std::uint64_t seed = 0;
    std::string device;
    int threads = 1;
    std::int64_t batch = 1;
    std::string family;        ///< of the network: "deit"
    std::string architecture;  ///< where known
    std::map<std::string, std::string> versions;  ///< "vitrine", "torch", "blas", "simd"
    std::vector<InputRecord> inputs;
    std::optional<SyntheticRecord> synthetic;  ///< what made its calibration images
    std::string started;  ///< UTC, "2026-11-21T01:45:12Z"
    std::string ended;    ///< empty while it runs
    double seconds = 0;   ///< of work, over all sittings
    std::int64_t peakMemoryBytes = 0;
    std::vector<StageRecord> stages;     ///< those that are done
    std::vector<std::string> assumptions;  ///< what neither file nor user said about the network
    std::vector<std::string> warnings;
    std::optional<Error> error;  ///< of a failed run
    RunFigures figures;
    std::vector<ArtefactRecord> artefacts;
    std::vector<FileRecord> files;  ///< artefacts and model, once complete
};

/// One line of the list of runs.
struct RunSummary {
    std::string id;
    RunState state = RunState::finished;
    std::string method;
    std::string methodTitle;
    std::string started;
    double seconds = 0;
    RunFigures figures;

    bool operator==(const RunSummary&) const = default;
};

RunSummary summaryOf(const RunRecord& record);

}  // namespace vitrine::project
