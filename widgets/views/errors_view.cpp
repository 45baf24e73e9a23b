// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/errors_view.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <limits>

#include "report/tables.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"

namespace vitrine::widgets {
ErrorsView::ErrorsView(QWidget* parent) : PlotView(parent) {
    setObjectName(QStringLiteral("errorsView"));
    setAccessibleName(tr("Error per site"));
}

ParameterSchema ErrorsView::options() const {
    return {choiceOption("metric", "sqnr", {"sqnr", "cosine", "mse"}, tr("Which error: SQNR, cosine similarity or mean squared error.")),
            choiceOption("reference", "local", {"local", "accumulated", "both"},
                         tr("local: each quantizer alone; accumulated: with everything before it quantized.")),
            choiceOption("order", "depth", {"depth", "error"}, tr("Sites by depth in the network, or those with the largest error first.")),
            choiceOption("sites", "all", {"all", "weights", "activations"}, tr("Which sites."))};
}

bool ErrorsView::isPair() const {
    const CompareMode mode = input().selection.mode;
    return input().a && input().b && (mode == CompareMode::overlay || mode == CompareMode::difference);
}

bool ErrorsView::isDifference() const { return isPair() && input().selection.mode == CompareMode::difference; }

ErrorMetric ErrorsView::chosenMetric() const {
    const std::string& name = optionValues().text("metric");
    if (name == "cosine") return ErrorMetric::cosine;
    return name == "mse" ? ErrorMetric::mse : ErrorMetric::sqnr;
}

bool ErrorsView::isLog() const { return isDifference() ? chosenMetric() == ErrorMetric::mse : chosenMetric() != ErrorMetric::sqnr; }

std::vector<bool> ErrorsView::shownReferences() const {
    const std::string& reference = optionValues().text("reference");
    if (reference == "both") return {false, true};
    return {reference == "accumulated"};
}

std::vector<ErrorSeries> ErrorsView::shownSeries() const {
    std::vector<ErrorSeries> list;
    const bool onlyB = !isPair() && input().selection.mode == CompareMode::b && input().b;
    for (const bool accumulated : shownReferences()) {
        if (!onlyB) list.push_back({false, accumulated});
        if (onlyB || isPair()) list.push_back({true, accumulated});
    }
    return list;
}

ErrorValue ErrorsView::differenceOf(const ErrorRow& row, bool accumulated) const {
    const ErrorValue a = errorValue(row.of({false, accumulated}), chosenMetric()), b = errorValue(row.of({true, accumulated}), chosenMetric());
    if (!a.isNumber() || !b.isNumber()) return {};
    switch (chosenMetric()) {
        case ErrorMetric::sqnr: return {ErrorValue::Kind::number, b.value - a.value};
        case ErrorMetric::cosine: return {ErrorValue::Kind::number, a.value - b.value};  // of the similarity itself
        case ErrorMetric::mse: return {ErrorValue::Kind::number, b.value / a.value};
    }
    return {};
}

/// Large for what comes first.
double ErrorsView::sortKey(const ErrorRow& row) const {
    constexpr double kLast = -std::numeric_limits<double>::infinity();
    if (isDifference()) {
        const ErrorValue change = differenceOf(row, shownReferences().front());
        if (!change.isNumber()) return kLast;
        return std::abs(chosenMetric() == ErrorMetric::mse ? std::log(change.value) : change.value);
    }
    for (const ErrorSeries& series : shownSeries())
        if (const ErrorValue value = errorValue(row.of(series), chosenMetric()); value.isNumber())
            return chosenMetric() == ErrorMetric::sqnr ? -value.value : value.value;
    return kLast;
}

void ErrorsView::prepare() {
    rows_ = errorRows(input().a.get(), input().b.get());
    const std::string& sites = optionValues().text("sites");
    const auto references = shownReferences();
    std::erase_if(rows_, [&](const ErrorRow& row) {
        if (sites != "all" && row.isWeight() != (sites == "weights")) return true;
        // Sites of both runs keep their places in either: one can switch between the runs and watch.
        return std::none_of(references.begin(), references.end(), [&](bool accumulated) { return row.of({false, accumulated}) || row.of({true, accumulated}); });
    });
    if (optionValues().text("order") != "error") return;
    std::stable_sort(rows_.begin(), rows_.end(), [&](const ErrorRow& a, const ErrorRow& b) { return sortKey(a) > sortKey(b); });
}

// Ranks are those of the shown run; places by depth are those of both.
QString ErrorsView::zoomKey() const {
    const bool byRank = optionValues().text("order") == "error";
    return byRank ? PlotView::zoomKey() + QString::number(static_cast<int>(input().selection.mode)) : PlotView::zoomKey();
}

report::Table ErrorsView::table() const {
    const std::string& reference = optionValues().text("reference");
    const std::string name = reference == "both" ? "local" : reference;
    if (isPair()) return report::sitePairTable(report::sitePairs(*input().a, *input().b, chosenMetric(), name), chosenMetric(), name);
    const RunDataPtr& run = input().selection.mode == CompareMode::b && input().b ? input().b : input().a;
    if (!run) return {};
    if (reference == "both") return report::layerTable(*run);
    const auto* errors = run->errors(name);
    return errors == nullptr ? report::Table{} : report::errorTable(*errors);
}

QString ErrorsView::emptyText() const {
    if (!input().a && !input().b) return noRunText(input());
    bool hasAny = false;
    for (const ErrorSeries& series : shownSeries())
        hasAny = hasAny || std::any_of(rows_.begin(), rows_.end(), [&](const ErrorRow& row) { return row.of(series) != nullptr; });
    if (hasAny && isDifference()) {
        const auto references = shownReferences();
        const bool hasChange = std::any_of(rows_.begin(), rows_.end(), [&](const ErrorRow& row) {
            return std::any_of(references.begin(), references.end(), [&](bool accumulated) { return differenceOf(row, accumulated).isNumber(); });
        });
        return hasChange ? QString() : tr("No site has an error in both runs. Choose the overlay.");
    }
    if (hasAny) return {};
    const RunDataPtr& run = input().a ? input().a : input().b;
    if (!project::isComplete(run->record.state)) return tr("Errors are not measured yet. They follow when the network is quantized.");
    if (run->errors("local") != nullptr || run->errors("accumulated") != nullptr) return tr("The run has no errors of these sites. Choose others in the options.");
    return tr("This run did not measure errors.");
}

QString ErrorsView::summary() const {
    if (!emptyText().isEmpty()) return {};
    const QLocale locale;
    // Rows are those of both runs; what is told is of what is drawn.
    const auto shown = shownSeries();
    const auto drawn = std::count_if(rows_.begin(), rows_.end(), [&](const ErrorRow& row) {
        return std::any_of(shown.begin(), shown.end(), [&](const ErrorSeries& series) { return row.of(series) != nullptr; });
    });
    const QString count = counted(drawn, tr("1 site"), tr("%1 sites"));
    const bool accumulated = shownReferences().front();
    if (isPair()) {
        qlonglong better = 0, worse = 0;
        for (const ErrorRow& row : rows_) {
            const ErrorValue change = differenceOf(row, accumulated);
            if (!change.isNumber()) continue;
            const double gain = chosenMetric() == ErrorMetric::mse ? -std::log(change.value) : change.value;
            better += gain > 0 ? 1 : 0;
            worse += gain < 0 ? 1 : 0;
        }
        return tr("%1; B is better at %2, worse at %3.").arg(count, locale.toString(better), locale.toString(worse));
    }
    const ErrorSeries series = shownSeries().front();
    const ErrorRow* worst = nullptr;
    double most = 0;
    qlonglong exact = 0;
    for (const ErrorRow& row : rows_) {
        const ErrorValue value = errorValue(row.of(series), chosenMetric());
        exact += value.kind == ErrorValue::Kind::exact ? 1 : 0;
        const double size = chosenMetric() == ErrorMetric::sqnr ? -value.value : value.value;
        if (!value.isNumber() || (worst != nullptr && size <= most)) continue;
        worst = &row;
        most = size;
    }
    QString text = count;
    if (worst != nullptr) {
        const double value = errorValue(worst->of(series), chosenMetric()).value;
        if (chosenMetric() == ErrorMetric::sqnr)
            text += tr("; lowest SQNR %1 dB at %2").arg(decimalText(value, 1), worst->site);
        else if (chosenMetric() == ErrorMetric::cosine)
            text += tr("; lowest cosine similarity %1 at %2").arg(decimalText(1 - value, 4), worst->site);
        else
            text += tr("; largest MSE %1 at %2").arg(significantText(value, 3), worst->site);
    }
    if (exact > 0) text += tr("; %1 exact").arg(locale.toString(exact));
    return text + QLatin1Char('.');
}

QString ErrorsView::seriesName(const ErrorSeries& series) const {
    const QString what = series.accumulated ? tr("with everything before it quantized") : tr("quantizer alone");
    if (!isPair()) return what;
    const bool asBars = !series.accumulated || shownReferences().size() == 1;
    const QString title = series.isB ? titleOfB(input()) : titleOfA(input());
    const QString run = asBars ? (series.isB ? tr("B, right bars: %1") : tr("A, left bars: %1")).arg(title) : (series.isB ? tr("B: %1") : tr("A: %1")).arg(title);
    return shownReferences().size() == 1 ? run : QStringLiteral("%1, %2").arg(run, series.accumulated ? tr("accumulated") : tr("alone"));
}

QString ErrorsView::valueLine(const ErrorRow& row, const ErrorSeries& series) const {
    const ErrorValue value = errorValue(row.of(series), chosenMetric());
    QString text;
    switch (value.kind) {
        case ErrorValue::Kind::absent: text = QStringLiteral("–"); break;
        case ErrorValue::Kind::exact: text = tr("exact"); break;
        case ErrorValue::Kind::broken: text = tr("not a finite number"); break;
        case ErrorValue::Kind::number:
            text = chosenMetric() == ErrorMetric::sqnr     ? tr("%1 dB").arg(decimalText(value.value, 2))
                   : chosenMetric() == ErrorMetric::cosine ? decimalText(1 - value.value, 5)
                                                     : significantText(value.value, 3);
    }
    const QString what = chosenMetric() == ErrorMetric::sqnr ? tr("SQNR") : (chosenMetric() == ErrorMetric::cosine ? tr("cosine") : tr("MSE"));
    const QString letter = isPair() ? (series.isB ? tr("B ") : tr("A ")) : QString();
    return tr("%1%2 %3, %4").arg(letter, what, text, series.accumulated ? tr("accumulated") : tr("alone"));
}

PlotView::Readable ErrorsView::readable(std::size_t index) const {
    const ErrorRow& row = rows_[index];
    QStringList lines{row.site};
    std::optional<double> height;
    for (const ErrorSeries& series : shownSeries()) {
        if (row.of(series) != nullptr || isPair()) lines.append(valueLine(row, series));
        if (const ErrorValue value = errorValue(row.of(series), chosenMetric()); value.isNumber()) height = std::max(height.value_or(value.value), value.value);
    }
    if (isDifference()) {
        height.reset();
        for (const bool accumulated : shownReferences()) {
            const ErrorValue change = differenceOf(row, accumulated);
            if (!change.isNumber()) continue;
            if (!height) height = change.value;
            const QString text = chosenMetric() == ErrorMetric::sqnr     ? tr("B − A %1 dB").arg(signedText(change.value, 2))
                                 : chosenMetric() == ErrorMetric::cosine ? tr("B − A %1").arg(signedText(change.value, 5))
                                                                   : tr("B ÷ A %1").arg(significantText(change.value, 3));
            lines.append(accumulated ? tr("%1, accumulated").arg(text) : text);
        }
    }
    for (const ErrorSeries& series : shownSeries())
        if (const auto* held = row.of(series); held != nullptr && !held->quantizer.empty() && held->role != "output") {
            const QString quantizer = toQt(held->quantizer);
            const QString line = isPair() ? QStringLiteral("%1 %2").arg(series.isB ? tr("B:") : tr("A:"), quantizer) : quantizer;
            if (!lines.contains(line)) lines.append(line);
        }
    return {static_cast<double>(index), height.value_or(isDifference() ? base_ : top_), lines.join(QStringLiteral("  ")), row.site, row.block, {}};
}

std::vector<PlotView::Readable> ErrorsView::readables() const {
    std::vector<Readable> list;
    for (std::size_t i = 0; i < rows_.size(); ++i) list.push_back(readable(i));
    return list;
}

std::optional<PlotView::Readable> ErrorsView::readAt(double x, double) const {
    const double index = std::round(x);
    if (index < 0 || index >= static_cast<double>(rows_.size())) return std::nullopt;
    return readable(static_cast<std::size_t>(index));
}

}  // namespace vitrine::widgets
