// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_sections.h"

#include <algorithm>
#include <cmath>

#include "report/number_text.h"
#include "report/tables.h"

namespace vitrine::report {
namespace {

constexpr std::size_t kWeakest = 5;
constexpr std::size_t kDrawnSites = 3;
constexpr std::size_t kLongestFreeTable = 200;  ///< rows of a method's own table; longer ones are exported only

std::string intervalText(const results::Accuracy& accuracy) {
    return "95\u00a0%: " + fixedText(accuracy.top1Low, 1) + " to " + fixedText(accuracy.top1High, 1) + "\u00a0%";
}

/// "+1.25" or "\u22121.25"
std::string signedText(double value, int decimals) {
    return (value < 0 ? "\u2212" : "+") + fixedText(std::abs(value), decimals);
}

void appendAccuracyFacts(Facts& facts, const RunContent& run) {
    const auto* floating = run.accuracy("float");
    const auto* quantized = run.accuracy("quantized");
    if (floating != nullptr)
        facts.items.push_back({"Top-1, float", percentText(floating->top1),
                               integerText(floating->count) + " images; " + intervalText(*floating)});
    if (quantized == nullptr) return;
    const std::string change = floating == nullptr ? "" : signedText(quantized->top1 - floating->top1, 2) + " points; ";
    facts.items.push_back({"Top-1, quantized", percentText(quantized->top1), change + intervalText(*quantized)});
    facts.items.push_back({"Top-5, quantized", percentText(quantized->top5),
                           floating == nullptr ? "" : "float " + percentText(floating->top5)});
    if (quantized->fidelity)
        facts.items.push_back({"Fidelity", percentText(*quantized->fidelity), "same arg-max as the float network"});
    if (quantized->divergence)
        facts.items.push_back({"Divergence", significantText(*quantized->divergence, 3) + " nats", "of the class probabilities from the float network's"});
}

std::string fewerText(double reduced, double full, const std::string& word, const std::string& fullText) {
    return full <= 0 || reduced <= 0 ? "" : ratioText(full, reduced) + " " + word + " than " + fullText;
}

void appendCostFacts(Facts& facts, const RunContent& run) {
    if (const auto* scope = run.scope()) {
        facts.items.push_back({"Model size", bytesText(scope->sizeBytes),
                               fewerText(scope->sizeBytes, scope->floatBytes, "smaller", bytesText(scope->floatBytes)) +
                                   "; scales and zero points add " + bytesText(scope->encodingBytes)});
        facts.items.push_back(
            {"Bit operations", operationsText(scope->bops),
             fewerText(scope->bops, scope->floatBops, "fewer", operationsText(scope->floatBops)) + ", for one image"});
        facts.items.push_back(
            {"Average bits",
             fixedText(scope->averageWeightBits, 2) + " / " + fixedText(scope->averageActivationBits, 2),
             "weights / activations"});
    }
    const auto memory = run.record.peakMemoryBytes;
    facts.items.push_back({"Time", durationText(run.record.seconds),
                           memory > 0 ? "at most " + bytesText(static_cast<double>(memory)) + " of memory" : ""});
}

Section section(std::string id, std::string title) { return {std::move(id), std::move(title), 1, {}}; }

Section scopeSection(const RunContent& run) {
    Section part = section("scope", "What was quantized");
    if (const auto* scope = run.scope()) part.blocks.emplace_back(scopeTable(*scope));
    return part;
}

Section parameterSection(const RunContent& run) {
    Section part = section("parameters", "Parameters");
    if (!run.record.parameters.empty()) part.blocks.emplace_back(parameterTable(run.record.parameters));
    if (!run.record.modelOverrides.empty()) {
        Table overrides = parameterTable(run.record.modelOverrides);
        overrides.id = "model-overrides";
        overrides.caption = "What the user said about the network";
        overrides.note.clear();
        part.blocks.emplace_back(std::move(overrides));
    }
    return part;
}

Figure figureOf(const RunContent& run, const std::string& name, std::string view, std::string caption,
                std::string options = {}) {
    return {run.record.id + "-" + name, run.record.id,      std::move(view),
            std::move(options),         std::move(caption), std::nullopt};
}

Section errorSection(const RunContent& run) {
    Section part = section("errors", "Errors layer by layer");
    for (const char* reference : {"local", "accumulated"}) {
        const auto* errors = run.errors(reference);
        if (errors == nullptr) continue;
        Table table = errorTable(*errors);
        part.blocks.emplace_back(
            figureOf(run, table.id, "errors", table.caption, std::string("{\"reference\": \"") + reference + "\"}"));
        part.blocks.emplace_back(std::move(table));
    }
    return part;
}

/// The sites whose values are to be shown: the weakest of those that have a histogram.
std::vector<std::string> drawnSites(const RunContent& run) {
    std::vector<std::string> known;
    for (const auto& artefact : run.artefacts)
        if (const auto* histograms = std::get_if<results::Histograms>(&artefact->payload))
            for (const results::Histogram& histogram : histograms->sites) known.push_back(histogram.site);
    std::vector<std::string> sites;
    if (const auto* errors = run.errors("local"))
        for (const auto& row : weakestSites(*errors, errors->rows.size()).rows)
            if (std::find(known.begin(), known.end(), row.site) != known.end()) sites.push_back(row.site);
    if (sites.empty()) sites = std::move(known);
    sites.resize(std::min(sites.size(), kDrawnSites));
    return sites;
}

void appendHistograms(Section& part, const RunContent& run) {
    for (const std::string& site : drawnSites(run)) {
        Figure figure =
            figureOf(run, "histogram-" + site, "histogram", "Values of " + site + " before and after quantization");
        figure.site = site;
        part.blocks.emplace_back(std::move(figure));
    }
}

Section intervalSection(const RunContent& run) {
    Section part = section("intervals", "Ranges");
    const auto* intervals = run.intervals();
    if (intervals == nullptr) return part;
    Table table = intervalTable(*intervals);
    part.blocks.emplace_back(figureOf(run, table.id, "intervals", table.caption));
    appendHistograms(part, run);
    part.blocks.emplace_back(std::move(table));
    return part;
}

/// Where the rows of an artefact are that is too long for a page.
Paragraph whereabouts(const results::Artefact& artefact, const Table& table) {
    return {table.caption + ": " + integerText(static_cast<std::int64_t>(table.rows.size())) +
            " rows, in the exports of the run as " + artefact.id + "."};
}

/// What the method emitted beside the artefacts that every run has.
Section ownSection(const RunContent& run) {
    Section part = section("artefacts", "Results of the method");
    const bool hasTraces = std::any_of(run.artefacts.begin(), run.artefacts.end(), [](const auto& artefact) {
        return std::holds_alternative<results::Trace>(artefact->payload);
    });
    if (hasTraces) part.blocks.emplace_back(figureOf(run, "traces", "traces", "Traces of the method"));
    for (const auto& artefact : run.artefacts) {
        const bool isTable = std::holds_alternative<results::Table>(artefact->payload);
        const bool isDrawn = std::holds_alternative<results::Trace>(artefact->payload) ||
                             std::holds_alternative<results::Histograms>(artefact->payload);
        if (!isTable && !isDrawn) continue;
        Table table = artefactTable(*artefact);
        if (isTable && table.rows.size() <= kLongestFreeTable)
            part.blocks.emplace_back(std::move(table));
        else
            part.blocks.emplace_back(whereabouts(*artefact, table));
    }
    return part;
}

Section inputSection(const RunContent& run) {
    Section part = section("inputs", "Inputs");
    Table files{"inputs",
                "What the run read",
                {{"role", "Role"},
                 {"path", "Path", "", Format::identifier},
                 {"images", "Images", "", Format::integer},
                 {"size", "Size", "bytes", Format::integer},
                 {"hash", "XXH3-128 of the file", "", Format::identifier},
                 {"content_hash", "of its images and labels", "", Format::identifier}},
                {},
                ""};
    for (const project::InputRecord& input : run.record.inputs)
        files.rows.push_back({input.role, input.path.relative.empty() ? input.path.absolute : input.path.relative,
                              input.images > 0 ? Cell(input.images) : Cell(),
                              input.size > 0 ? Cell(static_cast<std::int64_t>(input.size)) : Cell(),
                              input.hash.empty() ? Cell() : Cell(input.hash),
                              input.contentHash.empty() ? Cell() : Cell(input.contentHash)});
    if (!files.rows.empty()) part.blocks.emplace_back(std::move(files));
    return part;
}

Section environmentSection(const RunContent& run) {
    const project::RunRecord& record = run.record;
    Section part = section("environment", "Environment");
    Table facts{"environment", "Where and how it ran", {{"name", "What"}, {"value", "Value"}}, {}, ""};
    const auto add = [&](const std::string& name, const std::string& value) {
        if (!value.empty()) facts.rows.push_back({name, value});
    };
    add("state", std::string(project::runStateName(record.state)));
    add("started", record.started);
    add("ended", record.ended);
    for (const project::StageRecord& stage : record.stages) add("stage: " + stage.title, durationText(stage.seconds));
    add("seed", std::to_string(record.seed));
    add("device", record.device);
    add("threads", std::to_string(record.threads));
    add("batch", std::to_string(record.batch));
    for (const auto& [name, version] : record.versions) add("version of " + name, version);
    part.blocks.emplace_back(std::move(facts));
    return part;
}

}  // namespace

std::string runSubtitle(const project::RunRecord& record) {
    const std::string network = record.architecture.empty() ? record.family : record.architecture;
    const std::string bits = averageBitsText(record.figures);
    return record.methodTitle + (network.empty() ? "" : " on " + network) +
           (bits.empty() ? "" : ", average bits " + bits) + ", seed " + std::to_string(record.seed);
}

Section summarySection(const RunContent& run) {
    Section part = section("summary", "Summary");
    Facts facts;
    appendAccuracyFacts(facts, run);
    appendCostFacts(facts, run);
    part.blocks.emplace_back(std::move(facts));
    if (run.accuracy("float") != nullptr || run.accuracy("quantized") != nullptr)
        part.blocks.emplace_back(figureOf(run, "accuracy", "accuracy", "Accuracy with its 95\u00a0% intervals"));
    if (const auto* errors = run.errors("local")) {
        Table weakest = errorTable(weakestSites(*errors, kWeakest));
        weakest.id = "weakest";
        weakest.caption = "The weakest quantizers by SQNR";
        weakest.note.clear();
        if (!weakest.rows.empty()) part.blocks.emplace_back(std::move(weakest));
    }
    return part;
}

Section remarkSection(const RunContent& run) {
    Section part = section("remarks", "Warnings and assumptions");
    if (run.record.error) part.blocks.emplace_back(Paragraph{"The run failed: " + run.record.error->text()});
    if (run.record.state == project::RunState::kept)
        part.blocks.emplace_back(Paragraph{"The run was stopped early by the user; these are the results up to then."});
    std::vector<std::string> items = run.record.warnings;
    for (const std::string& assumption : run.record.assumptions) items.push_back("Assumed: " + assumption);
    if (!items.empty()) part.blocks.emplace_back(List{std::move(items)});
    return part;
}

std::vector<Section> runSections(const RunContent& run) {
    std::vector<Section> sections;
    for (auto* make : {summarySection, scopeSection, parameterSection, errorSection, intervalSection, ownSection,
                       inputSection, remarkSection, environmentSection})
        if (Section part = make(run); !part.blocks.empty()) sections.push_back(std::move(part));
    return sections;
}

}  // namespace vitrine::report
