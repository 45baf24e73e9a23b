// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/plot_view_interaction.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "widgets/views/plot_style.h"
#include "widgets/views/report_table_paint.h"

namespace vitrine::widgets {
namespace {

constexpr int kFrameMs = 16;
constexpr double kReach = 12;          ///< pixels within which a readable is read
constexpr double kClickSlack = 4;      ///< pixels that a click may move
constexpr double kWheelStep = 0.8;     ///< part that remains after one step
constexpr qint64 kWheelPauseMs = 700;  ///< a pause that ends one gesture of the wheel

bool same(const PlotView::Readable& one, const PlotView::Readable& other) {
    return one.x == other.x && one.y == other.y && one.site == other.site && one.text == other.text;
}

}  // namespace

PlotOverlay::PlotOverlay(QWidget* parent, std::function<void(QPainter&)> paint) : QWidget(parent), paint_(std::move(paint)) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
}

void PlotOverlay::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paint_(painter);
}

PlotView::Interaction::Interaction(PlotView& owner)
    : view(owner), overlay(new PlotOverlay(owner.plot_, [this](QPainter& painter) { paint(painter); })) {
    timer.setSingleShot(true);
    timer.setInterval(kFrameMs);
}

QPointF PlotView::Interaction::pixel(const QCustomPlot& plot, double x, double y) const {
    return {plot.xAxis->coordToPixel(x), plot.yAxis->coordToPixel(y)};
}

QPointF PlotView::Interaction::share(const QPointF& position) const {
    const QRectF area = view.plot_->axisRect()->rect();
    return {std::clamp((position.x() - area.left()) / std::max(area.width(), 1.0), 0.0, 1.0),
            std::clamp((area.bottom() - position.y()) / std::max(area.height(), 1.0), 0.0, 1.0)};
}

void PlotView::Interaction::setHome() {
    const QCustomPlot& plot = *view.plot_;
    const auto axis = [](const QCPAxis& of) { return PlotZoom::Axis{of.range(), of.scaleType() == QCPAxis::stLogarithmic}; };
    zoom.setHome(axis(*plot.xAxis), axis(*plot.yAxis));
}

void PlotView::Interaction::newData() {
    zoom.clear();
    pins.clear();
    gesture = Gesture::none;
    byKeyboard = false;
    read(std::nullopt);
}

void PlotView::Interaction::drawingChanged() {
    readablesStale_ = true;
    if (byKeyboard && readout) {
        // The walk goes on from the same site, which may have moved.
        for (const Readable& readable : readables())
            if (readable.site == readout->site && (!readout->site.isEmpty() || readable.x == readout->x)) return read(readable);
    }
    readMouse();
    overlay->update();
}

void PlotView::Interaction::applyZoom() {
    view.plot_->xAxis->setRange(zoom.x());
    view.plot_->yAxis->setRange(zoom.y());
    view.plot_->replot(QCustomPlot::rpQueuedRefresh);
    if (gesture == Gesture::none && !byKeyboard) readMouse();
    overlay->update();
}

void PlotView::Interaction::zoomBy(double factor) {
    QPointF about(0.5, 0.5);
    if (readout) about = share(pixel(*view.plot_, readout->x, readout->y));
    zoom.scale(factor, view.wheelZoom(), about, PlotZoom::Step::own);
    applyZoom();
}

void PlotView::Interaction::rebuildReadables() {
    readablesStale_ = false;
    readables_ = view.emptyText().isEmpty() ? view.readables() : std::vector<Readable>{};
    std::erase_if(readables_, [](const Readable& readable) { return !std::isfinite(readable.x) || !std::isfinite(readable.y); });
    byX_.resize(readables_.size());
    std::iota(byX_.begin(), byX_.end(), std::size_t{0});
    std::stable_sort(byX_.begin(), byX_.end(), [&](std::size_t a, std::size_t b) { return readables_[a].x < readables_[b].x; });
}

