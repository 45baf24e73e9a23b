// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "widgets/base/actions.h"
#include "widgets/window/recent_list.h"
#include "widgets/window/start_button.h"

namespace vitrine::widgets {

/// What the window shows while no project is open: ways to begin and the recent projects. UI thread.
class StartPage : public QWidget {
    Q_OBJECT
  public:
    /// The registry must have file.new, file.open, file.sample and file.recover.
    StartPage(ActionRegistry& registry, RecentProjects& recent, QWidget* parent = nullptr);

    void setBusy(const QString& text);  ///< a project is being opened; empty: none
    RecentList& recentList() { return *list_; }

  Q_SIGNALS:
    void openAsked(const QString& folder);
    void locateAsked(const QString& folder);

  private:
    QWidget* makeLeft(ActionRegistry& registry);
    void updateRecover();

    RecentProjects& recent_;
    RecentList* list_;
    StartButton* recover_ = nullptr;
    QLabel* busy_ = nullptr;
};

}  // namespace vitrine::widgets
