// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/table_view_base.h"

namespace vitrine::widgets {

/// The headline figures of both runs with their differences.
class CompareSummaryView : public TableViewBase {
    Q_OBJECT
  public:
    explicit CompareSummaryView(QWidget* parent = nullptr);
    QString summary() const override;

  protected:
    report::Table makeTable() const override;
    void dress(report::Table& table) const override;
    CellLooks looks() const override;
    QString noRowsText() const override;
};

}  // namespace vitrine::widgets
