// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/compare_parameters_view.h"

#include <QTableView>

#include "report/number_text.h"
#include "report/run_pair.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"

namespace vitrine::widgets {
namespace {

/// Columns of report::parameterComparison().
enum SettingColumn : std::size_t { idColumn, aColumn, bColumn, unitColumn, comparisonColumn, stateAColumn, stateBColumn, provenanceColumn };

QString textIn(const report::Cell& cell) { return toQt(report::exactText(cell)); }

QString provenanceHelp(const QString& provenance) {
    if (provenance == QLatin1String("published")) return CompareParametersView::tr("The default is the paper's.");
    if (provenance == QLatin1String("code")) return CompareParametersView::tr("The default is that of the official code.");
    return CompareParametersView::tr("The sources do not say: the default is our choice.");
}

QString comparisonWord(const QString& comparison) {
    if (comparison == QLatin1String("only A")) return CompareParametersView::tr("only in A");
    if (comparison == QLatin1String("only B")) return CompareParametersView::tr("only in B");
    return comparison.isEmpty() ? QString() : CompareParametersView::tr("different");
}

CellLook lookOf(const report::Table& table, std::size_t row, std::size_t column) {
    const auto& cells = table.rows[row];
    const bool isParameter = !textIn(cells[provenanceColumn]).isEmpty();
    CellLook look;
    if (column == idColumn) look.tone = CellLook::Tone::strong;
    if (column == unitColumn) look.tone = CellLook::Tone::muted;
    if (column == comparisonColumn) look.text = comparisonWord(textIn(cells[comparisonColumn]));
    if (column == provenanceColumn) {
        look.tone = CellLook::Tone::muted;
        if (isParameter) look.toolTip = provenanceHelp(textIn(cells[provenanceColumn]));
    }
    if (column != aColumn && column != bColumn) return look;
    const bool isAbsent = std::holds_alternative<std::monostate>(cells[column]);
    if (isAbsent) {
        look.tone = CellLook::Tone::muted;
        look.toolTip = column == aColumn ? CompareParametersView::tr("Run A has no such setting.") : CompareParametersView::tr("Run B has no such setting.");
        return look;
    }
    const QString value = textIn(cells[column]);
    const bool isChanged = !textIn(cells[column == aColumn ? stateAColumn : stateBColumn]).isEmpty();
    const QString shown = value.isEmpty() ? CompareParametersView::tr("(empty)") : value;
    look.text = shown;
    if (!isParameter) return look;
    if (isChanged) {
        look.tone = CellLook::Tone::strong;
        look.toolTip = CompareParametersView::tr("%1, changed from the default").arg(shown);
    } else {
        look.text = CompareParametersView::tr("%1 (default)").arg(shown);
        look.toolTip = look.text;
    }
    return look;
}

}  // namespace

CompareParametersView::CompareParametersView(QWidget* parent) : TableViewBase(parent) {
    setObjectName(QStringLiteral("compareParametersView"));
    tableWidget().view().setAccessibleName(tr("Settings of both runs"));
}

ParameterSchema CompareParametersView::options() const {
    return {switchOption("differences", true, tr("Differences only: leave out settings that both runs share."))};
}

report::Table CompareParametersView::makeTable() const {
    const bool onlyDifferent = optionValues().boolean("differences");
    return report::parameterComparison(*input().a, *input().b, onlyDifferent ? report::Settings::different : report::Settings::all);
}

void CompareParametersView::dress(report::Table& table) const {
    if (table.columns.empty()) return;
    table.columns[aColumn].title = toStd(QStringLiteral("A: ") + titleOfA(input()));
    table.columns[bColumn].title = toStd(QStringLiteral("B: ") + titleOfB(input()));
    for (const std::size_t column : {stateAColumn, stateBColumn}) table.columns[column].dataOnly = true;  // the value says it
    table.note = toStd(tr("Bold: changed from the default. Default from: published = the paper, code = the official code, ours = our choice."));
}

CellLooks CompareParametersView::looks() const {
    return [held = table()](std::size_t row, std::size_t column) { return lookOf(held, row, column); };
}

QString CompareParametersView::noRowsText() const {
    return tr("Both runs have the same settings. Turn “differences” off to see all of them.");
}

QString CompareParametersView::summary() const {
    const report::Table held = table();
    int different = 0;
    for (const auto& row : held.rows) different += textIn(row[comparisonColumn]).isEmpty() ? 0 : 1;
    return tr("Settings that differ between %1 and %2: %3.").arg(titleOfA(input()), titleOfB(input())).arg(different);
}

}  // namespace vitrine::widgets
