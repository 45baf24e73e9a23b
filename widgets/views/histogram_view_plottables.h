// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "widgets/base/qcustomplot.h"
#include "widgets/base/theme.h"

/// What a histogram is drawn with. They draw only what is visible, at most a few points for each pixel column, and clip by themselves,
/// because SVG files are written without clipping. UI thread.
namespace vitrine::widgets {

/// Equal-width bins; the last one may be narrower.
struct Steps {
    double low = 0, high = 1;
    double width = 1;  ///< of a bin
    std::vector<double> heights;

    double edge(std::size_t bin) const { return std::min(high, low + width * static_cast<double>(bin)); }
};
/// Counts with `merge` neighbours joined into one bin.
Steps joinedSteps(double low, double high, const std::vector<std::int64_t>& counts, std::int64_t merge);

/// A stepped outline, filled or not.
class StepPlottable : public QCPAbstractPlottable {
  public:
    StepPlottable(QCPAxis* keyAxis, QCPAxis* valueAxis) : QCPAbstractPlottable(keyAxis, valueAxis) {}
    void setSteps(Steps steps) { steps_ = std::move(steps); }

    double selectTest(const QPointF& pos, bool onlySelectable, QVariant* details = nullptr) const override;
    QCPRange getKeyRange(bool& foundRange, QCP::SignDomain domain = QCP::sdBoth) const override;
    QCPRange getValueRange(bool& foundRange, QCP::SignDomain domain = QCP::sdBoth, const QCPRange& keys = QCPRange()) const override;

  protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& box) const override;

  private:
    struct Outline {
        QPolygonF top;              ///< of the filling, without its foot
        QVector<QLineF> columns;    ///< where bins are narrower than pixels: the heights in each column
    };
    Outline outline(const QRectF& area) const;
    void stroke(QCPPainter* painter, const Outline& lines, const QPolygonF& closed) const;
    void fill(QCPPainter* painter, const Outline& lines, const QPolygonF& closed, double foot) const;
    Steps steps_;
};

/// Thin vertical lines at the values that codes stand for; where they would touch, short ones at the top.
class LevelPlottable : public QCPAbstractPlottable {
  public:
    LevelPlottable(QCPAxis* keyAxis, QCPAxis* valueAxis) : QCPAbstractPlottable(keyAxis, valueAxis) {}
    void setLevels(std::vector<double> levels) { levels_ = std::move(levels); }  ///< ascending

    double selectTest(const QPointF& pos, bool onlySelectable, QVariant* details = nullptr) const override;
    QCPRange getKeyRange(bool& foundRange, QCP::SignDomain domain = QCP::sdBoth) const override;
    QCPRange getValueRange(bool& foundRange, QCP::SignDomain domain = QCP::sdBoth, const QCPRange& keys = QCPRange()) const override;

  protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& box) const override;

  private:
    std::vector<double> levels_;
};

/// Hatched parts of the x axis.
class HatchPlottable : public QCPAbstractPlottable {
  public:
    HatchPlottable(QCPAxis* keyAxis, QCPAxis* valueAxis) : QCPAbstractPlottable(keyAxis, valueAxis) {}
    void setParts(std::vector<QCPRange> parts) { parts_ = std::move(parts); }

    double selectTest(const QPointF& pos, bool onlySelectable, QVariant* details = nullptr) const override;
    QCPRange getKeyRange(bool& foundRange, QCP::SignDomain domain = QCP::sdBoth) const override;
    QCPRange getValueRange(bool& foundRange, QCP::SignDomain domain = QCP::sdBoth, const QCPRange& keys = QCPRange()) const override;

  protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& box) const override;

  private:
    std::vector<QCPRange> parts_;
};

}  // namespace vitrine::widgets
