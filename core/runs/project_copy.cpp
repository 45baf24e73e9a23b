// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/project_copy.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "data/dataset.h"
#include "project/layout.h"
#include "project/project.h"

namespace vitrine::runs {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

struct CopiedFile {
    fs::path from, to;  ///< `to` relative to the copy
    std::uint64_t size = 0;
};

bool isInside(const fs::path& path, const fs::path& folder) {
    const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
    return end == folder.end();
}

fs::path wholePath(const fs::path& path) { return fs::weakly_canonical(fs::absolute(path)); }

/// Everything that is copied, and where inputs stand afterwards.
class Plan {
  public:
    Plan(const project::Project& project, const project::Edits& edits) : project_(project), edits_(edits), folder_(wholePath(project.folder())) {}

    void addOwnFiles() {
        std::set<std::string> open;  // folders of runs that stay behind
        for (const project::RunSummary& run : project_.runs())
            if (run.state == project::RunState::running) {
                open.insert(project::openFolder(folder_, run.id).filename().string());
                left.push_back(run.id + " is being written");
            }
        for (auto entry = fs::recursive_directory_iterator(folder_); entry != fs::recursive_directory_iterator(); ++entry) {
            const fs::path& path = entry->path();
            const bool isSkipped = path == project::recoveryFolder(folder_) ||
                                   (path.parent_path() == project::runsFolder(folder_) && open.contains(path.filename().string()));
            if (isSkipped && entry->is_directory()) entry.disable_recursion_pending();
            if (isSkipped || !entry->is_regular_file() || path == project::projectLockPath(folder_)) continue;
            if (path.filename() == project::runLockPath({}).filename() && isInside(path, project::runsFolder(folder_))) continue;
            add(path, path.lexically_relative(folder_));
        }
    }

    void addInputs() {
        for (const project::ModelEntry& model : edits_.models) addModel(project_.locate(model.path));
        for (const project::ImageSetEntry& images : edits_.imageSets) {
            addImages(project_.locate(images.path), images.root.empty() ? fs::path() : project_.locate(images.root));
            std::error_code ignored;
            if (fs::is_regular_file(images.rows, ignored)) left.push_back("the list of rows " + images.rows);
        }
        for (const project::RunSummary& run : project_.runs()) {
            if (run.state == project::RunState::damaged) continue;
            for (const project::InputRecord& input : project_.run(run.id).inputs) {
                if (input.role == "model")
                    addModel(project_.locate(input.path));
                else
                    addImages(project_.locate(input.path), input.root.empty() ? fs::path() : project_.locate(input.root));
            }
        }
    }

    /// Where an input stands in the copy, relative to it; empty: where it stands now.
    fs::path placeOf(const fs::path& path) const {
        const fs::path whole = wholePath(path);
        if (isInside(whole, folder_)) return whole.lexically_relative(folder_);
        const auto moved = places_.find(whole);
        return moved == places_.end() ? fs::path() : moved->second;
    }
    const project::Project& project() const { return project_; }

    std::vector<CopiedFile> files;
    std::vector<std::string> left;

  private:
    void add(const fs::path& from, const fs::path& to) {
        if (known_.insert(to).second) files.push_back({from, to, fs::file_size(from)});
    }

    /// A folder for an input in the copy, named after it.
    fs::path freePlace(const fs::path& input) {
        std::string name = input.stem().string();
        if (!project::isPlainName(name)) name = "input";
        fs::path place = fs::path("inputs") / name;
        for (int number = 2; !taken_.insert(place).second; ++number) place = fs::path("inputs") / (name + "-" + std::to_string(number));
        return place;
    }

    bool isKnownOrGone(const fs::path& whole) {
        if (isInside(whole, folder_) || places_.contains(whole)) return true;
        std::error_code ignored;
        if (fs::exists(whole, ignored)) return false;
        if (gone_.insert(whole).second) left.push_back(whole.string() + " is not there");
        return true;
    }

