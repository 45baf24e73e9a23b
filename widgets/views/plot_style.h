// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QPainter>
#include <QString>
#include <vector>

#include "widgets/base/qcustomplot.h"
#include "widgets/base/theme.h"
#include "widgets/session/selection.h"
#include "widgets/views/tickers.h"

/// How plots look, on the screen and in figures. UI thread.
namespace vitrine::widgets {

/// Takes everything out of `plot` that a view draws and gives axes, grid and legend the theme's colours and the font: linear axes from
/// 0 to 1 with numbers of the user's locale, no labels.
void resetPlot(QCustomPlot& plot, const Theme& theme, const QFont& font);

/// Puts the legend above the plot, in as many columns as `width` has room for, and cuts names that are too long. Plottables without a
/// name have no entry; without entries the legend takes no room. To be called again when the width changes.
void arrangeLegend(QCustomPlot& plot, int width);

/// Gives all parts of the plot their places without drawing it: tickers may ask where coordinates lie. Labels of axes that are
/// longer than their axis lose what stands in brackets or behind a comma, then their end.
void settleLayout(QCustomPlot& plot);

/// The colour with another opacity, 0 to 255.
QColor withAlpha(QColor colour, int alpha);

/// `share` of the colour on `ground`: opaque, which is much faster to fill than withAlpha().
QColor mixed(const QColor& colour, const QColor& ground, double share);

/// Marks `range` of the x-axis from top to bottom as selected, below all data.
void markSelected(QCustomPlot& plot, const Theme& theme, const QCPRange& range);
/// The same for the selected site, and a lighter, dashed band behind neighbours that are marked, on an axis of sites.
void markSites(QCustomPlot& plot, const Theme& theme, const std::vector<SiteSlot>& places, const Selection& selection);

/// A line across the plot at `y`.
void addLevelLine(QCustomPlot& plot, double y, const QPen& pen);

/// Two or more spaces in the text of a read-out end a line of its label.
QStringList readoutLines(const QString& text);

/// A label with what a point says, beside `point` and inside of `area`; with a line to the point for a pinned one.
struct ReadoutLabel {
    QPointF point;
    QString text;
    bool pinned = false;
    std::vector<QRectF> others{};  ///< labels that it leaves readable where there is room
};
/// Returns where the label is.
QRectF paintReadout(QPainter& painter, const QRectF& area, const ReadoutLabel& label, const Theme& theme, const QFont& font);

}  // namespace vitrine::widgets
