// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>

#include "widgets/views/histogram_view_plottables.h"
#include "widgets/views/plot_view.h"

namespace vitrine::widgets {

/// Values of one site before and after quantization. Without a selected site it shows the one with the lowest SQNR that has a
/// histogram. Asks for histograms that a finished run lacks, each once.
class HistogramView : public PlotView {
    Q_OBJECT
  public:
    explicit HistogramView(QWidget* parent = nullptr);

    ParameterSchema options() const override;
    report::Table table() const override;
    QString summary() const override;
    QString emptyText() const override;

  protected:
    void prepare() override;
    void draw(QCustomPlot& plot, const Theme& theme) override;
    std::vector<Readable> readables() const override;
    std::optional<Readable> readAt(double x, double y) const override;
    QString readoutText(const Readable& readable) const override;
    QString zoomKey() const override;

  private:
    /// What one run says of the site; pointers into the input.
    struct Side {
        const report::RunContent* run = nullptr;
        const results::Histogram* histogram = nullptr;
        const results::Intervals::Row* interval = nullptr;
    };
    Side sideOf(const RunDataPtr& run) const;
    std::string chooseSite() const;
    void askForMissing();
    std::vector<const Side*> shownSides() const;
    bool isDifference() const;
    QString clippedText(const Side& side) const;
    QString binText(std::size_t bin) const;
    std::optional<Readable> readable(std::size_t bin) const;
    void drawSides(QCustomPlot& plot, const Theme& theme);
    void drawDifference(QCustomPlot& plot, const Theme& theme);
    void drawGuides(QCustomPlot& plot, const Theme& theme);
    void arrangeAxes(QCustomPlot& plot, double least, double most) const;

    std::string site_;
    Side a_, b_;
    std::vector<Steps> float_, quantized_;  ///< by shown side
    Steps difference_;
    std::set<std::pair<std::string, std::string>> asked_;  ///< run, site
};

}  // namespace vitrine::widgets
