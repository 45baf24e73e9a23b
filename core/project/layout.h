// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// Names and places in a project folder; see project.h for the picture.
namespace vitrine::project {

inline constexpr std::size_t kMaximumRecord = std::size_t{32} << 20;    ///< bytes of the manifest or of a run.json
inline constexpr std::size_t kMaximumArtefact = std::size_t{128} << 20;  ///< bytes of an artefact
inline constexpr std::size_t kMaximumViewState = std::size_t{4} << 20;   ///< bytes of view.json

/// Whether `name` is safe as the name of a file: letters, digits, '.', '_' and '-', not hidden, at most 150 long.
bool isPlainName(std::string_view name);

/// "r0001-repq"
std::string makeRunId(int number, std::string_view method);
/// The number of a run id, or 0 when `id` is none.
int runNumber(std::string_view id);

std::filesystem::path manifestPath(const std::filesystem::path& project);
std::filesystem::path runsFolder(const std::filesystem::path& project);
std::filesystem::path completeFolder(const std::filesystem::path& project, const std::string& id);
std::filesystem::path openFolder(const std::filesystem::path& project, const std::string& id);  ///< runs/.tmp-<id>
std::filesystem::path projectLockPath(const std::filesystem::path& project);
std::filesystem::path viewStatePath(const std::filesystem::path& project);
std::filesystem::path recoveryFolder(const std::filesystem::path& project);
std::filesystem::path cachePath(const std::filesystem::path& project, const std::string& key);

std::filesystem::path recordPath(const std::filesystem::path& run);
std::filesystem::path runLockPath(const std::filesystem::path& run);
std::filesystem::path runStateFolder(const std::filesystem::path& run);
std::filesystem::path runModelFolder(const std::filesystem::path& run);

/// Ids of the complete runs, and of those that are being written or were interrupted, as the folders say; by number.
struct RunFolders {
    std::vector<std::string> complete;
    std::vector<std::string> open;
};
RunFolders listRuns(const std::filesystem::path& project);

/// Makes a folder and those above it where absent. Throws Exception(ioFailure).
void makeFolder(const std::filesystem::path& folder);

/// The present time as "2026-11-21T01:45:12Z".
std::string utcNow();

}  // namespace vitrine::project
