// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/search_view_plottables.h"

namespace vitrine::widgets {

QCPItemRect* addBand(QCustomPlot& plot, double from, double to, const QBrush& brush) {
    auto* band = new QCPItemRect(&plot);
    band->setLayer(QStringLiteral("background"));
    for (QCPItemPosition* corner : {band->topLeft, band->bottomRight}) {
        corner->setTypeX(QCPItemPosition::ptPlotCoords);
        corner->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    band->topLeft->setCoords(from, 0);
    band->bottomRight->setCoords(to, 1);
    band->setPen(Qt::NoPen);
    band->setBrush(brush);
    band->setSelectable(false);
    return band;
}

void addHeading(QCustomPlot& plot, const Theme& theme, double x, const QString& text) {
    auto* item = new QCPItemText(&plot);
    item->setLayer(QStringLiteral("grid"));
    item->position->setTypeX(QCPItemPosition::ptPlotCoords);
    item->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    item->position->setCoords(x, 0);
    item->setPositionAlignment(Qt::AlignHCenter | Qt::AlignTop);
    item->setPadding(QMargins(0, 3, 0, 0));
    item->setText(text);
    item->setFont(plot.xAxis->tickLabelFont());
    item->setColor(theme.mutedText);
    item->setSelectable(false);
}

QCPGraph* addLine(QCustomPlot& plot, const QString& name, const QPen& pen) {
    auto* line = new QCPGraph(plot.xAxis, plot.yAxis);
    line->setName(name);
    line->setPen(pen);
    line->setLineStyle(QCPGraph::lsStepLeft);
    return line;
}

QCPGraph* addMarks(QCustomPlot& plot, const QString& name, const QCPScatterStyle& style) {
    auto* marks = new QCPGraph(plot.xAxis, plot.yAxis);
    marks->setName(name);
    marks->setLineStyle(QCPGraph::lsNone);
    marks->setPen(style.pen());
    marks->setScatterStyle(style);
    return marks;
}

QCPScatterStyle disc(const QColor& colour, double size) { return {QCPScatterStyle::ssDisc, QPen(colour, 1), colour, size}; }
QCPScatterStyle ring(const QColor& colour, const Theme& theme, double size) { return {QCPScatterStyle::ssCircle, QPen(colour, 1.3), theme.surface, size}; }
QCPScatterStyle square(const QColor& colour, const QBrush& brush, double size) { return {QCPScatterStyle::ssSquare, QPen(colour, 1.3), brush, size}; }

}  // namespace vitrine::widgets
