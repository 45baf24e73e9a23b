// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/report_table_model.h"

#include <QGuiApplication>
#include <QIcon>
#include <QPainter>
#include <QPixmap>
#include <cmath>

#include "report/number_text.h"
#include "widgets/base/text.h"
#include "widgets/views/column_help.h"

namespace vitrine::widgets {
namespace {

QIcon runMark(const report::Column& column) {
    constexpr int kSide = 10, kDensity = 4;  // sharp up to a scale of four
    QPixmap mark(kSide * kDensity, kSide * kDensity);
    mark.setDevicePixelRatio(kDensity);
    mark.fill(Qt::transparent);
    QPainter painter(&mark);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(*runColour(column, Theme::of(QGuiApplication::palette())));
    painter.drawRoundedRect(QRectF(0, 0, kSide, kSide), 2, 2);
    return QIcon(mark);
}

}  // namespace

void ReportTableModel::setTable(report::Table table, CellLooks looks) {
    beginResetModel();
    table_ = std::move(table);
    looks_ = std::move(looks);
    shown_ = report::shownColumns(table_);
    bars_.clear();
    for (const std::size_t c : shown_) bars_.push_back(barShares(table_, c));
    endResetModel();
}

const report::Cell& ReportTableModel::cell(const QModelIndex& index) const {
    return table_.rows[static_cast<std::size_t>(index.row())][shown_[static_cast<std::size_t>(index.column())]];
}

int ReportTableModel::columnOf(std::string_view id) const {
    for (std::size_t c = 0; c < table_.columns.size(); ++c)
        if (table_.columns[c].id == id) return static_cast<int>(c);
    return -1;
}

QString ReportTableModel::textAt(int row, int tableColumn) const {
    if (row < 0 || tableColumn < 0 || row >= rowCount()) return {};
    return toQt(report::exactText(table_.rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(tableColumn)]));
}

int ReportTableModel::rowWith(int tableColumn, const QString& text) const {
    if (tableColumn < 0) return -1;
    const std::string wanted = toStd(text);
    for (std::size_t r = 0; r < table_.rows.size(); ++r)
        if (const auto* held = std::get_if<std::string>(&table_.rows[r][static_cast<std::size_t>(tableColumn)]);
            held != nullptr && *held == wanted)
            return static_cast<int>(r);
    return -1;
}

int ReportTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(table_.rows.size()); }

int ReportTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(shown_.size()); }

QVariant ReportTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const auto row = static_cast<std::size_t>(index.row());
    const auto shown = static_cast<std::size_t>(index.column());
    const std::size_t c = shown_[shown];
    if (role == barRole) return bars_[shown].empty() ? -1.0 : bars_[shown][row];
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (report::isNumeric(table_.columns[c]) ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != toneRole && role != Qt::AccessibleTextRole) return {};
    const CellLook look = looks_ ? looks_(row, c) : CellLook{};
    if (role == toneRole) return static_cast<int>(look.tone);
    if (role == Qt::ToolTipRole && !look.toolTip.isEmpty()) return look.toolTip;
    const QString text = look.text.isEmpty() ? shownText(table_.rows[row][c], table_.columns[c]) : look.text;
    // Texts may be cut by the column; numbers are rounded: the tool tip has them in full.
    if (role == Qt::ToolTipRole) {
        const QString full = toQt(report::exactText(table_.rows[row][c]));
        return full.isEmpty() ? QVariant() : QVariant(full);
    }
    return text;
}

QVariant ReportTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    if (role == Qt::DisplayRole) return headerText(column(section));
    if (role == Qt::ToolTipRole) {
        const QString help = columnHelp(column(section)), title = headerText(column(section));
        return help.isEmpty() ? title : QStringLiteral("<p><b>%1</b><br>%2</p>").arg(title.toHtmlEscaped(), help.toHtmlEscaped());
    }
    if (role == Qt::DecorationRole && runColour(column(section), Theme::day())) return runMark(column(section));
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (report::isNumeric(column(section)) ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

bool ReportTableSorter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const auto* model = static_cast<const ReportTableModel*>(sourceModel());
    const report::Cell &one = model->cell(left), &other = model->cell(right);
    const auto first = report::cellNumber(one), second = report::cellNumber(other);
    const bool isFirst = first && !std::isnan(*first), isSecond = second && !std::isnan(*second);
    if (isFirst && isSecond) return *first < *second;
    if (isFirst != isSecond) return isFirst == (sortOrder() == Qt::AscendingOrder);
    const auto* firstText = std::get_if<std::string>(&one);
    const auto* secondText = std::get_if<std::string>(&other);
    if (firstText != nullptr && secondText != nullptr) {
        if (firstText->empty() != secondText->empty()) return secondText->empty() == (sortOrder() == Qt::AscendingOrder);
        return *firstText < *secondText;
    }
    if ((firstText != nullptr) != (secondText != nullptr)) return (firstText != nullptr) == (sortOrder() == Qt::AscendingOrder);
    return false;
}

}  // namespace vitrine::widgets
