// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLineEdit>
#include <QToolButton>
#include <QWidget>
#include <optional>
#include <vector>

#include "widgets/forms/parts.h"

namespace vitrine::widgets {

/// A choice among the networks or image sets of the project, with what is wrong with it below. UI thread.
class InputPicker : public QWidget {
    Q_OBJECT
  public:
    struct Entry {
        QString name, detail;
    };
    enum class Rows { none, editable };  ///< editable: a field for the rows of an image set that are used

    InputPicker(const QString& id, const QString& title, Rows rows, QWidget* parent = nullptr);

    void setEntries(const std::vector<Entry>& entries, const QString& chosen);  ///< emits nothing; an unknown `chosen` is shown as missing
    void setNone(const QString& text);  ///< offers no choice at all, under this text; before setEntries()
    void setRowsText(const QString& rows);
    void setProblem(Tone tone, const QString& text);
    QString chosen() const { return box_->currentData().toString(); }
    void focusField() { box_->setFocus(Qt::ShortcutFocusReason); }
    static int labelWidth(const QFontMetrics& metrics);

  Q_SIGNALS:
    void chosenByUser(const QString& name);  ///< empty: none
    void rowsEdited(const QString& rows);
    void addAsked();

  private:
    QString none_;
    std::vector<Entry> entries_;
    QString shown_;
    QComboBox* box_;
    QToolButton* add_;
    QLineEdit* rows_ = nullptr;
    Notice* notice_;
};

}  // namespace vitrine::widgets
