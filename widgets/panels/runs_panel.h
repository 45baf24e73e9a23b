// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>

#include "widgets/session/session.h"

class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace vitrine::widgets {

class RunsFilter;
class RunsModel;

/// The table of runs: choosing A and B, naming, colouring, pinning, resuming. Enter or a double click sets A, Shift+Enter B, F2
/// renames, Ctrl+C copies the chosen rows as a table. UI thread.
class RunsPanel : public QWidget {
    Q_OBJECT
  public:
    explicit RunsPanel(Session& session, QWidget* parent = nullptr);
    ~RunsPanel() override;  ///< keeps the arrangement of columns

    QStringList chosen() const;  ///< ids of the marked rows, as they are shown
    void setFilter(const QString& text);

    // Of the current row; they do nothing without one.
    void setCurrentAsA();
    void setCurrentAsB();
    void renameCurrent();
    void togglePinned();
    void resumeChosen();  ///< queues the interrupted ones among the marked rows
    void copyChosen() const;

  Q_SIGNALS:
    void newRunAsked();
    void rerunAsked(const QString& run);             ///< with changes: the form for new runs, filled from this run
    void reportAsked(const QStringList& runs);       ///< to be added to the report
    void folderAsked(const QString& folder);         ///< to be opened in the file manager
    void failed(const vitrine::Error& error);        ///< worth the message bar

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void makeTable();
    QWidget* makeBar();
    QWidget* makeEmpty();
    void updateState();
    void showMenu(const QPoint& position);
    void fitColumns();
    void showColumns(const QPoint& position);
    void addColumnActions(QMenu& menu);
    void addColours(QMenu& menu);
    void setColour(const QString& colour);
    QString current() const;
    void setA(const QString& run);
    void setB(const QString& run);
    bool isInterrupted(const QString& run) const;
    QString folderOf(const QString& run) const;
    void resume(const QString& run);

    Session& session_;
    RunsModel* model_;
    RunsFilter* filter_;
    QTableView* table_ = nullptr;
    QLineEdit* search_ = nullptr;
    QToolButton* asA_ = nullptr;
    QToolButton* asB_ = nullptr;
    QToolButton* swap_ = nullptr;
    QToolButton* columns_ = nullptr;
    QLabel* emptyText_ = nullptr;
    QPushButton* newRun_ = nullptr;
    QStackedWidget* pages_ = nullptr;
    bool pressed_ = false;  ///< a button is down on the header
    bool byHand_ = false;   ///< the user has given columns their widths
};

}  // namespace vitrine::widgets
