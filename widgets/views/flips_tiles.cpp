// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/flips_tiles.h"

#include <QCoreApplication>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QListView>
#include <QLocale>
#include <algorithm>
#include <cmath>

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::FlipsView", text); }

void paintPicture(QPainter& painter, const QRectF& box, const QImage& picture, const QFont& font, const Theme& theme) {
    if (picture.isNull()) {
        painter.setPen(QPen(theme.border, 1));
        painter.setBrush(theme.raised);
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
        painter.setFont(font);
        painter.setPen(theme.mutedText);
        painter.drawText(box, Qt::AlignCenter | Qt::TextWordWrap, translated("no picture"));
        return;
    }
    const QSizeF fitted = QSizeF(picture.size()).scaled(box.size(), Qt::KeepAspectRatio);
    const QRectF target(box.center() - QPointF(fitted.width(), fitted.height()) / 2, fitted);
    painter.drawImage(target, picture);
}

/// Where a line of a tile goes: a coloured letter, a mark, the name of a class.
struct Line {
    QString letter;
    QColor colour;
    QString mark;
    QColor markColour;
    QString text;
};

void paintLine(QPainter& painter, const QRectF& box, const Line& line, const QFont& font, const Theme& theme) {
    QFont bold = font;
    bold.setWeight(QFont::DemiBold);
    const double em = QFontInfo(font).pixelSize();
    painter.setFont(bold);
    painter.setPen(line.colour);
    painter.drawText(QRectF(box.left(), box.top(), 1.4 * em, box.height()), Qt::AlignVCenter | Qt::AlignLeft, line.letter);
    painter.setPen(line.markColour);
    painter.drawText(QRectF(box.left() + 1.4 * em, box.top(), 1.2 * em, box.height()), Qt::AlignVCenter | Qt::AlignLeft, line.mark);
    painter.setFont(font);
    painter.setPen(theme.text);
    const QRectF rest = box.adjusted(2.7 * em, 0, 0, 0);
    painter.drawText(rest, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, QFontMetricsF(font).elidedText(line.text, Qt::ElideRight, rest.width()));
}

Line predictionLine(const QString& letter, const QColor& colour, const FlipTile& tile, std::int32_t prediction, const QString& name, const Theme& theme) {
    if (tile.label < 0) return {letter, colour, {}, theme.text, name};
    const bool isRight = prediction == tile.label;
    return {letter, colour, isRight ? QStringLiteral("✓") : QStringLiteral("✗"), isRight ? theme.good : theme.bad, name};
}

}  // namespace

QString flipKindText(report::FlipKind kind) {
    switch (kind) {
        case report::FlipKind::lost:
            return translated("A right, B wrong");
        case report::FlipKind::gained:
            return translated("A wrong, B right");
        case report::FlipKind::bothWrong:
            return translated("both wrong");
        case report::FlipKind::unlabelled:
            break;
    }
    return translated("true class not known");
}

QString flipSymbol(report::FlipKind kind) {
    if (kind == report::FlipKind::lost) return QStringLiteral("▼");
    return kind == report::FlipKind::gained ? QStringLiteral("▲") : QStringLiteral("≠");
}

QString tileText(const FlipTile& tile, const ClassNamer& namer) {
    const QString label = tile.label < 0 ? QString() : translated("true class %1, ").arg(namer(tile.label));
    return translated("Image %1: %2A says %3, B says %4 (%5)")
        .arg(QLocale().toString(static_cast<qlonglong>(tile.flip.row)), label, namer(tile.flip.first), namer(tile.flip.second), flipKindText(tile.kind));
}

int TileMetrics::columns(double width) const { return std::max(1, static_cast<int>(std::floor(width / leastWidth()))); }

