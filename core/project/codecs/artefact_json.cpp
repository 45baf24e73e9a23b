// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/codecs/artefact_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/json_fields.h"
#include "project/codecs/synthetic_images_json.h"

namespace vitrine::project {
using nlohmann::json;
namespace {

constexpr std::int64_t kFormat = 1;

json numbersJson(const std::vector<double>& values) {
    json list = json::array();
    for (const double value : values) list.push_back(numberJson(value));
    return list;
}

template <typename T, typename Write>
json listJson(const std::vector<T>& items, Write write) {
    json list = json::array();
    for (const T& item : items) list.push_back(write(item));
    return list;
}

// Each payload has a writer and a reader side by side.

json write(const results::LayerErrors& errors) {
    const auto row = [](const results::LayerErrors::Row& from) -> json {
        return {{"site", from.site},
                {"role", from.role},
                {"block", from.block},
                {"quantizer", from.quantizer},
                {"sqnr_db", numberJson(from.sqnrDb)},
                {"cosine", numberJson(from.cosine)},
                {"mse", numberJson(from.mse)}};
    };
    return {{"reference", errors.reference}, {"images", errors.images}, {"rows", listJson(errors.rows, row)}};
}

results::LayerErrors readLayerErrors(const Fields& data) {
    results::LayerErrors errors{.reference = data.text("reference"), .images = data.integer("images")};
    for (const Fields& row : data.objects("rows"))
        errors.rows.push_back({.site = row.text("site"),
                               .role = row.text("role"),
                               .block = row.text("block"),
                               .quantizer = row.text("quantizer"),
                               .sqnrDb = row.number("sqnr_db"),
                               .cosine = row.number("cosine"),
                               .mse = row.number("mse")});
    return errors;
}

json write(const results::Intervals& intervals) {
    const auto row = [](const results::Intervals::Row& from) -> json {
        return {{"site", from.site},
                {"role", from.role},
                {"bits", from.bits},
                {"minimum", numberJson(from.minimum)},
                {"maximum", numberJson(from.maximum)},
                {"low_quantile", numberJson(from.lowQuantile)},
                {"high_quantile", numberJson(from.highQuantile)},
                {"low", numberJson(from.low)},
                {"high", numberJson(from.high)},
                {"clipped_fraction", numberJson(from.clippedFraction)},
                {"levels", numbersJson(from.levels)}};
    };
    return {{"rows", listJson(intervals.rows, row)}};
}

int readBits(const Fields& row) {
    const std::int64_t bits = row.integer("bits");
    if (bits < 0 || bits > 64) fail(ErrorCode::badFormat, "must be a number of bits", row.nameOf("bits"));
    return static_cast<int>(bits);
}

results::Intervals readIntervals(const Fields& data) {
    results::Intervals intervals;
    for (const Fields& row : data.objects("rows"))
        intervals.rows.push_back({.site = row.text("site"),
                                  .role = row.text("role"),
                                  .bits = readBits(row),
                                  .minimum = row.number("minimum"),
                                  .maximum = row.number("maximum"),
                                  .lowQuantile = row.number("low_quantile"),
                                  .highQuantile = row.number("high_quantile"),
                                  .low = row.number("low"),
                                  .high = row.number("high"),
                                  .clippedFraction = row.number("clipped_fraction"),
                                  .levels = row.numbers("levels")});
    return intervals;
}

json write(const results::Histograms& histograms) {
    const auto site = [](const results::Histogram& from) -> json {
        return {{"site", from.site},
                {"low", numberJson(from.low)},
                {"high", numberJson(from.high)},
                {"float_counts", from.floatCounts},
                {"quantized_counts", from.quantizedCounts},
                {"levels", numbersJson(from.levels)}};
    };
    return {{"sites", listJson(histograms.sites, site)}};
}

results::Histograms readHistograms(const Fields& data) {
    results::Histograms histograms;
    for (const Fields& site : data.objects("sites"))
        histograms.sites.push_back({.site = site.text("site"),
                                    .low = site.number("low"),
                                    .high = site.number("high"),
                                    .floatCounts = site.integers("float_counts"),
                                    .quantizedCounts = site.integers("quantized_counts"),
                                    .levels = site.numbers("levels")});
    return histograms;
}

json write(const results::Trace& trace) {
    return {{"name", trace.name},
            {"x_label", trace.xLabel},
            {"y_label", trace.yLabel},
            {"x", numbersJson(trace.x)},
            {"y", numbersJson(trace.y)}};
}

results::Trace readTrace(const Fields& data) {
    results::Trace trace{.name = data.text("name"),
                         .xLabel = data.text("x_label"),
                         .yLabel = data.text("y_label"),
                         .x = data.numbers("x"),
                         .y = data.numbers("y")};
    if (trace.x.size() != trace.y.size()) fail(ErrorCode::badFormat, "must be as long as x", data.nameOf("y"));
    return trace;
}

// A cell is a text, an integer, or a real number, which always has a decimal point or exponent; one that is not finite is
// {"real": "inf"}, because a plain "inf" is a text.
json cellJson(const results::Table::Cell& cell) {
    if (const auto* real = std::get_if<double>(&cell)) {
        const json number = numberJson(*real);
        return number.is_string() ? json{{"real", number}} : number;
    }
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
    return std::get<std::string>(cell);
}

results::Table::Cell cellFrom(const json& cell, const std::string& where) {
    if (cell.is_string()) return cell.get<std::string>();
    if (cell.is_number_float()) return cell.get<double>();
    if (cell.is_object()) return Fields(cell, where).number("real");
    return integerFrom(cell, where);
}

json write(const results::Table& table) {
    const auto column = [](const results::Table::Column& from) -> json {
        return {{"name", from.name}, {"unit", from.unit}, {"bar", from.bar}};
    };
    const auto row = [](const std::vector<results::Table::Cell>& cells) { return listJson(cells, cellJson); };
    return {{"columns", listJson(table.columns, column)}, {"rows", listJson(table.rows, row)}};
}

results::Table readTable(const Fields& data) {
    results::Table table;
    for (const Fields& column : data.objects("columns"))
        table.columns.push_back(
            {.name = column.text("name"), .unit = column.text("unit"), .bar = column.boolean("bar")});
    const json& rows = data.at("rows");
    const std::string where = data.nameOf("rows");
    if (!rows.is_array()) fail(ErrorCode::badFormat, "must be a list", where);
    for (const json& cells : rows) {
        if (!cells.is_array() || cells.size() != table.columns.size())
            fail(ErrorCode::badFormat, "a row must have a cell for each column", where);
        std::vector<results::Table::Cell> row;
        for (const json& cell : cells) row.push_back(cellFrom(cell, where));
        table.rows.push_back(std::move(row));
    }
    return table;
}

json write(const results::Accuracy& accuracy) {
    json data = {{"subject", accuracy.subject},
                 {"data", accuracy.data},
                 {"count", accuracy.count},
                 {"top1", numberJson(accuracy.top1)},
                 {"top5", numberJson(accuracy.top5)},
                 {"top1_low", numberJson(accuracy.top1Low)},
                 {"top1_high", numberJson(accuracy.top1High)},
                 {"seconds", numberJson(accuracy.seconds)},
                 {"predictions", accuracy.predictions},
                 {"rows", accuracy.rows}};
    if (accuracy.fidelity) data["fidelity"] = numberJson(*accuracy.fidelity);
    if (accuracy.divergence) data["divergence"] = numberJson(*accuracy.divergence);
    return data;
}

results::Accuracy readAccuracy(const Fields& data) {
    results::Accuracy accuracy{.subject = data.text("subject"),
                               .data = data.text("data"),
                               .count = data.integer("count"),
                               .top1 = data.number("top1"),
                               .top5 = data.number("top5"),
                               .top1Low = data.number("top1_low"),
                               .top1High = data.number("top1_high"),
                               .fidelity = data.optionalNumber("fidelity"),
                               .divergence = data.optionalNumber("divergence"),
                               .seconds = data.number("seconds"),
                               .rows = data.integers("rows")};
    for (const std::int64_t prediction : data.integers("predictions")) {
        if (!std::in_range<std::int32_t>(prediction))
            fail(ErrorCode::badFormat, "must be class numbers", data.nameOf("predictions"));
        accuracy.predictions.push_back(static_cast<std::int32_t>(prediction));
    }
    return accuracy;
}

json write(const results::Scope& scope) {
    const auto row = [](const results::Scope::Row& from) -> json {
        return {{"role", from.role}, {"description", from.description}, {"sites", from.sites}};
    };
    return {{"rows", listJson(scope.rows, row)},
            {"bops", numberJson(scope.bops)},
            {"float_bops", numberJson(scope.floatBops)},
            {"size_bytes", numberJson(scope.sizeBytes)},
            {"encoding_bytes", numberJson(scope.encodingBytes)},
            {"float_bytes", numberJson(scope.floatBytes)},
            {"average_weight_bits", numberJson(scope.averageWeightBits)},
            {"average_activation_bits", numberJson(scope.averageActivationBits)}};
}

results::Scope readScope(const Fields& data) {
    results::Scope scope{.bops = data.number("bops"),
                         .floatBops = data.number("float_bops"),
                         .sizeBytes = data.number("size_bytes"),
                         .encodingBytes = data.number("encoding_bytes"),
                         .floatBytes = data.number("float_bytes"),
                         .averageWeightBits = data.number("average_weight_bits"),
                         .averageActivationBits = data.number("average_activation_bits")};
    for (const Fields& row : data.objects("rows"))
        scope.rows.push_back(
            {.role = row.text("role"), .description = row.text("description"), .sites = row.integer("sites")});
    return scope;
}

// Candidates are columns: there are thousands of them.
json write(const results::SearchHistory& history) {
    using Candidate = results::SearchHistory::Candidate;
    const auto column = [&](auto value) { return listJson(history.candidates, value); };
    const auto site = [](const results::SearchHistory::Site& from) -> json {
        return {{"site", from.site},
                {"role", from.role},
                {"target", from.target},
                {"bits_before", from.bitsBefore},
                {"bits_after", from.bitsAfter},
                {"scales_before", listJson(from.scalesBefore, numberJson)},
                {"scales_after", listJson(from.scalesAfter, numberJson)}};
    };
    const auto budget = [](const results::SearchHistory::Budget& from) -> json {
        json data = {{"measure", from.measure}, {"unit", from.unit}, {"used", numberJson(from.used)}};
        if (from.allowed) data["allowed"] = numberJson(*from.allowed);
        return data;
    };
    return {{"targets", history.targets},
            {"evaluations", history.evaluations},
            {"rejected", history.rejected},
            {"left_out", history.leftOut},
            {"candidates",
             {{"evaluation", column([](const Candidate& c) { return c.evaluation; })},
              {"target", column([](const Candidate& c) { return c.target; })},
              {"pass", column([](const Candidate& c) { return c.pass; })},
              {"cycle", column([](const Candidate& c) { return c.cycle; })},
              {"fitness", column([](const Candidate& c) { return numberJson(c.fitness); })},
              {"best", column([](const Candidate& c) { return numberJson(c.best); })},
              {"worst", column([](const Candidate& c) { return numberJson(c.worst); })},
              {"accepted", column([](const Candidate& c) { return std::int64_t{c.accepted}; })},
              {"bits", column([](const Candidate& c) { return c.bits; })},
              {"change", column([](const Candidate& c) { return numberJson(c.change); })}}},
            {"sites", listJson(history.sites, site)},
            {"budgets", listJson(history.budgets, budget)}};
}

/// An integer of `list` within [0, limit).
std::int64_t indexBelow(std::int64_t value, std::size_t limit, const std::string& where) {
    if (value < 0 || !std::in_range<std::size_t>(value) || static_cast<std::size_t>(value) >= limit)
        fail(ErrorCode::badFormat, "is out of range", where);
    return value;
}

int bitsFrom(std::int64_t bits, const std::string& where) { return static_cast<int>(indexBelow(bits, 65, where)); }

std::vector<results::SearchHistory::Candidate> readCandidates(const Fields& data, std::size_t targets) {
    const std::vector<std::int64_t> evaluation = data.integers("evaluation"), target = data.integers("target"), pass = data.integers("pass"),
                                    cycle = data.integers("cycle"), accepted = data.integers("accepted"), bits = data.integers("bits");
    const std::vector<double> fitness = data.numbers("fitness"), best = data.numbers("best"), worst = data.numbers("worst"),
                              change = data.numbers("change");
    const std::size_t count = evaluation.size();
    for (const std::size_t size : {target.size(), pass.size(), cycle.size(), accepted.size(), bits.size(), fitness.size(), best.size(),
                                   worst.size(), change.size()})
        if (size != count) fail(ErrorCode::badFormat, "must be as long as evaluation", data.nameOf("columns"));
    std::vector<results::SearchHistory::Candidate> candidates;
    for (std::size_t i = 0; i < count; ++i)
        candidates.push_back({.evaluation = evaluation[i],
                              .target = indexBelow(target[i], targets, data.nameOf("target")),
                              .pass = pass[i],
                              .cycle = cycle[i],
                              .fitness = fitness[i],
                              .best = best[i],
                              .worst = worst[i],
                              .accepted = indexBelow(accepted[i], 2, data.nameOf("accepted")) == 1,
                              .bits = bitsFrom(bits[i], data.nameOf("bits")),
                              .change = change[i]});
    return candidates;
}

std::vector<float> readFloats(const Fields& data, const char* key) {
    const std::vector<double> numbers = data.numbers(key);
    std::vector<float> floats;
    for (const double number : numbers) floats.push_back(static_cast<float>(number));
    return floats;
}

results::SearchHistory readSearchHistory(const Fields& data) {
    results::SearchHistory history{.targets = data.texts("targets"),
                                   .evaluations = data.integer("evaluations"),
                                   .rejected = data.integer("rejected"),
                                   .leftOut = data.integer("left_out")};
    history.candidates = readCandidates(data.object("candidates"), history.targets.size());
    for (const Fields& site : data.objects("sites"))
        history.sites.push_back({.site = site.text("site"),
                                 .role = site.text("role"),
                                 .target = indexBelow(site.integer("target"), history.targets.size(), site.nameOf("target")),
                                 .bitsBefore = bitsFrom(site.integer("bits_before"), site.nameOf("bits_before")),
                                 .bitsAfter = bitsFrom(site.integer("bits_after"), site.nameOf("bits_after")),
                                 .scalesBefore = readFloats(site, "scales_before"),
                                 .scalesAfter = readFloats(site, "scales_after")});
    for (const Fields& budget : data.objects("budgets"))
        history.budgets.push_back({.measure = budget.text("measure"),
                                   .unit = budget.text("unit"),
                                   .used = budget.number("used"),
                                   .allowed = budget.optionalNumber("allowed")});
    return history;
}

json write(const results::SyntheticImages& images) { return syntheticImagesJson(images); }

results::Payload readPayload(const std::string& kind, const Fields& data) {
    if (kind == "layer_errors") return readLayerErrors(data);
    if (kind == "intervals") return readIntervals(data);
    if (kind == "histograms") return readHistograms(data);
    if (kind == "trace") return readTrace(data);
    if (kind == "table") return readTable(data);
    if (kind == "accuracy") return readAccuracy(data);
    if (kind == "scope") return readScope(data);
    if (kind == "search_history") return readSearchHistory(data);
    if (kind == "synthetic_images") return syntheticImagesFrom(data);
    fail(ErrorCode::unsupported, "holds a result of unknown kind \"" + kind + "\"", "artefact",
         "open it with a newer version of Vitrine");
}

}  // namespace

json toJson(const results::Artefact& artefact) {
    return {{"format", kFormat},
            {"id", artefact.id},
            {"title", artefact.title},
            {"kind", results::payloadKind(artefact.payload)},
            {"data", std::visit([](const auto& payload) { return write(payload); }, artefact.payload)}};
}

results::Artefact artefactFromJson(const json& document) {
    const Fields fields(document, "artefact");
    if (fields.integer("format") > kFormat)
        fail(ErrorCode::unsupported, "was written by a newer version of Vitrine", "artefact", "open it with that version");
    return {fields.text("id"), fields.text("title"), readPayload(fields.text("kind"), fields.object("data"))};
}

}  // namespace vitrine::project
