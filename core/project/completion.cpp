// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/completion.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "base/json_fields.h"
#include "project/codecs/record_json.h"
#include "project/layout.h"
#include "project/manifest.h"

namespace vitrine::project {
namespace fs = std::filesystem;

void giveFinalName(const fs::path& project, const std::string& id) {
    const fs::path folder = openFolder(project, id);
    std::error_code error;
    fs::remove_all(runStateFolder(folder), error);
    if (!error) fs::remove(runLockPath(folder), error);
    if (!error) fs::rename(folder, completeFolder(project, id), error);
    if (error) fail(ErrorCode::ioFailure, "cannot be given its final name: " + error.message(), folder.string());
    syncFolder(runsFolder(project));
}

void listInManifest(const fs::path& project, const std::vector<RunRecord>& records) {
    const fs::path path = manifestPath(project);
    Manifest manifest = Manifest::parse(readTextFile(path, kMaximumRecord), path.string());
    for (const RunRecord& record : records) manifest.list(record);
    writeFileAtomically(path, manifest.text());
}

RunRecord readRecord(const fs::path& runFolder, const std::string& id) {
    const fs::path path = recordPath(runFolder);
    const nlohmann::json json = readJson(path, kMaximumRecord);
    RunRecord record = inFile(path, [&] { return recordFromJson(json); });
    if (record.id != id) fail(ErrorCode::badFormat, "is the record of another run, \"" + record.id + "\"", path.string());
    return record;
}

}  // namespace vitrine::project
