// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "results/artefacts.h"
#include "widgets/views/errors_view_data.h"
#include "widgets/views/plot_view.h"

namespace vitrine::widgets {

/// The error at every site as bars, in the order of the network or the largest first; of one run, of two side by side, or their
/// difference.
class ErrorsView : public PlotView {
    Q_OBJECT
  public:
    explicit ErrorsView(QWidget* parent = nullptr);

    ParameterSchema options() const override;
    report::Table table() const override;
    QString summary() const override;
    QString emptyText() const override;

  protected:
    void prepare() override;
    void draw(QCustomPlot& plot, const Theme& theme) override;
    std::vector<Readable> readables() const override;
    std::optional<Readable> readAt(double x, double y) const override;
    QString zoomKey() const override;

  private:
    bool isDifference() const;
    bool isPair() const;
    bool isLog() const;
    ErrorMetric chosenMetric() const;
    std::vector<ErrorSeries> shownSeries() const;
    std::vector<bool> shownReferences() const;
    ErrorValue differenceOf(const ErrorRow& row, bool accumulated) const;
    double sortKey(const ErrorRow& row) const;
    Readable readable(std::size_t index) const;
    QString valueLine(const ErrorRow& row, const ErrorSeries& series) const;
    QString seriesName(const ErrorSeries& series) const;
    void drawSeries(QCustomPlot& plot, const Theme& theme);
    void drawBars(QCustomPlot& plot, const Theme& theme, const ErrorSeries& series, double offset, double width);
    void drawMarks(QCustomPlot& plot, const Theme& theme, const ErrorSeries& series);
    void drawDifference(QCustomPlot& plot, const Theme& theme);
    void drawSpecial(QCustomPlot& plot, const Theme& theme);

    std::vector<ErrorRow> rows_;  ///< as shown; they point into the input
    double base_ = 0;             ///< where bars begin
    double top_ = 1;              ///< where marks of exact sites are
};

}  // namespace vitrine::widgets
