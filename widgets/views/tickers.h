// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "widgets/base/qcustomplot.h"
#include "widgets/base/theme.h"

/// Axes that QCustomPlot does not have: sites side by side, and a logarithm that goes through zero. UI thread.
namespace vitrine::widgets {

/// A site on the x-axis; the first one is at 0, the next at 1.
struct SiteSlot {
    QString site, block;  ///< `block` may be empty
};

/// Makes the x-axis one of sites: names of blocks as long as they fit, names of sites when few are on the screen, and with `byDepth`
/// faint bands behind every second block. Without it sites stand in an order of their own, and ranks are named.
void arrangeSiteAxis(QCustomPlot& plot, const Theme& theme, const std::vector<SiteSlot>& sites, bool byDepth);

/// v -> asinh(v / (2 c)) / ln 10: linear around zero, log10(|v| / c) far from it, where c is `threshold`.
class Symlog {
  public:
    explicit Symlog(double threshold = 1) : threshold_(threshold) {}
    double threshold() const { return threshold_; }
    double operator()(double value) const;
    double inverse(double mapped) const;

  private:
    double threshold_;
};

/// Ticks of a linear axis, with a minus sign in front of negative numbers.
class PlainTicker : public QCPAxisTicker {
  protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;
};

/// Ticks of a logarithmic axis: powers of ten, as numbers from 0.001 to 10 000 and as powers beyond; where less than a decade is on the
/// screen, a plain raster.
class LogTicker : public QCPAxisTickerLog {
  public:
    void generate(const QCPRange& range, const QLocale& locale, QChar formatChar, int precision, QVector<double>& ticks, QVector<double>* subTicks,
                  QVector<QString>* tickLabels) override;

  protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;

  private:
    QCPAxisTicker raster_;
};

/// Gives the axis a logarithmic scale with a LogTicker.
void useLogScale(QCPAxis& axis);

/// Labels an axis of mapped values with the values themselves: 0 and powers of ten.
class SymlogTicker : public QCPAxisTicker {
  public:
    SymlogTicker(const Symlog& scale, const QCPAxis& axis);

    void generate(const QCPRange& range, const QLocale& locale, QChar formatChar, int precision, QVector<double>& ticks, QVector<double>* subTicks,
                  QVector<QString>* tickLabels) override;

  private:
    Symlog scale_;
    const QCPAxis& axis_;
};

}  // namespace vitrine::widgets