    // With the descriptions beside it, which say how a checkpoint is read: see models/hints.h.
    void addModel(const fs::path& path) {
        const fs::path whole = wholePath(path);
        if (isKnownOrGone(whole)) return;
        const fs::path place = freePlace(whole);
        add(whole, place / whole.filename());
        places_[whole] = place / whole.filename();
        std::string name = whole.filename().string();
        for (std::size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0; dot = name.rfind('.')) {
            name.resize(dot);
            addBeside(whole, place, name + ".json");
        }
        addBeside(whole, place, "config.json");
    }

    void addBeside(const fs::path& whole, const fs::path& place, const std::string& name) {
        std::error_code ignored;
        if (const fs::path beside = whole.parent_path() / name; beside != whole && fs::is_regular_file(beside, ignored)) add(beside, place / name);
    }

    void addImages(const fs::path& path, const fs::path& root) {
        if (path.empty()) return;
        const fs::path whole = wholePath(path);
        std::error_code ignored;
        const bool isFolder = fs::is_directory(whole, ignored);
        const fs::path base = isFolder ? whole : wholePath(root.empty() ? whole.parent_path() : root);
        if (!isInside(whole, folder_) && !places_.contains(whole)) {
            if (isKnownOrGone(whole)) return;
            const fs::path place = freePlace(whole);
            places_[whole] = isFolder ? place : place / whole.filename();
            if (!isFolder) add(whole, places_[whole]);
        }
        if (!root.empty() && !isFolder && !isInside(base, folder_) && !places_.contains(base)) places_[base] = freePlace(base);
        const fs::path there = !isFolder && root.empty() ? placeOf(whole).parent_path() : placeOf(base);
        if (isInside(base, folder_) && isInside(whole, folder_)) return;
        addPictures(data::openImages(whole, root), base, there);
        if (!isFolder) addLabels(whole, there);
    }

    void addPictures(const data::ImageSet& images, const fs::path& base, const fs::path& there) {
        std::int64_t missing = 0;
        for (std::int64_t i = 0; i < images.size(); ++i) {
            const fs::path name = images.item(i).name;
            std::error_code ignored;
            if (!fs::is_regular_file(base / name, ignored)) {
                missing += name.has_extension() ? 1 : 0;  // those of an idx file have none
                continue;
            }
            const fs::path target = (there / name).lexically_normal();
            if (name.is_absolute() || !isInside(target, "inputs"))
                left.push_back(name.string() + " lies outside the folder of its list");
            else
                add(base / name, target);
        }
        if (missing > 0) left.push_back(std::to_string(missing) + " images of " + base.string() + " are not there");
    }

    /// Labels of an idx file, which stand beside it under a name like its own.
    void addLabels(const fs::path& whole, const fs::path& there) {
        std::string name = whole.filename().string();
        const std::string images = "images-idx3";
        const std::size_t at = name.find(images);
        std::error_code ignored;
        if (at == std::string::npos) return;
        name.replace(at, images.size(), "labels-idx1");
        if (fs::is_regular_file(whole.parent_path() / name, ignored)) add(whole.parent_path() / name, there / name);
    }

