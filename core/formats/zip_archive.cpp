// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/zip_archive.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "base/error.h"

namespace vitrine::formats {
namespace {

// Layouts from the .ZIP File Format Specification (APPNOTE), sections 4.3.7 to 4.3.16.
constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kCentralSignature = 0x02014b50;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kLocator64Signature = 0x07064b50;
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kCentralSize = 46;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kEnd64Size = 56;
constexpr std::size_t kLocator64Size = 20;
constexpr std::size_t kLongestComment = 0xffff;
constexpr std::uint32_t kSeeZip64 = 0xffffffff;
constexpr std::uint16_t kZip64Extra = 1;
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;
constexpr std::uint16_t kEncryptedFlag = 1;

struct Directory {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t count = 0;
};

/// Reads the records of one archive; every offset is checked against the file before it is used.
class DirectoryReader {
  public:
    DirectoryReader(const Bytes& file, const std::string& where) : file_(file), where_(where) {}

    std::vector<ZipEntry> entries() const {
        const Directory directory = locate();
        std::vector<ZipEntry> result;
        std::uint64_t position = directory.offset;
        const std::uint64_t end = directory.offset + directory.size;
        for (std::uint64_t i = 0; i < directory.count; ++i) {
            if (end - position < kCentralSize) damaged("its directory ends too early");
            position = readCentral(position, end, result);
            placeData(result.back(), directory.offset);
        }
        return result;
    }

  private:
    [[noreturn]] void damaged(const std::string& what) const {
        fail(ErrorCode::badFormat, "is a damaged zip archive: " + what, where_, "copy or download the file again");
    }

    template <typename T>
    T at(std::uint64_t offset) const {
        return readLittleEndian<T>(file_.data.get() + offset);
    }

    /// Whether `count` bytes from `offset` lie before `end`, without overflow.
    static bool fits(std::uint64_t offset, std::uint64_t count, std::uint64_t end) {
        return offset <= end && count <= end - offset;
    }

    Directory locate() const {
        const std::uint64_t end = findEnd();
        Directory directory{at<std::uint32_t>(end + 16), at<std::uint32_t>(end + 12), at<std::uint16_t>(end + 10)};
        if (at<std::uint16_t>(end + 4) != 0)
            fail(ErrorCode::unsupported, "is one part of a zip archive in several files", where_,
                 "join the parts first");
        std::uint64_t limit = end;
        if (end >= kLocator64Size && at<std::uint32_t>(end - kLocator64Size) == kLocator64Signature) {
            const auto record = at<std::uint64_t>(end - kLocator64Size + 8);
            if (!fits(record, kEnd64Size, end - kLocator64Size) || at<std::uint32_t>(record) != kEnd64Signature)
                damaged("its zip64 record is missing");
            directory = {at<std::uint64_t>(record + 48), at<std::uint64_t>(record + 40),
                         at<std::uint64_t>(record + 32)};
            limit = record;
        }
        if (!fits(directory.offset, directory.size, limit)) damaged("its directory lies outside the file");
        if (directory.count > directory.size / kCentralSize)
            damaged("it claims more entries than its directory can hold");
        return directory;
    }

    /// The end record: the last one whose comment reaches exactly to the end of the file.
    std::uint64_t findEnd() const {
        if (file_.size >= kEndSize) {
            const std::uint64_t last = file_.size - kEndSize;
            const std::uint64_t first = last - std::min<std::uint64_t>(last, kLongestComment);
            for (std::uint64_t position = last + 1; position-- > first;)
                if (at<std::uint32_t>(position) == kEndSignature && at<std::uint16_t>(position + 20) == last - position)
                    return position;
        }
        damaged("it has no directory, so it is probably cut short");
    }

    /// Appends the entry at `position` and returns the position after it.
    std::uint64_t readCentral(std::uint64_t position, std::uint64_t end, std::vector<ZipEntry>& entries) const {
        if (at<std::uint32_t>(position) != kCentralSignature) damaged("its directory is corrupt");
        const auto flags = at<std::uint16_t>(position + 8);
        const auto method = at<std::uint16_t>(position + 10);
        const auto nameSize = at<std::uint16_t>(position + 28);
        const auto extraSize = at<std::uint16_t>(position + 30);
        const auto commentSize = at<std::uint16_t>(position + 32);
        const std::uint64_t total = kCentralSize + nameSize + extraSize + commentSize;
        if (total > end - position) damaged("its directory ends too early");
        ZipEntry entry;
        entry.name = file_.text().substr(position + kCentralSize, nameSize);
        if ((flags & kEncryptedFlag) != 0)
            fail(ErrorCode::unsupported, "entry " + inQuotes(entry.name) + " is encrypted", where_,
                 "decrypt the archive first");
        if (method != kStored && method != kDeflated)
            fail(ErrorCode::unsupported,
                 "entry " + inQuotes(entry.name) + " uses compression method " + std::to_string(method), where_,
                 "pack the archive again without compression");
        entry.deflated = method == kDeflated;
        entry.checksum = at<std::uint32_t>(position + 16);
        entry.storedSize = at<std::uint32_t>(position + 20);
        entry.size = at<std::uint32_t>(position + 24);
        entry.headerOffset = at<std::uint32_t>(position + 42);
        readZip64Extra(position + kCentralSize + nameSize, extraSize, entry);
        if (!entry.deflated && entry.size != entry.storedSize)
            damaged("entry " + inQuotes(entry.name) + " is stored but claims two sizes");
        entries.push_back(std::move(entry));
        return position + total;
    }

