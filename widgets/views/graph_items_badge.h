// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QPen>

#include "widgets/views/graph_items_paint.h"

/// Quantizers and lists of sites in the diagram, for graph_items_paint.cpp alone.
namespace vitrine::widgets::diagram {

/// A quantizer, or the weight beside an operation.
struct Badge {
    std::string site;
    QString name;  ///< upper line; empty: none
    QString idle;  ///< what it says without a run: a role, a shape
    bool quantizable = true;
};

QPen badgePen(const Badge& badge, const DiagramLook& look, const Theme& theme);
void paintBadge(QPainter& painter, const QRectF& box, const Badge& badge, const DiagramLook& look, const QPen& pen, const Theme& theme);

/// What stands in the box of a block: name, kind, shape, and its sites as bars whose height and colour say the error.
void paintBlock(QPainter& painter, const DiagramItem& item, const DiagramLook& look, const Theme& theme);
/// A bar for one site: from 40 dB (flat) to 0 dB (full height), an empty one where there is no error to show.
void paintErrorBar(QPainter& painter, const QRectF& box, const results::LayerErrors::Row* error, const Theme& theme);

/// The mark on lines that hide operations.
void paintFoldMark(QPainter& painter, const QPointF& middle, const Theme& theme);

}  // namespace vitrine::widgets::diagram
