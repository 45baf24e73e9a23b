// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSettings>
#include <QSize>
#include <QString>
#include <QStringList>
#include <QVariant>

namespace vitrine::widgets {

/// Every setting of the window: one row in a table of key, type and default. Changes are kept at once. UI thread.
enum class SettingKey {
    theme,              ///< "system", "light", "dark"
    threads,            ///< of runs; 0: as many as the machine has
    reopenLast,         ///< bool
    lastProject,        ///< folder
    recentProjects,     ///< list of folders, newest first
    pinnedProjects,     ///< list of folders
    projectsFolder,     ///< where new projects are proposed
    figureWidthMm,      ///< of exported figures
    figureHeightMm,
    figureTheme,        ///< "light", "dark", "screen"
    figureScale,        ///< pixels of PNG per 1/96 inch
    exportFolder,
    tourSeen,           ///< bool
    showAdvanced,       ///< bool: all parameters in the form for new runs
};

class Settings : public QObject {
    Q_OBJECT
  public:
    explicit Settings(QObject* parent = nullptr);                           ///< the user's
    explicit Settings(const QString& file, QObject* parent = nullptr);      ///< an INI file, for tests

    QVariant value(SettingKey key) const;              ///< of the default's type
    void set(SettingKey key, const QVariant& value);   ///< emits changed() only on a change
    QSettings& store() { return store_; }              ///< for shortcuts and window layouts

    void addRecent(const QString& folder);             ///< the newest twenty are kept
    void removeRecent(const QString& folder);
    void setPinned(const QString& folder, bool pinned);

  Q_SIGNALS:
    void changed(vitrine::widgets::SettingKey key);

  private:
    QSettings store_;
};

}  // namespace vitrine::widgets
