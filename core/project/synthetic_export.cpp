// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/synthetic_export.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "base/error.h"
#include "base/files.h"
#include "formats/image.h"

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

void prepareFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) fail(ErrorCode::ioFailure, "the folder cannot be made: " + error.message(), folder.string());
    const bool isEmpty = fs::is_empty(folder, error);
    if (error) fail(ErrorCode::ioFailure, "the folder cannot be read: " + error.message(), folder.string());
    if (!isEmpty) fail(ErrorCode::invalidArgument, "the folder holds something already", folder.string(), "Choose a new or an empty folder");
}

}  // namespace

ExportedImages exportSyntheticImages(const SyntheticImages& images, std::int64_t sheet, const fs::path& folder) {
    if (sheet < 0 || sheet >= static_cast<std::int64_t>(images.sheets.size())) fail(ErrorCode::invalidArgument, "the run holds no such pictures", "sheet");
    const SyntheticImages::Sheet& held = images.sheets[static_cast<std::size_t>(sheet)];
    if (static_cast<std::int64_t>(held.rgb.size()) != 3 * images.columns * held.tileWidth * images.rows * held.tileHeight)
        fail(ErrorCode::invalidArgument, "the sheet has another size than its grid", "sheet");
    const auto count = std::min(static_cast<std::int64_t>(images.images.size()), images.columns * images.rows);
    std::string table = "file,label,asked,prediction\r\n";
    for (std::int64_t i = 0; i < count; ++i) {
        const SyntheticImages::Image& image = images.images[static_cast<std::size_t>(i)];
        const std::int64_t label = image.label >= 0 ? image.label : image.prediction;
        if (label < 0) fail(ErrorCode::invalidArgument, "image " + std::to_string(i) + " has no class", "images");
        const auto known = [](std::int64_t id) { return id < 0 ? std::string() : std::to_string(id); };
        char name[32];
        std::snprintf(name, sizeof name, "image-%04d.png", static_cast<int>(i));
        table += name + ("," + std::to_string(label)) + "," + known(image.label) + "," + known(image.prediction) + "\r\n";
    }
    prepareFolder(folder);
    for (std::int64_t i = 0; i < count; ++i) {
        char name[32];
        std::snprintf(name, sizeof name, "image-%04d.png", static_cast<int>(i));
        formats::writePng(folder / name, tileOf(images, held, i));
    }
    writeFileAtomically(folder / "images.csv", table);
    return {folder / "images.csv", count, held.tileWidth, held.tileHeight, held.tileWidth < images.width || held.tileHeight < images.height};
}

}  // namespace vitrine::project
