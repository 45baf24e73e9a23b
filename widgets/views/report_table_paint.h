// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QPainter>
#include <QSizeF>
#include <QString>
#include <functional>
#include <optional>
#include <vector>

#include "report/document.h"
#include "widgets/base/theme.h"

/// How tables of reports look in the window and in figures. UI thread.
namespace vitrine::widgets {

/// What a view adds to a cell.
struct CellLook {
    enum class Tone { plain, muted, strong, good, bad };
    Tone tone = Tone::plain;
    QString text = {};     ///< instead of the cell's own, where it is not empty
    QString toolTip = {};
};
/// The look of a cell by row and column of the table.
using CellLooks = std::function<CellLook(std::size_t row, std::size_t column)>;

/// The cell as its column prints it, in the user's locale; "–" for an unknown one, but no label.
QString shownText(const report::Cell& cell, const report::Column& column);
/// "SQNR (dB)"
QString headerText(const report::Column& column);
/// The colour of the run that a column "a" or "b" is about; absent for other columns.
std::optional<QColor> runColour(const report::Column& column, const Theme& theme);
/// The length of the bar of every row in 0..1, as report::Bar says; negative where there is none. Empty for a column without bars.
std::vector<double> barShares(const report::Table& table, std::size_t column);

/// One cell without its background.
struct CellPaint {
    const report::Column& column;
    QString text;
    CellLook::Tone tone = CellLook::Tone::plain;
    double bar = -1;  ///< share, or negative for none
};
void paintCell(QPainter& painter, const QRectF& box, const CellPaint& cell, const QFont& font, const Theme& theme);
/// The width that paintCell() wants, without elision.
double cellWidth(const report::Column& column, const QString& text, const QFont& font);

/// The table, without `dataOnly` columns, into `size`: rows that do not fit are counted in the last line. Lengths in units of 1/96 inch.
void paintTable(QPainter& painter, const QSizeF& size, const report::Table& table, const CellLooks& looks, const Theme& theme);
/// What paintTable() needs for all columns and rows: 120 to 260 mm wide, at most 480 mm high.
QSizeF tableSizeMm(const report::Table& table, const CellLooks& looks);

/// Text in the middle of `box`, for views with nothing to draw.
void paintEmptyText(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const Theme& theme);

/// The font of figures: `pixels` are units of 1/96 inch.
QFont figureFont(double pixels = 12);

}  // namespace vitrine::widgets
