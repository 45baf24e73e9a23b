// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/images_paint.h"

#include <QCoreApplication>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QLinearGradient>
#include <QLocale>
#include <QStyle>
#include <algorithm>
#include <cmath>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/plot_style.h"

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::ImagesView", text); }

QFont smallFont(const QFont& font, double em) {
    QFont small = font;
    small.setPixelSize(std::max(1, static_cast<int>(std::lround(0.9 * em))));
    return small;
}

void paintLetter(QPainter& painter, const QRectF& picture, bool isB, double em, const QFont& font, const Theme& theme) {
    QFont bold = font;
    bold.setWeight(QFont::DemiBold);
    const QRectF label(picture.left(), picture.top(), 1.7 * em, 1.6 * em);
    painter.fillRect(label, theme.raised);
    painter.setFont(bold);
    painter.setPen(isB ? theme.runB : theme.runA);
    painter.drawText(label, Qt::AlignCenter, isB ? QStringLiteral("B") : QStringLiteral("A"));
}

/// Two lines below a picture: what it was asked to show, and what the network sees.
void paintCaption(QPainter& painter, const QRectF& box, const ImagesShown& shown, std::size_t image, const ImageTileLook& look) {
    const double em = look.metrics.em;
    const QFont small = smallFont(look.font, em);
    const QFontMetricsF metrics(small);
    painter.setFont(small);
    const auto line = [&](int index) { return QRectF(box.left(), box.top() + index * 1.55 * em, box.width(), 1.55 * em); };
    const auto write = [&](const QRectF& where, const QColor& colour, const QString& text) {
        painter.setPen(colour);
        painter.drawText(where, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, metrics.elidedText(text, Qt::ElideRight, where.width()));
    };
    if (image >= shown.images->images.size()) return;
    const auto& held = shown.images->images[image];
    write(line(0), look.theme.text, held.label >= 0 ? look.namer(held.label) : translated("no class asked for"));
    if (held.prediction < 0) return;
    const QString confidence = percentText(100 * held.confidence, 0);
    if (held.label < 0) {
        write(line(1), look.theme.mutedText, QStringLiteral("%1 %2").arg(confidence, look.namer(held.prediction)));
        return;
    }
    const bool isRight = held.prediction == held.label;
    const double mark = 1.2 * em;
    painter.setPen(isRight ? look.theme.good : look.theme.bad);
    painter.drawText(QRectF(line(1).left(), line(1).top(), mark, line(1).height()), Qt::AlignVCenter | Qt::AlignLeft, isRight ? QStringLiteral("✓") : QStringLiteral("✗"));
    write(line(1).adjusted(mark, 0, 0, 0), look.theme.mutedText, isRight ? confidence : QStringLiteral("%1 %2").arg(confidence, look.namer(held.prediction)));
}

}  // namespace

QRectF paintPixels(QPainter& painter, const QRectF& box, const QImage& sheet, const QRect& tile) {
    const QSizeF fitted = QSizeF(tile.size()).scaled(box.size(), Qt::KeepAspectRatio);
    const QRectF target(box.center() - QPointF(fitted.width(), fitted.height()) / 2, fitted);
    painter.save();
    // Few pixels are shown as they are; interpolation would invent a smoothness that the network never saw.
    painter.setRenderHint(QPainter::SmoothPixmapTransform, target.width() < 1.5 * tile.width());
    painter.drawImage(target, sheet, QRectF(tile));
    painter.restore();
    return target;
}

void paintImageTile(QPainter& painter, const QRectF& box, std::size_t image, const ImageTileLook& look) {
    const ImageTileMetrics& metrics = look.metrics;
    const double em = metrics.em;
    painter.save();
    double left = box.left() + (box.width() - metrics.width()) / 2 + 0.6 * em;
    for (std::size_t run = 0; run < look.shown.size(); ++run) {
        const ImagesShown& shown = look.shown[run];
        const QRectF place(left, box.top() + 0.6 * em, metrics.side, metrics.side);
        left += metrics.side + 0.5 * em;
        const QRect tile = shown ? shown.tile(image) : QRect();
        if (tile.isEmpty() || look.sheets[run].isNull() || image >= shown.images->images.size()) {
            painter.setPen(QPen(look.theme.border, 1));
            painter.setBrush(look.theme.raised);
            painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5));
            painter.setPen(look.theme.mutedText);
            painter.setFont(smallFont(look.font, em));
            painter.drawText(place, Qt::AlignCenter | Qt::TextWordWrap, translated("no picture"));
        } else {
            paintPixels(painter, place, look.sheets[run], tile);
        }
        if (look.shown.size() > 1 || look.letters) paintLetter(painter, place, shown.isB, em, look.font, look.theme);
        if (metrics.captions && shown) paintCaption(painter, QRectF(place.left(), place.bottom() + 0.2 * em, place.width(), 3.1 * em), shown, image, look);
    }
    painter.restore();
}

