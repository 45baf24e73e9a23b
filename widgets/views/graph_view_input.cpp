// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "graph/operations.h"
#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/views/graph_view.h"

/// Mouse and keys of GraphView.
namespace vitrine::widgets {
namespace {

using Kind = DiagramItem::Kind;

/// "Uniform, 4 bits, one scale; SQNR 19.4 dB (medium error). 38 % of the values are clipped."
QString factsText(const SiteFacts& facts, const results::LayerErrors::Row* error, bool lowest) {
    QStringList parts;
    if (!facts.quantizer().empty()) parts << quantizerText(facts.quantizer());
    const ErrorGrade grade = gradeOf(error);
    if (error != nullptr && grade != ErrorGrade::notQuantized)
        parts << GraphView::tr("SQNR %1 (%2)").arg(sqnrText(error->sqnrDb), gradeText(grade));
    QString text = parts.isEmpty() ? GraphView::tr("not measured") : parts.join(QStringLiteral("; "));
    const QStringList warnings = warningsOf(facts, lowest);
    if (!warnings.isEmpty()) text += QStringLiteral(". ") + warnings.join(QLatin1Char(' '));
    return text;
}

}  // namespace

QRectF GraphView::boxOf(const DiagramSpot& spot) const {
    const DiagramItem& item = diagram_.items[spot.item];
    return spot.weight ? item.weights[*spot.weight].box : item.box;
}

std::string GraphView::siteOf(const DiagramSpot& spot) const {
    const DiagramItem& item = diagram_.items[spot.item];
    if (spot.weight) return item.weights[*spot.weight].quantizable ? item.weights[*spot.weight].site : std::string();
    return item.isSite() ? item.id : std::string();
}

std::optional<DiagramSpot> GraphView::spotAt(const QPointF& widget) const {
    if (!canvas().contains(widget)) return std::nullopt;
    const QPointF at = toScene(widget);
    for (std::size_t i = 0; i < diagram_.items.size(); ++i) {
        if (diagram_.items[i].box.contains(at)) return DiagramSpot{i, std::nullopt};
        for (std::size_t w = 0; w < diagram_.items[i].weights.size(); ++w)
            if (diagram_.items[i].weights[w].box.contains(at)) return DiagramSpot{i, w};
    }
    return std::nullopt;
}

const DiagramLine* GraphView::foldAt(const QPointF& widget) const {
    constexpr double kReach = 9;
    if (!canvas().contains(widget)) return nullptr;
    for (const DiagramLine& line : diagram_.lines) {
        const QPointF apart = toWidget(line.middle) - widget;
        if (!line.folded.isEmpty() && std::hypot(apart.x(), apart.y()) <= kReach) return &line;
    }
    return nullptr;
}

QString GraphView::readout(const DiagramSpot& spot) const {
    const DiagramItem& item = diagram_.items[spot.item];
    const auto& graph = *input_.network->graph;
    const QString separator = QStringLiteral("  ·  ");
    if (item.kind == Kind::port) return item.title + separator + item.detail;
    QStringList parts{toQt(spot.weight ? item.weights[*spot.weight].site : item.id)};
    if (item.kind == Kind::block) return QStringList{parts[0], item.name, item.detail, tr("double click opens it")}.join(separator);
    const std::string site = siteOf(spot);
    if (site.empty()) {
        parts << item.title;
        if (const auto value = graph.find(toStd(parts[0]))) {
            parts << shapeWords(graph.value(*value).shape);
            const graph::NodeId producer = graph.value(*value).producer;
            const std::int64_t macs = producer == graph::kNone ? 0 : graph::macs(graph, graph.node(producer));
            if (macs > 0) parts << tr("%1 MACs").arg(countText(macs));
        }
        return parts.join(separator);
    }
    for (const graph::Site& known : input_.network->sites)
        if (known.id == site) parts << roleText(known.role) << shapeWords(known.shape);
    const DiagramLook now = look();
    const bool both = now.mode != CompareMode::a && now.mode != CompareMode::b && now.b != nullptr;
    const auto say = [&](const RunFacts& run) { return factsText(run.of(site), now.errorOf(&run, site), run.lowest() == site); };
    if (both && now.a != nullptr)
        parts << tr("A: %1").arg(say(*now.a)) << tr("B: %1").arg(say(*now.b));
    else if (now.main() != nullptr)
        parts << say(*now.main());
    return parts.join(separator);
}

void GraphView::hover(const QPointF& widget) {
    const auto spot = spotAt(widget);
    const DiagramLine* fold = spot ? nullptr : foldAt(widget);
    setCursor(spot ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (spot != hovered_) {
        hovered_ = spot;
        update();
    }
    if (spot)
        Q_EMIT readoutChanged(readout(*spot));
    else
        Q_EMIT readoutChanged(fold != nullptr ? tr("Folded into this line: %1").arg(fold->folded.join(QStringLiteral(", "))) : QString());
}

void GraphView::choose(const DiagramSpot& spot) {
    setFocused(spot);
    const DiagramItem& item = diagram_.items[spot.item];
    if (const std::string site = siteOf(spot); !site.empty())
        Q_EMIT siteChosen(toQt(site));
    else if (item.kind == Kind::block)
        Q_EMIT blockChosen(toQt(item.id));
}

void GraphView::open(const DiagramSpot& spot) {
    const DiagramItem& item = diagram_.items[spot.item];
    if ((item.kind == Kind::block || item.kind == Kind::port) && !item.id.empty()) openBlock(toQt(item.id));
}

void GraphView::openBlock(const QString& block) {
    if (!options_.text("block").empty()) Q_EMIT optionsAsked(QStringLiteral("block"), QString());
    if (isOfWholeNetwork()) Q_EMIT optionsAsked(QStringLiteral("level"), QStringLiteral("block"));
    Q_EMIT blockChosen(block);
}

void GraphView::openNetwork() {
    if (!isOfWholeNetwork()) Q_EMIT optionsAsked(QStringLiteral("level"), QStringLiteral("network"));
}

void GraphView::setFocused(std::optional<DiagramSpot> spot) {
    focused_ = spot;
    if (spot) {
        reveal(boxOf(*spot));
        Q_EMIT readoutChanged(readout(*spot));
    }
    update();
}

std::optional<DiagramSpot> GraphView::firstSpot() const {
    if (diagram_.items.empty()) return std::nullopt;
    return DiagramSpot{0, std::nullopt};
}

std::optional<DiagramSpot> GraphView::along(const DiagramSpot& spot, bool down) const {
    if (spot.weight) return down ? std::optional<DiagramSpot>({spot.item, std::nullopt}) : std::nullopt;
    std::optional<DiagramSpot> nearest;
    double least = 0;
    const double x = diagram_.items[spot.item].box.center().x();
    for (const DiagramLine& line : diagram_.lines) {
        if ((down ? line.from : line.to) != spot.item) continue;
        const std::size_t other = down ? line.to : line.from;
        // Through the branches, not past them, so that one key walks through a whole block; the spine is one step to the left.
        const double distance = std::abs(diagram_.items[other].box.center().x() - x) + (line.spine ? 1e4 : 0);
        if (nearest && distance >= least) continue;
        nearest = DiagramSpot{other, std::nullopt};
        least = distance;
    }
    return nearest;
}

std::optional<DiagramSpot> GraphView::beside(const DiagramSpot& spot, bool right) const {
    const QRectF own = boxOf(spot);
    std::optional<DiagramSpot> nearest;
    double least = 0;
    const auto offer = [&](const DiagramSpot& other) {
        const QPointF apart = boxOf(other).center() - own.center();
        const double ahead = right ? apart.x() : -apart.x();
        if (other == spot || ahead <= 1) return;
        const double distance = ahead + 4 * std::abs(apart.y());
        if (nearest && distance >= least) return;
        nearest = other;
        least = distance;
    };
    for (std::size_t i = 0; i < diagram_.items.size(); ++i) {
        offer({i, std::nullopt});
        for (std::size_t w = 0; w < diagram_.items[i].weights.size(); ++w) offer({i, w});
    }
    return nearest;
}

bool GraphView::walk(int key) {
    if (!focused_) {
        setFocused(firstSpot());
        return focused_.has_value();
    }
    const bool vertical = key == Qt::Key_Down || key == Qt::Key_Up;
    const auto next = vertical ? along(*focused_, key == Qt::Key_Down) : beside(*focused_, key == Qt::Key_Right);
    if (next) setFocused(next);
    return true;
}

void GraphView::keyPressEvent(QKeyEvent* event) {
    if (event->modifiers() & (Qt::AltModifier | Qt::ControlModifier)) return View::keyPressEvent(event);
    const double page = 0.8 * canvas().height();
    switch (event->key()) {
        case Qt::Key_Down:
        case Qt::Key_Up:
        case Qt::Key_Left:
        case Qt::Key_Right: walk(event->key()); return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (!focused_) return;
            choose(*focused_);
            if (focused_) open(*focused_);
            return;
        case Qt::Key_Backspace: openNetwork(); return;
        case Qt::Key_Plus:
        case Qt::Key_Equal: zoomIn(); return;
        case Qt::Key_Minus: zoomOut(); return;
        case Qt::Key_0: resetZoom(); return;
        case Qt::Key_P: togglePin(); return;
        case Qt::Key_PageDown: moveBy({0, -page}); return;
        case Qt::Key_PageUp: moveBy({0, page}); return;
        case Qt::Key_Home: setFocused(firstSpot()); return;
        default: View::keyPressEvent(event);
    }
}

void GraphView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::RightButton)
        // The context menu is about what is selected: so what is under the mouse becomes that.
        if (const auto spot = spotAt(event->position()); spot && !siteOf(*spot).empty()) choose(*spot);
    if (event->button() != Qt::LeftButton) return View::mousePressEvent(event);
    pressed_ = event->position();
    dragging_ = false;
}

