// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
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
class PlotView : public View {
    Q_OBJECT
  public:
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

  protected:
    /// A point that the mouse can read: where it is, what it says, what it selects.
    struct Readable {
        double x = 0, y = 0;  ///< in axis coordinates
        QString text;         ///< "blocks.3.attn.qkv  SQNR 23.1 dB"
        QString site, block;  ///< to select with a click; may be empty
        std::optional<qint64> image;
    };

    /// Takes from input() what draw() needs; called once per change, before draw().
    virtual void prepare() = 0;
    /// Fills `plot`, which has been cleared of plottables, items and extra layout elements. Axes and legend carry the theme already.
    virtual void draw(QCustomPlot& plot, const Theme& theme) = 0;
    /// What the mouse can read, once draw() is done; the nearest one within reach is shown. May be empty for views that override readAt().
    virtual std::vector<Readable> readables() const { return {}; }
    /// The read-out at axis coordinates; by default from readables().
    virtual std::optional<Readable> readAt(double x, double y) const;

    const ViewInput& input() const { return input_; }
    const ParameterSet& optionValues() const { return options_; }
    QCustomPlot& plot() { return *plot_; }
    void redraw();  ///< soon, once

    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;  ///< follows the palette

  private:
    ViewInput input_;
    ParameterSet options_;
    QCustomPlot* plot_ = nullptr;
    struct Interaction;
    std::unique_ptr<Interaction> interaction_;
};

}  // namespace vitrine::widgets
