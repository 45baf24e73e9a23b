// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_pair.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "quant/encoding.h"
#include "report/number_text.h"
#include "report/tables.h"

namespace vitrine::report {
namespace {

enum class Preference { more, less, neither };

/// Where a figure comes from, and which of two values is the better one.
struct Measure {
    const char* id;
    const char* title;
    const char* unit;
    Preference preference;
    std::optional<double> (*value)(const RunContent& run);
};

const results::LayerErrors::Row* worstSite(const RunContent& run) {
    const auto* errors = run.errors("local");
    const results::LayerErrors::Row* worst = nullptr;
    if (errors != nullptr)
        for (const auto& row : errors->rows)
            if (row.sqnrDb < kExactDb && (worst == nullptr || row.sqnrDb < worst->sqnrDb)) worst = &row;
    return worst;
}

std::optional<double> meanSqnr(const RunContent& run) {
    const auto* errors = run.errors("local");
    if (errors == nullptr) return std::nullopt;
    double sum = 0;
    std::size_t count = 0;
    for (const auto& row : errors->rows) {
        if (!(row.sqnrDb < kExactDb)) continue;
        sum += row.sqnrDb;
        ++count;
    }
    if (count == 0) return std::nullopt;
    return sum / static_cast<double>(count);
}

template <typename Member>
std::optional<double> ofAccuracy(const RunContent& run, Member member) {
    const auto* accuracy = run.accuracy("quantized");
    return accuracy == nullptr || accuracy->count == 0 ? std::nullopt : std::optional<double>(accuracy->*member);
}

template <typename Member>
std::optional<double> ofScope(const RunContent& run, Member member, double unit) {
    const auto* scope = run.scope();
    return scope == nullptr ? std::nullopt : std::optional<double>(scope->*member / unit);
}

constexpr double kMega = 1e6;

const std::vector<Measure>& measures() {
    using Run = const RunContent&;
    using results::Accuracy;
    using results::Scope;
    static const std::vector<Measure> list{
        {"top1", "Top-1", "%", Preference::more, [](Run run) { return ofAccuracy(run, &Accuracy::top1); }},
        {"top5", "Top-5", "%", Preference::more, [](Run run) { return ofAccuracy(run, &Accuracy::top5); }},
        {"fidelity", "Fidelity", "%", Preference::more,
         [](Run run) {
             const auto* accuracy = run.accuracy("quantized");
             return accuracy == nullptr ? std::nullopt : accuracy->fidelity;
         }},
        {"divergence", "Divergence", "nats", Preference::less,
         [](Run run) {
             const auto* accuracy = run.accuracy("quantized");
             return accuracy == nullptr ? std::nullopt : accuracy->divergence;
         }},
        {"weight_bits", "Average bits, weights", "bits", Preference::neither,
         [](Run run) { return ofScope(run, &Scope::averageWeightBits, 1); }},
        {"activation_bits", "Average bits, activations", "bits", Preference::neither,
         [](Run run) { return ofScope(run, &Scope::averageActivationBits, 1); }},
        {"size", "Model size", "MB", Preference::less, [](Run run) { return ofScope(run, &Scope::sizeBytes, kMega); }},
        {"bops", "Bit operations", "G", Preference::less, [](Run run) { return ofScope(run, &Scope::bops, 1e9); }},
        {"seconds", "Time", "s", Preference::less,
         [](Run run) { return run.record.seconds > 0 ? std::optional(run.record.seconds) : std::nullopt; }},
        {"memory", "Peak memory", "MB", Preference::less,
         [](Run run) {
             const auto bytes = static_cast<double>(run.record.peakMemoryBytes);
             return bytes > 0 ? std::optional(bytes / kMega) : std::nullopt;
         }},
        {"mean_sqnr", "Mean SQNR", "dB", Preference::more, meanSqnr},
        {"worst_sqnr", "Lowest SQNR", "dB", Preference::more, [](Run run) {
             const auto* worst = worstSite(run);
             return worst == nullptr ? std::nullopt : std::optional(worst->sqnrDb);
         }}};
    return list;
}

std::string verdict(Preference preference, double difference) {
    if (preference == Preference::neither) return {};
    if (difference == 0) return "same";
    return (difference > 0) == (preference == Preference::more) ? "better" : "worse";
}

void addFigure(Table& table, const Measure& figure, const RunContent& a, const RunContent& b) {
    const auto first = figure.value(a), second = figure.value(b);
    if (!first && !second) return;
    std::vector<Cell> row{std::string(figure.id),
                          std::string(figure.title),
                          cellOf(first),
                          cellOf(second),
                          Cell(),
                          Cell(),
                          std::string(figure.unit),
                          Cell()};
    if (first && second) {
        const double difference = *second - *first;
        row[4] = difference;
        if (*first != 0 && std::string_view(figure.unit) != "dB") row[5] = 100 * difference / std::abs(*first);
        row[7] = verdict(figure.preference, difference);
    }
    table.rows.push_back(std::move(row));
}

std::string specText(const std::optional<quant::QuantizerSpec>& spec) {
    if (!spec) return "float";
    std::string text = std::string(quant::quantizerKindName(spec->kind)) + " " + std::to_string(spec->bits) + " bit";
    if (spec->symmetric) text += " symmetric";
    if (spec->granularity != quant::Granularity::tensor)
        text += " per " + std::string(quant::granularityName(spec->granularity));
    return text;
}

/// Settings by name, in the order in which they were first met.
class SettingRows {
  public:
    struct Side {
        std::optional<std::string> value;
        std::string state = {};
        std::string hash = {};  ///< tells inputs of the same name apart
    };
    struct Row {
        std::string id, unit, provenance;
        Side sides[2];
    };

