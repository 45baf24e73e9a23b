// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "widgets/base/qcustomplot.h"
#include "widgets/views/view.h"

namespace vitrine::widgets {

/// Base of all views that are a plot: colours and fonts of the theme, hover read-out with cross-hair, zoom by wheel, drag and
/// rubber band with a history, pins, exports, redrawing at most once per frame.
///
/// A derived class implements draw(): it fills a cleared QCustomPlot from what setInput() gave, with the theme it is handed, and calls
/// nothing that needs a screen. The same draw() serves the widget and paintFigure().
///
/// Mouse: the wheel zooms (with Ctrl, or over an axis, the other axis), dragging moves, Shift and dragging zooms to a rectangle, a double
/// click shows everything, a click chooses. Keys: arrows, Home and End walk from readable to readable, Enter chooses, + and - zoom, 0
/// shows everything, P pins, Alt+Left goes back to the zoom before.
class PlotView : public View {
    Q_OBJECT
  public:
    /// A point that the mouse can read: where it is, what it says, what it selects.
    struct Readable {
        double x = 0, y = 0;  ///< in axis coordinates
        QString text;         ///< "blocks.3.attn.qkv  SQNR 23.1 dB": two spaces end a line of the label
        QString site, block;  ///< to select with a click; may be empty
        std::optional<qint64> image;
    };

    explicit PlotView(QWidget* parent = nullptr);
    ~PlotView() override;

    void setInput(const ViewInput& input) override;       ///< keeps it, asks prepare(), redraws
    void setOptions(const ParameterSet& values) override; ///< likewise
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;
    void zoomIn() override;
    void zoomOut() override;
    void resetZoom() override;
    void zoomBack() override;
    bool canZoomBack() const override;
    void togglePin() override;

    /// What is read now, by mouse or keyboard.
    const std::optional<Readable>& readout() const;
    /// The plot as the screen shows it, brought up to date; for tests and tools.
    const QCustomPlot& shownPlot();

  protected:
    /// Takes from input() what draw() needs; called once per change, before draw().
    virtual void prepare() = 0;
    /// Fills `plot`, which has been cleared of plottables, items and extra layout elements. Axes and legend carry the theme already, and
    /// plot.viewport() has its size. Plottables with a name are in the legend. Not called when emptyText() says something.
    virtual void draw(QCustomPlot& plot, const Theme& theme) = 0;
    /// What the mouse can read, once draw() is done, in the order in which the arrow keys walk; the nearest one within reach is shown.
    /// Asked for when it is needed first. May be empty for views that override readAt().
    virtual std::vector<Readable> readables() const { return {}; }
    /// The read-out at axis coordinates inside of the axis rectangle; by default the nearest of readables() within 12 pixels.
    virtual std::optional<Readable> readAt(double x, double y) const;
    /// The text of a readable, for views whose readables() leave it out because they are many.
    virtual QString readoutText(const Readable& readable) const { return readable.text; }
    /// What the axes mean. Zoom and pins live as long as this stays the same; by default the runs, difference or not, and the options.
    virtual QString zoomKey() const;
    /// What the wheel zooms without keys.
    virtual Qt::Orientations wheelZoom() const { return Qt::Horizontal; }

    const ViewInput& input() const { return input_; }
    const ParameterSet& optionValues() const;
    QCustomPlot& plot() { return *plot_; }
    void redraw();  ///< soon, once

    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;  ///< follows the palette
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    struct Interaction;
    void changed();
    void bringUpToDate();
    void fill(QCustomPlot& plot, const Theme& theme, const QFont& font);
    void frame();

    ViewInput input_;
    mutable ParameterSet options_;  ///< filled with defaults when first asked for
    QCustomPlot* plot_ = nullptr;
    std::unique_ptr<Interaction> interaction_;
};

}  // namespace vitrine::widgets
