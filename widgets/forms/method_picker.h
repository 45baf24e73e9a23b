// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QToolButton>
#include <QWidget>
#include <map>
#include <string>

#include "methods/method_info.h"
#include "widgets/forms/parts.h"

namespace vitrine::widgets {

/// Parameter texts that differ from the defaults, each as core writes it; texts that cannot be read stay as they are.
std::map<std::string, std::string> normalized(const ParameterSchema& schema, const std::map<std::string, std::string>& texts);

/// The method, what it does and where it comes from, and its presets. UI thread.
class MethodPicker : public QWidget {
    Q_OBJECT
  public:
    explicit MethodPicker(QWidget* parent = nullptr);

    /// Shows a method and the preset that `parameters` are equal to. Emits nothing. An unknown id is shown as such.
    void show(const std::string& method, const std::map<std::string, std::string>& parameters);
    void setProblem(Tone tone, const QString& text) { notice_->setContent(tone, text); }
    void focusField() { methods_->setFocus(Qt::ShortcutFocusReason); }

  Q_SIGNALS:
    void methodChosen(const QString& id);
    void presetChosen(const QString& id);  ///< empty: the defaults

  private:
    void describe(const methods::MethodInfo* method);
    void fillPresets(const methods::MethodInfo* method);

    std::string shown_;
    QComboBox* methods_;
    QComboBox* presets_;
    QToolButton* help_;
    ToneLabel* summary_;
    ToneLabel* paper_;
    ToneLabel* presetHelp_;
    Notice* notice_;
};

}  // namespace vitrine::widgets
