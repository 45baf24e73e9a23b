// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <optional>
#include <vector>

#include "widgets/base/qcustomplot.h"

namespace vitrine::widgets {

/// The part of a plot that is shown, with the parts that were shown before. It never reaches beyond home, which is everything
/// there is; an axis that is not zoomed follows home as it grows. Plain value, UI thread.
class PlotZoom {
  public:
    struct Axis {
        QCPRange home{0, 1};
        bool isLog = false;
    };
    enum class Step { own, joined };  ///< joined: no new entry of the history, as the next event of one gesture

    void setHome(const Axis& x, const Axis& y);
    void clear();  ///< the data are others: nothing to go back to

    QCPRange x() const { return now_.x.value_or(x_.home); }
    QCPRange y() const { return now_.y.value_or(y_.home); }
    bool isZoomed() const { return now_.x || now_.y; }

    void show(const QCPRange& x, const QCPRange& y, Step step);
    /// Makes the ranges `factor` times as long; the place `about`, in shares of them from the lower end, stays where it is.
    void scale(double factor, Qt::Orientations axes, const QPointF& about, Step step);
    /// From `fromX`, `fromY` by shares of their lengths.
    void move(const QCPRange& fromX, const QCPRange& fromY, const QPointF& by, Step step);
    void reset();
    void remember();  ///< a gesture of `joined` steps begins here
    void back();
    bool canGoBack() const { return !history_.empty(); }

  private:
    struct Part {
        std::optional<QCPRange> x, y;  ///< none: all
        bool operator==(const Part&) const = default;
    };
    void go(const Part& part, Step step);

    Axis x_, y_;
    Part now_;
    std::vector<Part> history_;
};

}  // namespace vitrine::widgets
