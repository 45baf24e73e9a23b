// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/state_store.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/json_fields.h"
#include "formats/safetensors.h"
#include "project/layout.h"

namespace vitrine::runs {
namespace fs = std::filesystem;
namespace {

constexpr const char* kData = "data.json";
constexpr const char* kTensors = "tensors.safetensors";
constexpr const char* kModel = "model";
constexpr std::size_t kMaximumData = std::size_t{256} << 20;

void write(const fs::path& folder, const methods::MethodState& state) {
    project::makeFolder(folder / kModel);
    quant::save(state.model, folder / kModel);
    formats::writeSafetensors(folder / kTensors, state.tensors);
    writeFileAtomically(folder / kData, dumpJson(state.data));
}

methods::MethodState read(const fs::path& folder, const std::shared_ptr<const graph::Graph>& graph) {
    return {.model = quant::load(folder / kModel, graph),
            .data = readJson(folder / kData, kMaximumData),
            .tensors = formats::readSafetensors(folder / kTensors)};
}

std::optional<std::size_t> numberIn(std::string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

fs::path StateStore::path(const Entry& entry) const {
    return folder_ / (std::to_string(entry.stage) + "-" + std::to_string(entry.serial));
}

std::vector<StateStore::Entry> StateStore::entries() const {
    std::vector<Entry> found;
    std::error_code absent;
    for (const fs::directory_entry& folder : fs::directory_iterator(folder_, absent)) {
        const std::string name = folder.path().filename().string();
        const std::size_t dash = name.find('-');
        if (dash == std::string::npos) continue;
        const auto stage = numberIn(std::string_view(name).substr(0, dash));
        const auto serial = numberIn(std::string_view(name).substr(dash + 1));
        if (stage && serial) found.push_back({*stage, *serial});
    }
    std::sort(found.begin(), found.end());
    return found;
}

void StateStore::save(const Entry& entry, const methods::MethodState& state) {
    const fs::path unfinished = folder_ / ".unfinished";
    std::error_code error;
    fs::remove_all(unfinished, error);
    write(unfinished, state);
    fs::rename(unfinished, path(entry), error);
    if (error) fail(ErrorCode::ioFailure, "cannot be given its name: " + error.message(), path(entry).string());
    syncFolder(folder_);
    for (const Entry& old : entries()) {
        const bool isStart = old.stage == entry.stage && old.serial == 0;
        if (old < entry && !isStart) fs::remove_all(path(old), error);
    }
}

void StateStore::saveStart(std::size_t stage, const methods::MethodState& state) { save({stage, 0}, state); }

void StateStore::saveCheckpoint(std::size_t stage, const methods::MethodState& state) {
    const std::vector<Entry> known = entries();
    const bool follows = !known.empty() && known.back().stage == stage;
    save({stage, follows ? known.back().serial + 1 : 1}, state);
}

SavedState StateStore::load(const std::shared_ptr<const graph::Graph>& graph) const {
    const std::vector<Entry> known = entries();
    if (known.empty()) return {.state = {.model = {.graph = graph}}};
    const Entry last = known.back();
    const Entry start{last.stage, 0};
    SavedState saved{.nextStage = last.stage, .state = {.model = {.graph = graph}}};
    // The first stage starts from nothing, so it has no start on disk.
    if (std::find(known.begin(), known.end(), start) != known.end()) saved.state = read(path(start), graph);
    if (last.serial > 0) saved.checkpoint = read(path(last), graph);
    return saved;
}

}  // namespace vitrine::runs
