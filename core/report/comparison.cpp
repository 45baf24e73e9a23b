// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "report/number_text.h"
#include "report/tables.h"

namespace vitrine::report {
namespace {

std::optional<double> scaled(const std::optional<double>& value, double unit) {
    if (!value) return std::nullopt;
    return *value / unit;
}

/// The first line of a text, as short as a table wants it.
std::string firstLine(const std::string& text) {
    constexpr std::size_t longest = 60;
    std::string line = text.substr(0, text.find('\n'));
    if (line.size() <= longest) return line.size() == text.size() ? line : line + " \u2026";
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) --end;  // not inside of a character
    return line.substr(0, end) + "\u2026";
}

/// Adds `row` to `table` unless all its values agree. The first cell is its name.
void addIfDifferent(Table& table, std::vector<Cell> row) {
    if (std::adjacent_find(row.begin() + 1, row.end(), std::not_equal_to<>()) != row.end())
        table.rows.push_back(std::move(row));
}

std::map<std::string, double> sqnrBySite(const RunContent& run) {
    std::map<std::string, double> sqnr;
    if (const auto* errors = run.errors("local"))
        for (const auto& row : errors->rows) sqnr.emplace(row.site, row.sqnrDb);
    return sqnr;
}

std::optional<double> valueAt(const std::map<std::string, double>& values, const std::string& site) {
    const auto found = values.find(site);
    if (found == values.end()) return std::nullopt;
    return found->second;
}

/// Second minus first, where both have an error at all.
std::optional<double> difference(const std::optional<double>& first, const std::optional<double>& second) {
    if (!first || !second || *first >= kExactDb || *second >= kExactDb) return std::nullopt;
    return *second - *first;
}

const project::InputRecord* evaluationInput(const RunContent& run) {
    const auto& inputs = run.record.inputs;
    const auto found =
        std::find_if(inputs.begin(), inputs.end(), [](const auto& input) { return input.role == "evaluation"; });
    return found == inputs.end() ? nullptr : &*found;
}

}  // namespace

bool sameImages(const RunContent& first, const RunContent& second) {
    const auto* one = evaluationInput(first);
    const auto* other = evaluationInput(second);
    if (one == nullptr || other == nullptr) return false;
    if (!one->contentHash.empty() && one->contentHash == other->contentHash) return true;
    return one->path == other->path && one->hash == other->hash;
}

Table figureTable(const std::vector<project::RunSummary>& runs, const RunNotes& notes) {
    Table table{"runs",
                "Runs",
                {{"id", "Run", "", Format::identifier},
                 {"name", "Name"},
                 {"method", "Method"},
                 {"weight_bits", "W", "bits", Format::fixed, 2},
                 {"activation_bits", "A", "bits", Format::fixed, 2},
                 {"float_top1", "Float top-1", "%", Format::fixed, 2},
                 {"top1", "Top-1", "%", Format::fixed, 2, Bar::linear},
                 {"top5", "Top-5", "%", Format::fixed, 2},
                 {"size_mb", "Size", "MB", Format::fixed, 2},
                 {"gbops", "Bit ops", "G", Format::fixed, 1},
                 {"seconds", "Time", "s", Format::fixed, 1},
                 {"count", "Images", "", Format::integer},
                 {"state", "State"},
                 {"note", "Note"}},
                {},
                ""};
    for (const project::RunSummary& run : runs) {
        const project::RunFigures& figures = run.figures;
        const auto found = notes.find(run.id);
        const project::RunNote note = found == notes.end() ? project::RunNote{} : found->second;
        table.rows.push_back({run.id, note.name, run.methodTitle, cellOf(figures.averageWeightBits),
                              cellOf(figures.averageActivationBits), cellOf(figures.floatTop1), cellOf(figures.top1),
                              cellOf(figures.top5), cellOf(scaled(figures.sizeBytes, 1e6)),
                              cellOf(scaled(figures.bops, 1e9)), run.seconds, cellOf(figures.count),
                              std::string(project::runStateName(run.state)), firstLine(note.note)});
    }
    return table;
}

