// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/patch_similarity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/error.h"

namespace vitrine::analysis {

PatchGrid pixelPatches(const results::SyntheticImages& images, std::int64_t sheet, std::int64_t image, std::int64_t rows, std::int64_t columns) {
    if (sheet < 0 || sheet >= static_cast<std::int64_t>(images.sheets.size())) fail(ErrorCode::invalidArgument, "there is no such sheet", "sheet");
    if (image < 0 || image >= images.columns * images.rows) fail(ErrorCode::invalidArgument, "there is no such image in the sheet", "image");
    const auto& held = images.sheets[static_cast<std::size_t>(sheet)];
    if (rows < 1 || columns < 1 || rows > held.tileHeight || columns > held.tileWidth)
        fail(ErrorCode::invalidArgument, "the grid does not fit the picture", "grid");
    const std::int64_t width = images.columns * held.tileWidth;
    if (static_cast<std::int64_t>(held.rgb.size()) != 3 * width * images.rows * held.tileHeight)
        fail(ErrorCode::invalidArgument, "the sheet has another size than its grid", "sheet");
    const std::int64_t left = image % images.columns * held.tileWidth, top = image / images.columns * held.tileHeight;
    const auto pixel = [&](std::int64_t x, std::int64_t y, std::int64_t colour) {
        return static_cast<double>(held.rgb[static_cast<std::size_t>(3 * ((top + y) * width + left + x) + colour)]) / 255;
    };
    const std::int64_t high = held.tileHeight / rows, wide = held.tileWidth / columns;
    std::array<double, 3> mean{};
    for (std::int64_t y = 0; y < high * rows; ++y)
        for (std::int64_t x = 0; x < wide * columns; ++x)
            for (std::int64_t colour = 0; colour < 3; ++colour) mean[static_cast<std::size_t>(colour)] += pixel(x, y, colour);
    for (double& each : mean) each /= static_cast<double>(high * rows * wide * columns);
    PatchGrid grid{rows, columns, 3 * high * wide, {}};
    grid.values.reserve(static_cast<std::size_t>(rows * columns * grid.channels));
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t column = 0; column < columns; ++column)
            for (std::int64_t y = 0; y < high; ++y)
                for (std::int64_t x = 0; x < wide; ++x)
                    for (std::int64_t colour = 0; colour < 3; ++colour)
                        grid.values.push_back(static_cast<float>(pixel(column * wide + x, row * high + y, colour) - mean[static_cast<std::size_t>(colour)]));
    return grid;
}

AnchorSimilarity anchorSimilarity(const PatchGrid& grid, std::int64_t anchor, std::int64_t radius, std::int64_t positives) {
    const std::int64_t count = grid.rows * grid.columns;
    if (grid.rows < 1 || grid.columns < 1 || grid.channels < 1 || static_cast<std::int64_t>(grid.values.size()) != count * grid.channels)
        fail(ErrorCode::invalidArgument, "the patches do not fit their grid", "grid");
    if (anchor < 0 || anchor >= count) fail(ErrorCode::invalidArgument, "there is no such patch", "anchor");
    if (radius < 1 || positives < 1) fail(ErrorCode::invalidArgument, "radius and number of positives are at least 1", "radius");
    const auto patch = [&](std::int64_t index) { return std::span(grid.values).subspan(static_cast<std::size_t>(index * grid.channels), static_cast<std::size_t>(grid.channels)); };
    const auto product = [](std::span<const float> a, std::span<const float> b) {
        double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
        return sum;
    };
    AnchorSimilarity result{.anchor = anchor};
    const auto own = patch(anchor);
    const double length = std::sqrt(product(own, own));
    for (std::int64_t i = 0; i < count; ++i) {
        const auto other = patch(i);
        result.similarity.push_back(i == anchor ? 1 : product(own, other) / (length * std::sqrt(product(other, other)) + 1e-8));
    }
    const std::int64_t row = anchor / grid.columns, column = anchor % grid.columns;
    std::vector<std::int64_t> neighbours;
    for (std::int64_t y = std::max<std::int64_t>(0, row - radius); y <= std::min(grid.rows - 1, row + radius); ++y)
        for (std::int64_t x = std::max<std::int64_t>(0, column - radius); x <= std::min(grid.columns - 1, column + radius); ++x)
            if (y != row || x != column) neighbours.push_back(y * grid.columns + x);
    std::vector<std::int64_t> ranked = neighbours;
    std::stable_sort(ranked.begin(), ranked.end(), [&](std::int64_t a, std::int64_t b) {
        return result.similarity[static_cast<std::size_t>(a)] > result.similarity[static_cast<std::size_t>(b)];
    });
    const auto attracting = std::max<std::int64_t>(0, std::min(positives, static_cast<std::int64_t>(neighbours.size()) - 1));
    result.positives.assign(ranked.begin(), ranked.begin() + attracting);
    for (const std::int64_t each : neighbours)
        if (std::find(result.positives.begin(), result.positives.end(), each) == result.positives.end()) result.negatives.push_back(each);
    return result;
}

}  // namespace vitrine::analysis
