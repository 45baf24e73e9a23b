// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.h"

namespace vitrine {
namespace fs = std::filesystem;
namespace {

class FileDescriptor {
  public:
    FileDescriptor(const fs::path& path, int flags, mode_t mode = 0) : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
        if (fd_ < 0) fail(ErrorCode::ioFailure, std::string("cannot be opened: ") + std::strerror(errno), path.string());
    }
    ~FileDescriptor() { ::close(fd_); }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

void writeAll(int file, std::string_view content, const fs::path& path) {
    while (!content.empty()) {
        const ssize_t written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
            fail(ErrorCode::ioFailure, std::string("writing failed: ") + std::strerror(errno), path.string(),
                 "free some disk space or choose another folder");
        content.remove_prefix(static_cast<std::size_t>(written));
    }
}

void writeSynced(const fs::path& path, std::span<const std::string_view> parts) {
    const FileDescriptor file(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    for (const std::string_view part : parts) writeAll(file.get(), part, path);
    if (::fsync(file.get()) != 0)
        fail(ErrorCode::ioFailure, std::string("flushing failed: ") + std::strerror(errno), path.string());
}

}  // namespace

void syncFolder(const fs::path& folder) {
    const FileDescriptor handle(folder.empty() ? fs::path(".") : folder, O_RDONLY | O_DIRECTORY);
    // Some file systems cannot sync a folder; they then give no stronger promise to anybody.
    if (::fsync(handle.get()) != 0 && errno != EINVAL)
        fail(ErrorCode::ioFailure, std::string("flushing failed: ") + std::strerror(errno), folder.string());
}

void writeFileAtomically(const fs::path& path, std::string_view content) {
    writeFileAtomically(path, std::span<const std::string_view>(&content, 1));
}

void writeFileAtomically(const fs::path& path, std::span<const std::string_view> parts) {
    static std::atomic<unsigned> serial{0};
    fs::path temporary = path;
    temporary += ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(serial++);
    try {
        writeSynced(temporary, parts);
        fs::rename(temporary, path);
    } catch (const fs::filesystem_error& error) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        fail(ErrorCode::ioFailure, "cannot be replaced: " + error.code().message(), path.string());
    } catch (const Exception&) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        throw;
    }
    syncFolder(path.parent_path());
}

std::string readTextFile(const fs::path& path, std::size_t limit) {
    if (fs::is_directory(path)) fail(ErrorCode::badFormat, "is a folder, not a file", path.string());
    std::ifstream file(path, std::ios::binary);
    if (!file) fail(ErrorCode::notFound, "cannot be opened for reading", path.string());
    std::string text;
    char buffer[1 << 16];
    while (file.read(buffer, sizeof buffer), file.gcount() > 0) {
        text.append(buffer, static_cast<std::size_t>(file.gcount()));
        if (text.size() > limit)
            fail(ErrorCode::tooLarge, "is larger than " + std::to_string(limit) + " bytes", path.string());
    }
    if (file.bad()) fail(ErrorCode::ioFailure, "reading failed", path.string());
    return text;
}

fs::path pathInside(const fs::path& root, const fs::path& relative) {
    const fs::path normal = relative.lexically_normal();
    if (normal.is_absolute() || (!normal.empty() && *normal.begin() == ".."))
        fail(ErrorCode::badFormat, "the path leaves the folder " + root.string(), relative.string());
    return root / normal;
}

}  // namespace vitrine
