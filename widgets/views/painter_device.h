// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPaintDevice>
#include <QPainter>
#include <QSize>
#include <memory>

namespace vitrine::widgets {

/// A paint device of which every stroke goes to a painter that is in use already: for code that insists on a painter of its own class, as
/// QCustomPlot does. What is vector stays vector. The painter's own transformation comes on top; its clip is replaced. UI thread.
class PainterDevice : public QPaintDevice {
  public:
    /// `size` in units of `target`, 96 to the inch. `target` must outlive the painters of this device.
    PainterDevice(QPainter& target, const QSize& size);
    ~PainterDevice() override;

    QPaintEngine* paintEngine() const override;

  protected:
    int metric(PaintDeviceMetric metric) const override;

  private:
    std::unique_ptr<QPaintEngine> engine_;
    QSize size_;
};

}  // namespace vitrine::widgets
