// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/log_panel_model.h"

#include <QGuiApplication>
#include <QLocale>
#include <algorithm>

#include "widgets/base/icons.h"
#include "widgets/base/theme.h"

namespace vitrine::widgets {
namespace {

QString timeText(const LogLine& line) {
    const QLocale locale;
    const bool today = line.first.date() == QDate::currentDate();
    return today ? locale.toString(line.first.time(), QStringLiteral("HH:mm:ss")) : locale.toString(line.first, QLocale::ShortFormat);
}

QString countedText(const LogLine& line) {
    return line.count > 1 ? LogModel::tr("%1  (\u00D7%2)").arg(line.text, QLocale().toString(line.count)) : line.text;
}

}  // namespace

LogModel::LogModel(Log& log, QObject* parent) : QAbstractTableModel(parent), log_(log), rows_(static_cast<int>(log.lines().size())) {
    connect(&log_, &Log::appended, this, [this](int line) {
        beginInsertRows({}, line, line);
        rows_ = line + 1;
        endInsertRows();
    });
    connect(&log_, &Log::updated, this, [this](int line) { Q_EMIT dataChanged(index(line, 0), index(line, columnCountOfLog - 1)); });
    const auto renew = [this] {
        beginResetModel();
        rows_ = static_cast<int>(log_.lines().size());
        endResetModel();
    };
    connect(&log_, &Log::dropped, this, renew);
    connect(&log_, &Log::cleared, this, renew);
}

int LogModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : rows_; }
int LogModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCountOfLog; }

QString LogModel::levelText(LogLevel level) {
    switch (level) {
        case LogLevel::info: return tr("Info");
        case LogLevel::warning: return tr("Warning");
        case LogLevel::error: return tr("Error");
    }
    return {};
}

QVariant LogModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const LogLine& line = log_.lines()[static_cast<std::size_t>(index.row())];
    const Theme& theme = Theme::of(QGuiApplication::palette());
    switch (role) {
        case Qt::DisplayRole:
            switch (index.column()) {
                case time: return timeText(line);
                case level: return levelText(line.level);
                case source: return line.source;
                case text: return countedText(line);
                default: return {};
            }
        case Qt::DecorationRole:
            if (index.column() != level) return {};
            return icon(line.level == LogLevel::info      ? QStringLiteral("info")
                        : line.level == LogLevel::warning ? QStringLiteral("warning")
                                                          : QStringLiteral("error"));
        case Qt::ForegroundRole:
            if (index.column() == time || index.column() == source || (index.column() == level && line.level == LogLevel::info))
                return theme.mutedText;
            if (index.column() == level) return line.level == LogLevel::warning ? theme.warning : theme.bad;
            return {};
        case Qt::ToolTipRole:
            if (line.count == 1) return index.column() == text ? line.text : QString();
            return tr("%1\nFirst %2, last %3, %4 times")
                .arg(line.text, QLocale().toString(line.first, QLocale::ShortFormat), QLocale().toString(line.last, QLocale::ShortFormat),
                     QLocale().toString(line.count));
        case levelRole: return static_cast<int>(line.level);
        case lineRole:
            return QStringLiteral("%1\t%2\t%3\t%4").arg(line.first.toString(Qt::ISODate), levelText(line.level), line.source, countedText(line));
        default: return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::ToolTipRole && section == source) return tr("The run, the job or the part of the program that speaks");
    if (role == Qt::ToolTipRole && section == text) return tr("What happened; \u00D7 says how often");
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case time: return tr("Time");
        case level: return tr("Level");
        case source: return tr("Source");
        case text: return tr("Message");
        default: return {};
    }
}

void LogFilter::setText(const QString& text) {
    text_ = text.trimmed();
    invalidateFilter();
}

void LogFilter::setAnyOf(const QStringList& texts) {
    anyOf_ = texts;
    anyOf_.removeAll(QString());
    invalidateFilter();
}

void LogFilter::setLowest(LogLevel level) {
    lowest_ = level;
    invalidateFilter();
}

bool LogFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (index.data(LogModel::levelRole).toInt() < static_cast<int>(lowest_)) return false;
    const QString line = index.data(LogModel::lineRole).toString();
    if (!anyOf_.isEmpty() && std::none_of(anyOf_.begin(), anyOf_.end(), [&](const QString& each) { return line.contains(each); })) return false;
    return text_.isEmpty() || line.contains(text_, Qt::CaseInsensitive);
}

}  // namespace vitrine::widgets
