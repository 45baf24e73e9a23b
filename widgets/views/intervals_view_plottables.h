// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/base/qcustomplot.h"

namespace vitrine::widgets {

/// Values of one site and what its quantizer covers, in coordinates of the value axis.
struct IntervalShape {
    double key = 0;
    double minimum = 0, maximum = 0;
    double lowQuantile = 0, highQuantile = 0;
    bool isCovered = false;  ///< a site left in float is not
    double low = 0, high = 0;
    std::vector<double> levels;  ///< ascending
    double clipped = 0;      ///< percent
};
using IntervalShapes = std::shared_ptr<const std::vector<IntervalShape>>;

/// One part of all intervals; each part has its own entry in the legend.
class IntervalPlottable : public QCPAbstractPlottable {
    Q_OBJECT
  public:
    enum class Part {
        range,     ///< least to largest value: a thin line
        band,      ///< between the quantiles: a thick line
        covered,   ///< brackets at the ends of the quantizer
        levels,    ///< ticks at the values of the codes, where they can be told apart
        clipped,   ///< a mark with the share of clipped values
    };
    IntervalPlottable(QCPAxis* keys, QCPAxis* values, Part part) : QCPAbstractPlottable(keys, values), part_(part) {}

    /// `width` in coordinates of the keys: of the brackets, to which the rest is in proportion.
    void setShapes(IntervalShapes shapes, double width);

    double selectTest(const QPointF& position, bool onlySelectable, QVariant* details = nullptr) const override;
    QCPRange getKeyRange(bool& foundRange, QCP::SignDomain domain = QCP::sdBoth) const override;
    QCPRange getValueRange(bool& foundRange, QCP::SignDomain domain = QCP::sdBoth, const QCPRange& keys = QCPRange()) const override;

    static constexpr double kMarkedPercent = 0.1;  ///< clipped values from which on a site is marked

  protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& box) const override;

  private:
    void addRange(QVector<QRectF>& boxes, const IntervalShape& shape) const;
    void addBand(QVector<QRectF>& boxes, const IntervalShape& shape) const;
    void addBrackets(QVector<QRectF>& boxes, const IntervalShape& shape) const;
    void addLevels(QVector<QRectF>& boxes, const IntervalShape& shape) const;
    void drawMark(QCPPainter& painter, const IntervalShape& shape) const;
    void nameClipped(QCPPainter& painter) const;
    double markSize() const;
    double markFoot(const IntervalShape& shape) const;
    double x(const IntervalShape& shape) const { return mKeyAxis->coordToPixel(shape.key); }
    double y(double value) const;
    double pixels() const;  ///< of the width

    Part part_;
    IntervalShapes shapes_;
    double width_ = 0.7;
};

}  // namespace vitrine::widgets
