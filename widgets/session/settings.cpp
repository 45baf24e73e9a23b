// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/settings.h"

#include <QDir>
#include <QStandardPaths>
#include <algorithm>
#include <array>

namespace vitrine::widgets {
namespace {

constexpr qsizetype kRecentProjects = 20;

struct Row {
    SettingKey key;
    QString name;           // in the file, never renamed
    QVariant standard;
    QStringList choices = {};  // of a text; empty: any
    double minimum = 0;        // of a number
    double maximum = 0;
};

QString documents() { return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation); }

const std::vector<Row>& table() {
    static const std::vector<Row> rows{
        {SettingKey::theme, QStringLiteral("view/theme"), QStringLiteral("system"),
         {QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark")}},
        {SettingKey::threads, QStringLiteral("runs/threads"), 0, {}, 0, 1024},
        {SettingKey::reopenLast, QStringLiteral("projects/reopenLast"), true},
        {SettingKey::lastProject, QStringLiteral("projects/last"), QString()},
        {SettingKey::recentProjects, QStringLiteral("projects/recent"), QStringList()},
        {SettingKey::pinnedProjects, QStringLiteral("projects/pinned"), QStringList()},
        {SettingKey::projectsFolder, QStringLiteral("projects/folder"), documents()},
        {SettingKey::figureWidthMm, QStringLiteral("figures/widthMm"), 160.0, {}, 20, 1000},
        {SettingKey::figureHeightMm, QStringLiteral("figures/heightMm"), 90.0, {}, 20, 1000},
        {SettingKey::figureTheme, QStringLiteral("figures/theme"), QStringLiteral("light"),
         {QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("screen")}},
        {SettingKey::figureScale, QStringLiteral("figures/scale"), 2.0, {}, 0.5, 8},
        {SettingKey::exportFolder, QStringLiteral("figures/folder"), documents()},
        {SettingKey::tourSeen, QStringLiteral("help/tourSeen"), false},
        {SettingKey::showAdvanced, QStringLiteral("runs/showAdvanced"), false},
    };
    return rows;
}

const Row& row(SettingKey key) {
    return *std::find_if(table().begin(), table().end(), [key](const Row& candidate) { return candidate.key == key; });
}

// A file that people edit may hold anything: what does not fit counts as not set.
QVariant fitting(const Row& row, QVariant value) {
    if (!value.isValid() || !value.convert(row.standard.metaType())) return row.standard;
    if (!row.choices.isEmpty() && !row.choices.contains(value.toString())) return row.standard;
    if (row.maximum > row.minimum && (value.toDouble() < row.minimum || value.toDouble() > row.maximum)) return row.standard;
    return value;
}

QString tidy(const QString& folder) { return QDir::cleanPath(QDir().absoluteFilePath(folder)); }

}  // namespace

Settings::Settings(QObject* parent)
    : QObject(parent), store_(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("vitrine"), QStringLiteral("vitrine")) {}

Settings::Settings(const QString& file, QObject* parent) : QObject(parent), store_(file, QSettings::IniFormat) {}

QVariant Settings::value(SettingKey key) const {
    const Row& found = row(key);
    return fitting(found, store_.value(found.name));
}

void Settings::set(SettingKey key, const QVariant& value) {
    const Row& found = row(key);
    const QVariant next = fitting(found, value);
    if (next == this->value(key)) return;
    store_.setValue(found.name, next);
    Q_EMIT changed(key);
}

void Settings::addRecent(const QString& folder) {
    QStringList recent = value(SettingKey::recentProjects).toStringList();
    recent.removeAll(tidy(folder));
    recent.prepend(tidy(folder));
    set(SettingKey::recentProjects, recent.first(std::min(recent.size(), kRecentProjects)));
}

void Settings::removeRecent(const QString& folder) {
    QStringList recent = value(SettingKey::recentProjects).toStringList();
    recent.removeAll(tidy(folder));
    set(SettingKey::recentProjects, recent);
    setPinned(folder, false);
}

void Settings::setPinned(const QString& folder, bool pinned) {
    QStringList all = value(SettingKey::pinnedProjects).toStringList();
    all.removeAll(tidy(folder));
    if (pinned) all.append(tidy(folder));
    set(SettingKey::pinnedProjects, all);
}

}  // namespace vitrine::widgets