    void add(std::size_t side, const std::string& id, const std::string& value) {
        if (!value.empty()) row(id).sides[side] = {value};
    }
    void add(std::size_t side, const project::InputRecord& input) {
        const std::string path = input.path.relative.empty() ? input.path.absolute : input.path.relative;
        std::string text = path.substr(path.find_last_of("/\\") + 1);
        if (input.images > 0) text += ", " + integerText(input.images) + " images";
        row(input.role).sides[side] = {text, "", input.contentHash.empty() ? input.hash : input.contentHash};
    }
    void add(std::size_t side, const project::ParameterRecord& parameter) {
        Row& entry = row(parameter.id);
        entry.unit = parameter.unit;
        entry.provenance = parameter.provenance;
        entry.sides[side] = {parameterText(parameter.value), parameter.isDefault ? "" : "changed"};
    }
    /// Where equal texts stand for different files, their hashes say so.
    void tellApart() {
        for (Row& each : rows_) {
            if (each.sides[0].value != each.sides[1].value || each.sides[0].hash == each.sides[1].hash) continue;
            for (Side& side : each.sides) *side.value += " (" + side.hash.substr(0, 8) + ")";
        }
    }
    const std::vector<Row>& rows() const { return rows_; }

  private:
    Row& row(const std::string& id) {
        const auto [entry, isNew] = places_.try_emplace(id, rows_.size());
        if (isNew) rows_.push_back({.id = id});
        return rows_[entry->second];
    }

