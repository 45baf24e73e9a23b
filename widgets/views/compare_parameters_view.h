// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/table_view_base.h"

namespace vitrine::widgets {

/// The settings of both runs: method, inputs, parameters, rules. Option `differences`: only those that differ.
class CompareParametersView : public TableViewBase {
    Q_OBJECT
  public:
    explicit CompareParametersView(QWidget* parent = nullptr);
    ParameterSchema options() const override;
    QString summary() const override;

  protected:
    report::Table makeTable() const override;
    void dress(report::Table& table) const override;
    CellLooks looks() const override;
    QString noRowsText() const override;
};

}  // namespace vitrine::widgets
