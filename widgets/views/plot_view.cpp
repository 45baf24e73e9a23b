// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/plot_view.h"

#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <cmath>
#include <nlohmann/json.hpp>

#include "widgets/base/text.h"
#include "widgets/views/painter_device.h"
#include "widgets/views/plot_style.h"
#include "widgets/views/plot_view_interaction.h"
#include "widgets/views/report_table_paint.h"

namespace vitrine::widgets {
namespace {

constexpr double kZoomStep = 0.6;

}  // namespace

PlotView::PlotView(QWidget* parent) : View(parent), plot_(new QCustomPlot(this)) {
    interaction_ = std::make_unique<Interaction>(*this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(plot_);
    plot_->setObjectName(QStringLiteral("plot"));
    plot_->setFocusPolicy(Qt::NoFocus);
    plot_->setMinimumSize(120, 90);
    plot_->setBufferDevicePixelRatio(devicePixelRatioF());
    plot_->installEventFilter(this);
    setFocusPolicy(Qt::StrongFocus);
    connect(&interaction_->timer, &QTimer::timeout, this, &PlotView::frame);
    redraw();
}

PlotView::~PlotView() {
    plot_->removeEventFilter(this);
    delete plot_;  // before what its overlay paints
}

const ParameterSet& PlotView::optionValues() const {
    if (options_.schema().empty()) options_ = ParameterSet(options());
    return options_;
}

void PlotView::setInput(const ViewInput& input) {
    input_ = input;
    changed();
}

void PlotView::setOptions(const ParameterSet& values) {
    options_ = values;
    changed();
}

void PlotView::changed() {
    prepare();
    if (const QString key = zoomKey(); key != interaction_->key_) {
        interaction_->key_ = key;
        interaction_->newData();
    }
    interaction_->announces = true;
    redraw();
}

QString PlotView::zoomKey() const {
    const auto id = [](const RunDataPtr& run) { return run ? toQt(run->record.id) : QString(); };
    const QString shown = input_.selection.mode == CompareMode::difference ? QStringLiteral("B - A") : QString();
    return QStringList{id(input_.a), id(input_.b), shown, toQt(toJson(optionValues()).dump())}.join(u'\n');
}

void PlotView::redraw() {
    interaction_->dirty = true;
    if (!interaction_->timer.isActive()) interaction_->timer.start();
}

void PlotView::frame() {
    if (isVisible()) bringUpToDate();  // else the paint event does it
    if (!std::exchange(interaction_->announces, false)) return;
    setAccessibleDescription(emptyText().isEmpty() ? summary() : emptyText());
    Q_EMIT drawn();
}

void PlotView::fill(QCustomPlot& plot, const Theme& theme, const QFont& font) {
    resetPlot(plot, theme, font);
    if (emptyText().isEmpty())
        draw(plot, theme);
    else
        plot.axisRect()->setVisible(false);
    arrangeLegend(plot, plot.viewport().width());
}

void PlotView::bringUpToDate() {
    if (!interaction_->dirty) return;
    interaction_->dirty = false;
    fill(*plot_, Theme::of(palette()), font());
    interaction_->setHome();
    plot_->xAxis->setRange(interaction_->zoom.x());
    plot_->yAxis->setRange(interaction_->zoom.y());
    settleLayout(*plot_);
    plot_->replot(QCustomPlot::rpQueuedRefresh);
    interaction_->drawingChanged();
}

const QCustomPlot& PlotView::shownPlot() {
    bringUpToDate();
    return *plot_;
}

const std::optional<PlotView::Readable>& PlotView::readout() const { return interaction_->readout; }

std::optional<PlotView::Readable> PlotView::readAt(double x, double y) const {
    return interaction_->nearest(interaction_->pixel(*plot_, x, y));
}

void PlotView::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    // Plots have whole sizes; a fraction of a unit is left over.
    const QSize whole(std::max(1, static_cast<int>(size.width() + 1e-6)), std::max(1, static_cast<int>(size.height() + 1e-6)));
    bringUpToDate();  // home, and so what the zoom shows
    QCustomPlot sheet;
    sheet.setViewport(QRect(QPoint(0, 0), whole));
    const QFont font = figureFont();
    fill(sheet, theme, font);
    if (interaction_->zoom.isZoomed()) {
        sheet.xAxis->setRange(interaction_->zoom.x());
        sheet.yAxis->setRange(interaction_->zoom.y());
    }
    settleLayout(sheet);
    painter.save();
    painter.fillRect(QRectF(QPointF(0, 0), size), theme.surface);
    const QString empty = emptyText();
    {
        PainterDevice device(painter, whole);
        QCPPainter vectors(&device);
        vectors.setMode(QCPPainter::pmVectorized);
        vectors.setMode(QCPPainter::pmNoCaching);
        sheet.setBackground(QBrush(Qt::NoBrush));
        sheet.toPainter(&vectors, whole.width(), whole.height());
    }
    if (empty.isEmpty())
        interaction_->paintPins(painter, sheet, theme, font);
    else
        paintEmptyText(painter, QRectF(QPointF(0, 0), QSizeF(whole)), empty, font, theme);
    painter.restore();
    // draw() may have left in the view what fits the figure, not the screen.
    interaction_->dirty = true;
    update();
    plot_->update();
}

void PlotView::zoomIn() { interaction_->zoomBy(kZoomStep); }
void PlotView::zoomOut() { interaction_->zoomBy(1 / kZoomStep); }

void PlotView::resetZoom() {
    interaction_->zoom.reset();
    interaction_->applyZoom();
}

void PlotView::zoomBack() {
    interaction_->zoom.back();
    interaction_->applyZoom();
}

bool PlotView::canZoomBack() const { return interaction_->zoom.canGoBack(); }

void PlotView::togglePin() { interaction_->togglePin(); }

bool PlotView::eventFilter(QObject* watched, QEvent* event) {
    if (watched != plot_) return View::eventFilter(watched, event);
    switch (event->type()) {
        case QEvent::Paint:
            if (plot_->bufferDevicePixelRatio() != devicePixelRatioF()) {
                plot_->setBufferDevicePixelRatio(devicePixelRatioF());
                interaction_->dirty = true;
            }
            bringUpToDate();
            return false;
        case QEvent::Resize:
            interaction_->overlay->setGeometry(plot_->rect());
            interaction_->overlay->raise();
            interaction_->dirty = true;
            return false;
        case QEvent::MouseButtonPress: return interaction_->mousePress(*static_cast<QMouseEvent*>(event));
        case QEvent::MouseMove: return interaction_->mouseMove(*static_cast<QMouseEvent*>(event));
        case QEvent::MouseButtonRelease: return interaction_->mouseRelease(*static_cast<QMouseEvent*>(event));
        case QEvent::MouseButtonDblClick:
            if (static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton) resetZoom();
            return true;
        case QEvent::Wheel: return interaction_->wheel(*static_cast<QWheelEvent*>(event));
        case QEvent::Leave: interaction_->leave(); return false;
        default: return View::eventFilter(watched, event);
    }
}

void PlotView::changeEvent(QEvent* event) {
    View::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::LanguageChange) redraw();
}

void PlotView::keyPressEvent(QKeyEvent* event) {
    if (!interaction_->key(*event)) View::keyPressEvent(event);
}

void PlotView::focusInEvent(QFocusEvent* event) {
    View::focusInEvent(event);
    interaction_->overlay->update();
}

void PlotView::focusOutEvent(QFocusEvent* event) {
    View::focusOutEvent(event);
    interaction_->byKeyboard = false;
    interaction_->readMouse();
    interaction_->overlay->update();
}

}  // namespace vitrine::widgets