    std::vector<Row> rows_;
    std::map<std::string, std::size_t> places_;
};

std::string comparisonText(const SettingRows::Row& row) {
    if (!row.sides[1].value) return "only A";
    if (!row.sides[0].value) return "only B";
    return row.sides[0].value == row.sides[1].value ? "" : "different";
}

double metricOf(const results::LayerErrors::Row& row, SiteMetric metric) {
    switch (metric) {
        case SiteMetric::cosine:
            return row.cosine;
        case SiteMetric::mse:
            return row.mse;
        case SiteMetric::sqnr:
            break;
    }
    return row.sqnrDb;
}

void judge(SitePair& pair, SiteMetric metric) {
    if (!pair.a || !pair.b || !std::isfinite(*pair.a) || !std::isfinite(*pair.b)) return;
    if (metric == SiteMetric::mse) {
        if (*pair.a <= 0 || *pair.b <= 0) return;
        pair.change = *pair.b / *pair.a;
        pair.size = std::abs(std::log10(*pair.change));
        if (*pair.change != 1) pair.better = *pair.change < 1;
        return;
    }
    if (metric == SiteMetric::sqnr && (*pair.a >= kExactDb || *pair.b >= kExactDb)) return;
    pair.change = *pair.b - *pair.a;
    pair.size = std::abs(*pair.change);
    if (*pair.change != 0) pair.better = *pair.change > 0;
}

void addBins(Table& table, const std::string& run, const results::Histogram& histogram) {
    for (std::vector<Cell>& row : histogramTable({{histogram}}).rows) {
        row.insert(row.begin(), Cell(run));
        table.rows.push_back(std::move(row));
    }
}

}  // namespace

Table figureComparison(const RunContent& a, const RunContent& b) {
    Table table{"figure-comparison",
                "Figures of both runs",
                {{"id", "Id", "", Format::identifier},
                 {"figure", "Figure"},
                 {"a", "A", "", Format::significant, 4},
                 {"b", "B", "", Format::significant, 4},
                 {"difference", "B \u2212 A", "", Format::significant, 3},
                 {"percent", "B \u2212 A", "% of A", Format::fixed, 1},
                 {"unit", "Unit"},
                 {"verdict", "B is", "", Format::label}},
                {},
                ""};
    table.columns[0].dataOnly = true;
    for (const Measure& figure : measures()) addFigure(table, figure, a, b);
    const auto* worstA = worstSite(a);
    const auto* worstB = worstSite(b);
    if (worstA != nullptr || worstB != nullptr)
        table.rows.push_back({std::string("worst_site"), std::string("Site with the lowest SQNR"),
                              worstA == nullptr ? Cell() : Cell(worstA->site),
                              worstB == nullptr ? Cell() : Cell(worstB->site), Cell(), Cell(), Cell(), Cell()});
    return table;
}

Table parameterComparison(const RunContent& a, const RunContent& b, Settings settings) {
    Table table{
        "parameter-comparison",
        "Settings of both runs",
        {{"id", "Setting", "", Format::identifier},
         {"a", "A"},
         {"b", "B"},
         {"unit", "Unit"},
         {"comparison", "Comparison", "", Format::label},
         {"state_a", "State A", "", Format::label},
         {"state_b", "State B", "", Format::label},
         {"provenance", "Default from", "", Format::label}},
        {},
        "changed: not the default. published: the paper says so; code: the official code does so; ours: our choice."};
    SettingRows rows;
    for (const std::size_t side : {0u, 1u}) {
        const RunContent& run = side == 0 ? a : b;
        rows.add(side, "method", run.record.methodTitle.empty() ? run.record.method : run.record.methodTitle);
        for (const project::InputRecord& input : run.record.inputs) rows.add(side, input);
        rows.add(side, "seed", std::to_string(run.record.seed));
        for (const auto* list : {&run.record.modelOverrides, &run.record.parameters})
            for (const project::ParameterRecord& parameter : *list) rows.add(side, parameter);
        for (std::size_t r = 0; r < run.record.rules.size(); ++r)
            rows.add(side, "rule " + std::to_string(r + 1),
                     run.record.rules[r].pattern + " \u2192 " + specText(run.record.rules[r].spec));
    }
    rows.tellApart();
    for (const SettingRows::Row& row : rows.rows()) {
        const std::string comparison = comparisonText(row);
        if (comparison.empty() && settings == Settings::different) continue;
        table.rows.push_back({row.id, cellOf(row.sides[0].value), cellOf(row.sides[1].value), row.unit, comparison,
                              row.sides[0].state, row.sides[1].state, row.provenance});
    }
    return table;
}

std::string_view siteMetricName(SiteMetric metric) {
    constexpr std::string_view kNames[] = {"sqnr", "cosine", "mse"};
    return kNames[static_cast<std::size_t>(metric)];
}

std::vector<SitePair> sitePairs(const RunContent& a, const RunContent& b, SiteMetric metric,
                                std::string_view reference) {
    std::vector<SitePair> pairs;
    std::map<std::string, std::size_t> places;
    for (const RunContent* run : {&a, &b}) {
        const auto* errors = run->errors(reference);
        if (errors == nullptr) continue;
        for (const auto& row : errors->rows) {
            const auto [entry, isNew] = places.try_emplace(row.site, pairs.size());
            if (isNew) pairs.push_back({.site = row.site, .role = row.role, .block = row.block});
            SitePair& pair = pairs[entry->second];
            (run == &a ? pair.a : pair.b) = metricOf(row, metric);
            if (&a == &b) pair.b = pair.a;
        }
    }
    for (SitePair& pair : pairs) judge(pair, metric);
    return pairs;
}

Table sitePairTable(const std::vector<SitePair>& pairs, SiteMetric metric, std::string_view reference) {
    const bool isMse = metric == SiteMetric::mse;
    Column value{"a",
                 "A",
                 "",
                 isMse ? Format::significant : Format::fixed,
                 isMse ? 3 : 2,
                 isMse ? Bar::logarithmic : Bar::linear};
    if (metric == SiteMetric::cosine) value.digits = 5;
    if (metric == SiteMetric::sqnr) {
        value.unit = "dB";
        value.exactFrom = kExactDb;
    }
    Column second = value;
    second.id = "b";
    second.title = "B";
    Column change{"difference", "B \u2212 A", value.unit, value.format, value.digits};
    if (isMse) change = {"ratio", "B \u00f7 A", "", Format::significant, 3};
    Column block{"block", "Block", "", Format::identifier};
    block.dataOnly = true;
    const std::string name = metric == SiteMetric::sqnr ? "SQNR" : isMse ? "MSE" : "Cosine";
    Table table{"site-pairs." + std::string(siteMetricName(metric)) + "." + std::string(reference),
                name + (reference == "local" ? " of each quantizer alone"
                                             : " of each layer with everything before it quantized"),
                {{"site", "Site", "", Format::identifier},
                 {"role", "Role"},
                 block,
                 value,
                 second,
                 change,
                 {"verdict", "B is", "", Format::label}},
                {},
                ""};
    for (const SitePair& pair : pairs) {
        const std::string word = pair.better ? (*pair.better ? "better" : "worse") : (pair.change ? "same" : "");
        table.rows.push_back(
            {pair.site, pair.role, pair.block, cellOf(pair.a), cellOf(pair.b), cellOf(pair.change), word});
    }
    return table;
}

bool sameBins(const results::Histogram& a, const results::Histogram& b) {
    if (a.quantizedCounts.size() != b.quantizedCounts.size() || a.floatCounts.size() != b.floatCounts.size()) return false;
    // Rewritten networks compute the same float values but for rounding, which moves the edges a little.
    const double slack = 0.01 * (a.high - a.low) / static_cast<double>(std::max<std::size_t>(a.quantizedCounts.size(), 1));
    return std::abs(a.low - b.low) <= slack && std::abs(a.high - b.high) <= slack;
}

Table histogramComparison(const results::Histogram* a, const results::Histogram* b) {
    Table table = histogramTable({});
    table.columns.insert(table.columns.begin(), {"run", "Run"});
    if (a != nullptr) addBins(table, "A", *a);
    const std::size_t rowsOfA = table.rows.size();
    if (b != nullptr) addBins(table, "B", *b);
    if (a == nullptr || b == nullptr || !sameBins(*a, *b)) return table;
    table.columns.push_back({"difference", "Quantized B \u2212 A", "", Format::integer});
    for (std::size_t r = 0; r < rowsOfA; ++r) table.rows[r].emplace_back();
    for (std::size_t bin = 0; rowsOfA + bin < table.rows.size(); ++bin)
        table.rows[rowsOfA + bin].emplace_back(b->quantizedCounts[bin] - a->quantizedCounts[bin]);
    return table;
}

}  // namespace vitrine::report
