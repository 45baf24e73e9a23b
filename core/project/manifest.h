// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "project/edits.h"
#include "project/record.h"

namespace vitrine::project {

/// The content of study.vitrine. It keeps the whole JSON document, so that keys which this version does not know survive.
class Manifest {
  public:
    /// Version of the format, and the oldest one whose readers understand what this version writes. Keys that came later and may
    /// be absent (models, image_sets, run_notes, draft) left both as they were: readers that do not know them pass over them
    /// and keep them when they write.
    static constexpr int kFormat = 1;
    static constexpr int kMinimumReader = 1;

    static Manifest create(const std::string& name);

    /// Throws Exception(badFormat) for a damaged manifest, and unsupported, naming the version to use, for one that only newer
    /// versions can read. `where` names the file.
    static Manifest parse(std::string_view text, const std::string& where);

    /// Throws Exception(tooLarge) when nobody could read it again.
    std::string text() const;
    const Edits& edits() const { return edits_; }
    bool newerFormat() const;  ///< to be read but not written
    const std::string& writer() const { return writer_; }  ///< version of Vitrine that wrote the file
    const std::vector<RunSummary>& runs() const { return runs_; }
    const std::vector<InputRecord>& inputs() const { return inputs_; }

    /// Keeps what this version does not know, also inside entries that stay. Throws as requireStorable() does.
    void setEdits(const Edits& edits);
    /// Adds a run, or replaces what is said about it, and adds its inputs.
    void list(const RunRecord& record);

  private:
    explicit Manifest(nlohmann::json document);

    nlohmann::json document_;
    std::string writer_;
    Edits edits_;
    std::vector<RunSummary> runs_;
    std::vector<InputRecord> inputs_;
};

/// A step that turns a document of one format into the next one. Does not touch the format number.
using Migration = void (*)(nlohmann::json& document);

/// Applies the steps that `document` needs; steps[k] leads from format k + 1 to k + 2.
void migrate(nlohmann::json& document, std::span<const Migration> steps);

}  // namespace vitrine::project
