// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QPainter>

#include "widgets/views/view.h"

/// Small runs made by hand, and what tests of views do with them.
namespace vitrine::test {

/// What a made-up run holds.
struct RunRecipe {
    std::string id = "r0001-repq";
    std::string method = "repq";
    std::int64_t bits = 4;
    double sqnr = 12;                            ///< of "blocks.0.mlp.gelu"; the other sites follow
    std::vector<std::int32_t> predictions{0, 1, 2, 3};
    double top1 = 50;
    std::int64_t images = 4;                     ///< that the run was asked to evaluate
    project::RunState state = project::RunState::finished;
    std::vector<std::string> histograms{"blocks.0.mlp.gelu"};
    double low = -1;                             ///< edge of the histograms
};
widgets::RunDataPtr makeRun(const RunRecipe& recipe = {});
/// A: repq 4 bit; B: baseline 8 bit with higher SQNR and other predictions.
widgets::ViewInput makePair(widgets::CompareMode mode = widgets::CompareMode::overlay);

/// A figure as it would be exported.
QImage figureOf(widgets::View& view, const widgets::Theme& theme = widgets::Theme::day());
/// How many colours a picture has: 1 for an empty one.
int coloursOf(const QImage& image);
/// The options of a view with some changed.
ParameterSet optionsOf(const widgets::View& view, const std::vector<std::pair<std::string, std::string>>& changes = {});

}  // namespace vitrine::test
