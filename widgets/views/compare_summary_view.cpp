// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/compare_summary_view.h"

#include <QHash>
#include <QTableView>
#include <cmath>

#include "report/number_text.h"
#include "report/run_pair.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"

namespace vitrine::widgets {
namespace {

/// Columns of report::figureComparison().
enum FigureColumn : std::size_t { idColumn, nameColumn, aColumn, bColumn, differenceColumn, percentColumn, unitColumn, verdictColumn };

std::string textIn(const report::Cell& cell) {
    const auto* text = std::get_if<std::string>(&cell);
    return text == nullptr ? std::string() : *text;
}

QString definition(const QString& id) {
    static const QHash<QString, const char*> definitions{
        {QStringLiteral("top1"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Share of the evaluation images whose true class is the quantized network's first choice.")},
        {QStringLiteral("top5"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Share of the evaluation images whose true class is among the quantized network's first five.")},
        {QStringLiteral("fidelity"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Share of the evaluation images for which the quantized network chooses the same class as the float network.")},
        {QStringLiteral("divergence"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "How far the quantized network's class probabilities are from the float network's: mean Kullback-Leibler divergence over up to 512 evaluation images.")},
        {QStringLiteral("weight_bits"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Bits of a weight on average over all weights, those left in float counted as 32.")},
        {QStringLiteral("activation_bits"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Bits of an activation on average over all quantizable values, those left in float counted as 32.")},
        {QStringLiteral("size"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Bytes of all parameters at the bits of their quantizers.")},
        {QStringLiteral("bops"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Bit operations for one image: multiplications times the bits of both factors.")},
        {QStringLiteral("seconds"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Time of the whole run: quantization and measurements, on the machine that did it.")},
        {QStringLiteral("memory"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Most memory that the process held while the run worked.")},
        {QStringLiteral("mean_sqnr"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Mean over all sites with an error of the signal to quantization noise ratio of each quantizer alone.")},
        {QStringLiteral("worst_sqnr"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Lowest signal to quantization noise ratio of any quantizer alone.")},
        {QStringLiteral("worst_site"), QT_TRANSLATE_NOOP("vitrine::widgets::CompareSummaryView", "Where the lowest signal to quantization noise ratio is.")}};
    const char* text = definitions.value(id, nullptr);
    return text == nullptr ? QString() : CompareSummaryView::tr(text);
}

int decimalsOf(const QString& id, double value) {
    if (id == QLatin1String("size") || id == QLatin1String("bops") || id == QLatin1String("seconds") || id == QLatin1String("memory"))
        return std::abs(value) >= 100 ? 0 : (std::abs(value) >= 10 ? 1 : 2);
    return 2;
}

CellLook lookOf(const report::Table& table, std::size_t row, std::size_t column) {
    const auto& cells = table.rows[row];
    const QString id = toQt(textIn(cells[idColumn]));
    const std::string verdict = textIn(cells[verdictColumn]);
    CellLook look{.toolTip = definition(id)};
    const auto number = report::cellNumber(cells[column]);
    if (column == nameColumn && !textIn(cells[unitColumn]).empty())
        look.text = QStringLiteral("%1 (%2)").arg(toQt(textIn(cells[nameColumn])), toQt(textIn(cells[unitColumn])));
    if (column == nameColumn) look.tone = CellLook::Tone::strong;
    if ((column == aColumn || column == bColumn) && number) look.text = decimalText(*number, decimalsOf(id, *number));
    if (column == differenceColumn && number) {
        const auto first = report::cellNumber(cells[aColumn]);
        look.text = signedText(*number, decimalsOf(id, first ? *first : *number));
    }
    if (column == percentColumn && number) look.text = signedText(*number, 1);
    if (column == verdictColumn && !verdict.empty()) {
        const auto difference = report::cellNumber(cells[differenceColumn]);
        look.text = QStringLiteral("%1 %2").arg(arrowText(difference ? *difference : 0),
                                                verdict == "better"  ? CompareSummaryView::tr("better")
                                                : verdict == "worse" ? CompareSummaryView::tr("worse")
                                                                     : CompareSummaryView::tr("same"));
    }
    if (column >= differenceColumn) {
        if (verdict == "better") look.tone = CellLook::Tone::good;
        if (verdict == "worse") look.tone = CellLook::Tone::bad;
        if (verdict.empty() || verdict == "same") look.tone = CellLook::Tone::muted;
    }
    return look;
}

}  // namespace

CompareSummaryView::CompareSummaryView(QWidget* parent) : TableViewBase(parent) {
    setObjectName(QStringLiteral("compareSummaryView"));
    tableWidget().view().setAccessibleName(tr("Figures of both runs"));
}

report::Table CompareSummaryView::makeTable() const { return report::figureComparison(*input().a, *input().b); }

void CompareSummaryView::dress(report::Table& table) const {
    if (table.columns.empty()) return;
    table.columns[aColumn].title = toStd(QStringLiteral("A: ") + titleOfA(input()));
    table.columns[bColumn].title = toStd(QStringLiteral("B: ") + titleOfB(input()));
    table.columns[unitColumn].dataOnly = true;  // stands behind the name
    for (const std::size_t column : {aColumn, bColumn, differenceColumn, percentColumn}) table.columns[column].format = report::Format::significant;
}

CellLooks CompareSummaryView::looks() const {
    return [held = table()](std::size_t row, std::size_t column) { return lookOf(held, row, column); };
}

QString CompareSummaryView::noRowsText() const { return tr("Neither run has figures yet. They appear when a run has measured something."); }

QString CompareSummaryView::summary() const {
    const report::Table held = table();
    QStringList parts;
    for (std::size_t r = 0; r < held.rows.size(); ++r) {
        const auto& cells = held.rows[r];
        const auto a = report::cellNumber(cells[aColumn]), b = report::cellNumber(cells[bColumn]);
        const std::string id = textIn(cells[idColumn]);
        if ((id != "top1" && id != "mean_sqnr") || !a || !b) continue;
        parts.append(tr("%1: A %2, B %3 (%4)")
                         .arg(lookOf(held, r, nameColumn).text, decimalText(*a, 2), decimalText(*b, 2),
                              signedText(*b - *a, 2)));
    }
    return parts.isEmpty() ? tr("Figures of %1 and %2.").arg(titleOfA(input()), titleOfB(input())) : parts.join(QStringLiteral("; ")) + QLatin1Char('.');
}

}  // namespace vitrine::widgets
