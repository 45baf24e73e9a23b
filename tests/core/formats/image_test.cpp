// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/image.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "base/error.h"
#include "base/files.h"
#include "support/reference_data.h"
#include "support/temporary_folder.h"

namespace vitrine::formats {
namespace {

using Octets = std::vector<std::uint8_t>;

Image gradient(int width, int height) {
    Image image{width, height, {}};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (const int value : {8 * x, 10 * y, 4 * (x + y)}) image.rgb.push_back(static_cast<std::uint8_t>(value));
    return image;
}

Image decode(const Octets& bytes) { return decodeImage(std::as_bytes(std::span(bytes)), "test"); }

ErrorCode refusal(const Octets& bytes) {
    try {
        decode(bytes);
    } catch (const Exception& error) {
        EXPECT_EQ(error.error().where, "test");
        return error.error().code;
    }
    ADD_FAILURE() << "was not refused";
    return ErrorCode::internal;
}

Octets encode(const std::string& extension, const cv::Mat& picture, const std::vector<int>& parameters = {}) {
    Octets bytes;
    cv::imencode(extension, picture, bytes, parameters);
    return bytes;
}

cv::Mat noisyPicture(int width, int height) {
    cv::Mat picture(height, width, CV_8UC3);
    cv::RNG random(7);
    random.fill(picture, cv::RNG::UNIFORM, 0, 256);
    return picture;
}

void putBigEndian(Octets& bytes, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) bytes.at(at + i) = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

/// Writes the checksum of the header chunk again after a change in it.
Octets withHeaderChecksum(Octets png) {
    putBigEndian(png, 29, static_cast<std::uint32_t>(crc32(0, png.data() + 12, 17)));
    return png;
}

void appendChunk(Octets& png, const std::string& type, const Octets& data) {
    const std::size_t start = png.size();
    png.resize(start + 4);
    putBigEndian(png, start, static_cast<std::uint32_t>(data.size()));
    png.insert(png.end(), type.begin(), type.end());
    png.insert(png.end(), data.begin(), data.end());
    png.resize(png.size() + 4);
    putBigEndian(png, png.size() - 4,
                 static_cast<std::uint32_t>(crc32(0, png.data() + start + 4, static_cast<uInt>(data.size() + 4))));
}

/// A PNG of 5 x 3 pixels made by hand.
struct HandMadePng {
    int depth = 8;
    int colourType = 0;
    int interlace = 0;
    Octets rows;                                        ///< with their filter bytes, before compression
    std::vector<std::pair<std::string, Octets>> extra;  ///< chunks between header and data

    Octets bytes() const {
        Octets png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
        Octets header(13);
        putBigEndian(header, 0, 5);
        putBigEndian(header, 4, 3);
        header[8] = static_cast<std::uint8_t>(depth);
        header[9] = static_cast<std::uint8_t>(colourType);
        header[12] = static_cast<std::uint8_t>(interlace);
        appendChunk(png, "IHDR", header);
        for (const auto& [type, data] : extra) appendChunk(png, type, data);
        uLongf size = compressBound(rows.size());
        Octets packed(size);
        compress(packed.data(), &size, rows.data(), rows.size());
        packed.resize(size);
        appendChunk(png, "IDAT", packed);
        appendChunk(png, "IEND", {});
        return png;
    }
};

Octets plainRows() { return {0, 9, 9, 9, 9, 9, 0, 9, 9, 9, 9, 9, 0, 9, 9, 9, 9, 9}; }

TEST(Image, PngComesBackUnchanged) {
    const test::TemporaryFolder folder;
    const Image image = gradient(31, 24);
    writePng(folder / "picture.png", image);
    EXPECT_EQ(readImage(folder / "picture.png"), image);
}

TEST(Image, WritingRefusesSizesThatDoNotFit) {
    EXPECT_THROW(encodePng(Image{}), Exception);
    EXPECT_THROW(encodePng(Image{2, 2, Octets(11)}), Exception);
}

TEST(Image, ReadsTheOtherFormatsByContent) {
    const cv::Mat picture = noisyPicture(33, 20);
    for (const char* extension : {".bmp", ".jpg", ".webp"}) {
        const Image image = decode(encode(extension, picture));
        EXPECT_EQ(image.width, 33) << extension;
        EXPECT_EQ(image.height, 20) << extension;
    }
    const Image bmp = decode(encode(".bmp", picture));
    EXPECT_EQ(bmp.rgb[0], picture.at<cv::Vec3b>(0, 0)[2]);  // OpenCV keeps blue first
    EXPECT_EQ(bmp.rgb[2], picture.at<cv::Vec3b>(0, 0)[0]);
}

TEST(Image, GreyAndTransparentPngsBecomeRgb) {
    const Image grey = decode(encode(".png", cv::Mat(5, 4, CV_8U, cv::Scalar(77))));
    EXPECT_EQ(grey.rgb, Octets(60, 77));
    const Image transparent = decode(encode(".png", cv::Mat(5, 4, CV_8UC4, cv::Scalar(1, 2, 3, 0))));
    EXPECT_EQ((Octets{transparent.rgb[0], transparent.rgb[1], transparent.rgb[2]}), (Octets{3, 2, 1}));
    const Image deep = decode(encode(".png", cv::Mat(5, 4, CV_16U, cv::Scalar(0x1280))));
    EXPECT_EQ(deep.rgb, Octets(60, 0x12));
}

TEST(Image, EveryCutOfAPngIsRefused) {
    const Octets whole = encodePng(gradient(12, 9));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(refusal(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))),
                  ErrorCode::badFormat)
            << size;
}

