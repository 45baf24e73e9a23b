// SPDX-License-Identifier: GPL-3.0-or-later
#include <system_error>

#include "base/files.h"
#include "base/hash.h"
#include "base/json_fields.h"
#include "formats/safetensors.h"
#include "project/layout.h"
#include "project/project.h"

namespace vitrine::project {
namespace fs = std::filesystem;
namespace {

class Validation {
  public:
    explicit Validation(const Project& project) : project_(project) {}

    std::vector<Error> run() {
        for (const RunSummary& summary : project_.runs()) guarded([&] { checkRun(summary); });
        for (const ModelEntry& model : project_.edits().models) guarded([&] { checkEntry("model", model.name, model.path); });
        for (const ImageSetEntry& set : project_.edits().imageSets)
            guarded([&] { checkEntry("image set", set.name, set.path); });
        return std::move(problems_);
    }

  private:
    template <typename Check>
    void guarded(Check check) {
        try {
            check();
        } catch (const std::exception& exception) {
            problems_.push_back(describe(exception));
        }
    }

    void report(ErrorCode code, const std::string& what, const fs::path& where, const std::string& remedy) {
        problems_.push_back({code, what, where.string(), remedy});
    }

    void checkRun(const RunSummary& summary) {
        const RunRecord record = project_.run(summary.id);
        const fs::path folder = project_.runFolder(summary.id);
        for (const FileRecord& file : record.files) guarded([&] { checkFile(folder, file); });
        for (const ArtefactRecord& artefact : record.artefacts)
            guarded([&] { project_.artefact(summary.id, artefact.id); });
        if (isComplete(record.state)) checkModel(runModelFolder(folder));
        for (const InputRecord& input : record.inputs) guarded([&] { checkInput(input); });
    }

    void checkFile(const fs::path& folder, const FileRecord& file) {
        const fs::path path = pathInside(folder, file.file);
        const char* remedy = "restore it from a copy, or repeat the run";
        if (!fs::is_regular_file(path)) return report(ErrorCode::notFound, "is missing", path, remedy);
        if (fs::file_size(path) != file.size || hashFile(path) != file.hash)
            report(ErrorCode::badFormat, "has changed since the run was stored", path, remedy);
    }

    void checkModel(const fs::path& folder) {
        if (!fs::is_directory(folder)) return;
        for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
            const fs::path extension = entry.path().extension();
            if (extension == ".json") guarded([&] { readJson(entry.path(), kMaximumArtefact); });
            if (extension == ".safetensors") guarded([&] { formats::readSafetensorsFile(entry.path()); });
        }
    }

    void checkInput(const InputRecord& input) {
        const fs::path path = project_.locate(input.path);
        const char* remedy = "put it back; without it the run can be read but not repeated";
        if (!fs::exists(path)) return report(ErrorCode::notFound, "the " + input.role + " input is gone", path, remedy);
        if (input.hash.empty()) return;  // a folder
        if (!fs::is_regular_file(path) || fs::file_size(path) != input.size || hashFile(path) != input.hash)
            report(ErrorCode::badFormat, "the " + input.role + " input has changed since the run read it", path, remedy);
    }

    void checkEntry(const std::string& kind, const std::string& name, const StoredPath& stored) {
        const fs::path path = project_.locate(stored);
        if (!fs::exists(path)) report(ErrorCode::notFound, "the " + kind + " \"" + name + "\" is gone", path, "put it back, or say where it is now");
    }

    const Project& project_;
    std::vector<Error> problems_;
};

}  // namespace

std::vector<Error> validate(const Project& project) { return Validation(project).run(); }

}  // namespace vitrine::project
