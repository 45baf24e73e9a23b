// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QListWidget;
class QTextBrowser;

namespace vitrine::widgets {

/// The manual: short pages with links between them. Not modal; deletes itself. UI thread.
class ManualWindow : public QDialog {
    Q_OBJECT
  public:
    explicit ManualWindow(QWidget* parent);

    static QStringList pages();         ///< ids in their order: "start", "model", ...
    void showPage(const QString& id);   ///< unknown ids change nothing
    QString page() const;               ///< id of what is shown

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void follow(const QUrl& link);
    void draw();

    QListWidget* list_;
    QTextBrowser* text_;
    QString page_;
};

}  // namespace vitrine::widgets