const std::vector<PlotView::Readable>& PlotView::Interaction::readables() {
    if (readablesStale_) rebuildReadables();
    return readables_;
}

std::optional<PlotView::Readable> PlotView::Interaction::nearest(const QPointF& position) {
    if (readablesStale_) rebuildReadables();
    const QCPAxis& axis = *view.plot_->xAxis;
    const double one = axis.pixelToCoord(position.x() - kReach), other = axis.pixelToCoord(position.x() + kReach);
    const double low = std::min(one, other), high = std::max(one, other);
    auto at = std::lower_bound(byX_.begin(), byX_.end(), low, [&](std::size_t i, double x) { return readables_[i].x < x; });
    std::optional<std::size_t> best;
    double least = kReach * kReach;
    for (; at != byX_.end() && readables_[*at].x <= high; ++at) {
        const QPointF away = pixel(*view.plot_, readables_[*at].x, readables_[*at].y) - position;
        const double distance = QPointF::dotProduct(away, away);
        if (distance > least) continue;
        least = distance;
        best = *at;
    }
    if (!best) return std::nullopt;
    return readables_[*best];
}

void PlotView::Interaction::read(const std::optional<Readable>& readable) {
    if (readable.has_value() == readout.has_value() && (!readable || same(*readable, *readout))) return;
    readout = readable;
    if (readout) readout->text = view.readoutText(*readout);
    overlay->update();
    Q_EMIT view.readoutChanged(readout ? readoutLines(readout->text).join(QStringLiteral("  ")) : QString());
}

void PlotView::Interaction::readMouse() {
    if (byKeyboard) return;
    const QRectF area = view.plot_->axisRect()->rect();
    if (!isInside || gesture == Gesture::moving || gesture == Gesture::banding || !area.contains(mouse) || !view.emptyText().isEmpty())
        return read(std::nullopt);
    read(view.readAt(view.plot_->xAxis->pixelToCoord(mouse.x()), view.plot_->yAxis->pixelToCoord(mouse.y())));
}

bool PlotView::Interaction::mousePress(const QMouseEvent& event) {
    view.setFocus(Qt::MouseFocusReason);
    if (event.button() != Qt::LeftButton && event.button() != Qt::MiddleButton) return false;
    gesture = Gesture::pressed;
    wantsBand = event.button() == Qt::LeftButton && event.modifiers().testFlag(Qt::ShiftModifier);
    pressedAt = mouse = event.position();
    dragX = zoom.x();
    dragY = zoom.y();
    return true;
}

bool PlotView::Interaction::mouseMove(const QMouseEvent& event) {
    mouse = event.position();
    isInside = true;
    byKeyboard = false;
    if (gesture == Gesture::pressed && (mouse - pressedAt).manhattanLength() > kClickSlack) {
        if (wantsBand)
            gesture = Gesture::banding;
        else if (zoom.isZoomed()) {
            gesture = Gesture::moving;
            view.plot_->setCursor(Qt::ClosedHandCursor);
            zoom.remember();
        }
    }
    if (gesture == Gesture::moving) {
        const QRectF area = view.plot_->axisRect()->rect();
        const QPointF by((pressedAt.x() - mouse.x()) / std::max(area.width(), 1.0), (mouse.y() - pressedAt.y()) / std::max(area.height(), 1.0));
        const double forwardX = view.plot_->xAxis->rangeReversed() ? -1 : 1, forwardY = view.plot_->yAxis->rangeReversed() ? -1 : 1;
        zoom.move(dragX, dragY, {forwardX * by.x(), forwardY * by.y()}, PlotZoom::Step::joined);
        applyZoom();
    }
    readMouse();
    overlay->update();
    return true;
}

