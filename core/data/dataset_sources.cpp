// SPDX-License-Identifier: GPL-3.0-or-later
// The places that an ImageSet can come from.
#include <algorithm>
#include <array>
#include <map>

#include "base/error.h"
#include "base/files.h"
#include "data/dataset.h"
#include "formats/csv.h"
#include "formats/idx.h"

namespace vitrine::data {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaximumFiles = 5'000'000;

bool isPicture(const fs::path& path) {
    std::string extension = path.extension().string();
    for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    constexpr std::array<std::string_view, 5> kExtensions{".png", ".jpg", ".jpeg", ".bmp", ".webp"};
    return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

bool isHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

/// What a folder holds, by relative path in the order of the bytes.
struct Listing {
    std::vector<std::string> pictures;
    std::size_t otherFiles = 0;
};

void list(const fs::path& root, const fs::path& below, Listing& listing) {
    constexpr auto kOptions = fs::directory_options::skip_permission_denied;
    for (auto entry = fs::recursive_directory_iterator(root / below, kOptions);
         entry != fs::recursive_directory_iterator(); ++entry) {
        if (isHidden(entry->path())) {
            entry.disable_recursion_pending();
            continue;
        }
        if (!entry->is_regular_file()) continue;
        if (!isPicture(entry->path())) {
            ++listing.otherFiles;
            continue;
        }
        if (listing.pictures.size() == kMaximumFiles)
            fail(ErrorCode::tooLarge, "holds more than " + std::to_string(kMaximumFiles) + " pictures", root.string());
        listing.pictures.push_back(entry->path().lexically_relative(root).string());
    }
}

std::vector<std::string> subfolders(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.is_directory() && !isHidden(entry.path())) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

/// The pictures that lie in the folder itself.
Listing listFlat(const fs::path& folder) {
    Listing listing;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (isHidden(entry.path()) || !entry.is_regular_file()) continue;
        if (isPicture(entry.path())) {
            listing.pictures.push_back(entry.path().filename().string());
        } else {
            ++listing.otherFiles;
        }
    }
    return listing;
}

ImageSet::Decoder fileDecoder(fs::path root) {
    return [root = std::move(root)](const ImageItem& item) { return formats::readImage(root / item.name); };
}

struct FolderContent {
    std::vector<ImageItem> items;
    std::vector<std::string> classNames;
    std::vector<std::string> warnings;
};

void append(FolderContent& content, Listing listing, std::int64_t label) {
    std::sort(listing.pictures.begin(), listing.pictures.end());
    for (std::string& name : listing.pictures)
        content.items.push_back({std::move(name), label, static_cast<std::int64_t>(content.items.size())});
}

FolderContent readFolder(const fs::path& folder) {
    FolderContent content;
    content.classNames = subfolders(folder);
    Listing flat = listFlat(folder);
    std::size_t otherFiles = flat.otherFiles;
    if (content.classNames.empty()) {
        append(content, std::move(flat), kUnlabelled);
    } else if (!flat.pictures.empty()) {
        content.warnings.push_back(std::to_string(flat.pictures.size()) +
                                   " pictures lie beside the class folders and are left out");
    }
    for (std::size_t label = 0; label < content.classNames.size(); ++label) {
        Listing listing;
        list(folder, content.classNames[label], listing);
        otherFiles += listing.otherFiles;
        if (listing.pictures.empty())
            content.warnings.push_back("the class folder " + content.classNames[label] + " holds no picture");
        append(content, std::move(listing), static_cast<std::int64_t>(label));
    }
    if (otherFiles > 0)
        content.warnings.push_back(std::to_string(otherFiles) +
                                   " files are no pictures by their names and are left out");
    return content;
}

formats::Image greyImage(const HostTensor& images, std::int64_t row) {
    const std::int64_t height = images.shape[1], width = images.shape[2];
    const auto pixels = images.as<std::uint8_t>().subspan(static_cast<std::size_t>(row * height * width),
                                                          static_cast<std::size_t>(height * width));
    formats::Image image{static_cast<int>(width), static_cast<int>(height), {}};
    image.rgb.reserve(pixels.size() * 3);
    for (const std::uint8_t grey : pixels) image.rgb.insert(image.rgb.end(), 3, grey);
    return image;
}

}  // namespace

