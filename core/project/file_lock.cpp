// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/file_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"

namespace vitrine::project {
namespace {

// Locks of an open file description: they work between processes and between two openings in one process, and the system
// can be asked about them without taking them.
struct flock wholeFile() {
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    return range;
}

int lock(int file, int command) {
    struct flock range = wholeFile();
    int result = 0;
    do result = ::fcntl(file, command, &range);
    while (result != 0 && errno == EINTR);
    return result;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path, Wait wait) : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    if (file_ < 0) fail(ErrorCode::ioFailure, std::string("cannot be opened: ") + std::strerror(errno), path.string());
    if (lock(file_, wait == Wait::yes ? F_OFD_SETLKW : F_OFD_SETLK) == 0) return;
    const int reason = errno;
    ::close(file_);
    if (reason == EAGAIN || reason == EACCES)
        fail(ErrorCode::invalidArgument, "is in use by another process", path.string(), "wait until that one has ended");
    fail(ErrorCode::ioFailure, std::string("cannot be locked: ") + std::strerror(reason), path.string());
}

FileLock::~FileLock() {
    if (file_ >= 0) ::close(file_);
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

bool FileLock::isHeld(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    struct flock range = wholeFile();
    const bool held = ::fcntl(file, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
    ::close(file);
    return held;
}

}  // namespace vitrine::project