QColor similarityColour(double similarity, const Theme& theme) {
    const auto& stops = theme.sequential;
    const double place = std::clamp((similarity + 1) / 2, 0.0, 1.0) * static_cast<double>(stops.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(place), stops.size() - 2);
    const double share = place - static_cast<double>(below);
    const auto mix = [&](int a, int b) { return static_cast<int>(std::lround(a + share * (b - a))); };
    const QColor &a = stops[below], &b = stops[below + 1];
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

void paintSimilarity(QPainter& painter, const QRectF& picture, const analysis::PatchGrid& grid, const analysis::AnchorSimilarity& similarity, const QFont& font,
                     const Theme& theme) {
    const double width = picture.width() / static_cast<double>(grid.columns), height = picture.height() / static_cast<double>(grid.rows);
    const auto cell = [&](std::int64_t patch) {
        return QRectF(picture.left() + width * static_cast<double>(patch % grid.columns), picture.top() + height * static_cast<double>(patch / grid.columns), width, height);
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (std::size_t i = 0; i < similarity.similarity.size(); ++i) painter.fillRect(cell(static_cast<std::int64_t>(i)), withAlpha(similarityColour(similarity.similarity[i], theme), 140));
    painter.setPen(QPen(withAlpha(theme.surface, 110), 1));
    for (std::int64_t column = 1; column < grid.columns; ++column)
        painter.drawLine(QPointF(picture.left() + width * static_cast<double>(column), picture.top()), QPointF(picture.left() + width * static_cast<double>(column), picture.bottom()));
    for (std::int64_t row = 1; row < grid.rows; ++row)
        painter.drawLine(QPointF(picture.left(), picture.top() + height * static_cast<double>(row)), QPointF(picture.right(), picture.top() + height * static_cast<double>(row)));
    painter.setRenderHint(QPainter::Antialiasing);
    QFont bold = font;
    bold.setBold(true);
    bold.setPixelSize(std::clamp(static_cast<int>(0.36 * std::min(width, height)), 8, 18));
    painter.setFont(bold);
    const auto mark = [&](std::int64_t patch, const QString& sign, const QColor& colour) {
        const QRectF at = cell(patch);
        const double radius = std::min(width, height) * 0.22;
        painter.setPen(QPen(colour, 1.4));
        painter.setBrush(theme.surface);
        painter.drawEllipse(at.center(), radius, radius);
        painter.setPen(colour);
        painter.drawText(at, Qt::AlignCenter, sign);
    };
    for (const std::int64_t patch : similarity.positives) mark(patch, QStringLiteral("+"), theme.good);
    for (const std::int64_t patch : similarity.negatives) mark(patch, QStringLiteral("−"), theme.bad);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.surface, 4));
    painter.drawRect(cell(similarity.anchor));
    painter.setPen(QPen(theme.highlight, 2.2));
    painter.drawRect(cell(similarity.anchor));
    painter.restore();
}

void paintSimilarityScale(QPainter& painter, const QRectF& box, const PatchScale& scale, const QFont& font, const Theme& theme) {
    painter.save();
    painter.setFont(font);
    const QFontMetricsF metrics(font);
    const QRectF bar(box.left(), box.top(), box.width(), metrics.height() * 0.7);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    for (std::size_t i = 0; i < theme.sequential.size(); ++i) gradient.setColorAt(static_cast<double>(i) / static_cast<double>(theme.sequential.size() - 1), theme.sequential[i]);
    painter.fillRect(bar, gradient);
    painter.setPen(theme.mutedText);
    const QRectF line(box.left(), bar.bottom() + 2, box.width(), metrics.height() * 1.2);
    painter.drawText(line, Qt::AlignLeft, scale.low);
    painter.drawText(line, Qt::AlignHCenter, scale.middle);
    painter.drawText(line, Qt::AlignRight, scale.high);
    painter.restore();
}

void ImagesDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const Theme& theme = Theme::of(option.palette);
    const auto& all = model_.content().shown;
    std::vector<ImagesShown> shown = all;
    std::vector<QImage> sheets = sheets_;
    if (flicker_ && *flicker_ < all.size()) {
        shown = {all[*flicker_]};
        sheets = {sheets_[*flicker_]};
    }
    const bool isSelected = option.state & QStyle::State_Selected;
    if (isSelected || (option.state & QStyle::State_MouseOver)) painter->fillRect(option.rect, isSelected ? theme.selection : theme.raised);
    paintImageTile(*painter, option.rect, model_.imageAt(index.row()), {shown, sheets, model_.namer(), metrics_, option.font, theme, flicker_.has_value()});
    if (!isSelected) return;
    painter->save();
    painter->setPen(QPen(theme.highlight, 2));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(QRectF(option.rect).adjusted(2, 2, -2, -2));
    painter->restore();
}

QSize ImagesDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {static_cast<int>(std::ceil(metrics_.width())), static_cast<int>(std::ceil(metrics_.height()))};
}

}  // namespace vitrine::widgets
