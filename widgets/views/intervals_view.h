// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/intervals_view_plottables.h"
#include "widgets/views/plot_view.h"
#include "widgets/views/tickers.h"

namespace vitrine::widgets {

/// The range of the values of every site beside the range that its quantizer covers.
class IntervalsView : public PlotView {
    Q_OBJECT
  public:
    explicit IntervalsView(QWidget* parent = nullptr);

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
    /// A site with its rows in both runs, which point into the input.
    struct Row {
        QString site, block;
        bool isWeight = false;
        const results::Intervals::Row* a = nullptr;
        const results::Intervals::Row* b = nullptr;
    };
    struct Side {
        bool isB = false;
        const results::Intervals::Row* of(const Row& row) const { return isB ? row.b : row.a; }
    };
    bool isPair() const;
    bool isDifference() const;
    bool isSymlog() const;
    std::vector<Side> shownSides() const;
    std::optional<double> widening(const Row& row) const;  ///< log2 of the covered width of B over that of A
    double sortKey(const Row& row) const;
    double mapped(double value) const { return isSymlog() ? scale_(value) : value; }
    Readable readable(std::size_t index) const;
    QStringList lines(const Row& row, const Side& side) const;
    IntervalShapes shapes(const Side& side, double offset) const;
    void arrangeValues(QCustomPlot& plot) const;
    void drawSide(QCustomPlot& plot, const Theme& theme, const Side& side, double offset, double width);
    void drawDifference(QCustomPlot& plot, const Theme& theme);

    std::vector<Row> rows_;  ///< as shown
    Symlog scale_;
};

}  // namespace vitrine::widgets
