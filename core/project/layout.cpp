// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/layout.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <system_error>

#include "base/error.h"

namespace vitrine::project {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kOpenPrefix = ".tmp-";

bool isPlainCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

void sortByNumber(std::vector<std::string>& ids) {
    std::sort(ids.begin(), ids.end(), [](const std::string& a, const std::string& b) {
        return std::pair(runNumber(a), a) < std::pair(runNumber(b), b);
    });
}

}  // namespace

bool isPlainName(std::string_view name) {
    return !name.empty() && name.size() <= 150 && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), isPlainCharacter);
}

std::string makeRunId(int number, std::string_view method) {
    std::string digits = std::to_string(number);
    digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
    return "r" + digits + "-" + std::string(method);
}

int runNumber(std::string_view id) {
    if (!isPlainName(id) || id.front() != 'r') return 0;
    int number = 0;
    const auto [end, error] = std::from_chars(id.data() + 1, id.data() + id.size(), number);
    const bool wellFormed = error == std::errc() && end != id.data() + id.size() && *end == '-';
    return wellFormed && number > 0 ? number : 0;
}

fs::path manifestPath(const fs::path& project) { return project / "study.vitrine"; }
fs::path runsFolder(const fs::path& project) { return project / "runs"; }
fs::path completeFolder(const fs::path& project, const std::string& id) { return runsFolder(project) / id; }
fs::path openFolder(const fs::path& project, const std::string& id) {
    return runsFolder(project) / (std::string(kOpenPrefix) + id);
}
fs::path projectLockPath(const fs::path& project) { return project / ".lock"; }
fs::path viewStatePath(const fs::path& project) { return project / "view.json"; }
fs::path recoveryFolder(const fs::path& project) { return project / "recovery"; }
fs::path cachePath(const fs::path& project, const std::string& key) { return project / "cache" / (key + ".json"); }

fs::path recordPath(const fs::path& run) { return run / "run.json"; }
fs::path runLockPath(const fs::path& run) { return run / "lock"; }
fs::path runStateFolder(const fs::path& run) { return run / "state"; }
fs::path runModelFolder(const fs::path& run) { return run / "model"; }

RunFolders listRuns(const fs::path& project) {
    RunFolders found;
    std::error_code absent;
    for (const fs::directory_entry& entry : fs::directory_iterator(runsFolder(project), absent)) {
        const std::string name = entry.path().filename().string();
        const bool open = name.starts_with(kOpenPrefix);
        const std::string id = open ? name.substr(kOpenPrefix.size()) : name;
        if (runNumber(id) == 0 || !fs::exists(recordPath(entry.path()))) continue;
        (open ? found.open : found.complete).push_back(id);
    }
    sortByNumber(found.complete);
    sortByNumber(found.open);
    return found;
}

void makeFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) fail(ErrorCode::ioFailure, "the folder cannot be made: " + error.message(), folder.string());
}

std::string utcNow() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

}  // namespace vitrine::project
