// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <optional>
#include <vector>

#include "widgets/views/graph_items.h"
#include "widgets/views/graph_items_paint.h"
#include "widgets/views/view.h"

namespace vitrine::widgets {

/// The network as a diagram: its blocks, or the operations of one block from top to bottom with the residual stream as a straight line on
/// the left, and every quantizer as a box that says its bits and its error. UI thread.
///
/// Mouse: wheel zooms, dragging moves, a click selects, a double click opens a block. Keys: arrows walk along the lines, Enter
/// selects, + and - zoom, 0 shows everything, Page up and Page down move, Backspace goes up to the network.
class GraphView : public View {
    Q_OBJECT
  public:
    explicit GraphView(QWidget* parent = nullptr);

    void setInput(const ViewInput& input) override;
    ParameterSchema options() const override;
    void setOptions(const ParameterSet& values) override;
    report::Table table() const override;
    QString summary() const override;
    QString emptyText() const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;
    QSizeF figureSizeMm() const override;

    void zoomIn() override;
    void zoomOut() override;
    void resetZoom() override;
    void zoomBack() override;
    bool canZoomBack() const override { return !zooms_.empty(); }
    void addToContextMenu(QMenu& menu, const QPoint& position) override;
    void togglePin() override;

    /// What is drawn, in units of 1/96 inch at zoom 1, and where on the widget it stands.
    const Diagram& diagram() const { return diagram_; }
    QPointF toWidget(const QPointF& scene) const;
    /// Opens a block, or the whole network, as a double click or Backspace does.
    void openBlock(const QString& block);
    void openNetwork();

    QSize sizeHint() const override { return {640, 480}; }
    QSize minimumSizeHint() const override { return {200, 160}; }

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    /// Which part of the drawing the widget shows.
    struct Window {
        double scale = 1;
        QPointF corner;  ///< the drawing's point in the upper left corner
    };
    struct Pin {
        QPointF at;  ///< in the drawing
        QString text;
    };

    // Content.
    void rebuild();
    DiagramOptions diagramOptions() const;
    DiagramLook look() const;
    bool isOfWholeNetwork() const;
    std::vector<std::string> shownSites() const;

    // Window.
    QRectF canvas() const;  ///< of the widget, without the legend
    Window automaticWindow() const;
    void setWindow(Window window, bool remember);
    void zoomBy(double factor, const QPointF& around);
    void moveBy(const QPointF& pixels);
    void reveal(const QRectF& box);
    void showSelection();
    QPointF toScene(const QPointF& widget) const;
    QRectF visibleScene() const;

    // Mouse and keys.
    std::optional<DiagramSpot> spotAt(const QPointF& widget) const;
    const DiagramLine* foldAt(const QPointF& widget) const;
    QRectF boxOf(const DiagramSpot& spot) const;
    std::string siteOf(const DiagramSpot& spot) const;
    QString readout(const DiagramSpot& spot) const;
    void hover(const QPointF& widget);
    void choose(const DiagramSpot& spot);
    void open(const DiagramSpot& spot);
    void setFocused(std::optional<DiagramSpot> spot);
    std::optional<DiagramSpot> along(const DiagramSpot& spot, bool down) const;
    std::optional<DiagramSpot> beside(const DiagramSpot& spot, bool right) const;
    std::optional<DiagramSpot> firstSpot() const;
    bool walk(int key);

    ViewInput input_;
    ParameterSet options_;
    RunFacts factsA_, factsB_;
    NetworkPtr drawnNetwork_;  ///< what diagram_ was made of
    DiagramOptions drawnOptions_;
    Diagram diagram_;

    std::optional<Window> window_;  ///< absent: chosen automatically
    std::vector<Window> zooms_;     ///< earlier ones
    std::optional<DiagramSpot> hovered_, focused_;
    std::vector<Pin> pins_;
    std::optional<QPointF> pressed_;  ///< where a button went down
    bool dragging_ = false;
};

}  // namespace vitrine::widgets
