// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/image_data.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "data/batch_loader.h"
#include "engine/tensors.h"

namespace vitrine::runs {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kMaximumBytes = std::int64_t{16} << 30;
constexpr std::int64_t kLoadedAtOnce = 16;

/// The folder that the names of the images are relative to.
fs::path folderOf(const DataSpec& spec) {
    std::error_code ignored;
    if (fs::is_directory(spec.path, ignored)) return spec.path;
    return spec.root.empty() ? spec.path.parent_path() : spec.root;
}

}  // namespace

data::Preprocessing preprocessingOf(const graph::ModelInfo& info) {
    return {.channels = static_cast<int>(info.imageChannels),
            .height = static_cast<int>(info.imageHeight),
            .width = static_cast<int>(info.imageWidth),
            .cropFraction = info.cropFraction,
            .interpolation = data::interpolationNamed(info.interpolation),
            .mean = {info.mean.begin(), info.mean.end()},
            .standardDeviation = {info.standardDeviation.begin(), info.standardDeviation.end()}};
}

data::ImageSet openData(const DataSpec& spec, const graph::ModelInfo& info) {
    const data::ImageSet images = data::openImages(spec.path, spec.root, info.classes);
    return spec.rows.empty() ? images : images.select(spec.rows);
}

data::ImageSet openLabelled(const DataSpec& spec, const graph::ModelInfo& info) {
    data::ImageSet images = openData(spec, info);
    if (!images.hasLabels())
        fail(ErrorCode::invalidArgument, "has images without a label", spec.path.string(), "give a table `file,label` or a folder of class folders");
    images.requireLabelsBelow(info.classes);
    return images;
}

data::ImageSet firstImages(const data::ImageSet& images, std::int64_t count) {
    std::vector<std::int64_t> indices(static_cast<std::size_t>(std::clamp<std::int64_t>(count, 0, images.size())));
    std::iota(indices.begin(), indices.end(), 0);
    return images.select(indices);
}

std::string contentHash(const data::ImageSet& images, const DataSpec& spec, const jobs::Control& control) {
    const fs::path folder = folderOf(spec);
    // Pictures without a file of their own lie in the file that names the set.
    std::error_code ignored;
    std::string text = fs::is_regular_file(spec.path, ignored) ? hashFile(spec.path) : "";
    for (std::int64_t k = 0; k < images.size(); ++k) {
        control.check();
        const data::ImageItem& item = images.item(k);
        const fs::path file = folder / item.name;
        text += "\n" + item.name + "\t" + std::to_string(item.label) + "\t";
        if (fs::is_regular_file(file, ignored)) text += hashFile(file);
    }
    return std::to_string(hashText(text));
}

LoadedImages::LoadedImages(const data::ImageSet& images, const data::Preprocessing& preprocessing,
                           const jobs::Control& control, jobs::Progress& progress) {
    const std::int64_t count = images.size();
    if (count < 1) fail(ErrorCode::invalidArgument, "there are no calibration images", "calibration", "choose at least one row");
    const std::int64_t perImage = std::int64_t{preprocessing.channels} * preprocessing.height * preprocessing.width;
    if (count > kMaximumBytes / 4 / perImage)
        fail(ErrorCode::tooLarge, std::to_string(count) + " calibration images need more than 16 GB", "calibration", "use fewer");
    data::BatchLoader loader(images, preprocessing, {.batchSize = kLoadedAtOnce});
    images_ = at::empty({count, preprocessing.channels, preprocessing.height, preprocessing.width}, at::kFloat);
    std::int64_t done = 0;
    while (const auto batch = loader.next()) {
        control.check();
        const std::int64_t size = batch->images.shape.at(0);
        images_.narrow(0, done, size).copy_(engine::toTorch(batch->images));
        done += size;
        progress.update(static_cast<double>(done) / static_cast<double>(count),
                        std::to_string(done) + " of " + std::to_string(count) + " images");
    }
    progress.finish();
}

}  // namespace vitrine::runs
