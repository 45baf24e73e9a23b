// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/model_panel_delegate.h"

#include <QApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

#include "widgets/panels/model_tree.h"
#include "widgets/views/site_facts.h"

namespace vitrine::widgets {
namespace {

constexpr int kPadding = 4;
constexpr double kSign = 13;  ///< diameter of the error mark

/// Background and frame as the style has them, without text.
void paintBackground(QPainter& painter, const QStyleOptionViewItem& option) {
    QStyleOptionViewItem bare = option;
    bare.text.clear();
    const QWidget* widget = option.widget;
    (widget != nullptr ? widget->style() : QApplication::style())->drawControl(QStyle::CE_ItemViewItem, &bare, &painter, widget);
}

}  // namespace

QSize ModelDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    if (index.column() == ModelTree::sqnrColumn) size.rwidth() += static_cast<int>(kSign) + 2 * kPadding;
    size.setHeight(std::max(size.height(), option.fontMetrics.height() + 6));
    return size;
}

void ModelDelegate::paint(QPainter* painter, const QStyleOptionViewItem& given, const QModelIndex& index) const {
    QStyleOptionViewItem option = given;
    initStyleOption(&option, index);
    if (index.column() == ModelTree::nameColumn) return paintName(*painter, option, index.data(ModelTree::markedRole).toBool());
    if (index.column() == ModelTree::sqnrColumn) return paintError(*painter, option, index);
    if (index.column() != ModelTree::bitsColumn) option.palette.setColor(QPalette::Text, Theme::of(option.palette).mutedText);
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &option, painter, option.widget);
}

void ModelDelegate::paintName(QPainter& painter, const QStyleOptionViewItem& option, bool isMarked) const {
    paintBackground(painter, option);
    const Theme& theme = Theme::of(option.palette);
    const QRectF box = QRectF(option.rect).adjusted(kPadding, 0, -kPadding, 0);
    const QFontMetricsF metrics(option.font);
    // The end of a path tells it from others.
    const QString text = metrics.elidedText(option.text, option.text.contains(u'.') ? Qt::ElideLeft : Qt::ElideMiddle, box.width());
    painter.save();
    painter.setFont(option.font);
    painter.setPen(theme.text);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, text);
    if (isMarked) painter.fillRect(QRectF(option.rect.left(), option.rect.top() + 2, 3, option.rect.height() - 4), theme.highlight);
    if (const auto match = filter_.find(text); match.hasMatch() && match.capturedLength() > 0) {
        const double left = box.left() + metrics.horizontalAdvance(text.left(match.capturedStart()));
        const QRectF found(left, box.center().y() - metrics.height() / 2, metrics.horizontalAdvance(match.captured()), metrics.height());
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.highlight);
        painter.drawRoundedRect(found.adjusted(-1, 0, 1, 0), 2, 2);
        painter.setPen(theme.surface);
        painter.drawText(found, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextDontClip, match.captured());
    }
    painter.restore();
}

void ModelDelegate::paintError(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) {
    paintBackground(painter, option);
    const Theme& theme = Theme::of(option.palette);
    const bool isSite = !index.data(ModelTree::siteRole).toString().isEmpty();
    QRectF box = QRectF(option.rect).adjusted(kPadding, 0, -kPadding, 0);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (!index.data(ModelTree::warningsRole).toStringList().isEmpty()) {
        const QRectF sign(box.right() - kSign, box.center().y() - kSign / 2, kSign, kSign);
        painter.setPen(isSite ? QPen(Qt::NoPen) : QPen(theme.bad, 1.2));
        painter.setBrush(isSite ? QBrush(theme.bad) : QBrush(Qt::NoBrush));
        painter.drawEllipse(sign);
        QFont font = option.font;
        font.setBold(true);
        font.setPixelSize(10);
        painter.setFont(font);
        painter.setPen(isSite ? theme.surface : theme.bad);
        painter.drawText(sign, Qt::AlignCenter, QStringLiteral("!"));
    }
    box.adjust(0, 0, -kSign - kPadding, 0);
    const auto grade = static_cast<ErrorGrade>(index.data(ModelTree::gradeRole).toInt());
    painter.setFont(option.font);
    painter.setPen(isSite ? gradeColour(grade, theme) : theme.mutedText);
    painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, option.text);
    painter.restore();
}

}  // namespace vitrine::widgets
