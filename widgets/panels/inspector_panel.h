// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QTimer>
#include <QTreeWidget>
#include <QWidget>

#include "widgets/panels/inspector_rows.h"
#include "widgets/session/session.h"

namespace vitrine::widgets {

/// Everything about what is selected, of run A and beside it of run B. Lines that name a site lead to it. UI thread.
class InspectorPanel : public QWidget {
    Q_OBJECT
  public:
    explicit InspectorPanel(Session& session, QWidget* parent = nullptr);

    QString tabSeparated() const;  ///< the lines shown, for the clipboard

  protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void updateSoon();
    void updateNow();
    void fill(const std::vector<InspectorSection>& sections);

    Session& session_;
    QLabel* title_;
    QLabel* hint_;
    QTreeWidget* tree_;
    QTimer update_;
    bool stale_ = true;
};

}  // namespace vitrine::widgets
