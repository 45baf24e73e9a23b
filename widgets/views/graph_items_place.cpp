// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/graph_items_place.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "widgets/views/graph_items_style.h"
#include "widgets/views/graph_layout.h"

namespace vitrine::widgets::diagram {
namespace {

using Kind = DiagramItem::Kind;

constexpr double kTurn = 0.3;  ///< where lines turn, as a share of the way down: the mark of folded operations fits in below

/// Height of the box of an operation, or of a parameter: one line, and one more for a shape.
double boxHeight(const DiagramItem& item) { return kLine * (item.detail.isEmpty() ? 1 : 2) + 2 * kInset; }

QSizeF boxSize(const DiagramItem& item, const DiagramOptions& options) {
    switch (item.kind) {
        case Kind::quantizer: return {badgeWidth(options.twoRuns), badgeHeight(options.names, options.twoRuns)};
        case Kind::addition: return {kCircle, kCircle};
        case Kind::block: return {kBlockWidth, 3 * kLine + 2 * kInset};
        case Kind::port: return {textWidth(textFont(), item.title) + textWidth(detailFont(), item.detail) + 3 * kPadding, kLine + 2 * kInset};
        case Kind::operation:
        case Kind::parameter: break;
    }
    const double name = item.name.isEmpty() ? 0 : textWidth(textFont(), item.name) + kPadding;
    const double first = textWidth(titleFont(), item.title) + name;
    return {std::max(first, textWidth(detailFont(), item.detail)) + 2 * kPadding, boxHeight(item)};
}

LayoutNode layoutNode(const DiagramItem& item, const DiagramOptions& options) {
    const QSizeF size = boxSize(item, options);
    LayoutNode node{size.width() / 2, size.width() / 2, size.height()};
    if (item.kind == Kind::addition && !item.name.isEmpty()) node.left += textWidth(textFont(), item.name) + kPadding;
    if (!item.weights.empty()) {
        node.right += kWeightGap + badgeWidth(options.twoRuns);
        node.height = std::max(node.height, badgeHeight(options.names, options.twoRuns));
    }
    return node;
}

void placeItem(DiagramItem& item, const LayoutPoint& at, const LayoutNode& node, const DiagramOptions& options) {
    const QSizeF size = boxSize(item, options);
    const double middle = at.y + node.height / 2 + kMargin;
    item.box = QRectF(at.x + kMargin - size.width() / 2, middle - size.height() / 2, size.width(), size.height());
    const double height = badgeHeight(options.names, options.twoRuns);
    for (DiagramWeight& weight : item.weights)
        weight.box = QRectF(item.box.right() + kWeightGap, middle - height / 2, badgeWidth(options.twoRuns), height);
}

/// From one point down to another: straight, or with a step whose corners are round.
void stepTo(QPainterPath& path, const QPointF& end) {
    const QPointF start = path.currentPosition();
    const double across = end.x() - start.x(), down = end.y() - start.y();
    if (std::abs(across) < 0.5) {
        path.lineTo(end);
        return;
    }
    const double level = start.y() + kTurn * down;
    const double radius = std::min({8.0, std::abs(across) / 2, kTurn * down});
    const double side = across > 0 ? radius : -radius;
    path.lineTo(start.x(), level - radius);
    path.quadTo(start.x(), level, start.x() + side, level);
    path.lineTo(end.x() - side, level);
    path.quadTo(end.x(), level, end.x(), level + radius);
    path.lineTo(end);
}

/// Into a circle from its right.
void turnInto(QPainterPath& path, const QPointF& end) {
    const QPointF start = path.currentPosition();
    const double radius = std::min({8.0, std::abs(end.x() - start.x()), std::abs(end.y() - start.y())});
    path.lineTo(start.x(), end.y() - radius);
    path.quadTo(start.x(), end.y(), start.x() - radius, end.y());
    path.lineTo(end);
}

/// Where lines enter each item: spread over its upper edge in the order in which they come.
std::vector<double> entries(const Diagram& drawing, const LayoutResult& layout) {
    std::vector<double> result(drawing.lines.size(), 0);
    std::map<std::size_t, std::vector<std::size_t>> arriving;
    for (std::size_t line = 0; line < drawing.lines.size(); ++line) arriving[drawing.lines[line].to].push_back(line);
    for (auto& [item, lines] : arriving) {
        const QRectF& box = drawing.items[item].box;
        const bool hasSpine = std::any_of(lines.begin(), lines.end(), [&](std::size_t line) { return drawing.lines[line].spine; });
        const auto comesFrom = [&](std::size_t line) {
            return layout.edges[line].empty() ? layout.nodes[drawing.lines[line].from].x : layout.edges[line].back().x;
        };
        std::stable_sort(lines.begin(), lines.end(), [&](std::size_t a, std::size_t b) {
            if (drawing.lines[a].spine != drawing.lines[b].spine) return drawing.lines[a].spine;
            return comesFrom(a) < comesFrom(b);
        });
        const double count = static_cast<double>(lines.size());
        const double pitch = std::min(36.0, box.width() / (count + 1));
        for (std::size_t i = 0; i < lines.size(); ++i)
            result[lines[i]] = box.center().x() + (static_cast<double>(i) - (hasSpine ? 0 : (count - 1) / 2)) * pitch;
    }
    return result;
}

void route(DiagramLine& line, const Diagram& drawing, const std::vector<LayoutPoint>& passes, double entry) {
    const QRectF &from = drawing.items[line.from].box, &to = drawing.items[line.to].box;
    line.path = QPainterPath(QPointF(from.center().x(), from.bottom()));
    for (const LayoutPoint& pass : passes) stepTo(line.path, {pass.x + kMargin, pass.y + kMargin});
    const bool isSide = drawing.items[line.to].kind == Kind::addition && line.path.currentPosition().x() > to.right() + 4;
    if (isSide)
        turnInto(line.path, {to.right(), to.center().y()});
    else
        stepTo(line.path, {drawing.items[line.to].kind == Kind::addition ? to.center().x() : entry, to.top()});
    const double before = isSide ? line.path.length() / 2 : kArrow + 5.5;
    line.middle = line.path.pointAtPercent(line.path.percentAtLength(std::max(0.0, line.path.length() - before)));
}

}  // namespace

void place(Diagram& drawing, const DiagramOptions& options) {
    LayoutProblem problem;
    problem.nodeGap = kNodeGap;
    problem.lineGap = kLineGap;
    problem.rankGap = kRankGap;
    for (const DiagramItem& item : drawing.items) problem.nodes.push_back(layoutNode(item, options));
    for (const DiagramLine& line : drawing.lines) problem.edges.push_back({line.from, line.to, line.spine});
    const LayoutResult layout = layoutGraph(problem);
    for (std::size_t i = 0; i < drawing.items.size(); ++i) placeItem(drawing.items[i], layout.nodes[i], problem.nodes[i], options);
    const std::vector<double> entry = entries(drawing, layout);
    for (std::size_t i = 0; i < drawing.lines.size(); ++i) route(drawing.lines[i], drawing, layout.edges[i], entry[i]);
    drawing.bounds = QRectF(0, 0, layout.width + 2 * kMargin, layout.height + 2 * kMargin);
}

}  // namespace vitrine::widgets::diagram
