// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/report_table.h"
#include "widgets/views/view.h"

namespace vitrine::widgets {

/// Base of views that are a table. A derived class makes core's table and says how people see it.
class TableViewBase : public View {
    Q_OBJECT
  public:
    explicit TableViewBase(QWidget* parent = nullptr);

    void setInput(const ViewInput& input) override;
    void setOptions(const ParameterSet& values) override;
    report::Table table() const override { return table_; }
    QString emptyText() const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;
    QSizeF figureSizeMm() const override { return tableSizeMm(shown_, looks()); }

    ReportTableWidget& tableWidget() { return *widget_; }

  protected:
    /// The table of both runs, which are there.
    virtual report::Table makeTable() const = 0;
    /// Changes a copy of it for people: titles, hidden columns. Rows and columns stay.
    virtual void dress(report::Table& table) const = 0;
    virtual CellLooks looks() const = 0;
    /// Why a table of two runs has no rows.
    virtual QString noRowsText() const = 0;

    const ViewInput& input() const { return input_; }
    const ParameterSet& optionValues() const { return options_; }

  private:
    void rebuild();

    ViewInput input_;
    ParameterSet options_;
    report::Table table_, shown_;
    ReportTableWidget* widget_;
};

}  // namespace vitrine::widgets