bool PlotView::Interaction::mouseRelease(const QMouseEvent& event) {
    if (gesture == Gesture::none) return false;
    const Gesture ended = std::exchange(gesture, Gesture::none);
    view.plot_->unsetCursor();
    mouse = event.position();
    if (ended == Gesture::pressed && event.button() == Qt::LeftButton) choose();
    if (ended == Gesture::banding) {
        const QRectF band = QRectF(pressedAt, mouse).normalized().intersected(view.plot_->axisRect()->rect());
        const auto range = [](const QCPAxis& axis, double one, double other) {
            return QCPRange(axis.pixelToCoord(one), axis.pixelToCoord(other));  // QCPRange puts them in order
        };
        // A flat band zooms one axis.
        const bool zoomsX = band.width() > 2 * kClickSlack, zoomsY = band.height() > 2 * kClickSlack;
        if (zoomsX || zoomsY)
            zoom.show(zoomsX ? range(*view.plot_->xAxis, band.left(), band.right()) : zoom.x(),
                      zoomsY ? range(*view.plot_->yAxis, band.top(), band.bottom()) : zoom.y(), PlotZoom::Step::own);
        applyZoom();
    }
    readMouse();
    overlay->update();
    return true;
}

bool PlotView::Interaction::wheel(const QWheelEvent& event) {
    const double steps = event.angleDelta().y() / 120.0;
    if (steps == 0 || !view.emptyText().isEmpty()) return false;
    const QRectF area = view.plot_->axisRect()->rect();
    const QPointF at = event.position();
    Qt::Orientations axes = view.wheelZoom();
    if (event.modifiers().testFlag(Qt::ControlModifier)) axes = axes == Qt::Orientations(Qt::Vertical) ? Qt::Horizontal : Qt::Vertical;
    if (at.x() < area.left()) axes = Qt::Vertical;
    if (at.y() > area.bottom()) axes = Qt::Horizontal;
    const bool goesOn = lastWheel.isValid() && lastWheel.elapsed() < kWheelPauseMs && zoom.isZoomed();
    lastWheel.start();
    QPointF about = share(at);
    if (view.plot_->yAxis->rangeReversed()) about.setY(1 - about.y());
    byKeyboard = false;
    zoom.scale(std::pow(kWheelStep, steps), axes, about, goesOn ? PlotZoom::Step::joined : PlotZoom::Step::own);
    applyZoom();
    return true;
}

void PlotView::Interaction::leave() {
    isInside = false;
    readMouse();
}

bool PlotView::Interaction::walk(int key) {
    const auto& all = readables();
    if (all.empty()) return false;
    const auto count = static_cast<std::ptrdiff_t>(all.size());
    std::ptrdiff_t at = -1;
    const QString site = readout ? readout->site : view.input_.selection.site;
    for (std::ptrdiff_t i = 0; i < count && at < 0; ++i) {
        const Readable& readable = all[static_cast<std::size_t>(i)];
        if (readout ? readable.x == readout->x && readable.y == readout->y && readable.site == site : !site.isEmpty() && readable.site == site) at = i;
    }
    if (key == Qt::Key_Home) at = 0;
    else if (key == Qt::Key_End) at = count - 1;
    else if (at < 0) at = 0;
    else if (readout) at = std::clamp<std::ptrdiff_t>(at + (key == Qt::Key_Right || key == Qt::Key_Down ? 1 : -1), 0, count - 1);
    byKeyboard = true;
    const Readable& found = all[static_cast<std::size_t>(at)];
    read(found);
    // What is read is on the screen.
    const auto following = [](const QCPRange& shown, double place) {
        return shown.contains(place) ? shown : QCPRange(place - shown.size() / 2, place + shown.size() / 2);
    };
    const bool isLinear = view.plot_->xAxis->scaleType() == QCPAxis::stLinear;
    if (zoom.isZoomed() && isLinear && !zoom.x().contains(found.x)) {
        zoom.show(following(zoom.x(), found.x), zoom.y(), PlotZoom::Step::joined);
        applyZoom();
    }
    return true;
}