TEST(Image, EveryFlippedBitOfAPngIsRefusedOrHarmless) {
    const Image image = gradient(12, 9);
    const Octets whole = encodePng(image);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        Octets damaged = whole;
        damaged[at] ^= 0x10;
        try {
            EXPECT_EQ(decode(damaged), image) << at;  // a length or type that makes a chunk superfluous
        } catch (const Exception&) {
        }
    }
}

TEST(Image, InterlacedPngs) {
    HandMadePng png;
    png.interlace = 1;
    // Passes of a 5 x 3 picture: 1x1, 1x1, none, 1x1, 3x1, 2x2, 5x1.
    png.rows = {0, 9, 0, 9, 0, 9, 0, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 9, 9, 9};
    EXPECT_EQ(decode(png.bytes()).rgb, Octets(45, 9));
    png.rows.pop_back();
    EXPECT_EQ(refusal(png.bytes()), ErrorCode::badFormat);
}

TEST(Image, PaletteEntriesThatAreMissingAreBlack) {
    HandMadePng png;
    png.colourType = 3;
    png.rows = plainRows();
    EXPECT_EQ(refusal(png.bytes()), ErrorCode::badFormat);  // no palette at all
    png.extra = {{"PLTE", Octets(6, 200)}};
    EXPECT_EQ(decode(png.bytes()).rgb, Octets(45, 0));
    png.extra = {{"PLTE", Octets(30, 200)}, {"tRNS", Octets(999, 1)}};
    EXPECT_EQ(decode(png.bytes()).rgb, Octets(45, 200));
    png.extra = {{"PLTE", Octets(31, 200)}};
    EXPECT_EQ(refusal(png.bytes()), ErrorCode::badFormat);
}

TEST(Image, ChunksThatDoNotMatterAreIgnored) {
    HandMadePng png;
    png.rows = plainRows();
    png.extra = {{"iCCP", Octets(50, 1)}, {"gAMA", {1}}, {"zzZz", {}}};
    EXPECT_EQ(decode(png.bytes()).rgb, Octets(45, 9));
    png.extra = {{"ZZZz", {}}};
    EXPECT_EQ(refusal(png.bytes()), ErrorCode::badFormat);
    png.extra.clear();
    png.rows.push_back(0);  // more than the picture
    EXPECT_EQ(refusal(png.bytes()), ErrorCode::badFormat);
    png.rows = plainRows();
    png.depth = 3;
    EXPECT_EQ(refusal(png.bytes()), ErrorCode::badFormat);
}

TEST(Image, EveryCutOfAJpegIsRefused) {
    for (const int progressive : {0, 1}) {
        const Octets whole = encode(".jpg", noisyPicture(24, 16), {cv::IMWRITE_JPEG_PROGRESSIVE, progressive});
        for (std::size_t size = 3; size < whole.size(); ++size)
            EXPECT_EQ(refusal(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))),
                      ErrorCode::badFormat)
                << size;
    }
}

TEST(Image, AJpegWithMissingDataIsRefusedThoughItEndsProperly) {
    const Octets whole = encode(".jpg", noisyPicture(64, 64));
    Octets half(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * 3 / 4));
    half.insert(half.end(), {0xff, 0xd9});
    EXPECT_EQ(refusal(half), ErrorCode::badFormat);
}

