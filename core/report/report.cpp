// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report.h"

#include <array>
#include <ctime>

#include "base/error.h"
#include "report/number_text.h"
#include "report/run_sections.h"
#include "report/svg.h"

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

/// "Run r0001-repq: first try"
std::string runTitle(const project::Project& project, const RunContent& run) {
    const std::string name = noteOf(project.edits(), run.record.id).name;
    return "Run " + run.record.id + (name.empty() ? "" : ": " + name);
}

void appendNote(Section& section, const project::Project& project, const RunContent& run) {
    for (Paragraph& line : paragraphsOf(noteOf(project.edits(), run.record.id).note))
        section.blocks.emplace_back(std::move(line));
}

void appendRun(Document& document, const project::Project& project, const RunContent& run) {
    const std::string& id = run.record.id;
    Section head{"run-" + id, runTitle(project, run), 1, {Paragraph{runSubtitle(run.record)}}};
    appendNote(head, project, run);
    document.sections.push_back(std::move(head));
    for (Section part : runSections(run)) {
        part.id = id + "-" + part.id;
        part.level = 2;
        document.sections.push_back(std::move(part));
    }
}

/// A figure that sets two runs beside each other; views compare two.
void appendFigure(Section& section, const std::vector<RunContent>& runs, const std::string& view,
                  const std::string& caption) {
    if (runs.size() != 2) return;
    Figure figure{"comparison-" + view, runs[0].record.id, view, "", caption, std::nullopt};
    figure.against = runs[1].record.id;
    figure.widthMm = figure.heightMm = 0;  // tables are as long as they are
    section.blocks.emplace_back(std::move(figure));
}

}  // namespace

std::vector<Section> comparisonSections(const std::vector<RunContent>& runs, const RunNotes& notes) {
    std::vector<project::RunSummary> summaries;
    for (const RunContent& run : runs) summaries.push_back(project::summaryOf(run.record));
    Table figures = figureTable(summaries, notes);
    shareColumns(figures, {"float_top1", "count", "state"});
    Section overview{"comparison", "Comparison", 1, {std::move(figures)}};
    if (runs.size() == 2)
        if (const auto flips = flippedPredictions(runs[0], runs[1]))
            overview.blocks.emplace_back(Paragraph{integerText(flips->flipped) + " of " + integerText(flips->compared) +
                                                   " images are predicted differently by the two quantized networks."});
    appendFigure(overview, runs, "compare_summary", "Figures of both runs and their differences");
    if (Table differences = parameterDifferences(runs); !differences.rows.empty())
        overview.blocks.emplace_back(std::move(differences));
    std::vector<Section> sections{std::move(overview)};
    Table sites = siteComparison(runs);
    if (!sites.rows.empty()) {
        Section part{"comparison-sites", "Site by site", 2, {}};
        appendFigure(part, runs, "compare_sites", sites.caption);
        part.blocks.emplace_back(std::move(sites));
        sections.push_back(std::move(part));
    }
    return sections;
}

Document studyReport(const project::Project& project, const std::vector<RunContent>& runs) {
    Document document;
    document.title = project.edits().name;
    document.generator = "Vitrine " VITRINE_VERSION;
    document.created = utcNow();
    Section notes{"notes", "Notes", 1, {}};
    for (Paragraph& line : paragraphsOf(project.edits().notes)) notes.blocks.emplace_back(std::move(line));
    if (!notes.blocks.empty()) document.sections.push_back(std::move(notes));
    if (runs.size() == 1) {
        document.subtitle = runTitle(project, runs.front()) + ": " + runSubtitle(runs.front().record);
        Section remark{"note", "Note", 1, {}};
        appendNote(remark, project, runs.front());
        if (!remark.blocks.empty()) document.sections.push_back(std::move(remark));
        for (Section& part : runSections(runs.front())) document.sections.push_back(std::move(part));
        return document;
    }
    document.subtitle = runs.empty() ? "No complete runs" : std::to_string(runs.size()) + " runs";
    if (!runs.empty())
        for (Section& part : comparisonSections(runs, project.edits().runs))
            document.sections.push_back(std::move(part));
    for (const RunContent& run : runs) appendRun(document, project, run);
    return document;
}

std::vector<std::string> fillFigures(Document& document, const FigureSource& source) {
    std::vector<std::string> refused;
    for (Figure* figure : figuresOf(document)) {
        figure->svg = source(*figure);
        if (!figure->svg) continue;
        try {
            embeddableSvg(*figure->svg, {});
        } catch (const Exception& exception) {
            refused.push_back("the drawing of figure " + figure->id + " is left out: it " + exception.error().what);
            figure->svg.reset();
        }
    }
    return refused;
}

}  // namespace vitrine::report
