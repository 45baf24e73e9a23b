// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/windows.h"

#include "base/error.h"

namespace vitrine::models {
namespace {

/// Which of the three strips along one side a position of the padded, shifted map belongs to. Only strips that lie in
/// one window need telling apart, so the strips before the last window share a number with it.
std::int64_t strip(std::int64_t position, std::int64_t size, std::int64_t shift) {
    return shift > 0 && position >= size - shift ? 1 : 0;
}

}  // namespace

std::int64_t paddedSize(std::int64_t size, std::int64_t window) { return (size + window - 1) / window * window; }

HostTensor relativePositionIndex(std::int64_t height, std::int64_t width) {
    const std::int64_t tokens = height * width;
    std::vector<std::int64_t> index;
    index.reserve(static_cast<std::size_t>(tokens * tokens));
    for (std::int64_t query = 0; query < tokens; ++query)
        for (std::int64_t key = 0; key < tokens; ++key) {
            const std::int64_t dy = query / width - key / width;
            const std::int64_t dx = query % width - key % width;
            index.push_back((dy + height - 1) * (2 * width - 1) + dx + width - 1);
        }
    return HostTensor::of(std::move(index), {tokens * tokens});
}

HostTensor shiftMask(const StagePlan& stage) {
    const std::int64_t height = paddedSize(stage.mapHeight, stage.windowHeight);
    const std::int64_t width = paddedSize(stage.mapWidth, stage.windowWidth);
    const std::int64_t tokens = stage.windowHeight * stage.windowWidth;
    const std::int64_t windows = height * width / tokens;
    if (windows * tokens * tokens > std::int64_t{1} << 26)
        fail(ErrorCode::tooLarge, "the attention mask of images of this size is too large", "model.image_size",
             "use smaller images");
    std::vector<float> mask;
    mask.reserve(static_cast<std::size_t>(windows * tokens * tokens));
    std::vector<std::int64_t> strips(static_cast<std::size_t>(tokens));
    for (std::int64_t top = 0; top < height; top += stage.windowHeight)
        for (std::int64_t left = 0; left < width; left += stage.windowWidth) {
            for (std::int64_t token = 0; token < tokens; ++token)
                strips[static_cast<std::size_t>(token)] =
                    2 * strip(top + token / stage.windowWidth, height, stage.shiftHeight) +
                    strip(left + token % stage.windowWidth, width, stage.shiftWidth);
            for (const std::int64_t query : strips)
                for (const std::int64_t key : strips) mask.push_back(query == key ? 0.0f : -100.0f);
        }
    return HostTensor::of(std::move(mask), {windows, tokens, tokens});
}

}  // namespace vitrine::models
