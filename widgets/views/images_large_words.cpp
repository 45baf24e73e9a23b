// SPDX-License-Identifier: GPL-3.0-or-later
// What stands beside or below a large image of ImagesLarge.
#include <QFontInfo>
#include <QLocale>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/images_large.h"

namespace vitrine::widgets {
namespace {

/// A loss over the steps, with a dot where the pictures are.
void paintCurve(QPainter& painter, const QRectF& box, const ImagesShown& shown, const results::SyntheticImages::Term& term, std::size_t image, const QColor& colour,
                const Theme& theme) {
    const auto& steps = shown.images->steps;
    double least = std::numeric_limits<double>::infinity(), most = -least;
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i < std::min(steps.size(), term.values.size()); ++i) {
        if (image >= term.values[i].size() || !std::isfinite(term.values[i][image])) continue;
        points.emplace_back(static_cast<double>(steps[i]), term.values[i][image]);
        least = std::min(least, term.values[i][image]);
        most = std::max(most, term.values[i][image]);
    }
    if (points.size() < 2) return;
    const double first = points.front().first, span = std::max(points.back().first - first, 1.0), height = most > least ? most - least : 1;
    const auto at = [&](const std::pair<double, double>& point) {
        return QPointF(box.left() + (point.first - first) / span * box.width(), box.bottom() - (point.second - least) / height * box.height());
    };
    QPainterPath path(at(points.front()));
    for (const auto& point : points) path.lineTo(at(point));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.border, 1));
    painter.drawLine(box.bottomLeft(), box.bottomRight());
    painter.setPen(QPen(colour, 1.4));
    painter.drawPath(path);
    if (const auto noted = shown.notedStep()) {
        const auto step = static_cast<double>(steps[*noted]);
        for (const auto& point : points) {
            if (point.first != step) continue;
            painter.setBrush(colour);
            painter.drawEllipse(at(point), 2.6, 2.6);
        }
    }
}

/// Lines of text from top to bottom, as long as there is room.
class Lines {
  public:
    Lines(QPainter& painter, const QRectF& box, const QFont& font, const Theme& theme)
        : painter_(painter), box_(box), font_(font), theme_(theme), em_(QFontInfo(font).pixelSize()), y_(box.top()) {}

    double em() const { return em_; }
    bool hasRoom(double ems) const { return y_ + ems * em_ <= box_.bottom() + 0.5; }
    void skip(double ems) { y_ += ems * em_; }
    /// The next piece of this height, over the whole width.
    QRectF take(double ems) {
        const QRectF piece(box_.left(), y_, box_.width(), ems * em_);
        skip(ems);
        return piece;
    }
    void write(const QString& text, const QColor& colour, bool bold = false) {
        if (!hasRoom(kLine)) return;
        QFont own = font_;
        own.setWeight(bold ? QFont::DemiBold : QFont::Normal);
        painter_.setFont(own);
        painter_.setPen(colour);
        painter_.drawText(take(kLine), Qt::AlignVCenter | Qt::AlignLeft, QFontMetricsF(own).elidedText(text, Qt::ElideRight, box_.width()));
    }
    void wrap(const QString& text) {
        if (text.isEmpty() || !hasRoom(kLine)) return;
        painter_.setFont(font_);
        painter_.setPen(theme_.mutedText);
        QRectF taken;
        painter_.drawText(QRectF(box_.left(), y_, box_.width(), box_.bottom() - y_), Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap, text, &taken);
        y_ = taken.bottom();
    }
    /// A name at the left and its value at the right.
    void pair(const QString& name, const QString& value) {
        const QFontMetricsF metrics(font_);
        const QRectF line = take(kLine);
        painter_.setFont(font_);
        painter_.setPen(theme_.text);
        painter_.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, metrics.elidedText(name, Qt::ElideRight, line.width() - metrics.horizontalAdvance(value) - em_));
        painter_.drawText(line, Qt::AlignVCenter | Qt::AlignRight, value);
    }

  private:
    static constexpr double kLine = 1.6;  ///< in units of the font

    QPainter& painter_;
    QRectF box_;
    QFont font_;
    const Theme& theme_;
    double em_, y_;
};

void writeClasses(Lines& lines, const results::SyntheticImages::Image& image, const ImageClassNamer& namer, const Theme& theme) {
    if (image.label >= 0) lines.write(ImagesLarge::tr("Asked for: %1").arg(namer(image.label)), theme.text);
    if (image.prediction >= 0) lines.write(ImagesLarge::tr("Predicted: %1, %2").arg(namer(image.prediction), percentText(100 * image.confidence)), theme.text);
}

void writeTerms(QPainter& painter, Lines& lines, const ImagesShown& shown, std::size_t image, const Theme& theme) {
    const auto noted = shown.notedStep();
    if (!noted) return;
    lines.skip(0.5);
    for (const auto& term : shown.images->terms) {
        if (*noted >= term.values.size() || image >= term.values[*noted].size() || !lines.hasRoom(3.2)) continue;
        lines.pair(ImagesLarge::tr("%1, weight %2").arg(toQt(term.name), withMinus(QLocale().toString(term.weight, 'g', 3))), significantText(term.values[*noted][image], 4));
        paintCurve(painter, lines.take(1.3), shown, term, image, shown.isB ? theme.runB : theme.runA, theme);
        lines.skip(0.5);
    }
}

}  // namespace

// What the colours mean comes before the losses: without it the picture cannot be read.
void ImagesLarge::paintWords(QPainter& painter, const QRectF& box, std::size_t run, const QFont& font, const Theme& theme) const {
    const ImagesShown& shown = content_.shown[run];
    const auto& images = *shown.images;
    Lines lines(painter, box, font, theme);
    const QLocale locale;
    const QString number = locale.toString(static_cast<qlonglong>(content_.image)), step = locale.toString(static_cast<qlonglong>(shown.step()));
    if (content_.shown.size() > 1)
        lines.write((shown.isB ? tr("B: image %1, step %2") : tr("A: image %1, step %2")).arg(number, step), shown.isB ? theme.runB : theme.runA, true);
    else
        lines.write(tr("Image %1, step %2").arg(number, step), theme.text, true);
    if (content_.image < images.images.size()) writeClasses(lines, images.images[content_.image], content_.namer, theme);
    if (const auto& sheet = images.sheets[shown.sheet]; sheet.tileWidth < images.width && wholePicture(run).isNull())
        lines.write(tr("Shown with %1 × %2 of %3 × %4 pixels").arg(sheet.tileWidth).arg(sheet.tileHeight).arg(images.width).arg(images.height), theme.mutedText);
    if (const auto& map = maps_[run]; map && lines.hasRoom(4.7)) {
        lines.skip(0.5);
        lines.write(map->title, theme.text, true);
        lines.skip(0.2);
        QRectF scale = lines.take(2.6);
        scale.setWidth(std::min(scale.width(), 19 * lines.em()));
        paintSimilarityScale(painter, scale, map->scale, font, theme);
        if (!map->similarity.positives.empty()) lines.write(tr("+ most similar, − other neighbours"), theme.mutedText);
    }
    lines.wrap(content_.note);
    writeTerms(painter, lines, shown, content_.image, theme);
}

}  // namespace vitrine::widgets