void shareColumns(Table& table, const std::vector<std::string_view>& ids) {
    if (table.rows.size() < 2) return;
    std::string common;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        Column& column = table.columns[c];
        if (std::find(ids.begin(), ids.end(), column.id) == ids.end()) continue;
        const Cell& first = table.rows.front()[c];
        const bool isCommon = std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) { return row[c] == first; });
        if (!isCommon || std::holds_alternative<std::monostate>(first)) continue;
        column.dataOnly = true;
        std::string name = column.title;
        name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
        common += (common.empty() ? "" : ", ") + name + " " + cellText(first, column) + (column.unit.empty() ? "" : "\u00a0" + column.unit);
    }
    if (!common.empty()) table.note = "The same in all runs: " + common + ".";
}

Table parameterDifferences(const std::vector<RunContent>& runs) {
    Table table{"parameter-differences",
                "Settings in which the runs differ",
                {{"id", "Setting", "", Format::identifier}},
                {},
                ""};
    std::vector<Cell> methods{std::string("method")};
    std::vector<Cell> seeds{std::string("seed")};
    std::vector<std::string> order;
    std::map<std::string, std::vector<Cell>> values;
    for (std::size_t r = 0; r < runs.size(); ++r) {
        const project::RunRecord& record = runs[r].record;
        table.columns.push_back({record.id, record.id});
        methods.emplace_back(record.method);
        seeds.emplace_back(std::to_string(record.seed));
        for (const auto* list : {&record.parameters, &record.modelOverrides})
            for (const project::ParameterRecord& parameter : *list) {
                const auto [entry, isNew] = values.try_emplace(parameter.id, runs.size());
                if (isNew) order.push_back(parameter.id);
                entry->second[r] = parameterText(parameter.value);
            }
    }
    addIfDifferent(table, methods);
    addIfDifferent(table, seeds);
    for (const std::string& id : order) {
        std::vector<Cell> row{id};
        row.insert(row.end(), values[id].begin(), values[id].end());
        addIfDifferent(table, std::move(row));
    }
    return table;
}

Table siteComparison(const std::vector<RunContent>& runs) {
    Table table{"site-comparison",
                "SQNR of each quantizer alone, in dB",
                {{"site", "Site", "", Format::identifier}, {"role", "Role"}},
                {},
                ""};
    std::vector<std::map<std::string, double>> sqnr;
    std::vector<std::pair<std::string, std::string>> sites;
    std::set<std::string> seen;
    for (const RunContent& run : runs) {
        Column column{run.record.id, run.record.id, "", Format::fixed, 2, Bar::linear};
        column.exactFrom = kExactDb;
        table.columns.push_back(column);
        sqnr.push_back(sqnrBySite(run));
        if (const auto* errors = run.errors("local"))
            for (const auto& row : errors->rows)
                if (seen.insert(row.site).second) sites.emplace_back(row.site, row.role);
    }
    const bool pair = runs.size() == 2;
    if (pair) table.columns.push_back({"difference", "Difference", "dB", Format::fixed, 2});
    for (const auto& [site, role] : sites) {
        auto& row = table.rows.emplace_back(std::vector<Cell>{site, role});
        for (const auto& values : sqnr) row.push_back(cellOf(valueAt(values, site)));
        if (pair) row.push_back(cellOf(difference(valueAt(sqnr[0], site), valueAt(sqnr[1], site))));
    }
    return table;
}

std::optional<Flips> flippedPredictions(const RunContent& first, const RunContent& second) {
    const auto* one = first.accuracy("quantized");
    const auto* other = second.accuracy("quantized");
    if (one == nullptr || other == nullptr || !sameImages(first, second)) return std::nullopt;
    std::map<std::int64_t, std::int32_t> predicted;
    for (std::size_t i = 0; i < std::min(one->rows.size(), one->predictions.size()); ++i)
        predicted.emplace(one->rows[i], one->predictions[i]);
    Flips flips;
    for (std::size_t i = 0; i < std::min(other->rows.size(), other->predictions.size()); ++i) {
        const auto found = predicted.find(other->rows[i]);
        if (found == predicted.end()) continue;
        ++flips.compared;
        if (found->second != other->predictions[i]) ++flips.flipped;
    }
    return flips;
}

}  // namespace vitrine::report
