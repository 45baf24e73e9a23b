// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/project.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "base/json_fields.h"
#include "project/codecs/artefact_json.h"
#include "project/completion.h"
#include "project/layout.h"
#include "project/manifest.h"

namespace vitrine::project {
namespace fs = std::filesystem;
namespace {

Manifest readManifest(const fs::path& folder) {
    const fs::path path = manifestPath(folder);
    return Manifest::parse(readTextFile(path, kMaximumRecord), path.string());
}

/// The manifest, or nothing when it is absent or damaged. Throws Exception(unsupported) for one that must not be touched.
std::optional<Manifest> readableManifest(const fs::path& folder) {
    try {
        return readManifest(folder);
    } catch (const Exception& exception) {
        const ErrorCode code = exception.error().code;
        if (code == ErrorCode::badFormat || code == ErrorCode::notFound) return std::nullopt;
        throw;
    }
}

bool isLeftComplete(const fs::path& folder, const std::string& id) {
    const fs::path run = openFolder(folder, id);
    if (FileLock::isHeld(runLockPath(run))) return false;
    try {
        return isComplete(readRecord(run, id).state);
    } catch (const Exception&) {
        return false;
    }
}

std::optional<RunRecord> readableRecord(const fs::path& run, const std::string& id) {
    try {
        return readRecord(run, id);
    } catch (const Exception&) {
        return std::nullopt;  // validate() says what is wrong with it
    }
}

bool lists(const Manifest& manifest, const std::string& id) {
    return std::any_of(manifest.runs().begin(), manifest.runs().end(), [&](const RunSummary& run) { return run.id == id; });
}

std::vector<RunRecord> unlistedRuns(const fs::path& folder, const Manifest& manifest) {
    std::vector<RunRecord> records;
    for (const std::string& id : listRuns(folder).complete) {
        if (lists(manifest, id)) continue;
        if (auto record = readableRecord(completeFolder(folder, id), id)) records.push_back(std::move(*record));
    }
    return records;
}

std::vector<std::string> leftComplete(const fs::path& folder) {
    std::vector<std::string> ids = listRuns(folder).open;
    std::erase_if(ids, [&](const std::string& id) { return !isLeftComplete(folder, id); });
    return ids;
}

/// `path` with `suffix`, and with a number behind it where that is taken.
fs::path unusedName(const fs::path& path, const std::string& suffix) {
    fs::path name = path;
    name += suffix;
    for (int number = 2; fs::exists(name); ++number) {
        name = path;
        name += suffix + "-" + std::to_string(number);
    }
    return name;
}

/// Puts an unreadable manifest aside, so that nothing in it is lost, and writes an empty one.
void renewManifest(const fs::path& folder, std::vector<std::string>& warnings) {
    const fs::path path = manifestPath(folder);
    std::string what = "the manifest was absent";
    if (fs::exists(path)) {
        const fs::path kept = unusedName(path, ".damaged");
        std::error_code error;
        fs::rename(path, kept, error);
        if (error) fail(ErrorCode::ioFailure, "is damaged and cannot be put aside: " + error.message(), path.string());
        what = "the manifest was damaged (kept as " + kept.filename().string() + ")";
    }
    writeFileAtomically(path, Manifest::create(folder.filename().string()).text());
    warnings.push_back(what + " and was made anew from the folders of the runs");
}

/// Brings the manifest up to the run folders. Needs the project lock.
void repair(const fs::path& folder, std::vector<std::string>& warnings) {
    const bool isNew = !readableManifest(folder);
    if (isNew) renewManifest(folder, warnings);
    for (const std::string& id : leftComplete(folder)) giveFinalName(folder, id);
    const std::vector<RunRecord> unlisted = unlistedRuns(folder, readManifest(folder));
    if (unlisted.empty()) return;
    listInManifest(folder, unlisted);
    if (isNew) return;  // that says it for all runs
    for (const RunRecord& record : unlisted) warnings.push_back("run " + record.id + " was not listed in the manifest; it is now");
}

RunSummary openSummary(const fs::path& folder, const std::string& id) {
    const fs::path run = openFolder(folder, id);
    RunSummary summary{.id = id};
    if (const auto record = readableRecord(run, id)) summary = summaryOf(*record);
    summary.state = FileLock::isHeld(runLockPath(run)) ? RunState::running : RunState::interrupted;
    return summary;
}

/// Removes what begin() or discard() of a process that died left: a folder without a record. Needs the project lock.
void removeRemains(const fs::path& folder) {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(runsFolder(folder), ignored)) {
        const bool isOpen = entry.path().filename().string().starts_with(".tmp-");
        if (isOpen && !fs::exists(recordPath(entry.path()), ignored)) fs::remove_all(entry.path(), ignored);
    }
}

}  // namespace

