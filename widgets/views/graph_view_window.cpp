// SPDX-License-Identifier: GPL-3.0-or-later
#include <QResizeEvent>
#include <algorithm>

#include "widgets/views/graph_view.h"

/// Which part of the drawing GraphView shows.
namespace vitrine::widgets {
namespace {

constexpr double kStep = 1.25;           ///< of a zoom by key or by a notch of the wheel
constexpr double kSmallest = 0.1, kLargest = 6;
constexpr double kReadable = 0.8;        ///< below this scale a drawing is not squeezed in by itself
constexpr std::size_t kRemembered = 50;  ///< earlier windows

}  // namespace

QRectF GraphView::canvas() const {
    const double legend = legendHeight(diagram_, look(), width() - 24) + 10;
    return QRectF(0, 0, width(), std::max(1.0, height() - legend));
}

GraphView::Window GraphView::automaticWindow() const {
    const QRectF area = canvas();
    const QRectF all = diagram_.bounds;
    const double wide = area.width() / all.width(), high = area.height() / all.height();
    Window window;
    window.scale = std::min({wide, high, 1.25});
    if (window.scale < kReadable) window.scale = std::clamp(wide, std::min(kReadable, high), 1.0);
    // What does not fit is shown from its beginning.
    const double x = all.center().x() - area.width() / window.scale / 2;
    const double y = high * all.height() >= window.scale * all.height() ? all.center().y() - area.height() / window.scale / 2 : all.top();
    window.corner = QPointF(std::max(x, std::min(all.left(), x)), y);
    return window;
}

QPointF GraphView::toScene(const QPointF& widget) const {
    const Window window = window_.value_or(automaticWindow());
    return window.corner + (widget - canvas().topLeft()) / window.scale;
}

QPointF GraphView::toWidget(const QPointF& scene) const {
    const Window window = window_.value_or(automaticWindow());
    return canvas().topLeft() + (scene - window.corner) * window.scale;
}

QRectF GraphView::visibleScene() const {
    const QRectF area = canvas();
    return QRectF(toScene(area.topLeft()), toScene(area.bottomRight()));
}

void GraphView::setWindow(Window window, bool remember) {
    if (diagram_.items.empty()) return;
    if (remember) {
        zooms_.push_back(window_.value_or(automaticWindow()));
        if (zooms_.size() > kRemembered) zooms_.erase(zooms_.begin());
    }
    window.scale = std::clamp(window.scale, kSmallest, kLargest);
    // Something of the drawing stays in sight.
    const QSizeF seen = canvas().size() / window.scale;
    const QRectF all = diagram_.bounds;
    window.corner.setX(std::clamp(window.corner.x(), all.left() - 0.8 * seen.width(), all.right() - 0.2 * seen.width()));
    window.corner.setY(std::clamp(window.corner.y(), all.top() - 0.8 * seen.height(), all.bottom() - 0.2 * seen.height()));
    window_ = window;
    update();
    Q_EMIT drawn();
}

void GraphView::zoomBy(double factor, const QPointF& around) {
    if (diagram_.items.empty()) return;
    Window window = window_.value_or(automaticWindow());
    const QPointF fixed = toScene(around);
    const double scale = std::clamp(window.scale * factor, kSmallest, kLargest);
    window.corner = fixed - (around - canvas().topLeft()) / scale;
    window.scale = scale;
    setWindow(window, true);
}

void GraphView::moveBy(const QPointF& pixels) {
    Window window = window_.value_or(automaticWindow());
    window.corner -= pixels / window.scale;
    setWindow(window, false);
}

void GraphView::zoomIn() { zoomBy(kStep, canvas().center()); }

void GraphView::zoomOut() { zoomBy(1 / kStep, canvas().center()); }

void GraphView::resetZoom() {
    if (diagram_.items.empty()) return;
    if (!window_) {
        // A drawing that does not fit by itself is squeezed in on demand.
        const QRectF area = canvas(), all = diagram_.bounds;
        const double scale = std::min({area.width() / all.width(), area.height() / all.height(), 1.25});
        if (scale < automaticWindow().scale) setWindow({scale, all.center() - QPointF(area.width(), area.height()) / scale / 2}, true);
        return;
    }
    window_.reset();
    zooms_.clear();
    update();
    Q_EMIT drawn();
}

void GraphView::zoomBack() {
    if (zooms_.empty()) return;
    window_ = zooms_.back();
    zooms_.pop_back();
    update();
    Q_EMIT drawn();
}

void GraphView::reveal(const QRectF& box) {
    const QRectF seen = visibleScene();
    const QRectF wanted = box.adjusted(-30, -30, 30, 30);
    if (seen.contains(wanted)) return;
    Window window = window_.value_or(automaticWindow());
    const QSizeF size = seen.size();
    if (wanted.left() < seen.left() || wanted.right() > seen.right()) window.corner.setX(wanted.center().x() - size.width() / 2);
    if (wanted.top() < seen.top() || wanted.bottom() > seen.bottom()) window.corner.setY(wanted.center().y() - size.height() / 2);
    // No more empty room than there has to be.
    const QRectF all = diagram_.bounds;
    if (size.width() < all.width()) window.corner.setX(std::clamp(window.corner.x(), all.left(), all.right() - size.width()));
    if (size.height() < all.height()) window.corner.setY(std::clamp(window.corner.y(), all.top(), all.bottom() - size.height()));
    setWindow(window, false);
}

void GraphView::showSelection() {
    if (input_.selection.site.isEmpty()) return;
    const std::string site = look().site;
    const auto item = diagram_.itemOfSite(site);
    if (!item) return;
    DiagramSpot spot{*item, std::nullopt};
    const auto& weights = diagram_.items[*item].weights;
    for (std::size_t w = 0; w < weights.size(); ++w)
        if (weights[w].site == site) spot.weight = w;
    focused_ = spot;
    reveal(boxOf(spot));
}

void GraphView::resizeEvent(QResizeEvent* event) {
    View::resizeEvent(event);
    // The point in the middle stays there.
    if (!window_ || !event->oldSize().isValid()) return;
    const QSizeF grown = (event->size() - event->oldSize()) / 2.0 / window_->scale;
    window_->corner -= QPointF(grown.width(), grown.height());
}

}  // namespace vitrine::widgets
