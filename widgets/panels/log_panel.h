// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include "widgets/session/log.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace vitrine::widgets {

class LogFilter;
class LogModel;

/// What happened, newest at the bottom, with equal warnings folded into one line. Ctrl+C copies the chosen lines. UI thread.
class LogPanel : public QWidget {
    Q_OBJECT
  public:
    explicit LogPanel(Log& log, QWidget* parent = nullptr);

    QString title() const;  ///< "Log", "Log (12 warnings)": for the dock
    /// Shows what was said of one job alone, until the user takes that away.
    void showJob(const QString& title, const QString& run);
    void showAll();
    void copyChosen() const;  ///< all that is shown when nothing is chosen

  Q_SIGNALS:
    void titleChanged(const QString& title);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void makeTable();
    QWidget* makeBar();
    void updateState();
    void showMenu(const QPoint& position);

    Log& log_;
    LogModel* model_;
    LogFilter* filter_;
    QTableView* table_ = nullptr;
    QLineEdit* search_ = nullptr;
    QComboBox* level_ = nullptr;
    QToolButton* copy_ = nullptr;
    QToolButton* clear_ = nullptr;
    QToolButton* job_ = nullptr;  ///< the job that is shown alone; a click shows all
    QLabel* empty_ = nullptr;
    QStackedWidget* pages_ = nullptr;
    QString title_;
    bool following_ = true;  ///< the newest line is in sight and stays so
};

}  // namespace vitrine::widgets
