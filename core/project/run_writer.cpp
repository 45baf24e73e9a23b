// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/run_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json_fields.h"
#include "project/codecs/artefact_json.h"
#include "project/codecs/record_json.h"
#include "project/completion.h"
#include "project/layout.h"

namespace vitrine::project {
namespace fs = std::filesystem;
namespace {

std::vector<FileRecord> listFiles(const fs::path& run) {
    std::vector<FileRecord> files;
    for (const char* part : {"artefacts", "model"}) {
        std::error_code absent;
        for (const fs::directory_entry& entry : fs::directory_iterator(run / part, absent)) {
            const std::string name = std::string(part) + "/" + entry.path().filename().string();
            files.push_back({name, fs::file_size(entry.path()), hashFile(entry.path())});
        }
    }
    std::sort(files.begin(), files.end(), [](const FileRecord& a, const FileRecord& b) { return a.file < b.file; });
    return files;
}

}  // namespace

RunWriter::RunWriter(fs::path project, RunRecord record)
    : project_(std::move(project)),
      folder_(openFolder(project_, record.id)),
      lock_(runLockPath(folder_), FileLock::Wait::no),
      record_(std::move(record)) {}

fs::path RunWriter::stateFolder() const { return runStateFolder(folder_); }
fs::path RunWriter::modelFolder() const { return runModelFolder(folder_); }

void RunWriter::writeRecord(const RunRecord& record) const {
    writeFileAtomically(recordPath(folder_), dumpJson(toJson(record), 2) + "\n");
}

void RunWriter::update(RunRecord record) {
    record.id = record_.id;
    record.state = RunState::running;
    record.artefacts = record_.artefacts;
    writeRecord(record);
    record_ = std::move(record);
}

void RunWriter::put(const results::Artefact& artefact) {
    if (!isPlainName(artefact.id))
        fail(ErrorCode::invalidArgument, "is no id of a result: it must be made of letters, digits, '.', '_' and '-'", artefact.id);
    const std::string file = "artefacts/" + artefact.id + ".json";
    makeFolder(folder_ / "artefacts");
    writeFileAtomically(folder_ / file, dumpJson(toJson(artefact)));
    ArtefactRecord entry{artefact.id, std::string(results::payloadKind(artefact.payload)), artefact.title, file};
    const auto known = std::find_if(record_.artefacts.begin(), record_.artefacts.end(),
                                    [&](const ArtefactRecord& other) { return other.id == artefact.id; });
    if (known == record_.artefacts.end())
        record_.artefacts.push_back(std::move(entry));
    else
        *known = std::move(entry);
}

bool RunWriter::has(const std::string& artefactId) const {
    return std::any_of(record_.artefacts.begin(), record_.artefacts.end(),
                       [&](const ArtefactRecord& entry) { return entry.id == artefactId; });
}

void RunWriter::complete(RunRecord record, RunState state) {
    if (!isComplete(state)) fail(ErrorCode::internal, "a run cannot be completed as " + std::string(runStateName(state)));
    record.id = record_.id;
    record.state = state;
    record.artefacts = record_.artefacts;
    record.ended = utcNow();
    try {
        record.files = listFiles(folder_);
    } catch (const fs::filesystem_error& error) {
        fail(ErrorCode::ioFailure, "its files cannot be listed: " + error.code().message(), folder_.string());
    }
    writeRecord(record);  // from here on the run is complete, whatever happens to the process
    record_ = std::move(record);
    const FileLock lock(projectLockPath(project_), FileLock::Wait::yes);
    giveFinalName(project_, record_.id);
    listInManifest(project_, {record_});
}

void RunWriter::discard() {
    std::error_code ignored;  // what is left without a record is removed when the next run begins
    fs::remove(recordPath(folder_), ignored);
    fs::remove_all(folder_, ignored);
}

}  // namespace vitrine::project
