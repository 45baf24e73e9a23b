// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QSpinBox>
#include <QStringListModel>
#include <QWidget>

#include "quant/spec.h"

namespace vitrine::widgets {

/// Patterns worth proposing for a network: roles, ids with '*' for the number of a block, and all ids.
QStringList patternProposals(const std::vector<std::string>& siteIds);

/// A line to type patterns in, with proposals that contain what was typed. UI thread.
QCompleter* makePatternCompleter(QStringListModel* proposals, QObject* parent);

/// The fields of one rule. UI thread.
class RuleEditor : public QWidget {
    Q_OBJECT
  public:
    explicit RuleEditor(QStringListModel* proposals, QWidget* parent = nullptr);
    void setRule(const quant::PolicyRule& rule);  ///< emits nothing
    quant::PolicyRule rule() const;
    void focusPattern();

  Q_SIGNALS:
    void edited();

  private:
    void fit();
    QLineEdit* pattern_;
    QComboBox* kind_;  ///< data: -1 float, else the kind
    QSpinBox* bits_;
    QComboBox* granularity_;
    QCheckBox* symmetric_;
    QComboBox* rounding_;
    quant::QuantizerSpec last_;  ///< what comes back when float is left
};

}  // namespace vitrine::widgets
