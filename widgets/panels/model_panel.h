// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QTimer>
#include <QWidget>

#include "widgets/panels/model_tree.h"
#include "widgets/session/session.h"

class QAction;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace vitrine::widgets {

/// The network as a tree with a filter: blocks, operations and sites, with the bits and errors of run A. Enter in the filter goes to the
/// next match, Shift+Enter to the one before, Esc clears it. UI thread.
class ModelPanel : public QWidget {
    Q_OBJECT
  public:
    explicit ModelPanel(Session& session, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    void copyRows() const;  ///< those that are marked, as tab-separated text
    void focusFilter();  ///< and marks its text
    void setFilter(const QString& text);
    void nextMatch();
    void previousMatch();
    QTreeView& view() { return *tree_; }
    ModelTree& model() { return *model_; }

  Q_SIGNALS:
    void viewAsked(const QString& view);    ///< id of a view: "Show in" of the context menu
    void panelAsked(const QString& panel);  ///< "inspector", after a double click too

  protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    QWidget* makeFilterBar();
    void makeTree();
    void fitColumns();
    void refreshSoon();
    void refresh();
    void applyFilter();
    void showFilterState();
    QModelIndexList matches() const;  ///< sites that pass the filter
    void goToMatch(int step);
    void tellSelection(const QModelIndex& current);
    void showSelection();
    void showMenu(const QPoint& position);
    void rememberExpanded();
    void restoreExpanded();

    Session& session_;
    ModelTree* model_;
    ModelFilter* filter_;
    QLineEdit* field_ = nullptr;
    QAction* plainMark_ = nullptr;
    QLabel* count_ = nullptr;
    QToolButton* next_ = nullptr;
    QToolButton* previous_ = nullptr;
    QStackedWidget* pages_;
    QTreeView* tree_;
    QLabel* empty_;
    QTimer refreshTimer_, filterTimer_;
    RunDataPtr shownRun_;
    QSet<QString> expanded_;  ///< blocks that were open before the filter opened others
    bool quiet_ = false;      ///< the program, not the user, moves the selection
};

}  // namespace vitrine::widgets
