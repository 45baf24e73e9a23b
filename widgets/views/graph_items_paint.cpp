// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/graph_items_paint.h"

#include <QFontMetricsF>
#include <algorithm>

#include "widgets/views/graph_items_badge.h"
#include "widgets/views/graph_items_style.h"

namespace vitrine::widgets {
namespace {

using namespace diagram;
using Kind = DiagramItem::Kind;

QPointF arrowSide(const QPointF& tip, const QPointF& along, double side) {
    return {tip.x() - kArrow * along.x() + side * along.y(), tip.y() - kArrow * along.y() - side * along.x()};
}

void paintArrow(QPainter& painter, const QPainterPath& path, const QColor& colour) {
    const QPointF tip = path.currentPosition();
    const QPointF before = path.pointAtPercent(path.percentAtLength(std::max(0.0, path.length() - 3)));
    const QPointF way = tip - before;
    const double length = std::hypot(way.x(), way.y());
    if (length <= 0) return;
    const QPointF along = way / length;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawPolygon(QPolygonF({tip, arrowSide(tip, along, 4), arrowSide(tip, along, -4)}));
}

void paintLine(QPainter& painter, const DiagramLine& line, const Theme& theme) {
    const QColor colour = line.spine ? theme.mutedText : theme.axis;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, line.spine ? 3.0 : 1.4, Qt::SolidLine, Qt::FlatCap));
    painter.drawPath(line.path);
    paintArrow(painter, line.path, colour);
    if (!line.folded.isEmpty()) paintFoldMark(painter, line.middle, theme);
}

/// The outline of a box: by its state first, else as `own`.
QPen outline(const DiagramLook& look, const DiagramSpot& spot, bool selected, bool marked, const QPen& own, const Theme& theme) {
    if (selected) return QPen(theme.highlight, 3);
    if (marked) return QPen(theme.highlight, 2.4, Qt::DashLine);
    if (look.hovered == spot) return QPen(theme.text, 1.6);
    return own;
}

void paintFocus(QPainter& painter, const QRectF& box, const DiagramLook& look, const DiagramSpot& spot, const Theme& theme) {
    if (look.focused != spot) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.accent, 1.5, Qt::DashLine));
    painter.drawRoundedRect(box.adjusted(-4, -4, 4, 4), kCorner + 3, kCorner + 3);
}

void paintText(QPainter& painter, const QRectF& box, const QFont& font, const QColor& colour, const QString& text, Qt::Alignment alignment) {
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(box, alignment | Qt::AlignVCenter | Qt::TextSingleLine, QFontMetricsF(font).elidedText(text, Qt::ElideRight, box.width() + 0.5));
}

void paintBox(QPainter& painter, const QRectF& box, const QPen& pen, const QColor& fill, double corner) {
    painter.setPen(pen);
    painter.setBrush(fill);
    painter.drawRoundedRect(box, corner, corner);
}

/// Operations and parameters: what they do, their name, their shape where it changes.
void paintOperation(QPainter& painter, const DiagramItem& item, const QPen& pen, const Theme& theme) {
    const bool isParameter = item.kind == Kind::parameter;
    paintBox(painter, item.box, pen, isParameter ? theme.window : theme.raised, kCorner);
    QRectF line = item.box.adjusted(kPadding, kInset, -kPadding, 0);
    line.setHeight(kLine);
    paintText(painter, line, titleFont(), isParameter ? theme.mutedText : theme.text, item.title, Qt::AlignLeft);
    if (!item.name.isEmpty()) {
        const double used = textWidth(titleFont(), item.title) + kPadding;
        paintText(painter, line.adjusted(used, 0, 0, 0), textFont(), theme.mutedText, item.name, Qt::AlignLeft);
    }
    if (!item.detail.isEmpty()) paintText(painter, line.translated(0, kLine), detailFont(), theme.mutedText, item.detail, Qt::AlignLeft);
}

void paintPort(QPainter& painter, const DiagramItem& item, const QPen& pen, const Theme& theme) {
    paintBox(painter, item.box, pen, theme.surface, item.box.height() / 2);
    const QRectF inner = item.box.adjusted(kPadding, 0, -kPadding, 0);
    paintText(painter, inner, textFont(), theme.text, item.title, Qt::AlignLeft);
    paintText(painter, inner, detailFont(), theme.mutedText, item.detail, Qt::AlignRight);
}