ImageSet openTable(const fs::path& table, const fs::path& root, std::optional<std::int64_t> classCount) {
    formats::LabelledTable content = formats::readLabelledTable(table, classCount);
    std::vector<ImageItem> items;
    items.reserve(content.rows.size());
    for (formats::LabelledRow& row : content.rows)
        items.push_back({std::move(row.path), row.label, static_cast<std::int64_t>(items.size()), row.prepared});
    fs::path folder = root.empty() ? table.parent_path() : root;
    return ImageSet(std::move(items), fileDecoder(std::move(folder)), {}, std::move(content.warnings));
}

ImageSet openFolder(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) fail(ErrorCode::notFound, "there is no such folder", folder.string());
    FolderContent content;
    try {
        content = readFolder(folder);
    } catch (const fs::filesystem_error& error) {
        fail(ErrorCode::ioFailure, "cannot be listed: " + error.code().message(), folder.string());
    }
    if (content.items.empty())
        fail(ErrorCode::badFormat, "holds no picture (png, jpg, jpeg, bmp, webp)", folder.string());
    return ImageSet(std::move(content.items), fileDecoder(folder), std::move(content.classNames),
                    std::move(content.warnings));
}

ImageSet openIdx(const fs::path& images, const fs::path& labels) {
    const HostTensor pictures = formats::readIdx(images);
    if (pictures.shape.size() != 3 || pictures.shape[1] == 0 || pictures.shape[2] == 0)
        fail(ErrorCode::badFormat, "holds an array of " + shapeText(pictures.shape) + ", not pictures",
             images.string());
    if (pictures.shape[1] * pictures.shape[2] > formats::kMaximumPixels)
        fail(ErrorCode::tooLarge, "holds pictures of more than " + std::to_string(formats::kMaximumPixels) + " pixels",
             images.string());
    std::vector<ImageItem> items;
    for (std::int64_t row = 0; row < pictures.shape[0]; ++row) items.push_back({std::to_string(row), kUnlabelled, row});
    if (!labels.empty()) {
        const HostTensor classes = formats::readIdx(labels);
        if (classes.shape != Shape{pictures.shape[0]})
            fail(ErrorCode::badFormat,
                 "holds an array of " + shapeText(classes.shape) + ", but there are " +
                     std::to_string(pictures.shape[0]) + " pictures",
                 labels.string());
        for (std::size_t i = 0; i < items.size(); ++i) items[i].label = classes.as<std::uint8_t>()[i];
    }
    return ImageSet(std::move(items), [pictures](const ImageItem& item) { return greyImage(pictures, item.row); });
}

ImageSet openImages(const fs::path& path, const fs::path& root, std::optional<std::int64_t> classCount) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) fail(ErrorCode::notFound, "there is no such file or folder", path.string());
    if (fs::is_directory(path, ignored)) return openFolder(path);
    const std::string name = path.filename().string();
    constexpr std::string_view kPictures = "images-idx3";
    const std::size_t place = name.find(kPictures);
    if (place == std::string::npos) return openTable(path, root, classCount);
    std::string labelsName = name;
    const fs::path labels = path.parent_path() / labelsName.replace(place, kPictures.size(), "labels-idx1");
    return openIdx(path, fs::exists(labels, ignored) ? labels : fs::path());
}

ImageSet proceduralSet(std::uint64_t seed, std::int64_t first, std::int64_t count, const SceneOptions& options) {
    if (first < 0 || count < 0) fail(ErrorCode::invalidArgument, "scenes are counted from 0");
    const auto classes = static_cast<std::int64_t>(proceduralClassNames().size());
    std::vector<ImageItem> items;
    for (std::int64_t row = first; row < first + count; ++row)
        items.push_back({std::to_string(row), row % classes, row});
    return ImageSet(
        std::move(items), [seed, options](const ImageItem& item) { return render(makeScene(seed, item.row, options)); },
        proceduralClassNames());
}

}  // namespace vitrine::data
