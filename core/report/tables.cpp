// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/tables.h"

#include <algorithm>
#include <cmath>

#include "report/number_text.h"

namespace vitrine::report {
namespace {

Column text(std::string id, std::string title) { return {std::move(id), std::move(title), "", Format::text}; }
Column identifier(std::string id, std::string title) {
    return {std::move(id), std::move(title), "", Format::identifier};
}
Column integer(std::string id, std::string title, std::string unit = {}) {
    return {std::move(id), std::move(title), std::move(unit), Format::integer};
}
Column fixed(std::string id, std::string title, std::string unit, int digits, Bar bar = Bar::none) {
    return {std::move(id), std::move(title), std::move(unit), Format::fixed, digits, bar};
}
Column significant(std::string id, std::string title, std::string unit = {}, int digits = 4, Bar bar = Bar::none) {
    return {std::move(id), std::move(title), std::move(unit), Format::significant, digits, bar};
}


std::string budgetName(const results::SearchHistory::Budget& budget) {
    if (budget.measure == "weight_bits") return "Average weight bits by parameters";
    if (budget.measure == "weight_bits_by_macs") return "by operations";
    if (budget.measure == "size") return "Size";
    return budget.measure == "bops" ? "Bit operations" : budget.measure;
}

std::string budgetText(const results::SearchHistory::Budget& budget, double value) {
    if (budget.unit == "bytes") return bytesText(value);
    return budget.unit == "bits" ? fixedText(value, 3) : operationsText(value);
}

}  // namespace

Table errorTable(const results::LayerErrors& errors) {
    Column sqnr = fixed("sqnr_db", "SQNR", "dB", 2, Bar::linear);
    sqnr.exactFrom = kExactDb;
    Column block = identifier("block", "Block");
    block.dataOnly = true;  // the site's id says it
    Table table{"errors." + errors.reference,
                "",
                {identifier("site", "Site"), text("role", "Role"), block, text("quantizer", "Quantizer"), sqnr,
                 fixed("cosine", "Cosine", "", 5, Bar::linear), significant("mse", "MSE", "", 3, Bar::logarithmic)},
                {},
                ""};
    const bool local = errors.reference == "local";
    table.caption = local ? "Error of each quantizer alone" : "Error of each layer with everything before it quantized";
    table.note = "Over " + integerText(errors.images) +
                 " images. SQNR = 10 log10(sum y\u00b2 / sum (y \u2212 \u0177)\u00b2); "
                 "cosine = mean over images of <y,\u0177> / (|y||\u0177|). Bars of MSE are logarithmic.";
    for (const auto& row : errors.rows)
        table.rows.push_back({row.site, row.role, row.block, row.quantizer, row.sqnrDb, row.cosine, row.mse});
    return table;
}

Table intervalTable(const results::Intervals& intervals) {
    Table table{
        "intervals",
        "Range of the values and range that the quantizer covers",
        {identifier("site", "Site"), text("role", "Role"), integer("bits", "Bits"), significant("minimum", "Minimum"),
         significant("low_quantile", "0.1 %"), significant("high_quantile", "99.9 %"),
         significant("maximum", "Maximum"), significant("low", "Covered from"), significant("high", "Covered to"),
         fixed("clipped_percent", "Clipped", "%", 3, Bar::linear)},
        {},
        "Clipped: share of the values outside the covered range of their own scale."};
    for (const auto& row : intervals.rows)
        table.rows.push_back({row.site, row.role, std::int64_t{row.bits}, row.minimum, row.lowQuantile,
                              row.highQuantile, row.maximum, row.low, row.high, 100 * row.clippedFraction});
    return table;
}

Table scopeTable(const results::Scope& scope) {
    Table table{"scope",
                "What was quantized, and what was left in float",
                {text("role", "Role"), text("quantizer", "Quantizer"), integer("sites", "Sites")},
                {},
                ""};
    for (const auto& row : scope.rows) table.rows.push_back({row.role, row.description, row.sites});
    return table;
}

Table accuracyTable(const std::vector<results::Accuracy>& accuracies) {
    Table table{"accuracy",
                "Accuracy",
                {text("subject", "Network"), text("data", "Images"), integer("count", "Count"),
                 fixed("top1", "Top-1", "%", 2, Bar::linear), fixed("top1_low", "95 % from", "%", 2),
                 fixed("top1_high", "to", "%", 2), fixed("top5", "Top-5", "%", 2),
                 fixed("fidelity", "Fidelity", "%", 2), significant("divergence", "Divergence", "nats", 3), fixed("seconds", "Time", "s", 1)},
                {},
                "95 %: Wilson interval of top-1. Fidelity: share of images for which the arg-max is that of the float "
                "network. Divergence: mean over up to 512 images of D(p || q), p the class probabilities of the float network, q those of this one."};
    for (const auto& row : accuracies)
        table.rows.push_back({row.subject, row.data, row.count, row.top1, row.top1Low, row.top1High, row.top5,
                              cellOf(row.fidelity), cellOf(row.divergence), row.seconds});
    return table;
}

Table predictionTable(const results::Accuracy& accuracy) {
    Table table{"predictions." + accuracy.subject,
                "Predictions",
                {integer("row", "Data row"), integer("prediction", "Predicted class")},
                {},
                ""};
    for (std::size_t i = 0; i < accuracy.predictions.size(); ++i)
        table.rows.push_back(
            {i < accuracy.rows.size() ? Cell(accuracy.rows[i]) : Cell(), std::int64_t{accuracy.predictions[i]}});
    return table;
}

Table histogramTable(const results::Histograms& histograms) {
    Table table{"histograms",
                "Values before and after quantization",
                {identifier("site", "Site"), significant("from", "From"), significant("to", "To"),
                 integer("float_count", "Float"), integer("quantized_count", "Quantized")},
                {},
                ""};
    for (const auto& site : histograms.sites) {
        const std::size_t bins = std::min(site.floatCounts.size(), site.quantizedCounts.size());
        const double width = bins == 0 ? 0 : (site.high - site.low) / static_cast<double>(bins);
        for (std::size_t b = 0; b < bins; ++b)
            table.rows.push_back({site.site, site.low + width * static_cast<double>(b),
                                  site.low + width * static_cast<double>(b + 1), site.floatCounts[b],
                                  site.quantizedCounts[b]});
    }
    return table;
}

Table traceTable(const results::Trace& trace) {
    const std::string xTitle = trace.xLabel.empty() ? "x" : trace.xLabel;
    const bool steps = std::all_of(trace.x.begin(), trace.x.end(), [](double x) { return x == std::floor(x) && std::abs(x) < 1e15; });
    Table table{trace.name,
                trace.name,
                {steps ? integer("x", xTitle) : significant("x", xTitle, "", 6),
                 significant("y", trace.yLabel.empty() ? "y" : trace.yLabel, "", 6)},
                {},
                ""};
    for (std::size_t i = 0; i < std::min(trace.x.size(), trace.y.size()); ++i)
        table.rows.push_back({trace.x[i], trace.y[i]});
    return table;
}

Table searchTable(const results::SearchHistory& history) {
    Table table{"search",
                "Candidates of the search",
                {integer("evaluation", "Evaluation"), identifier("target", "Target"), integer("pass", "Pass"), integer("cycle", "Cycle"),
                 integer("bits", "Bits", "bits"), significant("change_percent", "Change of scales", "%", 3),
                 significant("fitness", "Loss", "", 6), significant("best", "Best", "", 6), significant("worst", "Worst", "", 6),
                 text("accepted", "Kept")},
                {},
                ""};
    table.note = integerText(history.evaluations) + " measurements; " + integerText(history.rejected) +
                 " candidates above the budget were not measured";
    table.note += history.leftOut > 0 ? "; " + integerText(history.leftOut) + " older ones are not listed." : ".";
    table.note += " Best and worst are those of the target's population afterwards.";
    for (const results::SearchHistory::Budget& budget : history.budgets)
        table.note += " " + budgetName(budget) + ": " + budgetText(budget, budget.used) +
                      (budget.allowed ? " of " + budgetText(budget, *budget.allowed) : "") + ".";
    for (const auto& row : history.candidates)
        table.rows.push_back({row.evaluation, history.targets.at(static_cast<std::size_t>(row.target)), row.pass + 1, row.cycle,
                              row.bits > 0 ? Cell(std::int64_t{row.bits}) : Cell(), 100 * row.change, row.fitness, row.best, row.worst,
                              std::string(row.accepted ? "yes" : "no")});
    return table;
}

Table syntheticTable(const results::SyntheticImages& images) {
    Table table{"synthetic",
                "Synthetic images",
                {integer("image", "Image"), integer("label", "Label"), integer("prediction", "Prediction"),
                 fixed("confidence", "Confidence", "%", 1, Bar::linear)},
                {},
                ""};
    for (const auto& term : images.terms) table.columns.push_back(significant("loss." + term.name, "Loss: " + term.name));
    for (std::size_t i = 0; i < images.images.size(); ++i) {
        const auto& image = images.images[i];
        const auto classCell = [](std::int64_t id) { return id < 0 ? Cell() : Cell(id); };
        auto& row = table.rows.emplace_back();
        row = {static_cast<std::int64_t>(i), classCell(image.label), classCell(image.prediction), 100 * image.confidence};
        for (const auto& term : images.terms)
            row.push_back(term.values.empty() || i >= term.values.back().size() ? Cell() : Cell(term.values.back()[i]));
    }
    if (!images.terms.empty()) table.note = "Losses: each term without its weight, when it was noted last.";
    return table;
}

Table ownTable(const results::Table& source) {
    Table table{"table", "", {}, {}, ""};
    for (std::size_t c = 0; c < source.columns.size(); ++c) {
        const auto& column = source.columns[c];
        const auto holdsText = [&](const auto& row) {
            return c < row.size() && std::holds_alternative<std::string>(row[c]);
        };
        const auto holdsReal = [&](const auto& row) {
            return c < row.size() && std::holds_alternative<double>(row[c]);
        };
        Format format = Format::integer;
        if (std::any_of(source.rows.begin(), source.rows.end(), holdsReal)) format = Format::significant;
        if (std::any_of(source.rows.begin(), source.rows.end(), holdsText)) format = Format::text;
        table.columns.push_back(
            {column.name, column.name, column.unit, format, 4, column.bar ? Bar::linear : Bar::none});
    }
    for (const auto& row : source.rows) {
        auto& cells = table.rows.emplace_back();
        for (std::size_t c = 0; c < source.columns.size(); ++c)
            cells.push_back(c < row.size() ? std::visit([](const auto& held) { return Cell(held); }, row[c]) : Cell());
    }
    return table;
}

Table artefactTable(const results::Artefact& artefact) {
    struct Maker {
        Table operator()(const results::LayerErrors& held) const { return errorTable(held); }
        Table operator()(const results::Intervals& held) const { return intervalTable(held); }
        Table operator()(const results::Histograms& held) const { return histogramTable(held); }
        Table operator()(const results::Trace& held) const { return traceTable(held); }
        Table operator()(const results::Table& held) const { return ownTable(held); }
        Table operator()(const results::Accuracy& held) const { return accuracyTable({held}); }
        Table operator()(const results::Scope& held) const { return scopeTable(held); }
        Table operator()(const results::SyntheticImages& held) const { return syntheticTable(held); }
        Table operator()(const results::SearchHistory& held) const { return searchTable(held); }
    };
    Table table = std::visit(Maker{}, artefact.payload);
    table.id = artefact.id;
    if (!artefact.title.empty()) table.caption = artefact.title;
    return table;
}

Table parameterTable(const std::vector<project::ParameterRecord>& parameters) {
    Table table{"parameters",
                "Parameters of the method",
                {identifier("id", "Parameter"),
                 text("value", "Value"),
                 text("unit", "Unit"),
                 {"changed", "State", "", Format::label},
                 {"provenance", "Default from", "", Format::label}},
                {},
                "published: the paper says so; code: the official code does so; ours: the sources do not say, so it is "
                "our choice."};
    for (const project::ParameterRecord& parameter : parameters)
        table.rows.push_back({parameter.id, parameterText(parameter.value), parameter.unit,
                              std::string(parameter.isDefault ? "" : "changed"), parameter.provenance});
    return table;
}

Table schemaTable(const ParameterSchema& schema) {
    Table table{"schema",
                "Parameters",
                {identifier("id", "Parameter"),
                 text("type", "Type"),
                 text("default", "Default"),
                 text("range", "Range"),
                 text("unit", "Unit"),
                 {"provenance", "From", "", Format::label},
                 text("help", "Meaning")},
                {},
                ""};
    for (const ParameterSpec& spec : schema)
        table.rows.push_back({spec.id, std::string(parameterTypeName(spec.type)), parameterText(spec.defaultValue),
                              spec.rangeText(), spec.unit, std::string(provenanceName(spec.provenance)), spec.help});
    return table;
}

results::LayerErrors weakestSites(const results::LayerErrors& errors, std::size_t count) {
    results::LayerErrors weakest{errors.reference, errors.images, {}};
    for (const auto& row : errors.rows)
        if (row.sqnrDb < kExactDb) weakest.rows.push_back(row);
    std::stable_sort(weakest.rows.begin(), weakest.rows.end(),
                     [](const auto& a, const auto& b) { return a.sqnrDb < b.sqnrDb; });
    weakest.rows.resize(std::min(weakest.rows.size(), count));
    return weakest;
}

}  // namespace vitrine::report
