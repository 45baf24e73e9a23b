// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QTimer>
#include <QTreeWidget>
#include <QWidget>

#include "widgets/panels/inspector_rows.h"
#include "widgets/session/session.h"

namespace vitrine::widgets {

/// Everything about what is selected, of run A and beside it of run B. Lines that name a site lead to it: by a click on its name, or
/// Enter. UI thread.
class InspectorPanel : public QWidget {
    Q_OBJECT
  public:
    explicit InspectorPanel(Session& session, QWidget* parent = nullptr);

    QString tabSeparated() const;  ///< the lines shown, for the clipboard

  Q_SIGNALS:
    void viewAsked(const QString& view);    ///< id of a view: "Show in" of the context menu
    void panelAsked(const QString& panel);  ///< "model", likewise

  protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void updateSoon();
    void updateNow();
    bool hasLines(const std::vector<InspectorSection>& sections) const;
    void fill(const std::vector<InspectorSection>& sections);
    void fillLine(QTreeWidgetItem& item, const InspectorRow& row);
    void follow(const QTreeWidgetItem* item);
    void showMenu(const QPoint& position);

    Session& session_;
    QLabel* title_;
    QLabel* hint_;
    QLabel* notice_;  ///< why the site deserves a look
    EncodingShelf* shelf_;
    QTreeWidget* tree_;
    QTimer update_;
    bool stale_ = true;
};

}  // namespace vitrine::widgets
