// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>

#include "widgets/views/plot_view.h"
#include "widgets/views/plot_view_zoom.h"

namespace vitrine::widgets {

/// What lies above the drawing and changes without it: cross-hair, read-out, pins, rubber band, focus. Lets the mouse through.
class PlotOverlay : public QWidget {
    Q_OBJECT
  public:
    PlotOverlay(QWidget* parent, std::function<void(QPainter&)> paint);

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    std::function<void(QPainter&)> paint_;
};

/// State and gestures of a PlotView.
struct PlotView::Interaction {
    explicit Interaction(PlotView& view);

    // Events of the plot, from PlotView::eventFilter(). True: done with.
    bool mousePress(const QMouseEvent& event);
    bool mouseMove(const QMouseEvent& event);
    bool mouseRelease(const QMouseEvent& event);
    bool wheel(const QWheelEvent& event);
    void leave();
    bool key(const QKeyEvent& event);

    void setHome();    ///< takes home from the drawing and applies the zoom to it
    void newData();    ///< zoom, pins and read-out of other data end
    void drawingChanged();
    void applyZoom();  ///< to what is on the screen
    void zoomBy(double factor);

    const std::vector<Readable>& readables();
    std::optional<Readable> nearest(const QPointF& position);  ///< within reach of a pixel
    void read(const std::optional<Readable>& readable);
    void readMouse();
    bool walk(int key);
    void choose();
    void togglePin();

    QPointF pixel(const QCustomPlot& plot, double x, double y) const;
    QPointF share(const QPointF& position) const;  ///< of the axis rectangle, from below left
    void paint(QPainter& painter) const;
    std::vector<QRectF> paintPins(QPainter& painter, const QCustomPlot& plot, const Theme& theme, const QFont& font) const;

    PlotView& view;
    PlotOverlay* overlay;
    QTimer timer;              ///< to the next frame
    bool dirty = true;         ///< the drawing is older than the data
    bool announces = false;    ///< drawn() is due
    QString key_;              ///< zoomKey() of the data
    PlotZoom zoom;

    enum class Gesture { none, pressed, moving, banding };
    Gesture gesture = Gesture::none;
    bool wantsBand = false;
    QPointF pressedAt, mouse;
    bool isInside = false;
    QCPRange dragX, dragY;     ///< shown when the drag began
    QElapsedTimer lastWheel;

    std::optional<Readable> readout;
    bool byKeyboard = false;   ///< the read-out stays where the keys put it until the mouse moves
    std::vector<Readable> pins;

  private:
    void rebuildReadables();
    std::vector<Readable> readables_;
    std::vector<std::size_t> byX_;
    bool readablesStale_ = true;
};

}  // namespace vitrine::widgets
