// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/synthetic_export.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "formats/image.h"
#include "formats/safetensors.h"

namespace vitrine::project {
namespace fs = std::filesystem;
using results::SyntheticImages;
namespace {

formats::Image tileOf(const SyntheticImages& images, const SyntheticImages::Sheet& sheet, std::int64_t index) {
    const std::int64_t stride = 3 * images.columns * sheet.tileWidth;
    const std::int64_t left = index % images.columns * sheet.tileWidth, top = index / images.columns * sheet.tileHeight;
    formats::Image tile{.width = static_cast<int>(sheet.tileWidth), .height = static_cast<int>(sheet.tileHeight)};
    for (std::int64_t y = 0; y < sheet.tileHeight; ++y) {
        const auto row = sheet.rgb.begin() + (top + y) * stride + 3 * left;
        tile.rgb.insert(tile.rgb.end(), row, row + 3 * sheet.tileWidth);
    }
    return tile;
}

const char* const kTensor = "images";

/// Pictures of one size, one after the other.
struct Pictures {
    std::int64_t count = 0, width = 0, height = 0;
    std::function<formats::Image(std::int64_t)> at;
};

Pictures tilesOf(const SyntheticImages& images, const SyntheticImages::Sheet& sheet) {
    if (static_cast<std::int64_t>(sheet.rgb.size()) != 3 * images.columns * sheet.tileWidth * images.rows * sheet.tileHeight)
        fail(ErrorCode::invalidArgument, "the sheet has another size than its grid", "sheet");
    return {std::min(static_cast<std::int64_t>(images.images.size()), images.columns * images.rows), sheet.tileWidth, sheet.tileHeight,
            [&images, &sheet](std::int64_t index) { return tileOf(images, sheet, index); }};
}

/// The planes of `whole`, if they are those of these images.
std::optional<Pictures> wholeOf(const SyntheticImages& images, const fs::path& whole) {
    std::error_code ignored;
    if (whole.empty() || !fs::exists(whole, ignored)) return std::nullopt;
    const TensorMap tensors = formats::readSafetensors(whole);
    const auto found = tensors.find(kTensor);
    if (found == tensors.end() || found->second.dtype != DType::u8) fail(ErrorCode::badFormat, "holds no pictures", whole.string());
    const HostTensor& held = found->second;
    const auto count = static_cast<std::int64_t>(images.images.size());
    if (held.shape != Shape{count, 3, images.height, images.width}) return std::nullopt;
    return Pictures{count, images.width, images.height, [held](std::int64_t index) {
        const std::int64_t plane = held.shape[2] * held.shape[3];
        const auto bytes = held.as<std::uint8_t>().subspan(static_cast<std::size_t>(3 * plane * index), static_cast<std::size_t>(3 * plane));
        formats::Image image{.width = static_cast<int>(held.shape[3]), .height = static_cast<int>(held.shape[2])};
        image.rgb.reserve(bytes.size());
        for (std::size_t pixel = 0; pixel < static_cast<std::size_t>(plane); ++pixel)
            for (std::size_t colour = 0; colour < 3; ++colour) image.rgb.push_back(bytes[colour * static_cast<std::size_t>(plane) + pixel]);
        return image;
    }};
}

void prepareFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) fail(ErrorCode::ioFailure, "the folder cannot be made: " + error.message(), folder.string());
    const bool isEmpty = fs::is_empty(folder, error);
    if (error) fail(ErrorCode::ioFailure, "the folder cannot be read: " + error.message(), folder.string());
    if (!isEmpty) fail(ErrorCode::invalidArgument, "the folder holds something already", folder.string(), "Choose a new or an empty folder");
}

}  // namespace

fs::path wholeImagesPath(const fs::path& run) { return run / "model" / "synthesis.images.safetensors"; }

void saveWholeImages(const fs::path& run, const HostTensor& images) {
    if (images.dtype != DType::u8 || images.shape.size() != 4 || images.shape[1] != 3)
        fail(ErrorCode::invalidArgument, "takes pictures of three colours", "images");
    if (elementCount(images.shape) > kMostWholeImageBytes) return;
    const fs::path path = wholeImagesPath(run);
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) fail(ErrorCode::ioFailure, "the folder cannot be made: " + error.message(), path.parent_path().string());
    formats::writeSafetensors(path, {{kTensor, images}});
}

ExportedImages exportSyntheticImages(const SyntheticImages& images, std::int64_t sheet, const fs::path& folder, const fs::path& whole) {
    if (sheet < 0 || sheet >= static_cast<std::int64_t>(images.sheets.size())) fail(ErrorCode::invalidArgument, "the run holds no such pictures", "sheet");
    const bool isLast = sheet + 1 == static_cast<std::int64_t>(images.sheets.size());
    std::optional<Pictures> full = isLast ? wholeOf(images, whole) : std::nullopt;
    const Pictures pictures = full ? std::move(*full) : tilesOf(images, images.sheets[static_cast<std::size_t>(sheet)]);
    const auto nameOf = [](std::int64_t index) {
        char name[32];
        std::snprintf(name, sizeof name, "image-%04d.png", static_cast<int>(index));
        return std::string(name);
    };
    const bool shrunk = pictures.width < images.width || pictures.height < images.height;
    std::string table = "file,label,asked,prediction,prepared\r\n";
    for (std::int64_t i = 0; i < pictures.count; ++i) {
        const SyntheticImages::Image& image = images.images[static_cast<std::size_t>(i)];
        const std::int64_t label = image.label >= 0 ? image.label : image.prediction;
        if (label < 0) fail(ErrorCode::invalidArgument, "image " + std::to_string(i) + " has no class", "images");
        const auto known = [](std::int64_t id) { return id < 0 ? std::string() : std::to_string(id); };
        table += nameOf(i) + "," + std::to_string(label) + "," + known(image.label) + "," + known(image.prediction) + (shrunk ? ",0\r\n" : ",1\r\n");
    }
    prepareFolder(folder);
    for (std::int64_t i = 0; i < pictures.count; ++i) formats::writePng(folder / nameOf(i), pictures.at(i));
    writeFileAtomically(folder / "images.csv", table);
    return {folder / "images.csv", pictures.count, pictures.width, pictures.height, shrunk};
}

}  // namespace vitrine::project
