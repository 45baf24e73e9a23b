// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QMenu>
#include <QJsonObject>
#include <QStringList>
#include <QTabWidget>

#include "widgets/session/session.h"
#include "widgets/views/view.h"

namespace vitrine::widgets {

class ViewPanel;

/// The views as tabs that can be closed (their cross, the middle button of the mouse, their menu), moved and opened again. A view is made when its tab is first looked at. UI
/// thread.
class ViewArea : public QTabWidget {
    Q_OBJECT
  public:
    ViewArea(Session& session, QWidget* parent);

    void showView(const QString& id);  ///< opens its tab where it is closed
    void closeView(const QString& id);
    /// There is something for this view to show: opens its tab behind the others, unless the user closed it in this project.
    void offerView(const QString& id);
    QString currentId() const;            ///< empty: no tab
    ViewPanel* currentPanel() const;      ///< null: no tab
    ViewPanel* panel(const QString& id);  ///< made where needed; null for an unknown id
    QStringList openIds() const;          ///< in the order of the tabs

    /// Views squeeze: their frames must not make the window wider than the screen.
    QSize minimumSizeHint() const override { return {420, 260}; }

    QJsonObject saveState() const;
    void restoreState(const QJsonObject& state);  ///< unknown views are skipped
    void reset();  ///< the views that a new project has, in their shipped order

  Q_SIGNALS:
    void panelMade(const QString& id);
    void currentViewChanged(const QString& id);

  protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void makeMenuButton();
    void fillMenu(QMenu& menu);
    void openTabMenu(const QPoint& position);
    void addTabFor(const ViewInfo& info);
    void placeCloseButton();
    int indexOfView(const QString& id) const;
    void ensurePanel(int index);

    Session& session_;
    QHash<QString, QJsonObject> states_;  ///< of panels that are not made yet or were closed
    QStringList closed_;                  ///< ids of views that the user closed: they do not open by themselves
};

}  // namespace vitrine::widgets
