// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <string>

#include "widgets/views/plot_view.h"

/// Runs for tests of plots, and what tests do with plots.
namespace vitrine::test {

struct PlotRecipe {
    std::string id = "r0001-repq";
    int sites = 74;
    double sqnr = 20;     ///< around which the sites' errors lie
    int points = 20;      ///< of each trace
    bool extremes = false;  ///< adds NaN, infinities, exact sites and an outlier of -580
    bool constant = false;  ///< all sites alike
    project::RunState state = project::RunState::finished;
};
/// Errors of both references, intervals, and traces "search.best" and "search.mean". Sites are "blocks.<n>.<name>", six a block, of which
/// two are weights; site 0 is named "blocks.0.norm1".
widgets::RunDataPtr makePlotRun(const PlotRecipe& recipe = {});
widgets::ViewInput plotInput(const PlotRecipe& recipe = {});
widgets::ViewInput plotPair(widgets::CompareMode mode);

/// Gives the view a size and draws it.
void showAt(widgets::PlotView& view, const QSize& size = {800, 400});
/// Where coordinates of the axes lie in the plot, whose widget is plotOf(view).
QPointF pixelOf(widgets::PlotView& view, double x, double y);
QWidget* plotOf(widgets::PlotView& view);
void moveMouse(widgets::PlotView& view, const QPointF& position);
void press(widgets::PlotView& view, int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);

}  // namespace vitrine::test
