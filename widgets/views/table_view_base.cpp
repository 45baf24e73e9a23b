// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/table_view_base.h"

#include <QVBoxLayout>

#include "widgets/views/compare_text.h"

namespace vitrine::widgets {

TableViewBase::TableViewBase(QWidget* parent) : View(parent), widget_(new ReportTableWidget(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(widget_);
    setFocusProxy(widget_);
    connect(widget_, &ReportTableWidget::siteChosen, this, &View::siteChosen);
}

void TableViewBase::setInput(const ViewInput& input) {
    const bool sameRuns = input.a == input_.a && input.b == input_.b && input.titleA == input_.titleA && input.titleB == input_.titleB;
    input_ = input;
    if (!sameRuns || table_.columns.empty()) rebuild();
}

void TableViewBase::setOptions(const ParameterSet& values) {
    options_ = values;
    rebuild();
}

QString TableViewBase::emptyText() const {
    const QString missing = missingRunText(input_);
    if (!missing.isEmpty()) return missing;
    return table_.rows.empty() ? noRowsText() : QString();
}

void TableViewBase::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    if (const QString empty = emptyText(); !empty.isEmpty())
        paintEmptyText(painter, QRectF(QPointF(0, 0), size), empty, figureFont(), theme);
    else
        paintTable(painter, size, shown_, looks(), theme);
}

void TableViewBase::rebuild() {
    if (options_.schema().empty()) options_ = ParameterSet(options());
    table_ = missingRunText(input_).isEmpty() ? makeTable() : report::Table{};
    shown_ = table_;
    dress(shown_);
    widget_->setEmptyText(emptyText());
    widget_->setTable(shown_, looks());
    setAccessibleDescription(summary());
    Q_EMIT drawn();
}

}  // namespace vitrine::widgets