Project::Project(fs::path folder) : folder_(std::move(folder)) {}

bool Project::exists(const fs::path& folder) {
    std::error_code ignored;
    return fs::exists(manifestPath(folder), ignored) || !listRuns(folder).complete.empty();
}

Project Project::create(const fs::path& folder, const std::string& name) {
    if (exists(folder)) fail(ErrorCode::invalidArgument, "there is a project already", folder.string(), "open it, or choose another folder");
    makeFolder(runsFolder(folder));
    const FileLock lock(projectLockPath(folder), FileLock::Wait::yes);
    if (!fs::exists(manifestPath(folder))) writeFileAtomically(manifestPath(folder), Manifest::create(name).text());
    return open(folder);
}

Project Project::open(const fs::path& folder) {
    if (!exists(folder))
        fail(ErrorCode::notFound, "is no project: study.vitrine is absent", folder.string(), "give the folder of a project");
    Project project(fs::weakly_canonical(folder));
    project.load();
    return project;
}

Project Project::openOrCreate(const fs::path& folder) {
    if (exists(folder)) return open(folder);
    return create(folder, fs::weakly_canonical(folder).filename().string());
}

void Project::load() {
    std::optional<Manifest> manifest = readableManifest(folder_);
    if (manifest && manifest->newerFormat()) {
        readOnly_ = true;
        warnings_.push_back("the project was written by Vitrine " + manifest->writer() + " and is opened for reading only");
    } else if (::access(folder_.c_str(), W_OK) != 0) {
        readOnly_ = true;
        warnings_.push_back("the folder cannot be written to; the project is opened for reading only");
        if (!manifest) fail(ErrorCode::badFormat, "the manifest is damaged and the folder cannot be written to", folder_.string());
    } else if (!manifest || !leftComplete(folder_).empty() || !unlistedRuns(folder_, *manifest).empty()) {
        const FileLock lock(projectLockPath(folder_), FileLock::Wait::yes);
        repair(folder_, warnings_);
        manifest = readManifest(folder_);
    }
    edits_ = manifest->edits();
}

void Project::requireWritable() const {
    if (readOnly_) fail(ErrorCode::invalidArgument, "the project is open for reading only", folder_.string(), "copy it, or use a newer version");
}

void Project::setEdits(const Edits& edits) {
    requireWritable();
    const FileLock lock(projectLockPath(folder_), FileLock::Wait::yes);
    Manifest manifest = readManifest(folder_);
    manifest.setEdits(edits);
    const std::string text = manifest.text();
    const Manifest written = Manifest::parse(text, manifestPath(folder_).string());  // never write what cannot be read again
    writeFileAtomically(manifestPath(folder_), text);
    edits_ = written.edits();
}

std::string Project::viewState() const {
    try {
        std::string text = readTextFile(viewStatePath(folder_), kMaximumViewState);
        parseJson(text, "view");
        return text;
    } catch (const Exception&) {
        return {};  // the window has defaults for everything in it
    }
}

void Project::setViewState(const std::string& json) {
    requireWritable();
    const std::string where = viewStatePath(folder_).string();
    if (json.size() > kMaximumViewState) fail(ErrorCode::tooLarge, "the arrangement of the window is larger than 4 MiB", where);
    try {
        parseJson(json, where);
    } catch (const Exception& exception) {
        fail(ErrorCode::invalidArgument, exception.error().what, where);
    }
    writeFileAtomically(where, json);
}

std::vector<RunSummary> Project::runs() const {
    std::map<std::pair<int, std::string>, RunSummary> found;
    const auto add = [&found](RunSummary summary) { found[{runNumber(summary.id), summary.id}] = std::move(summary); };
    const RunFolders folders = listRuns(folder_);
    const std::set<std::string> complete(folders.complete.begin(), folders.complete.end());
    if (const auto manifest = readableManifest(folder_))
        for (RunSummary summary : manifest->runs()) {
            if (!complete.contains(summary.id)) summary.state = RunState::damaged;
            add(std::move(summary));
        }
    for (const std::string& id : folders.complete) {
        if (found.contains({runNumber(id), id})) continue;
        const auto record = readableRecord(completeFolder(folder_, id), id);
        add(record ? summaryOf(*record) : RunSummary{.id = id, .state = RunState::damaged});
    }
    for (const std::string& id : folders.open)
        if (!complete.contains(id)) add(openSummary(folder_, id));
    std::vector<RunSummary> list;
    for (auto& [key, summary] : found) list.push_back(std::move(summary));
    return list;
}

