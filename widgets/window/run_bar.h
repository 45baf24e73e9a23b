// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QToolBar>

#include "widgets/base/actions.h"
#include "widgets/session/session.h"

namespace vitrine::widgets {

/// The tool bar: commands of runs, which runs are compared and how, and the field of the command palette. UI thread.
class RunBar : public QToolBar {
    Q_OBJECT
  public:
    /// The registry must have the actions that are shown.
    RunBar(ActionRegistry& registry, Session& session, QWidget* parent);

    QComboBox& boxA() { return *a_; }
    QComboBox& boxB() { return *b_; }

  private:
    QComboBox* makeBox(const QString& name, const QString& label, const QString& help);
    QWidget* makeModes(ActionRegistry& registry);
    QWidget* makePaletteField(ActionRegistry& registry);
    void fill();
    void choose();

    Session& session_;
    QComboBox* a_;
    QComboBox* b_;
};

}  // namespace vitrine::widgets