bool PlotView::Interaction::key(const QKeyEvent& event) {
    if (event.modifiers().testFlag(Qt::AltModifier) && event.key() == Qt::Key_Left) {
        view.zoomBack();
        return true;
    }
    if (event.modifiers() & (Qt::AltModifier | Qt::ControlModifier | Qt::MetaModifier)) return false;
    switch (event.key()) {
        case Qt::Key_Left:
        case Qt::Key_Up:
        case Qt::Key_Right:
        case Qt::Key_Down:
        case Qt::Key_Home:
        case Qt::Key_End: return walk(event.key());
        case Qt::Key_Return:
        case Qt::Key_Enter: choose(); return true;
        case Qt::Key_Plus:
        case Qt::Key_Equal: view.zoomIn(); return true;
        case Qt::Key_Minus: view.zoomOut(); return true;
        case Qt::Key_0: view.resetZoom(); return true;
        case Qt::Key_P: togglePin(); return true;
        default: return false;
    }
}

void PlotView::Interaction::choose() {
    if (!byKeyboard) readMouse();
    if (!readout) return;
    const Readable chosen = *readout;  // whoever listens may change the read-out
    if (!chosen.site.isEmpty())
        Q_EMIT view.siteChosen(chosen.site);
    else if (!chosen.block.isEmpty())
        Q_EMIT view.blockChosen(chosen.block);
    if (chosen.image) Q_EMIT view.imageChosen(*chosen.image);
}

void PlotView::Interaction::togglePin() {
    if (!readout) {
        pins.clear();
    } else {
        const auto pinned = std::find_if(pins.begin(), pins.end(), [&](const Readable& pin) { return same(pin, *readout); });
        if (pinned == pins.end())
            pins.push_back(*readout);
        else
            pins.erase(pinned);
    }
    overlay->update();
}

std::vector<QRectF> PlotView::Interaction::paintPins(QPainter& painter, const QCustomPlot& plot, const Theme& theme, const QFont& font) const {
    const QRectF area = plot.axisRect()->rect();
    std::vector<QRectF> labels;
    for (const Readable& pin : pins)
        if (const QPointF at = pixel(plot, pin.x, pin.y); area.adjusted(-1, -1, 1, 1).contains(at)) labels.push_back(paintReadout(painter, area, {at, pin.text, true, labels}, theme, font));
    return labels;
}

void PlotView::Interaction::paint(QPainter& painter) const {
    const Theme& theme = Theme::of(view.palette());
    const QFont font = view.font();
    if (const QString empty = view.emptyText(); !empty.isEmpty()) {
        paintEmptyText(painter, overlay->rect(), empty, font, theme);
    } else {
        const QCustomPlot& plot = *view.plot_;
        const QRectF area = plot.axisRect()->rect();
        const std::vector<QRectF> labels = paintPins(painter, plot, theme, font);
        if (gesture == Gesture::banding) {
            painter.setPen(QPen(theme.accent, 1));
            painter.setBrush(withAlpha(theme.accent, 40));
            painter.drawRect(QRectF(pressedAt, mouse).normalized().intersected(area));
        }
        const QPointF at = readout ? pixel(plot, readout->x, readout->y) : QPointF(-1, -1);
        if (readout && area.adjusted(-1, -1, 1, 1).contains(at)) {
            painter.setPen(QPen(theme.mutedText, 1, Qt::DotLine));
            const QPointF corner(std::round(at.x()) + 0.5, std::round(at.y()) + 0.5);
            painter.drawLine(QPointF(corner.x(), area.top()), QPointF(corner.x(), area.bottom()));
            painter.drawLine(QPointF(area.left(), corner.y()), QPointF(area.right(), corner.y()));
            paintReadout(painter, area, {at, readout->text, false, labels}, theme, font);
        }
    }
    if (view.hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.accent, 1));
        painter.drawRect(QRectF(overlay->rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

}  // namespace vitrine::widgets