fs::path Project::runFolder(const std::string& id) const {
    if (runNumber(id) != 0)
        for (const fs::path& folder : {completeFolder(folder_, id), openFolder(folder_, id)})
            if (fs::exists(recordPath(folder))) return folder;
    std::vector<std::string> known;
    for (const RunSummary& summary : runs()) known.push_back(summary.id);
    const std::string nearest = nearestName(id, known);
    fail(ErrorCode::notFound, "the project has no such run", id, nearest.empty() ? "list its runs" : "did you mean " + nearest + "?");
}

RunRecord Project::run(const std::string& id) const {
    const fs::path folder = runFolder(id);
    RunRecord record = readRecord(folder, id);
    if (!isComplete(record.state))
        record.state = FileLock::isHeld(runLockPath(folder)) ? RunState::running : RunState::interrupted;
    return record;
}

fs::path Project::modelFolder(const std::string& id) const {
    const fs::path folder = runModelFolder(runFolder(id));
    if (!fs::is_directory(folder)) fail(ErrorCode::notFound, "the run holds no quantized model", id, "resume or repeat the run");
    return folder;
}

results::ArtefactPtr Project::artefact(const std::string& runId, const std::string& artefactId) const {
    const fs::path folder = runFolder(runId);
    std::vector<std::string> known;
    for (const ArtefactRecord& entry : readRecord(folder, runId).artefacts) {
        known.push_back(entry.id);
        if (entry.id != artefactId) continue;
        const fs::path path = pathInside(folder, entry.file);
        const nlohmann::json json = readJson(path, kMaximumArtefact);
        return inFile(path, [&] { return std::make_shared<const results::Artefact>(artefactFromJson(json)); });
    }
    const std::string nearest = nearestName(artefactId, known);
    fail(ErrorCode::notFound, "run " + runId + " has no such result", artefactId, nearest.empty() ? "" : "did you mean " + nearest + "?");
}

std::vector<results::ArtefactPtr> Project::artefacts(const std::string& runId) const {
    std::vector<results::ArtefactPtr> all;
    for (const ArtefactRecord& entry : readRecord(runFolder(runId), runId).artefacts) all.push_back(artefact(runId, entry.id));
    return all;
}

RunWriter Project::begin(RunRecord record) {
    requireWritable();
    if (!isPlainName(record.method)) fail(ErrorCode::invalidArgument, "is no id of a method", record.method);
    const FileLock lock(projectLockPath(folder_), FileLock::Wait::yes);
    makeFolder(runsFolder(folder_));
    removeRemains(folder_);
    int last = 0;
    for (const RunSummary& run : runs()) last = std::max(last, runNumber(run.id));
    record.id = makeRunId(last + 1, record.method);
    record.started = utcNow();
    makeFolder(openFolder(folder_, record.id));
    RunWriter writer(folder_, record);
    writer.update(std::move(record));
    return writer;
}

RunWriter Project::resume(const std::string& id) {
    requireWritable();
    if (runFolder(id) != openFolder(folder_, id))
        fail(ErrorCode::invalidArgument, "the run is complete and cannot be resumed", id, "start a new run");
    RunWriter writer(folder_, RunRecord{.id = id});
    writer.record_ = readRecord(openFolder(folder_, id), id);
    return writer;
}

std::optional<results::Artefact> Project::cached(const std::string& key) const {
    if (!isPlainName(key)) fail(ErrorCode::internal, "is no key of the cache", key);
    try {
        return artefactFromJson(readJson(cachePath(folder_, key), kMaximumArtefact));
    } catch (const Exception&) {
        return std::nullopt;
    }
}

void Project::cache(const std::string& key, const results::Artefact& artefact) {
    requireWritable();
    if (!isPlainName(key)) fail(ErrorCode::internal, "is no key of the cache", key);
    const fs::path path = cachePath(folder_, key);
    makeFolder(path.parent_path());
    writeFileAtomically(path, dumpJson(toJson(artefact)));
}

StoredPath Project::store(const fs::path& path) const {
    if (path.empty()) return {};
    const fs::path absolute = fs::weakly_canonical(fs::absolute(path));
    return {absolute.lexically_relative(folder_).generic_string(), absolute.string()};
}

fs::path Project::locate(const StoredPath& path) const {
    std::error_code ignored;
    const fs::path near = (folder_ / path.relative).lexically_normal();
    if (!path.relative.empty() && fs::exists(near, ignored)) return near;
    return path.absolute;
}

}  // namespace vitrine::project
