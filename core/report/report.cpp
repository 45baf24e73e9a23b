// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report.h"

#include <array>
#include <ctime>

#include "report/comparison.h"
#include "report/number_text.h"
#include "report/run_sections.h"

namespace vitrine::report {
namespace {

std::string utcNow() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 64> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
    return {text.data(), size};
}

void appendRun(Document& document, const RunContent& run) {
    const std::string& id = run.record.id;
    document.sections.push_back({"run-" + id, "Run " + id, 1, {Paragraph{runSubtitle(run.record)}}});
    for (Section part : runSections(run)) {
        part.id = id + "-" + part.id;
        part.level = 2;
        document.sections.push_back(std::move(part));
    }
}

}  // namespace

std::vector<Section> comparisonSections(const std::vector<RunContent>& runs) {
    std::vector<project::RunSummary> summaries;
    for (const RunContent& run : runs) summaries.push_back(project::summaryOf(run.record));
    Section overview{"comparison", "Comparison", 1, {figureTable(summaries)}};
    if (runs.size() == 2)
        if (const auto flips = flippedPredictions(runs[0], runs[1]))
            overview.blocks.emplace_back(Paragraph{integerText(flips->flipped) + " of " + integerText(flips->compared) +
                                                   " images are predicted differently by the two quantized networks."});
    if (Table differences = parameterDifferences(runs); !differences.rows.empty())
        overview.blocks.emplace_back(std::move(differences));
    std::vector<Section> sections{std::move(overview)};
    Table sites = siteComparison(runs);
    if (!sites.rows.empty()) {
        Figure figure{"comparison", runs.front().record.id, "compare_errors", "", sites.caption, std::nullopt};
        sections.push_back({"comparison-sites", "Site by site", 2, {std::move(figure), std::move(sites)}});
    }
    return sections;
}

Document studyReport(const project::Project& project, const std::vector<RunContent>& runs) {
    Document document;
    document.title = project.edits().name;
    document.generator = "Vitrine " VITRINE_VERSION;
    document.created = utcNow();
    if (!project.edits().notes.empty()) document.sections.push_back({"notes", "Notes", 1, {Paragraph{project.edits().notes}}});
    if (runs.size() == 1) {
        document.subtitle = "Run " + runs.front().record.id + ": " + runSubtitle(runs.front().record);
        for (Section& part : runSections(runs.front())) document.sections.push_back(std::move(part));
        return document;
    }
    document.subtitle = runs.empty() ? "No complete runs" : std::to_string(runs.size()) + " runs";
    if (!runs.empty())
        for (Section& part : comparisonSections(runs)) document.sections.push_back(std::move(part));
    for (const RunContent& run : runs) appendRun(document, run);
    return document;
}

}  // namespace vitrine::report
