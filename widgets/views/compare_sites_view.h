// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/compare_sites_plots.h"

class QSplitter;

namespace vitrine::widgets {

/// How the error of each site differs between two runs: the largest changes as bars, all sites as points.
class CompareSitesView : public View {
    Q_OBJECT
  public:
    explicit CompareSitesView(QWidget* parent = nullptr);

    void setInput(const ViewInput& input) override;
    ParameterSchema options() const override;
    void setOptions(const ParameterSet& values) override;
    report::Table table() const override;
    QString summary() const override;
    QString emptyText() const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;
    QSizeF figureSizeMm() const override { return {180, 100}; }

    void zoomIn() override { active_->zoomIn(); }
    void zoomOut() override { active_->zoomOut(); }
    void resetZoom() override;
    void zoomBack() override { active_->zoomBack(); }
    bool canZoomBack() const override { return active_->canZoomBack(); }
    void togglePin() override { active_->togglePin(); }

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void rebuild();
    void arrange();

    ViewInput input_;
    ParameterSet options_;
    std::vector<report::SitePair> all_;  ///< in network order
    SiteComparisonPtr comparison_;
    QSplitter* splitter_;
    SiteBarsPlot* bars_;
    SiteScatterPlot* scatter_;
    PlotView* active_;  ///< the one that was used last
};

}  // namespace vitrine::widgets
