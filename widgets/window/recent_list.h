// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QList>
#include <QScrollArea>
#include <QVBoxLayout>

#include "widgets/window/recent_projects.h"

namespace vitrine::widgets {

/// Recent projects with search, pins and missing marks. Up and Down walk through the rows, also from the search field,
/// Enter opens, Delete takes one off the list. UI thread.
class RecentList : public QWidget {
    Q_OBJECT
  public:
    explicit RecentList(RecentProjects& recent, QWidget* parent = nullptr);

    QLineEdit& search() { return *search_; }
    int shown() const;

  Q_SIGNALS:
    void openAsked(const QString& folder);
    void locateAsked(const QString& folder);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    class Row;
    void rebuild();
    void filter();
    bool walk(QWidget* from, int by);
    bool handleKey(QWidget* watched, int key);

    RecentProjects& recent_;
    QLineEdit* search_;
    QScrollArea* scroll_;
    QWidget* content_;
    QVBoxLayout* rowsLayout_;
    QLabel* empty_;
    QList<Row*> rows_;
};

}  // namespace vitrine::widgets