void paintAddition(QPainter& painter, const DiagramItem& item, const QPen& pen, const Theme& theme) {
    painter.setPen(pen);
    painter.setBrush(theme.raised);
    painter.drawEllipse(item.box);
    painter.setPen(QPen(theme.text, 2, Qt::SolidLine, Qt::RoundCap));
    const QPointF middle = item.box.center();
    painter.drawLine(middle - QPointF(5, 0), middle + QPointF(5, 0));
    painter.drawLine(middle - QPointF(0, 5), middle + QPointF(0, 5));
    if (item.name.isEmpty()) return;
    const double width = textWidth(textFont(), item.name) + 1;
    paintText(painter, QRectF(item.box.left() - kPadding - width, item.box.top(), width, item.box.height()), textFont(), theme.mutedText, item.name,
              Qt::AlignRight);
}

void paintWeights(QPainter& painter, const Diagram& drawing, std::size_t index, const DiagramLook& look, const Theme& theme) {
    const DiagramItem& item = drawing.items[index];
    for (std::size_t w = 0; w < item.weights.size(); ++w) {
        const DiagramWeight& weight = item.weights[w];
        const DiagramSpot spot{index, w};
        const bool selected = !look.site.empty() && weight.site == look.site;
        QPainterPath arrow(QPointF(weight.box.left(), weight.box.center().y()));
        arrow.lineTo(item.box.right(), weight.box.center().y());
        painter.setPen(QPen(theme.axis, 1.4));
        painter.drawPath(arrow);
        paintArrow(painter, arrow, theme.axis);
        const Badge badge{weight.site, weight.name, weight.shape, weight.quantizable};
        paintBadge(painter, weight.box, badge, look, outline(look, spot, selected, look.marked.contains(weight.site), badgePen(badge, look, theme), theme), theme);
        paintFocus(painter, weight.box, look, spot, theme);
    }
}

void paintItem(QPainter& painter, const Diagram& drawing, std::size_t index, const DiagramLook& look, const Theme& theme) {
    const DiagramItem& item = drawing.items[index];
    const DiagramSpot spot{index, std::nullopt};
    const bool selectedSite = !look.site.empty() && item.isSite() && item.id == look.site;
    const bool holdsSite = item.kind == Kind::block && look.site.empty() && item.id == look.block;
    const bool marked = item.isSite() && look.marked.contains(item.id);
    const auto pen = [&](const QPen& own) { return outline(look, spot, selectedSite || holdsSite, marked, own, theme); };
    switch (item.kind) {
        case Kind::port: paintPort(painter, item, pen(QPen(theme.border, 1)), theme); break;
        case Kind::operation:
        case Kind::parameter: paintOperation(painter, item, pen(QPen(theme.border, 1)), theme); break;
        case Kind::addition: paintAddition(painter, item, pen(QPen(theme.axis, 1.4)), theme); break;
        case Kind::quantizer: {
            const Badge badge{item.id, item.name, item.title, true};
            paintBadge(painter, item.box, badge, look, pen(badgePen(badge, look, theme)), theme);
            break;
        }
        case Kind::block:
            paintBox(painter, item.box, pen(QPen(theme.border, 1)), theme.raised, kCorner);
            paintBlock(painter, item, look, theme);
            break;
    }
    paintFocus(painter, item.box, look, spot, theme);
    paintWeights(painter, drawing, index, look, theme);
}

}  // namespace

const results::LayerErrors::Row* DiagramLook::errorOf(const RunFacts* run, const std::string& site_) const {
    if (run == nullptr) return nullptr;
    const SiteFacts facts = run->of(site_);
    return accumulated ? facts.accumulated : facts.local;
}

void paintDiagram(QPainter& painter, const Diagram& drawing, const DiagramLook& look, const Theme& theme, const QRectF& visible) {
    painter.setRenderHint(QPainter::Antialiasing);
    for (const bool spine : {false, true})
        for (const DiagramLine& line : drawing.lines)
            if (line.spine == spine && line.path.boundingRect().adjusted(-8, -8, 8, 8).intersects(visible)) paintLine(painter, line, theme);
    for (std::size_t i = 0; i < drawing.items.size(); ++i) {
        QRectF reach = drawing.items[i].box.adjusted(-160, -8, 8, 8);
        for (const DiagramWeight& weight : drawing.items[i].weights) reach |= weight.box;
        if (reach.intersects(visible)) paintItem(painter, drawing, i, look, theme);
    }
}

}  // namespace vitrine::widgets
