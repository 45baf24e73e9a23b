// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QBrush>
#include <QPen>
#include <QString>
#include <QVector>

#include "widgets/base/qcustomplot.h"
#include "widgets/base/theme.h"

/// Parts of the drawings of SearchView. UI thread.
namespace vitrine::widgets {

inline constexpr double kRoomOfAxis = 90;  ///< pixels that labels take from the width of the plot

/// Places of marks.
struct Cloud {
    QVector<double> x, y;
};

QCPItemRect* addBand(QCustomPlot& plot, double from, double to, const QBrush& brush);  ///< over the whole height
/// A word at the upper edge of the plot, above the middle of what it names.
void addHeading(QCustomPlot& plot, const Theme& theme, double x, const QString& text);
QCPGraph* addLine(QCustomPlot& plot, const QString& name, const QPen& pen);  ///< in steps
QCPGraph* addMarks(QCustomPlot& plot, const QString& name, const QCPScatterStyle& style);

QCPScatterStyle disc(const QColor& colour, double size);
QCPScatterStyle ring(const QColor& colour, const Theme& theme, double size);
QCPScatterStyle square(const QColor& colour, const QBrush& brush, double size);

}  // namespace vitrine::widgets
