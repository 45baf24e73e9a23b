// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QPaintDevice>
#include <QSize>
#include <QSizeF>
#include <QString>
#include <memory>

namespace vitrine::widgets {

class SvgEngine;

/// A sheet that writes what is painted on it as SVG: text as text of the width that it was laid out with, clips as clip paths, the same
/// bytes for the same strokes. QSvgGenerator knows no clips, which a zoomed plot needs. Hatches and gradients other than linear ones become
/// plain colours, composition modes are left out. UI thread.
class SvgSheet : public QPaintDevice {
  public:
    SvgSheet(const QSizeF& sizeMm, const QString& title);
    ~SvgSheet() override;

    /// The drawing's size in its own units of 1/96 inch.
    QSizeF units() const;
    /// The file; to be asked for when the painter has ended.
    QByteArray svg() const;

    QPaintEngine* paintEngine() const override;

  protected:
    int metric(PaintDeviceMetric metric) const override;

  private:
    QSizeF sizeMm_;
    QString title_;
    std::unique_ptr<SvgEngine> engine_;
};

}  // namespace vitrine::widgets
