// SPDX-License-Identifier: GPL-3.0-or-later
// The format is described at the end of http://yann.lecun.com/exdb/mnist.
#include "formats/idx.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "formats/mapped_file.h"

namespace vitrine::formats {
namespace {

using ByteSpan = std::span<const std::byte>;

constexpr std::int64_t kMaximumDeflateRatio = 1032;  // what the deflate format can reach
constexpr int kMaximumRank = 8;

/// The content of a file in order, decompressed on the way when it is compressed.
class Source {
  public:
    virtual ~Source() = default;
    /// Fills `target` as far as there is content; returns how many bytes that was.
    virtual std::size_t read(std::span<std::uint8_t> target) = 0;
    /// Whether the end of the content has been seen.
    virtual bool ended() const = 0;
    /// The most bytes that the whole content can have.
    virtual std::int64_t capacity() const = 0;
};

class PlainSource : public Source {
  public:
    explicit PlainSource(ByteSpan bytes) : rest_(bytes), capacity_(static_cast<std::int64_t>(bytes.size())) {}

    std::size_t read(std::span<std::uint8_t> target) override {
        const std::size_t count = std::min(target.size(), rest_.size());
        if (count > 0) std::memcpy(target.data(), rest_.data(), count);
        rest_ = rest_.subspan(count);
        return count;
    }
    bool ended() const override { return rest_.empty(); }
    std::int64_t capacity() const override { return capacity_; }

  private:
    ByteSpan rest_;
    std::int64_t capacity_;
};

class GzipSource : public Source {
  public:
    GzipSource(ByteSpan bytes, const std::string& name)
        : rest_(bytes), capacity_(static_cast<std::int64_t>(bytes.size()) * kMaximumDeflateRatio), name_(name) {
        constexpr int kGzipOnly = 16 + MAX_WBITS;
        if (inflateInit2(&stream_, kGzipOnly) != Z_OK) fail(ErrorCode::internal, "zlib cannot be started", name);
    }
    ~GzipSource() override { inflateEnd(&stream_); }
    GzipSource(const GzipSource&) = delete;
    GzipSource& operator=(const GzipSource&) = delete;

    std::size_t read(std::span<std::uint8_t> target) override {
        std::size_t count = 0;
        while (!ended_ && count < target.size()) {
            // zlib counts in 32 bits, so both sides go in portions.
            constexpr std::size_t kPortion = std::size_t{1} << 30;
            const std::size_t input = std::min(rest_.size(), kPortion);
            const std::size_t output = std::min(target.size() - count, kPortion);
            stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(rest_.data()));
            stream_.avail_in = static_cast<uInt>(input);
            stream_.next_out = target.data() + count;
            stream_.avail_out = static_cast<uInt>(output);
            const int result = inflate(&stream_, Z_NO_FLUSH);
            if (result == Z_BUF_ERROR) break;  // nothing left to read
            if (result != Z_OK && result != Z_STREAM_END)
                fail(ErrorCode::badFormat,
                     std::string("the gzip file is damaged: ") + (stream_.msg ? stream_.msg : "bad data"), name_);
            rest_ = rest_.subspan(input - stream_.avail_in);
            count += output - stream_.avail_out;
            ended_ = result == Z_STREAM_END;
        }
        return count;
    }
    bool ended() const override { return ended_; }
    std::int64_t capacity() const override { return capacity_; }

  private:
    ByteSpan rest_;
    std::int64_t capacity_;
    const std::string& name_;
    z_stream stream_{};
    bool ended_ = false;
};

template <std::size_t kCount>
std::array<std::uint8_t, kCount> readExactly(Source& source, const std::string& name) {
    std::array<std::uint8_t, kCount> bytes{};
    if (source.read(bytes) != kCount) fail(ErrorCode::badFormat, "the idx header is cut short", name);
    return bytes;
}

Shape readShape(Source& source, const std::string& name) {
    constexpr std::uint8_t kUnsignedByte = 0x08;
    const auto magic = readExactly<4>(source, name);
    if (magic[0] != 0 || magic[1] != 0)
        fail(ErrorCode::badFormat, "is no idx file: it does not begin with two zero bytes", name);
    if (magic[2] != kUnsignedByte)
        fail(ErrorCode::unsupported,
             "holds elements of type " + std::to_string(magic[2]) + "; only unsigned bytes (8) are read", name);
    const int rank = magic[3];
    if (rank < 1 || rank > kMaximumRank)
        fail(ErrorCode::badFormat,
             "has " + std::to_string(rank) + " dimensions instead of 1 to " + std::to_string(kMaximumRank), name);
    Shape shape;
    for (int i = 0; i < rank; ++i) {
        const auto size = readExactly<4>(source, name);
        shape.push_back(std::int64_t{size[0]} << 24 | std::int64_t{size[1]} << 16 | std::int64_t{size[2]} << 8 |
                        size[3]);
    }
    return shape;
}

HostTensor readTensor(Source& source, const std::string& name) {
    HostTensor tensor;
    tensor.dtype = DType::u8;
    tensor.shape = readShape(source, name);
    const std::int64_t count = elementCount(tensor.shape);
    if (count > std::min(kMaximumIdxBytes, source.capacity()))
        fail(ErrorCode::tooLarge,
             "claims an array of " + shapeText(tensor.shape) + " bytes, more than the file can hold", name);
    const auto size = static_cast<std::size_t>(count);
    std::shared_ptr<std::uint8_t[]> data(new std::uint8_t[size]);
    const std::size_t present = source.read({data.get(), size});
    if (present != size)
        fail(ErrorCode::badFormat,
             "is cut short: " + std::to_string(present) + " of " + std::to_string(size) + " bytes are there", name);
    std::array<std::uint8_t, 1> beyond{};
    if (source.read(beyond) != 0)
        fail(ErrorCode::badFormat, "goes on after its array of " + shapeText(tensor.shape) + " bytes", name);
    if (!source.ended()) fail(ErrorCode::badFormat, "is cut short: the end of the gzip file is missing", name);
    tensor.bytes = std::shared_ptr<const std::byte>(data, reinterpret_cast<const std::byte*>(data.get()));
    tensor.byteCount = size;
    return tensor;
}

bool isGzip(ByteSpan bytes) { return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b}; }

}  // namespace

HostTensor parseIdx(ByteSpan bytes, const std::string& name) {
    if (isGzip(bytes)) {
        GzipSource source(bytes, name);
        return readTensor(source, name);
    }
    PlainSource source(bytes);
    return readTensor(source, name);
}

HostTensor readIdx(const std::filesystem::path& path) {
    const Bytes file = mapFile(path);
    return parseIdx(file.view(), path.string());
}

}  // namespace vitrine::formats
