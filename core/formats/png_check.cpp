// SPDX-License-Identifier: GPL-3.0-or-later
// After the PNG specification (ISO/IEC 15948).
#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "formats/image_codecs.h"

namespace vitrine::formats {
namespace {

constexpr std::size_t kSignatureSize = 8;
constexpr std::size_t kChunkFrame = 12;              // length, type and checksum around the data
constexpr std::int64_t kMaximumDeflateRatio = 1032;  // what the deflate format can reach

using ByteSpan = std::span<const std::byte>;

std::uint32_t bigEndian(ByteSpan bytes, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint32_t>(bytes[offset + i]);
    return value;
}

struct Chunk {
    std::string_view type;
    ByteSpan data;
    bool checksumHolds = false;
    bool critical() const { return (type[0] & 0x20) == 0; }
};

/// Chunk by chunk through a file.
class ChunkReader {
  public:
    ChunkReader(ByteSpan bytes, const std::string& name) : rest_(bytes.subspan(kSignatureSize)), name_(name) {}

    Chunk next() {
        if (rest_.size() < kChunkFrame) fail(ErrorCode::badFormat, "the PNG is cut short: its end is missing", name_);
        const std::size_t length = bigEndian(rest_, 0);
        if (length > rest_.size() - kChunkFrame)
            fail(ErrorCode::badFormat,
                 "the PNG is cut short: a chunk of " + std::to_string(length) + " bytes has only " +
                     std::to_string(rest_.size() - kChunkFrame) + " left",
                 name_);
        Chunk chunk;
        chunk.type = {reinterpret_cast<const char*>(rest_.data()) + 4, 4};
        chunk.data = rest_.subspan(8, length);
        const auto* checked = reinterpret_cast<const Bytef*>(rest_.data()) + 4;
        chunk.checksumHolds = crc32(0, checked, static_cast<uInt>(length + 4)) == bigEndian(rest_, 8 + length);
        rest_ = rest_.subspan(kChunkFrame + length);
        return chunk;
    }

  private:
    ByteSpan rest_;
    const std::string& name_;
};

struct Header {
    std::int64_t width = 0;
    std::int64_t height = 0;
    int depth = 0;
    int colourType = 0;
    bool interlaced = false;

    bool hasPalette() const { return colourType == 3; }
    int bitsPerPixel() const {
        constexpr std::array<int, 7> kChannels{1, 0, 3, 1, 2, 0, 4};
        return depth * kChannels[static_cast<std::size_t>(colourType)];
    }
};

bool legalDepth(int colourType, int depth) {
    switch (colourType) {
        case 0:
            return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
        case 3:
            return depth == 1 || depth == 2 || depth == 4 || depth == 8;
        case 2:
        case 4:
        case 6:
            return depth == 8 || depth == 16;
        default:
            return false;
    }
}

Header readHeader(const Chunk& chunk, const std::string& name) {
    if (chunk.type != "IHDR" || chunk.data.size() != 13)
        fail(ErrorCode::badFormat, "the PNG does not begin with its header", name);
    Header header;
    header.width = bigEndian(chunk.data, 0);
    header.height = bigEndian(chunk.data, 4);
    header.depth = static_cast<int>(chunk.data[8]);
    header.colourType = static_cast<int>(chunk.data[9]);
    requireImageSize(header.width, header.height, name);
    const auto interlace = static_cast<int>(chunk.data[12]);
    const bool knownMethods =
        static_cast<int>(chunk.data[10]) == 0 && static_cast<int>(chunk.data[11]) == 0 && interlace <= 1;
    if (!legalDepth(header.colourType, header.depth) || !knownMethods)
        fail(ErrorCode::badFormat,
             "the PNG header asks for colour type " + std::to_string(header.colourType) + " with " +
                 std::to_string(header.depth) + " bits, or for unknown methods",
             name);
    header.interlaced = interlace == 1;
    return header;
}

struct Pass {
    std::int64_t rows = 0;
    std::int64_t rowBytes = 0;  ///< with the filter byte in front
};

/// The sub-pictures in which the rows are stored: one, or seven when interlaced.
std::vector<Pass> passesOf(const Header& header) {
    struct Step {
        int left, top, right, down;
    };
    constexpr std::array<Step, 7> kInterlaced{
        {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}};
    constexpr std::array<Step, 1> kPlain{{{0, 0, 1, 1}}};
    const std::span<const Step> steps =
        header.interlaced ? std::span<const Step>(kInterlaced) : std::span<const Step>(kPlain);
    std::vector<Pass> passes;
    for (const Step& step : steps) {
        const std::int64_t columns = (header.width - step.left + step.right - 1) / step.right;
        const std::int64_t rows = (header.height - step.top + step.down - 1) / step.down;
        if (columns > 0 && rows > 0) passes.push_back({rows, 1 + (columns * header.bitsPerPixel() + 7) / 8});
    }
    return passes;
}

/// Follows the decompressed bytes and checks the filter byte at the start of each row.
class RowChecker {
  public:
    RowChecker(std::vector<Pass> passes, const std::string& name) : passes_(std::move(passes)), name_(name) {
        for (const Pass& pass : passes_) expected_ += pass.rows * pass.rowBytes;
    }

    std::int64_t expected() const { return expected_; }
    bool complete() const { return pass_ == passes_.size(); }

