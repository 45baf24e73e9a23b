// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "report/run_pair.h"
#include "widgets/views/plot_view.h"

namespace vitrine::widgets {

/// What both drawings of CompareSitesView show.
struct SiteComparison {
    report::SiteMetric metric = report::SiteMetric::sqnr;
    std::vector<report::SitePair> pairs;  ///< those with a change, the largest first
    std::size_t top = 20;                 ///< how many of them the bars show
    bool difference = false;              ///< bars of B - A instead of pairs of bars
    QString titleA, titleB;
    QString metricText;                   ///< "SQNR (dB)"
};
using SiteComparisonPtr = std::shared_ptr<const SiteComparison>;

/// "blocks.3.mlp.gelu: A 12.3, B 15.3, ▲ +3.0 dB, B is better"
QString pairText(const report::SitePair& pair, report::SiteMetric metric);
/// The change alone: "+3.00" or "×0.12".
QString changeText(const report::SitePair& pair, report::SiteMetric metric);

/// Base of both: what they share of a PlotView that belongs to another view.
class SitePlot : public PlotView {
    Q_OBJECT
  public:
    using PlotView::PlotView;
    void setComparison(SiteComparisonPtr comparison) { comparison_ = std::move(comparison); }
    report::Table table() const override;
    QString summary() const override { return {}; }
    QString emptyText() const override { return {}; }

  protected:
    void prepare() override {}
    QString zoomKey() const override;
    /// The place of the selected site in pairs, or their number.
    std::size_t selectedPair() const;
    bool hasPairs() const { return comparison_ && !comparison_->pairs.empty(); }
    const SiteComparison& comparison() const { return *comparison_; }

  private:
    SiteComparisonPtr comparison_;
};

/// The sites that changed most, one below the other, as pairs of bars or as bars of the difference.
class SiteBarsPlot : public SitePlot {
    Q_OBJECT
  public:
    explicit SiteBarsPlot(QWidget* parent = nullptr);

  protected:
    void draw(QCustomPlot& plot, const Theme& theme) override;
    std::vector<Readable> readables() const override;
    std::optional<Readable> readAt(double x, double y) const override;
    Qt::Orientations wheelZoom() const override { return Qt::Vertical; }
    void resizeEvent(QResizeEvent* event) override;

  private:
    std::size_t shownPairs() const;
    Readable readable(std::size_t index) const;
    void drawPairs(QCustomPlot& plot, const Theme& theme);
    void drawDifferences(QCustomPlot& plot, const Theme& theme);
    void nameRows(QCustomPlot& plot) const;
    void markSite(QCustomPlot& plot, const Theme& theme) const;

    std::size_t rows_ = 0;  ///< for which the last drawing had room
};

/// All sites, B over A, with the line on which nothing changed.
class SiteScatterPlot : public SitePlot {
    Q_OBJECT
  public:
    explicit SiteScatterPlot(QWidget* parent = nullptr);

  protected:
    void draw(QCustomPlot& plot, const Theme& theme) override;
    std::vector<Readable> readables() const override;
    Qt::Orientations wheelZoom() const override { return Qt::Horizontal | Qt::Vertical; }
};

}  // namespace vitrine::widgets
