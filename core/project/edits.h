// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/record.h"
#include "quant/spec.h"

/// Everything in a project that its user writes: plain values, kept in the manifest beside the list of runs, which are
/// immutable. Undo and recovery work on whole values of Edits.
namespace vitrine::project {

enum class ImageRole { any, calibration, evaluation };
std::string_view imageRoleName(ImageRole role);  ///< "any", "calibration", "evaluation"
std::optional<ImageRole> imageRoleFromName(std::string_view name);

/// A set of images that runs of this project may use.
struct ImageSetEntry {
    std::string name;  ///< unique in the project, for people and for RunDraft
    ImageRole role = ImageRole::any;
    StoredPath path;          ///< CSV, folder of class folders or idx file
    StoredPath root;          ///< of the paths in a CSV; empty: its folder
    std::string rows;         ///< "0-31" or a file of numbers; empty: all. See data::readRows()
    std::int64_t images = 0;  ///< how many it held when it was added; 0: not known

    bool operator==(const ImageSetEntry&) const = default;
};

/// A network that runs of this project may quantize.
struct ModelEntry {
    std::string name;  ///< unique in the project
    StoredPath path;
    std::map<std::string, std::string> overrides;  ///< "model.crop" -> "0.9", those that are set

    bool operator==(const ModelEntry&) const = default;
};

/// What the user wrote about a run.
struct RunNote {
    std::string name;  ///< shown instead of the id where it is set
    std::string note;
    std::string colour;  ///< "#rrggbb", or empty for the colour by order
    bool pinned = false;

    bool operator==(const RunNote&) const = default;
};

/// A run that is being specified: what the form for new runs holds.
struct RunDraft {
    std::string model;                              ///< ModelEntry::name
    std::string calibration;                        ///< ImageSetEntry::name, or empty
    std::string evaluation;                         ///< likewise
    std::string method;                             ///< method id
    std::map<std::string, std::string> parameters;  ///< as typed; those that differ from the default
    std::vector<quant::PolicyRule> rules;           ///< behind those of the method
    std::uint64_t seed = 0;
    std::string device = "cpu";
    std::int64_t batch = 32;

    bool operator==(const RunDraft&) const = default;
};

struct Edits {
    std::string name;  ///< of the project
    std::string notes;
    std::vector<ModelEntry> models;
    std::vector<ImageSetEntry> imageSets;
    std::map<std::string, RunNote> runs;  ///< by run id
    RunDraft draft;

    bool operator==(const Edits&) const = default;
};

/// What the user wrote about a run; nothing is set where that is nothing.
RunNote noteOf(const Edits& edits, const std::string& runId);

/// Most bytes that a project stores of what its user wrote.
inline constexpr std::size_t kMaximumNotes = std::size_t{1} << 20;     ///< notes of the project
inline constexpr std::size_t kMaximumRunNote = std::size_t{64} << 10;  ///< note of one run
inline constexpr std::size_t kMaximumText = std::size_t{8} << 10;      ///< every other text
inline constexpr std::size_t kMaximumEntries = 1000;                   ///< entries of every list but that of the runs

/// What Project::setEdits() asks for. Throws Exception(tooLarge) for a text or list that is too long, and
/// invalidArgument for models or image sets without a name or with the same one, for something that is no run id and
/// for something that is no colour; both name the part, as differences() does. A draft is free: it may hold what no run
/// accepts yet.
void requireStorable(const Edits& edits);

/// One line per difference, for a dialog: {"note of r0002-repq", "before", "after"}. What is not there, or not set, is
/// an empty text. Empty only for equal edits.
struct EditDifference {
    std::string what, before, after;

    bool operator==(const EditDifference&) const = default;
};
std::vector<EditDifference> differences(const Edits& before, const Edits& after);

}  // namespace vitrine::project
