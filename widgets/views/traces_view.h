// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "results/artefacts.h"
#include "widgets/views/plot_view.h"

namespace vitrine::widgets {

/// Series over steps: searches, losses, calibration. Grows while the run goes on.
class TracesView : public PlotView {
    Q_OBJECT
  public:
    explicit TracesView(QWidget* parent = nullptr);

    /// "series" offers those of the runs that are shown, and the one that is set.
    ParameterSchema options() const override;
    report::Table table() const override;
    QString summary() const override;
    QString emptyText() const override;

  protected:
    void prepare() override;
    void draw(QCustomPlot& plot, const Theme& theme) override;
    std::vector<Readable> readables() const override;
    QString readoutText(const Readable& readable) const override;
    QString zoomKey() const override;

  private:
    /// A trace of one run, or the difference of both.
    struct Series {
        QString name;
        std::string id;            ///< of the artefact
        QString xLabel, yLabel;
        std::size_t index = 0;     ///< of the name, for line styles
        bool isB = false;
        std::vector<double> x, y, smooth;  ///< only points that can be drawn; `smooth` is empty without smoothing
    };
    bool isPair() const;
    bool isDifference() const;
    bool isLog() const;
    double halfLife() const { return optionValues().real("half_life"); }
    /// Of the axes that "auto" shows.
    std::optional<std::pair<std::string, std::string>> shownLabels() const;
    void take(const RunDataPtr& run, bool isB);
    void subtract();
    void addSeries(QCustomPlot& plot, const Theme& theme, const Series& series);
    QString valueLabel() const;
    QString seriesLabel(const Series& series) const;
    QColor colourOf(const Series& series, const Theme& theme) const;

    std::vector<std::string> names_;  ///< ids of all traces of the shown runs
    std::vector<Series> series_;      ///< those that are drawn
};

/// y smoothed: s[0] = y[0], s[i] = s[i-1] + (1 - 2^(-1/h)) (y[i] - s[i-1]), so that a point's weight halves every h = `halfLife` points.
/// The same values for halfLife <= 0.
std::vector<double> exponentialMean(const std::vector<double>& y, double halfLife);

}  // namespace vitrine::widgets