TEST(Image, AJpegOfEndlessPassesIsRefused) {
    Octets jpeg = encode(".jpg", noisyPicture(24, 16), {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
    jpeg.resize(jpeg.size() - 2);
    const Octets startOfScan{0xff, 0xda};
    const auto last = std::find_end(jpeg.begin(), jpeg.end(), startOfScan.begin(), startOfScan.end());
    const Octets pass(last, jpeg.end());
    for (int i = 0; i < 300; ++i) jpeg.insert(jpeg.end(), pass.begin(), pass.end());
    jpeg.insert(jpeg.end(), {0xff, 0xd9});
    EXPECT_EQ(refusal(jpeg), ErrorCode::tooLarge);
}

TEST(Image, EveryCutOfABmpAndAWebpIsRefused) {
    for (const char* extension : {".bmp", ".webp"}) {
        const Octets whole = encode(extension, noisyPicture(9, 7));
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_EQ(refusal(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))),
                      ErrorCode::badFormat)
                << extension << " " << size;
    }
}

TEST(Image, SizesAreCheckedBeforeDecoding) {
    const Octets png = encodePng(gradient(12, 9));
    Octets bomb = png;
    putBigEndian(bomb, 16, 100'000);
    putBigEndian(bomb, 20, 100'000);
    EXPECT_EQ(refusal(withHeaderChecksum(bomb)), ErrorCode::tooLarge);
    putBigEndian(bomb, 16, 9'000);  // allowed, but not out of so few bytes
    putBigEndian(bomb, 20, 9'000);
    EXPECT_EQ(refusal(withHeaderChecksum(bomb)), ErrorCode::tooLarge);
    putBigEndian(bomb, 16, 0);
    EXPECT_EQ(refusal(withHeaderChecksum(bomb)), ErrorCode::badFormat);

    Octets jpeg = encode(".jpg", noisyPicture(24, 16));
    for (std::size_t i = 0; i + 8 < jpeg.size(); ++i)
        if (jpeg[i] == 0xff && jpeg[i + 1] == 0xc0) jpeg[i + 5] = jpeg[i + 7] = 0x20;  // 8192 + 16 by 8192 + 24
    EXPECT_EQ(refusal(jpeg), ErrorCode::tooLarge);
}

TEST(Image, OtherFilesAreRefusedByName) {
    EXPECT_EQ(refusal({}), ErrorCode::badFormat);
    EXPECT_EQ(refusal({'h', 'e', 'l', 'l', 'o'}), ErrorCode::badFormat);
    EXPECT_EQ(refusal({'G', 'I', 'F', '8', '9', 'a'}), ErrorCode::unsupported);
    EXPECT_EQ(refusal({'I', 'I', '*', 0, 8, 0}), ErrorCode::unsupported);
    const test::TemporaryFolder folder;
    EXPECT_THROW(readImage(folder.path()), Exception);
    EXPECT_THROW(readImage(folder / "none.png"), Exception);
}

/// What is decoded where the index lets the reader choose, as image.h documents it.
bool isOursToRefuse(const std::string& file) {
    return file == "img_animated.gif" || file == "img_tiff.tif" || file == "img_no_eoi.jpg" ||
           file == "img_truncated.jpg" || file == "img_idat_short.png";
}

TEST(Image, ReferenceFilesGetWhatTheirIndexAsks) {
    VITRINE_REQUIRE_REFERENCE("golden/bad/index.json");
    const auto index = nlohmann::json::parse(readTextFile(test::referencePath("golden/bad/index.json")));
    int seen = 0;
    for (const auto& [file, entry] : index.at("files").items()) {
        if (entry.at("kind") != "image") continue;
        ++seen;
        SCOPED_TRACE(file);
        const auto path = test::referencePath("golden/bad/" + file);
        if (!entry.at("valid").get<bool>() || isOursToRefuse(file)) {
            EXPECT_THROW(readImage(path), Exception);
            continue;
        }
        const Image image = readImage(path);
        const auto& pillow = entry.at("pil");
        EXPECT_EQ(image.width, pillow.at("size")[0].get<int>());
        EXPECT_EQ(image.height, pillow.at("size")[1].get<int>());
        if (file == "img_grey16.png") {  // by the upper byte, where Pillow clips
            EXPECT_EQ(image.rgb.back(), 249);
            continue;
        }
        double sums[3] = {};
        for (std::size_t i = 0; i < image.rgb.size(); ++i) sums[i % 3] += image.rgb[i];
        for (std::size_t c = 0; c < 3; ++c)
            EXPECT_NEAR(sums[c] * 3.0 / static_cast<double>(image.rgb.size()), pillow.at("rgb_mean")[c].get<double>(),
                        1e-3);
    }
    EXPECT_GE(seen, 33);
}

}  // namespace
}  // namespace vitrine::formats