void paintTile(QPainter& painter, const QRectF& box, const FlipTile& tile, const TileLook& look) {
    const QFont& font = look.font;
    const Theme& theme = look.theme;
    const TileMetrics metrics{static_cast<double>(QFontInfo(font).pixelSize())};
    const double em = metrics.em;
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const QRectF image(box.left() + 0.7 * em, box.top() + 0.7 * em, metrics.picture(), metrics.picture());
    paintPicture(painter, image, look.picture, font, theme);
    const double left = image.right() + 0.9 * em, width = box.right() - 0.6 * em - left;
    QFont small = font;
    small.setPixelSize(std::max(1, static_cast<int>(std::lround(0.9 * em))));
    const double step = metrics.picture() / 5;
    const auto line = [&](int index) { return QRectF(left, image.top() + step * index, width, step); };
    painter.setFont(small);
    painter.setPen(theme.mutedText);
    painter.drawText(line(0), Qt::AlignVCenter | Qt::AlignLeft, translated("Image %1").arg(QLocale().toString(static_cast<qlonglong>(tile.flip.row))));
    QFont bold = font;
    bold.setWeight(QFont::DemiBold);
    if (tile.label < 0) bold = font;
    painter.setFont(bold);
    painter.setPen(tile.label < 0 ? theme.mutedText : theme.text);
    const QString truth = tile.label < 0 ? translated("true class not known") : look.namer(tile.label);
    painter.drawText(line(1), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, QFontMetricsF(bold).elidedText(truth, Qt::ElideRight, width));
    paintLine(painter, line(2), predictionLine(QStringLiteral("A"), theme.runA, tile, tile.flip.first, look.namer(tile.flip.first), theme), font, theme);
    paintLine(painter, line(3), predictionLine(QStringLiteral("B"), theme.runB, tile, tile.flip.second, look.namer(tile.flip.second), theme), font, theme);
    painter.setFont(small);
    painter.setPen(tile.kind == report::FlipKind::lost ? theme.bad : (tile.kind == report::FlipKind::gained ? theme.good : theme.mutedText));
    if (tile.label >= 0)
        painter.drawText(line(4), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                         QFontMetricsF(small).elidedText(flipSymbol(tile.kind) + QLatin1Char(' ') + flipKindText(tile.kind), Qt::ElideRight, width));
    painter.restore();
}

void FlipModel::setTiles(std::vector<FlipTile> tiles) {
    beginResetModel();
    tiles_ = std::move(tiles);
    endResetModel();
}

int FlipModel::rowOf(qint64 dataRow) const {
    const auto found = std::find_if(tiles_.begin(), tiles_.end(), [&](const FlipTile& tile) { return tile.flip.row == dataRow; });
    return found == tiles_.end() ? -1 : static_cast<int>(found - tiles_.begin());
}

int FlipModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(tiles_.size()); }

QVariant FlipModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole || role == Qt::ToolTipRole) return tileText(tiles_[static_cast<std::size_t>(index.row())], namer_);
    return {};
}

void FlipDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem background = option;
    background.text.clear();
    background.widget->style()->drawPrimitive(QStyle::PE_PanelItemViewItem, &background, painter, background.widget);
    const Theme& theme = Theme::of(option.palette);
    const FlipTile& tile = model_.tiles()[static_cast<std::size_t>(index.row())];
    const TileMetrics metrics{static_cast<double>(QFontInfo(option.font).pixelSize())};
    const int side = static_cast<int>(std::ceil(metrics.picture() * painter->device()->devicePixelRatioF()));
    const QImage picture = picture_ ? picture_(tile.flip.row, side) : QImage();
    paintTile(*painter, option.rect, tile, {picture, model_.namer(), option.font, theme});
    if (!(option.state & QStyle::State_Selected)) return;
    painter->save();
    painter->setPen(QPen(theme.highlight, 2));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(QRectF(option.rect).adjusted(2, 2, -2, -2));
    painter->restore();
}

QSize FlipDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    const TileMetrics metrics{static_cast<double>(QFontInfo(option.font).pixelSize())};
    const auto* list = qobject_cast<const QListView*>(option.widget);
    const int width = list == nullptr ? static_cast<int>(metrics.leastWidth()) : list->gridSize().width();
    return {width, static_cast<int>(std::ceil(metrics.height()))};
}

}  // namespace vitrine::widgets
