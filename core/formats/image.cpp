// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/image.h"

#include <array>
#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "formats/bytes.h"
#include "formats/image_codecs.h"

namespace vitrine::formats {
namespace {

using ByteSpan = std::span<const std::byte>;

std::string_view textOf(ByteSpan bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

bool startsWith(ByteSpan bytes, std::string_view magic) { return textOf(bytes).substr(0, magic.size()) == magic; }

/// Decodes what has been checked; what OpenCV still refuses is damaged in a way that only the decoder sees.
Image decodeWithOpenCv(std::span<const std::uint8_t> bytes, const std::string& format, const std::string& name) {
    const cv::Mat input(1, static_cast<int>(bytes.size()), CV_8U, const_cast<std::uint8_t*>(bytes.data()));
    cv::Mat bgr;
    try {
        bgr = cv::imdecode(input, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
    } catch (const cv::Exception&) {
        bgr.release();
    }
    if (bgr.empty()) fail(ErrorCode::badFormat, "is no readable " + format + " picture", name);
    Image image{bgr.cols, bgr.rows, std::vector<std::uint8_t>(bgr.total() * 3)};
    cv::Mat rgb(bgr.rows, bgr.cols, CV_8UC3, image.rgb.data());
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    return image;
}

std::span<const std::uint8_t> octets(ByteSpan bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

/// Windows bitmaps: the uncompressed kinds, with all of their rows present.
Image decodeBmp(ByteSpan bytes, const std::string& name) {
    constexpr std::size_t kFileHeader = 14;
    constexpr std::size_t kInfoHeader = 40;
    if (bytes.size() < kFileHeader + kInfoHeader) fail(ErrorCode::badFormat, "the BMP is cut short", name);
    const std::byte* info = bytes.data() + kFileHeader;
    const auto pixelOffset = readLittleEndian<std::uint32_t>(bytes.data() + 10);
    const auto infoSize = readLittleEndian<std::uint32_t>(info);
    const std::int64_t width = readLittleEndian<std::int32_t>(info + 4);
    const std::int64_t height = std::abs(std::int64_t{readLittleEndian<std::int32_t>(info + 8)});  // negative: top-down
    const std::int64_t bits = readLittleEndian<std::uint16_t>(info + 14);
    const auto compression = readLittleEndian<std::uint32_t>(info + 16);
    if (infoSize < kInfoHeader) fail(ErrorCode::unsupported, "is a BMP of an old kind", name, "save it as PNG");
    constexpr std::uint32_t kPlain = 0, kBitFields = 3;
    if (compression != kPlain && compression != kBitFields)
        fail(ErrorCode::unsupported, "is a compressed BMP", name, "save it as PNG");
    requireImageSize(width, height, name);
    constexpr std::size_t kMasks = 12;  // of a bit-field bitmap, behind the header
    const std::uint32_t colours = readLittleEndian<std::uint32_t>(info + 32);
    const std::uint64_t palette = bits > 8 ? 0 : colours == 0 ? std::uint64_t{1} << bits : colours;
    if (kFileHeader + std::uint64_t{infoSize} + kMasks * (compression == kBitFields) + 4 * palette > bytes.size())
        fail(ErrorCode::badFormat, "the BMP is cut short: its colour table is missing", name);
    const std::int64_t rowBytes = (width * bits + 31) / 32 * 4;
    if (pixelOffset > bytes.size() || rowBytes * height > static_cast<std::int64_t>(bytes.size() - pixelOffset))
        fail(ErrorCode::badFormat, "the BMP is cut short: rows are missing", name);
    return decodeWithOpenCv(octets(bytes), "BMP", name);
}

struct Size {
    std::int64_t width = 0;
    std::int64_t height = 0;
};

/// The canvas that a WebP file announces in its first chunk (RFC 9649).
Size webpSize(ByteSpan bytes, const std::string& name) {
    constexpr std::size_t kSmallest = 30;
    if (bytes.size() < kSmallest) fail(ErrorCode::badFormat, "the WebP is cut short", name);
    const std::string_view kind = textOf(bytes).substr(12, 4);
    const std::byte* data = bytes.data() + 20;
    if (kind == "VP8X") {
        const auto dimension = [data](std::size_t at) {
            return std::int64_t{1} +
                   (readLittleEndian<std::uint16_t>(data + at) | static_cast<std::int64_t>(data[at + 2]) << 16);
        };
        return {dimension(4), dimension(7)};
    }
    if (kind == "VP8L") {
        const auto packed = readLittleEndian<std::uint32_t>(data + 1);
        return {1 + (packed & 0x3fff), 1 + (packed >> 14 & 0x3fff)};
    }
    if (kind == "VP8 ")
        return {readLittleEndian<std::uint16_t>(data + 6) & 0x3fff, readLittleEndian<std::uint16_t>(data + 8) & 0x3fff};
    fail(ErrorCode::badFormat, "the WebP does not begin with a picture", name);
}

Image decodeWebp(ByteSpan bytes, const std::string& name) {
    const Size size = webpSize(bytes, name);
    requireImageSize(size.width, size.height, name);
    requireJustified(size.width, size.height, bytes.size(), name);
    if (std::uint64_t{readLittleEndian<std::uint32_t>(bytes.data() + 4)} + 8 > bytes.size())
        fail(ErrorCode::badFormat, "the WebP is cut short", name);
    return decodeWithOpenCv(octets(bytes), "WebP", name);
}

[[noreturn]] void refuse(ByteSpan bytes, const std::string& name) {
    using namespace std::string_view_literals;
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kKnown{{{"GIF8"sv, "GIF"},
                                                                                   {"II*\0"sv, "TIFF"},
                                                                                   {"MM\0*"sv, "TIFF"},
                                                                                   {"\0\0\0\x0cjP  "sv, "JPEG 2000"},
                                                                                   {"%PDF"sv, "PDF"}}};
    if (bytes.empty()) fail(ErrorCode::badFormat, "is an empty file, no picture", name);
    for (const auto& [magic, format] : kKnown)
        if (startsWith(bytes, magic))
            fail(ErrorCode::unsupported, "is a " + std::string(format) + " file", name, "save it as PNG or JPEG");
    fail(ErrorCode::badFormat, "is no picture that Vitrine reads", name, "give a PNG, JPEG, BMP or WebP file");
}

}  // namespace

void requireImageSize(std::int64_t width, std::int64_t height, const std::string& name) {
    const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
    if (width <= 0 || height <= 0) fail(ErrorCode::badFormat, "is no picture: its header says " + size, name);
    if (width > kMaximumPixels || height > kMaximumPixels / width)
        fail(ErrorCode::tooLarge, "claims " + size + ", more than the limit of " + std::to_string(kMaximumPixels), name,
             "scale the picture down");
}

void requireJustified(std::int64_t width, std::int64_t height, std::size_t fileBytes, const std::string& name) {
    constexpr std::int64_t kMaximumRatio = 2048;
    constexpr std::int64_t kAlwaysAllowed = std::int64_t{16} << 20;
    const std::int64_t decoded = width * height * 3;
    if (decoded > kAlwaysAllowed && decoded / kMaximumRatio > static_cast<std::int64_t>(fileBytes))
        fail(ErrorCode::tooLarge,
             "claims " + std::to_string(width) + " x " + std::to_string(height) + " pixels, which its " +
                 std::to_string(fileBytes) + " bytes cannot hold",
             name);
}

Image decodeImage(ByteSpan bytes, const std::string& name) {
    if (bytes.size() > kMaximumImageFile)
        fail(ErrorCode::tooLarge, "is larger than " + std::to_string(kMaximumImageFile) + " bytes", name);
    if (startsWith(bytes, "\xff\xd8\xff")) return decodeJpeg(bytes, name);
    if (startsWith(bytes, "\x89PNG\r\n\x1a\n")) return decodeWithOpenCv(checkedPng(bytes, name), "PNG", name);
    if (startsWith(bytes, "BM")) return decodeBmp(bytes, name);
    if (startsWith(bytes, "RIFF") && textOf(bytes).substr(8 < bytes.size() ? 8 : bytes.size(), 4) == "WEBP")
        return decodeWebp(bytes, name);
    refuse(bytes, name);
}

Image readImage(const std::filesystem::path& path) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) fail(ErrorCode::notFound, "there is no such picture", path.string());
    if (!std::filesystem::is_regular_file(status))
        fail(ErrorCode::badFormat, "is a folder or device, no picture", path.string());
    const std::string content = readTextFile(path, kMaximumImageFile);
    return decodeImage(std::as_bytes(std::span(content)), path.string());
}

std::vector<std::uint8_t> encodePng(const Image& image) {
    if (image.width <= 0 || image.height <= 0 ||
        image.rgb.size() != static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3)
        fail(ErrorCode::invalidArgument, "a picture of " + std::to_string(image.width) + " x " +
                                             std::to_string(image.height) + " pixels with " +
                                             std::to_string(image.rgb.size()) + " bytes cannot be written");
    const cv::Mat rgb(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.rgb.data()));
    cv::Mat bgr;
    cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    std::vector<std::uint8_t> png;
    if (!cv::imencode(".png", bgr, png)) fail(ErrorCode::internal, "the picture cannot be encoded as PNG");
    return png;
}

void writePng(const std::filesystem::path& path, const Image& image) {
    const std::vector<std::uint8_t> png = encodePng(image);
    writeFileAtomically(path, {reinterpret_cast<const char*>(png.data()), png.size()});
}

}  // namespace vitrine::formats
