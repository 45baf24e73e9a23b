// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QPainter>
#include <QPdfWriter>
#include <QString>

namespace vitrine::widgets {

/// Pages of a PDF that are filled from top to bottom. Lengths are in points unless they are called device units. Any
/// thread.
class PagePainter {
  public:
    PagePainter(QIODevice* device, const QString& title, const QString& foot);
    ~PagePainter();

    double width() const { return width_; }  ///< of the text area, device units
    double left() const { return 0; }
    double y() const { return y_; }               ///< device units from the top of the text area
    double room() const { return height_ - y_; }  ///< left on this page, device units
    static double points(double points);          ///< in device units
    QFont font(double size, bool bold = false, bool fixed = false) const;

    /// Begins a page unless `height` (device units) fits on this one. Returns whether it did.
    bool ensure(double height);
    void newPage();
    void skip(double points) { y_ += PagePainter::points(points); }
    void advance(double deviceUnits) { y_ += deviceUnits; }

    /// Height of a text that wraps in `width` device units: between words, within one where it is longer than a line.
    double textHeight(const QString& text, const QFont& font, double width) const;
    /// Draws such a text `below` device units under the present place without moving on; the height it takes.
    double drawText(const QString& text, const QFont& font, const QColor& colour, double x, double width,
                    Qt::Alignment alignment = Qt::AlignLeft, double below = 0);
    /// A text that may be longer than the page: breaks between lines, moves on.
    void flow(const QString& text, const QFont& font, const QColor& colour, double indent = 0);
    QPainter& painter() { return painter_; }

  private:
    void drawFoot();

    QPdfWriter writer_;
    QPainter painter_;
    QString foot_;
    double width_ = 0, height_ = 0, y_ = 0;
    int page_ = 1;
};

}  // namespace vitrine::widgets
