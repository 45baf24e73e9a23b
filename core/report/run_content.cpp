// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_content.h"

#include <map>
#include <set>

#include "report/number_text.h"
#include "report/tables.h"

namespace vitrine::report {
namespace {

template <typename Payload, typename Accept>
const Payload* findPayload(const std::vector<results::ArtefactPtr>& artefacts, Accept accept) {
    for (const auto& artefact : artefacts)
        if (const auto* payload = std::get_if<Payload>(&artefact->payload); payload != nullptr && accept(*payload))
            return payload;
    return nullptr;
}

template <typename Row>
std::map<std::string, const Row*> bySite(const std::vector<Row>* rows) {
    std::map<std::string, const Row*> index;
    if (rows != nullptr)
        for (const Row& row : *rows) index.emplace(row.site, &row);
    return index;
}

template <typename Row>
const Row* lookUp(const std::map<std::string, const Row*>& index, const std::string& site) {
    const auto found = index.find(site);
    return found == index.end() ? nullptr : found->second;
}

/// The sites in network order, each once.
std::vector<std::string> sitesOf(const RunContent& run) {
    std::vector<std::string> sites;
    std::set<std::string> seen;
    const auto take = [&](const auto* list) {
        if (list == nullptr) return;
        for (const auto& row : list->rows)
            if (seen.insert(row.site).second) sites.push_back(row.site);
    };
    take(run.errors("local"));
    take(run.intervals());
    take(run.errors("accumulated"));
    return sites;
}

std::vector<Column> layerColumns() {
    const auto number = [](std::string id, std::string title, std::string unit, Format format, int digits) {
        return Column{std::move(id), std::move(title), std::move(unit), format, digits};
    };
    std::vector<Column> columns = {{"site", "Site", "", Format::identifier},
                                   {"role", "Role"},
                                   {"block", "Block"},
                                   {"quantizer", "Quantizer"},
                                   number("bits", "Bits", "", Format::integer, 0),
                                   number("sqnr_db", "SQNR", "dB", Format::fixed, 2),
                                   number("cosine", "Cosine", "", Format::fixed, 5),
                                   number("mse", "MSE", "", Format::significant, 3),
                                   number("accumulated_sqnr_db", "SQNR accum.", "dB", Format::fixed, 2),
                                   number("accumulated_cosine", "Cosine accum.", "", Format::fixed, 5),
                                   number("accumulated_mse", "MSE accum.", "", Format::significant, 3)};
    for (const auto& [id, title] :
         {std::pair{"minimum", "Minimum"}, {"maximum", "Maximum"}, {"low", "Covered from"}, {"high", "Covered to"}})
        columns.push_back(number(id, title, "", Format::significant, 4));
    columns.push_back(number("clipped_percent", "Clipped", "%", Format::fixed, 3));
    for (Column& column : columns) {
        if (column.unit == "dB") column.exactFrom = kExactDb;
        if (column.id == "block" || column.id == "accumulated_cosine" || column.id == "accumulated_mse")
            column.dataOnly = true;
    }
    return columns;
}

void appendErrors(std::vector<Cell>& cells, const results::LayerErrors::Row* row) {
    if (row == nullptr)
        cells.insert(cells.end(), 3, Cell());
    else
        cells.insert(cells.end(), {Cell(row->sqnrDb), Cell(row->cosine), Cell(row->mse)});
}

}  // namespace

const results::LayerErrors* RunContent::errors(std::string_view reference) const {
    return findPayload<results::LayerErrors>(artefacts,
                                             [&](const auto& errors) { return errors.reference == reference; });
}

const results::Accuracy* RunContent::accuracy(std::string_view subject) const {
    return findPayload<results::Accuracy>(artefacts, [&](const auto& accuracy) { return accuracy.subject == subject; });
}

const results::Intervals* RunContent::intervals() const {
    // Methods tell the ranges of their calibration too; those of the finished model stand under this id and count first.
    for (const results::ArtefactPtr& artefact : artefacts)
        if (artefact->id == "intervals")
            if (const auto* found = std::get_if<results::Intervals>(&artefact->payload)) return found;
    return findPayload<results::Intervals>(artefacts, [](const auto&) { return true; });
}

const results::Scope* RunContent::scope() const {
    return findPayload<results::Scope>(artefacts, [](const auto&) { return true; });
}

RunContent readRun(const project::Project& project, const std::string& id) {
    return {project.run(id), project.artefacts(id)};
}

std::vector<RunContent> readRuns(const project::Project& project, const std::vector<std::string>& ids) {
    std::vector<std::string> wanted = ids;
    if (wanted.empty())
        for (const project::RunSummary& summary : project.runs())
            if (project::isComplete(summary.state)) wanted.push_back(summary.id);
    std::vector<RunContent> runs;
    for (const std::string& id : wanted) runs.push_back(readRun(project, id));
    return runs;
}

Table layerTable(const RunContent& run) {
    Table table{"layers", "Sites", layerColumns(), {}, ""};
    const auto* localErrors = run.errors("local");
    const auto* accumulatedErrors = run.errors("accumulated");
    const auto* ranges = run.intervals();
    const auto local = bySite(localErrors == nullptr ? nullptr : &localErrors->rows);
    const auto accumulated = bySite(accumulatedErrors == nullptr ? nullptr : &accumulatedErrors->rows);
    const auto intervals = bySite(ranges == nullptr ? nullptr : &ranges->rows);
    for (const std::string& site : sitesOf(run)) {
        const auto* alone = lookUp(local, site);
        const auto* behind = lookUp(accumulated, site);
        const auto* range = lookUp(intervals, site);
        const auto* named = alone != nullptr ? alone : behind;
        std::vector<Cell> cells{site};
        cells.push_back(named != nullptr ? Cell(named->role) : Cell(range->role));
        cells.push_back(named != nullptr ? Cell(named->block) : Cell());
        cells.push_back(named != nullptr ? Cell(named->quantizer) : Cell());
        cells.push_back(range != nullptr && range->bits > 0 ? Cell(std::int64_t{range->bits}) : Cell());
        appendErrors(cells, alone);
        appendErrors(cells, behind);
        if (range == nullptr)
            cells.insert(cells.end(), 5, Cell());
        else
            cells.insert(cells.end(), {Cell(range->minimum), Cell(range->maximum), Cell(range->low), Cell(range->high),
                                       Cell(100 * range->clippedFraction)});
        table.rows.push_back(std::move(cells));
    }
    return table;
}

std::string averageBitsText(const project::RunFigures& figures) {
    if (!figures.averageWeightBits || !figures.averageActivationBits) return {};
    return "W" + fixedText(*figures.averageWeightBits, 2) + " A" + fixedText(*figures.averageActivationBits, 2);
}

}  // namespace vitrine::report
