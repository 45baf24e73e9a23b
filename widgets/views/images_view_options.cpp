// SPDX-License-Identifier: GPL-3.0-or-later
// Options of ImagesView.
#include <QStackedWidget>
#include <algorithm>
#include <cstdlib>

#include "widgets/views/compare_text.h"
#include "widgets/views/images_view.h"

namespace vitrine::widgets {
namespace {

constexpr std::int64_t kMostPlace = 100'000;

}  // namespace

ParameterSchema ImagesView::allOptions() const {
    return {choiceOption("show", "all", {"all", "one"}, tr("all: every image; one: the chosen one, large, with its patches.")),
            choiceOption("sort", "order", {"order", "class", "confidence", "loss", "mistaken"},
                         tr("As they were made, by class, least confident first, largest loss first, or wrongly predicted first.")),
            choiceOption("size", "medium", {"small", "medium", "large"}, tr("Size of the pictures.")),
            switchOption("captions", true, tr("Names the classes below the pictures.")),
            choiceOption("map", "features", {"none", "pixels", "features", "attention", "class_attention"},
                         tr("What colours the patches of the large image. pixels: how much their pixels resemble those of the framed patch; features: the same of what an "
                            "attention module makes of them, with the neighbours that CLAMP-ViT attracts (+) and repels (−); attention: how much the framed patch attends to "
                            "them; class attention: how much the class token does.")),
            choiceOption("block", "last", patchBlocks(), tr("Whose attention module is looked at: the last one, or that of a block such as blocks.3.")),
            choiceOption("network", "float", {"float", "quantized"}, tr("Which network looks at the image.")),
            countOption("image", 0, 0, kMostPlace, tr("The image that is shown large, counted from 0.")),
            countOption("row", 0, 0, kMostPlace, tr("Row of the framed patch, counted from 1; 0: the middle one.")),
            countOption("column", 0, 0, kMostPlace, tr("Column of the framed patch, likewise.")),
            countOption("step", -1, -1, kMostPlace, tr("Step of the images; of those that are kept the nearest one is shown. -1: the last one."))};
}

ParameterSchema ImagesView::options() const {
    ParameterSchema schema = allOptions();
    const bool one = options_.text("show") == "one";
    for (ParameterSpec& spec : schema) {
        const bool ofGrid = spec.id == "size" || spec.id == "captions", ofOne = spec.id == "map" || spec.id == "block" || spec.id == "network";
        const bool isPlace = spec.id == "image" || spec.id == "row" || spec.id == "column" || spec.id == "step";  // chosen in the pictures themselves
        spec.advanced = isPlace || (one ? ofGrid : ofOne);
    }
    return schema;
}

void ImagesView::setOptions(const ParameterSet& values) {
    const bool wasOne = options_.text("show") == "one";
    const auto isOther = [&](const char* id) { return options_.integer(id) != values.integer(id); };
    const bool isOtherPlace = isOther("image") || isOther("row") || isOther("column") || isOther("step");
    options_ = values;
    if (isOtherPlace) choosePlace();
    if (const bool isOne = options_.text("show") == "one"; isOne != wasOne) pages_->setCurrentIndex(isOne ? 1 : 0);
    rebuild();
}

void ImagesView::choosePlace() {
    image_ = static_cast<std::size_t>(options_.integer("image"));
    large_->setAnchorPlace(options_.integer("row") - 1, options_.integer("column") - 1);
    const std::int64_t step = options_.integer("step");
    follows_ = true;
    const auto shown = shownRuns();
    if (step < 0 || shown.empty()) return;
    const auto& sheets = shown.front().images->sheets;
    const auto distance = [&](const auto& sheet) { return std::abs(sheet.step - step); };
    const auto nearest = std::min_element(sheets.begin(), sheets.end(), [&](const auto& one, const auto& other) { return distance(one) < distance(other); });
    sheet_ = static_cast<std::size_t>(nearest - sheets.begin());
    follows_ = false;
}

}  // namespace vitrine::widgets
