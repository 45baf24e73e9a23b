// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QPushButton>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QWidget>

#include "widgets/base/elided_label.h"
#include "widgets/panels/requested_results.h"
#include "widgets/panels/view_options.h"
#include "widgets/session/session.h"
#include "widgets/views/report_table.h"
#include "widgets/views/view.h"

namespace vitrine::widgets {

/// The frame around a view: its switches, the value under the mouse, the same data as a table, and what can be
/// taken away from it. Connects the view with the session: runs, network and selection go in, clicks come back. Follows live
/// runs ten times a second, and only while it is visible. UI thread.
class ViewPanel : public QWidget {
    Q_OBJECT
  public:
    ViewPanel(const ViewInfo& info, Session& session, QWidget* parent = nullptr);

    const ViewInfo& info() const { return info_; }
    View& view() { return *view_; }
    bool showsTable() const;
    void setShowsTable(bool table);

    void copyPicture();  ///< as it is on the screen, at its resolution, and the data as tab-separated text
    void copyData();

    QJsonObject saveState() const;
    void restoreState(const QJsonObject& state);

  Q_SIGNALS:
    void figureAsked();   ///< "Save figure..."
    void dataAsked();     ///< "Save data as CSV..."
    void reportAsked();   ///< "Add to report"
    void viewAsked(const QString& view);    ///< id of another view: "Show in" of the context menu
    void panelAsked(const QString& panel);  ///< "model" or "inspector", likewise

  protected:
    void showEvent(QShowEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

  private:
    QWidget* makeHeader();
    QToolButton* makeButton(const QString& iconName, const QString& text, const QString& name);
    QMenu* makeMenu();
    void addExportActions(QMenu& menu);
    void addZoomActions(QMenu& menu);
    void connectSession();
    void connectView();
    void updateSoon();
    void updateNow();
    void updateTable();
    ViewInput input();
    void showFailure();
    QString blockOf(const QString& site);
    QString noRunText(const QString& run) const;

    const ViewInfo& info_;
    Session& session_;
    View* view_;
    ViewOptions* options_;
    QStackedWidget* pages_;
    ReportTableWidget* table_;
    ElidedLabel* readout_;
    RequestedResults* requested_;
    QPushButton* retry_;
    QToolButton* tableButton_ = nullptr;
    QTimer update_;
    bool stale_ = true;
};

}  // namespace vitrine::widgets
