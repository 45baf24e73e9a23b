// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/runs_panel_delegate.h"

#include <QApplication>
#include <QPainter>

#include "widgets/base/icons.h"
#include "widgets/base/theme.h"
#include "widgets/panels/runs_panel_model.h"

namespace vitrine::widgets {
namespace {

constexpr int kPad = 4;  // beside what the style leaves
constexpr int kSide = 16;
constexpr int kGap = 3;

void paintBadge(QPainter& painter, const QRect& place, QChar letter, const QColor& colour) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(place, 4, 4);
    painter.setPen(colour.lightnessF() > 0.55 ? Qt::black : Qt::white);
    painter.drawText(place, Qt::AlignCenter, letter);
}

}  // namespace

void TableCellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem whole = option;
    initStyleOption(&whole, index);
    const QStyle* style = option.widget != nullptr ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &whole, painter, option.widget);
    QStyleOptionViewItem inner = option;
    inner.rect.adjust(kPad, 0, -kPad, 0);
    QStyledItemDelegate::paint(painter, inner, index);
}

void TableCellDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
    constexpr const char* kFilled = "vitrineFilled";
    if (editor->property(kFilled).toBool()) return;
    QStyledItemDelegate::setEditorData(editor, index);
    editor->setProperty(kFilled, true);
}

void RunMarkDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index);
    const Theme& theme = Theme::of(option.palette);
    const QString marks = index.data(RunsModel::markRole).toString();
    QRect place(option.rect.left() + kGap * 2, option.rect.center().y() - kSide / 2 + 1, kSide, kSide);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    QFont font = option.font;
    font.setBold(true);
    font.setPixelSize(11);
    painter->setFont(font);
    for (const QChar letter : {QChar(u'A'), QChar(u'B')}) {
        if (marks.contains(letter)) paintBadge(*painter, place, letter, letter == u'A' ? theme.runA : theme.runB);
        place.translate(kSide + kGap, 0);
    }
    if (index.data(RunsModel::pinnedRole).toBool()) icon(QStringLiteral("pin")).paint(painter, place);
    painter->restore();
}

}  // namespace vitrine::widgets