void GraphView::mouseMoveEvent(QMouseEvent* event) {
    if (!pressed_) return hover(event->position());
    const QPointF moved = event->position() - *pressed_;
    if (!dragging_ && moved.manhattanLength() < QApplication::startDragDistance()) return;
    dragging_ = true;
    setCursor(Qt::ClosedHandCursor);
    pressed_ = event->position();
    moveBy(moved);
}

void GraphView::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !pressed_) return View::mouseReleaseEvent(event);
    const bool clicked = !dragging_;
    pressed_.reset();
    dragging_ = false;
    if (const auto spot = spotAt(event->position()); clicked && spot) choose(*spot);
    hover(event->position());
}

void GraphView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    if (const auto spot = spotAt(event->position())) open(*spot);
}

void GraphView::leaveEvent(QEvent* event) {
    hovered_.reset();
    update();
    Q_EMIT readoutChanged(QString());
    View::leaveEvent(event);
}

void GraphView::focusInEvent(QFocusEvent* event) {
    View::focusInEvent(event);
    update();
}

void GraphView::focusOutEvent(QFocusEvent* event) {
    View::focusOutEvent(event);
    update();
}

void GraphView::wheelEvent(QWheelEvent* event) {
    const double notches = event->angleDelta().y() / 120.0;
    if (event->modifiers() & Qt::ShiftModifier)
        moveBy({0, notches * 60});
    else if (notches != 0)
        zoomBy(std::pow(1.15, notches), event->position());
    event->accept();
}

void GraphView::addToContextMenu(QMenu& menu, const QPoint& position) {
    const auto spot = spotAt(position);
    if (spot) {
        const DiagramItem item = diagram_.items[spot->item];
        if ((item.kind == Kind::block || item.kind == Kind::port) && !item.id.empty())
            connect(menu.addAction(icon(QStringLiteral("open")), tr("Open %1").arg(toQt(item.id))), &QAction::triggered, this,
                    [this, block = toQt(item.id)] { openBlock(block); });
    }
    if (!isOfWholeNetwork())
        connect(menu.addAction(icon(QStringLiteral("up")), tr("Show the whole network")), &QAction::triggered, this, [this] { openNetwork(); });
}

void GraphView::togglePin() {
    if (!pins_.empty()) {
        pins_.clear();
    } else if (const auto spot = hovered_ ? hovered_ : focused_) {
        const QRectF box = boxOf(*spot);
        pins_.push_back({QPointF(box.right(), box.center().y()), readout(*spot)});
    }
    update();
}

}  // namespace vitrine::widgets
