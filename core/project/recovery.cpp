// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/recovery.h"

#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json_fields.h"
#include "project/codecs/edits_json.h"
#include "project/file_lock.h"
#include "project/layout.h"

namespace vitrine::project {
namespace fs = std::filesystem;
using nlohmann::json;
namespace {

constexpr std::int64_t kFormat = 1;
constexpr std::size_t kSavedKept = 10;
constexpr auto kOrphanAge = std::chrono::hours(1);

fs::path withExtension(fs::path path, const char* extension) { return path.replace_extension(extension); }

/// Beside the file and not the file itself, which is replaced at every writing.
fs::path lockOf(const fs::path& file) { return withExtension(file, ".lock"); }

std::string hostName() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    std::string plain;
    for (const char c : std::string(name.data()))
        if (isPlainName(std::string("x") + c)) plain += c;
    return plain.substr(0, 60);
}

/// "0012": sorts as the number does.
std::string ordered(int number) {
    std::string digits = std::to_string(number);
    return digits.insert(0, 4 - std::min<std::size_t>(4, digits.size()), '0');
}

/// "host-1234-20261121T014512Z-0001": nobody else has it while its lock is held.
std::string nameOfProcess(int attempt) {
    std::string time = utcNow();
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    return hostName() + "-" + std::to_string(::getpid()) + "-" + time + "-" + ordered(attempt);
}

/// Whether the process that a lock is named after was one of this machine and is gone. What another machine runs nobody here knows.
bool isOfGoneProcess(const fs::path& lock) {
    std::string name = lock.stem().string();
    for (int part = 0; part < 2; ++part) name.resize(std::min(name.rfind('-'), name.size()));  // number and time
    const std::size_t dash = name.rfind('-');
    if (dash == std::string::npos || name.substr(0, dash) != hostName()) return false;
    pid_t process = 0;
    const char* end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data() + dash + 1, end, process);
    return error == std::errc() && rest == end && process > 0 && ::kill(process, 0) != 0 && errno == ESRCH;
}

/// Locks of processes that died before they wrote anything. Young ones may be about to be locked, as long as their process lives.
void removeOrphanedLocks(const fs::path& folder) {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
        const fs::path& path = entry.path();
        if (path.extension() != ".lock" || fs::exists(withExtension(path, ".json"), ignored) || FileLock::isHeld(path))
            continue;
        std::error_code error;
        const auto written = fs::last_write_time(path, error);
        const bool old = !error && written < fs::file_time_type::clock::now() - kOrphanAge;
        if (old || isOfGoneProcess(path)) fs::remove(path, ignored);
    }
}

std::vector<fs::path> filesOf(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".json" && entry.is_regular_file(ignored)) files.push_back(entry.path());
    return files;
}

fs::file_time_type timeOf(const fs::path& file) {
    std::error_code absent;
    const auto time = fs::last_write_time(file, absent);
    return absent ? fs::file_time_type::min() : time;
}

/// Moves `file` into `folder` under its own name and a number that is free there, from `number` on.
void move(const fs::path& file, const fs::path& folder, int number) {
    makeFolder(folder);
    fs::path target;
    do target = folder / (file.stem().string() + "-" + ordered(number++) + ".json");
    while (fs::exists(target));
    std::error_code error;
    fs::rename(file, target, error);
    if (error && error != std::errc::no_such_file_or_directory)
        fail(ErrorCode::ioFailure, "cannot be put aside: " + error.message(), file.string());
}

void keepNewest(const fs::path& folder, std::size_t count) {
    std::vector<fs::path> files = filesOf(folder);
    std::sort(files.begin(), files.end(),
              [](const fs::path& a, const fs::path& b) { return std::pair(timeOf(a), a) > std::pair(timeOf(b), b); });
    std::error_code ignored;  // another process may rotate too
    for (std::size_t k = count; k < files.size(); ++k) fs::remove(files[k], ignored);
}

RecoveredEdits recoveredFrom(const fs::path& file) {
    const json document = readJson(file, kMaximumRecord);
    const Fields fields(document, "recovery");
    if (fields.integer("format") > kFormat)
        fail(ErrorCode::unsupported, "was written by a newer version of Vitrine", file.string());
    return {file, fields.text("written"), editsFrom(fields.object("edits")), fields.text("base_hash")};
}

}  // namespace

std::string editsHash(const Edits& edits) {
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx",
                  static_cast<unsigned long long>(hashText(dumpJson(toJson(edits)))));
    return digits.data();
}

struct RecoveryFile::State {
    fs::path file;
    std::optional<FileLock> lock;
    int savings = 0;

    ~State() {
        if (!lock) return;
        std::error_code ignored;
        fs::remove(lockOf(file), ignored);
    }
};

RecoveryFile::RecoveryFile(const fs::path& project) : state_(std::make_unique<State>()) {
    const fs::path folder = recoveryFolder(project);
    makeFolder(folder);
    removeOrphanedLocks(folder);
    for (int attempt = 1;; ++attempt) {
        const fs::path file = folder / (nameOfProcess(attempt) + ".json");
        if (fs::exists(file) || fs::exists(lockOf(file)))
            continue;  // of another object of this process, or of one before it
        state_->file = file;
        state_->lock.emplace(lockOf(file), FileLock::Wait::no);
        return;
    }
}

RecoveryFile::RecoveryFile(RecoveryFile&&) noexcept = default;
RecoveryFile& RecoveryFile::operator=(RecoveryFile&&) noexcept = default;
RecoveryFile::~RecoveryFile() = default;

void RecoveryFile::write(const Edits& edits, const Edits& base) {
    const json document = {
        {"format", kFormat}, {"written", utcNow()}, {"base_hash", editsHash(base)}, {"edits", toJson(edits)}};
    const std::string text = dumpJson(document, 2) + "\n";
    if (text.size() > kMaximumRecord)
        fail(ErrorCode::tooLarge, "the unsaved edits are larger than " + std::to_string(kMaximumRecord >> 20) + " MiB",
             state_->file.string(), "shorten the notes");
    writeFileAtomically(state_->file, text);
}

void RecoveryFile::saved() {
    if (!fs::exists(state_->file)) return;
    const fs::path old = recoveryFolder(state_->file.parent_path().parent_path()) / "old";
    move(state_->file, old, ++state_->savings);  // names in order, where files are younger than the clock's step
    keepNewest(old, kSavedKept);
}

std::vector<RecoveredEdits> findRecovered(const fs::path& project) {
    std::vector<RecoveredEdits> found;
    for (const fs::path& file : filesOf(recoveryFolder(project))) {
        if (FileLock::isHeld(lockOf(file))) continue;
        try {
            found.push_back(recoveredFrom(file));
        } catch (const Exception&) {
            continue;  // damaged, or taken by another process just now
        }
    }
    std::sort(found.begin(), found.end(), [](const RecoveredEdits& a, const RecoveredEdits& b) {
        return std::tuple(a.written, timeOf(a.file), a.file) > std::tuple(b.written, timeOf(b.file), b.file);
    });
    return found;
}

void putAside(const RecoveredEdits& recovered) {
    std::error_code ignored;
    if (fs::exists(recovered.file)) move(recovered.file, recovered.file.parent_path() / "recovered", 1);
    fs::remove(lockOf(recovered.file), ignored);
}

}  // namespace vitrine::project
