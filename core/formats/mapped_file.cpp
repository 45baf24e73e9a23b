// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace vitrine::formats {
namespace {

class OpenFile {
  public:
    // O_NONBLOCK: opening a pipe must not wait for its other end.
    explicit OpenFile(const std::filesystem::path& path)
        : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
        if (fd_ < 0)
            fail(errno == ENOENT || errno == ENOTDIR ? ErrorCode::notFound : ErrorCode::ioFailure,
                 std::string("cannot be opened: ") + std::strerror(errno), path.string());
    }
    ~OpenFile() { ::close(fd_); }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

}  // namespace

Bytes mapFile(const std::filesystem::path& path) {
    const OpenFile file(path);
    struct stat status = {};
    if (::fstat(file.get(), &status) != 0)
        fail(ErrorCode::ioFailure, std::string("cannot be examined: ") + std::strerror(errno), path.string());
    if (S_ISDIR(status.st_mode)) fail(ErrorCode::badFormat, "is a folder, not a file", path.string());
    if (!S_ISREG(status.st_mode)) fail(ErrorCode::badFormat, "is not an ordinary file", path.string());
    if (status.st_size == 0) return {};  // an empty file cannot be mapped
    const auto size = static_cast<std::size_t>(status.st_size);
    void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (memory == MAP_FAILED)
        fail(ErrorCode::ioFailure, std::string("cannot be mapped into memory: ") + std::strerror(errno), path.string());
    const auto unmap = [size](const std::byte* bytes) { ::munmap(const_cast<std::byte*>(bytes), size); };
    return {std::shared_ptr<const std::byte>(static_cast<const std::byte*>(memory), unmap), size};
}

}  // namespace vitrine::formats