    void take(std::span<const std::uint8_t> bytes) {
        while (!bytes.empty()) {
            if (complete()) fail(ErrorCode::badFormat, "the PNG holds more data than its picture needs", name_);
            if (column_ == 0 && bytes[0] > 4)
                fail(ErrorCode::badFormat,
                     "the PNG is damaged: row filter " + std::to_string(bytes[0]) + " does not exist", name_);
            const std::int64_t step =
                std::min<std::int64_t>(static_cast<std::int64_t>(bytes.size()), passes_[pass_].rowBytes - column_);
            bytes = bytes.subspan(static_cast<std::size_t>(step));
            advance(step);
        }
    }

  private:
    void advance(std::int64_t step) {
        column_ += step;
        if (column_ < passes_[pass_].rowBytes) return;
        column_ = 0;
        if (++row_ < passes_[pass_].rows) return;
        row_ = 0;
        ++pass_;
    }

    std::vector<Pass> passes_;
    const std::string& name_;
    std::int64_t expected_ = 0;
    std::size_t pass_ = 0;
    std::int64_t row_ = 0;
    std::int64_t column_ = 0;
};

/// Decompresses the picture data into nothing, in constant memory.
class DataChecker {
  public:
    DataChecker(const Header& header, const std::string& name) : rows_(passesOf(header), name), name_(name) {
        if (inflateInit(&stream_) != Z_OK) fail(ErrorCode::internal, "zlib cannot be started", name);
    }
    ~DataChecker() { inflateEnd(&stream_); }
    DataChecker(const DataChecker&) = delete;
    DataChecker& operator=(const DataChecker&) = delete;

    void take(ByteSpan data) {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(data.data()));
        stream_.avail_in = static_cast<uInt>(data.size());
        while (!ended_ && stream_.avail_in > 0) {
            stream_.next_out = buffer_.data();
            stream_.avail_out = static_cast<uInt>(buffer_.size());
            const int result = inflate(&stream_, Z_NO_FLUSH);
            if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
                fail(ErrorCode::badFormat,
                     std::string("the PNG is damaged: ") + (stream_.msg ? stream_.msg : "bad compressed data"), name_);
            rows_.take({buffer_.data(), buffer_.size() - stream_.avail_out});
            ended_ = result == Z_STREAM_END;
        }
    }

    void finish(std::size_t compressedSize) const {
        if (rows_.complete() && ended_) return;
        fail(ErrorCode::badFormat,
             "the PNG is cut short: " + std::to_string(compressedSize) +
                 " bytes of picture data are not the whole picture",
             name_);
    }

    std::int64_t expected() const { return rows_.expected(); }

  private:
    RowChecker rows_;
    const std::string& name_;
    z_stream stream_{};
    std::array<std::uint8_t, 1 << 15> buffer_;
    bool ended_ = false;
};

void appendBigEndian(std::vector<std::uint8_t>& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void appendChunk(std::vector<std::uint8_t>& out, std::string_view type, std::span<const std::uint8_t> data) {
    appendBigEndian(out, static_cast<std::uint32_t>(data.size()));
    const std::size_t start = out.size();
    out.insert(out.end(), type.begin(), type.end());
    out.insert(out.end(), data.begin(), data.end());
    appendBigEndian(out,
                    static_cast<std::uint32_t>(crc32(0, out.data() + start, static_cast<uInt>(out.size() - start))));
}

std::span<const std::uint8_t> octets(ByteSpan bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

/// Exactly as many colours as the bit depth can name; those that the file lacks are black.
std::vector<std::uint8_t> fullPalette(const Header& header, ByteSpan palette, const std::string& name) {
    if (palette.empty() || palette.size() % 3 != 0)
        fail(ErrorCode::badFormat, "the PNG is damaged: its palette is missing or broken", name);
    std::vector<std::uint8_t> full(octets(palette).begin(), octets(palette).end());
    full.resize(std::size_t{3} << header.depth);
    return full;
}

}  // namespace

std::vector<std::uint8_t> checkedPng(ByteSpan bytes, const std::string& name) {
    ChunkReader reader(bytes, name);
    const Chunk first = reader.next();
    const Header header = readHeader(first, name);
    ByteSpan palette;
    std::vector<ByteSpan> pictureData;
    std::size_t compressedSize = 0;
    bool checksumsHold = first.checksumHolds;
    for (Chunk chunk = reader.next(); chunk.type != "IEND"; chunk = reader.next()) {
        if (!chunk.critical()) continue;
        checksumsHold = checksumsHold && chunk.checksumHolds;
        if (chunk.type == "PLTE") {
            palette = chunk.data;
        } else if (chunk.type == "IDAT") {
            pictureData.push_back(chunk.data);
            compressedSize += chunk.data.size();
        } else {
            fail(ErrorCode::badFormat, "the PNG is damaged: it holds an unknown chunk that its picture needs", name);
        }
    }
    if (!checksumsHold) fail(ErrorCode::badFormat, "the PNG is damaged: a checksum does not match", name);
    DataChecker checker(header, name);
    if (checker.expected() / kMaximumDeflateRatio > static_cast<std::int64_t>(compressedSize))
        fail(ErrorCode::tooLarge,
             "the PNG claims " + std::to_string(header.width) + " x " + std::to_string(header.height) +
                 " pixels, which its " + std::to_string(compressedSize) + " bytes of data cannot hold",
             name);
    for (const ByteSpan& part : pictureData) checker.take(part);
    checker.finish(compressedSize);

    std::vector<std::uint8_t> out(octets(bytes).begin(), octets(bytes).begin() + kSignatureSize);
    appendChunk(out, "IHDR", octets(first.data));
    if (header.hasPalette()) appendChunk(out, "PLTE", fullPalette(header, palette, name));
    for (const ByteSpan& part : pictureData) appendChunk(out, "IDAT", octets(part));
    appendChunk(out, "IEND", {});
    return out;
}

}  // namespace vitrine::formats