    /// The 64-bit values of those fields that say "see there", in this order.
    void readZip64Extra(std::uint64_t position, std::uint64_t size, ZipEntry& entry) const {
        std::vector<std::uint64_t*> wanted;
        for (std::uint64_t* field : {&entry.size, &entry.storedSize, &entry.headerOffset})
            if (*field == kSeeZip64) wanted.push_back(field);
        const std::uint64_t end = position + size;
        while (!wanted.empty() && end - position >= 4) {
            const auto id = at<std::uint16_t>(position);
            const auto length = at<std::uint16_t>(position + 2);
            position += 4;
            if (length > end - position) break;
            if (id == kZip64Extra) {
                if (length < wanted.size() * 8) break;
                for (std::size_t i = 0; i < wanted.size(); ++i) *wanted[i] = at<std::uint64_t>(position + 8 * i);
                return;
            }
            position += length;
        }
        if (!wanted.empty()) damaged("entry " + inQuotes(entry.name) + " lacks its zip64 sizes");
    }

    void placeData(ZipEntry& entry, std::uint64_t limit) const {
        const std::string name = "entry " + inQuotes(entry.name);
        if (!fits(entry.headerOffset, kLocalSize, limit) || at<std::uint32_t>(entry.headerOffset) != kLocalSignature)
            damaged(name + " lies outside the file");
        const auto nameSize = at<std::uint16_t>(entry.headerOffset + 26);
        const auto extraSize = at<std::uint16_t>(entry.headerOffset + 28);
        const std::uint64_t nameOffset = entry.headerOffset + kLocalSize;
        if (!fits(nameOffset, std::uint64_t{nameSize} + extraSize, limit)) damaged(name + " lies outside the file");
        if (file_.text().substr(nameOffset, nameSize) != entry.name)
            damaged(name + " has another name in its local header");
        entry.dataOffset = nameOffset + nameSize + extraSize;
        if (!fits(entry.dataOffset, entry.storedSize, limit))
            damaged(name + " claims " + std::to_string(entry.storedSize) + " bytes, which the file does not have");
    }

    const Bytes& file_;
    const std::string& where_;
};

void checkOverlap(std::vector<ZipEntry>& entries, const std::string& where) {
    std::sort(entries.begin(), entries.end(),
              [](const ZipEntry& a, const ZipEntry& b) { return a.headerOffset < b.headerOffset; });
    for (std::size_t i = 1; i < entries.size(); ++i)
        if (entries[i].headerOffset < entries[i - 1].dataOffset + entries[i - 1].storedSize)
            fail(ErrorCode::badFormat,
                 "is a damaged zip archive: entries " + inQuotes(entries[i - 1].name) + " and " +
                     inQuotes(entries[i].name) + " overlap",
                 where);
}

/// Whether deflate at `source` gives exactly the bytes that `target` has room for.
bool inflateExactly(std::span<const std::byte> source, std::span<std::byte> target) {
    z_stream stream = {};
    if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK) fail(ErrorCode::internal, "zlib cannot be started");
    int state = Z_OK;
    std::byte beyond{};  // room for one byte more, to notice content that is longer than claimed
    while (state == Z_OK) {
        // zlib counts in 32 bits: feed and drain in pieces.
        const std::size_t piece = std::numeric_limits<uInt>::max();
        const bool full = target.empty();
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(source.data()));
        stream.avail_in = static_cast<uInt>(std::min(source.size(), piece));
        stream.next_out = reinterpret_cast<Bytef*>(full ? &beyond : target.data());
        stream.avail_out = full ? 1 : static_cast<uInt>(std::min(target.size(), piece));
        const uInt given = stream.avail_in;
        const uInt room = stream.avail_out;
        state = ::inflate(&stream, Z_NO_FLUSH);
        source = source.subspan(given - stream.avail_in);
        const std::size_t produced = room - stream.avail_out;
        if (full && produced > 0) state = Z_DATA_ERROR;
        if (!full) target = target.subspan(produced);
    }
    ::inflateEnd(&stream);
    return state == Z_STREAM_END && target.empty() && source.empty();
}

}  // namespace

ZipArchive::ZipArchive(Bytes file, std::string where) : file_(std::move(file)), where_(std::move(where)) {
    std::vector<ZipEntry> entries = DirectoryReader(file_, where_).entries();
    checkOverlap(entries, where_);
    for (ZipEntry& entry : entries) {
        const std::string name = entry.name;
        if (!entries_.emplace(name, std::move(entry)).second)
            fail(ErrorCode::badFormat, "is a damaged zip archive: entry " + inQuotes(name) + " occurs twice", where_);
    }
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? nullptr : &found->second;
}

Bytes ZipArchive::content(const ZipEntry& entry, MemoryBudget& budget) const {
    const Bytes stored = file_.part(entry.dataOffset, entry.storedSize);
    if (!entry.deflated) return stored;
    budget.take(entry.size, "unpacking entry " + inQuotes(entry.name));
    const std::shared_ptr<std::byte[]> memory(new std::byte[entry.size]);
    if (!inflateExactly(stored.view(), {memory.get(), entry.size}))
        fail(ErrorCode::badFormat, "the compressed content of entry " + inQuotes(entry.name) + " is damaged", where_,
             "copy or download the file again");
    return {std::shared_ptr<const std::byte>(memory, memory.get()), entry.size};
}

std::uint32_t crc32Of(std::span<const std::byte> bytes) {
    return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace vitrine::formats