    const project::Project& project_;
    const project::Edits& edits_;
    fs::path folder_;
    std::map<fs::path, fs::path> places_;  ///< of inputs outside the project, relative to the copy
    std::set<fs::path> known_, taken_, gone_;
};

/// Rewrites every stored path in a document, wherever it stands: an object of "relative" and "absolute".
void remap(json& node, const Plan& plan, const fs::path& copy) {
    if (node.is_object() && node.size() == 2 && node.contains("relative") && node.contains("absolute")) {
        const project::StoredPath stored{node["relative"].get<std::string>(), node["absolute"].get<std::string>()};
        if (stored.empty()) return;
        const fs::path now = wholePath(plan.project().locate(stored));
        const fs::path place = plan.placeOf(now);
        const fs::path then = place.empty() ? now : (copy / place).lexically_normal();
        node["relative"] = then.lexically_relative(copy).generic_string();
        node["absolute"] = then.string();
        return;
    }
    for (json& child : node)
        if (child.is_structured()) remap(child, plan, copy);
}

void remapFile(const fs::path& file, const Plan& plan, const fs::path& copy) {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return;
    json document = json::parse(readTextFile(file, project::kMaximumRecord), nullptr, false);
    if (document.is_discarded()) return;  // as damaged as it was
    remap(document, plan, copy);
    writeFileAtomically(file, document.dump(2) + "\n");
}

/// A folder that goes when it was not kept.
class Scaffold {
  public:
    explicit Scaffold(fs::path folder) : folder_(std::move(folder)) {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);  // of a copy that was killed
        project::makeFolder(folder_);
    }
    ~Scaffold() {
        std::error_code ignored;
        if (!folder_.empty()) fs::remove_all(folder_, ignored);
    }
    Scaffold(const Scaffold&) = delete;
    Scaffold& operator=(const Scaffold&) = delete;
    const fs::path& folder() const { return folder_; }

    void keepAs(const fs::path& place) {
        std::error_code error;
        fs::rename(folder_, place, error);
        if (error) fail(ErrorCode::ioFailure, "the copy cannot be put in its place: " + error.message(), place.string(), "choose another folder");
        folder_.clear();
    }

  private:
    fs::path folder_;
};

void copyFile(const CopiedFile& file, const fs::path& copy) {
    const fs::path to = copy / file.to;
    project::makeFolder(to.parent_path());
    std::error_code error;
    fs::copy_file(file.from, to, fs::copy_options::overwrite_existing, error);
    if (error) fail(ErrorCode::ioFailure, "cannot be copied: " + error.message(), file.from.string(), "free some space, or choose another folder");
}

void requireNewFolder(const fs::path& from, const fs::path& to) {
    std::error_code ignored;
    if (fs::exists(to, ignored)) fail(ErrorCode::invalidArgument, "there is something already", to.string(), "choose a new folder");
    if (isInside(to, from)) fail(ErrorCode::invalidArgument, "lies in the project", to.string(), "choose a folder outside of it");
}

}  // namespace

ProjectCopy copyProject(const fs::path& from, const fs::path& to, const project::Edits& edits, CopyContent content, jobs::JobContext& context) {
    const project::Project project = project::Project::open(from);
    const fs::path target = wholePath(to);
    requireNewFolder(wholePath(from), target);
    Plan plan(project, edits);
    plan.addOwnFiles();
    if (content == CopyContent::andInputs) plan.addInputs();

    ProjectCopy copied{.left = plan.left};
    std::uint64_t total = 1;
    for (const CopiedFile& file : plan.files) total += file.size;
    Scaffold scaffold(target.parent_path() / ("." + target.filename().string() + ".partial"));
    jobs::Progress copying = context.progress.child(1, "copy");
    for (const CopiedFile& file : plan.files) {
        context.control.check();
        copyFile(file, scaffold.folder());
        ++copied.files;
        copied.bytes += file.size;
        copying.update(static_cast<double>(copied.bytes) / static_cast<double>(total), file.to.filename().string());
    }
    if (!project.readOnly()) project::Project::open(scaffold.folder()).setEdits(edits);
    // Paths were written for the place that the copy is about to get.
    const auto remapIn = [&](const fs::path& file) { remapFile(file, plan, target); };
    remapIn(project::manifestPath(scaffold.folder()));
    const project::RunFolders runs = project::listRuns(scaffold.folder());
    for (const std::string& id : runs.complete) remapIn(project::recordPath(project::completeFolder(scaffold.folder(), id)));
    for (const std::string& id : runs.open) remapIn(project::recordPath(project::openFolder(scaffold.folder(), id)));
    context.control.check();
    scaffold.keepAs(target);
    copying.finish();
    return copied;
}

}  // namespace vitrine::runs
