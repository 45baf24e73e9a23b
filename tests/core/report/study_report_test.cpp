// SPDX-License-Identifier: GPL-3.0-or-later
// From a project on disk to documents, tables and JSON.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "report/comparison.h"
#include "report/csv.h"
#include "report/html.h"
#include "report/report.h"
#include "report/run_json.h"
#include "report/run_sections.h"
#include "report/text.h"
#include "support/temporary_folder.h"

namespace vitrine::report {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

results::Accuracy accuracyOf(const std::string& subject, std::vector<std::int32_t> predictions) {
    results::Accuracy accuracy{.subject = subject,
                               .data = "images.csv",
                               .count = 3,
                               .top1 = 66.67,
                               .top5 = 100,
                               .top1Low = 20.8,
                               .top1High = 93.9,
                               .seconds = 0.5,
                               .predictions = std::move(predictions),
                               .rows = {4, 5, 6}};
    if (subject == "quantized") accuracy.fidelity = 66.67;
    return accuracy;
}

project::RunRecord recordOf(std::int64_t bits, const std::string& evaluation) {
    project::RunRecord record;
    record.method = "repq";
    record.methodTitle = "RepQ-ViT";
    record.parameters = {{"weight.bits", bits, "published", "bits", false}, {"repq.compat", false, "ours", "", true}};
    record.seed = 7;
    record.architecture = "vit_<tiny>";
    record.inputs = {
        {.role = "evaluation", .path = {"../images.csv", "/data/images.csv"}, .hash = "h", .contentHash = evaluation}};
    record.warnings = {"a <b>warning</b>"};
    record.assumptions = {"GELU in the erf form"};
    record.figures = {.floatTop1 = 66.67, .top1 = 66.67, .averageWeightBits = 4.02, .averageActivationBits = 4.1};
    return record;
}

/// A project with runs as a method would leave them.
class StudyReport : public ::testing::Test {
  protected:
    std::string addRun(std::int64_t bits, double sqnr, std::vector<std::int32_t> predictions,
                       const std::string& evaluation = "same") {
        project::RunWriter writer = project_.begin(recordOf(bits, evaluation));
        const auto put = [&](const std::string& id, results::Payload payload) {
            writer.put({id, id, std::move(payload)});
        };
        put("errors.local",
            results::LayerErrors{"local",
                                 8,
                                 {{"blocks.0.norm1", "post_layer_norm", "blocks.0", "uniform 4 bit", sqnr, 0.98, 0.01},
                                  {"head.weight", "weight", "head", "float", 999, 1, 0}}});
        put("errors.accumulated",
            results::LayerErrors{
                "accumulated", 8, {{"blocks.0.norm1", "output", "blocks.0", "", sqnr - 3, 0.9, 0.02}}});
        put("intervals",
            results::Intervals{{{"blocks.0.norm1", "post_layer_norm", 4, -2, 3, -1, 2, -1.5, 1.5, 0.125, {}}}});
        put("histograms", results::Histograms{{{"head.weight", -1, 1, {1, 2}, {2, 1}, {}},
                                               {"blocks.0.norm1", -1, 1, {1, 2}, {2, 1}, {}}}});
        put("scope", results::Scope{{{"weight", "uniform 4 bit per channel", 3}}, 1e9, 8e9, 1024, 64, 8192, 4.02, 4.1});
        put("accuracy.float", accuracyOf("float", {0, 1, 2}));
        put("accuracy.quantized", accuracyOf("quantized", std::move(predictions)));
        put("trace.loss", results::Trace{"loss", "step", "loss", {0, 1}, {2, 1}});
        const std::string id = writer.record().id;
        writer.complete(writer.record(), project::RunState::finished);
        return id;
    }

    test::TemporaryFolder folder_;
    project::Project project_ = project::Project::create(folder_ / "study", "A study");
};

std::vector<std::string> titlesOf(const Document& document) {
    std::vector<std::string> titles;
    for (const Section& section : document.sections) titles.push_back(section.title);
    return titles;
}

TEST_F(StudyReport, OneRunHasEverySection) {
    addRun(4, 20, {0, 1, 0});
    project_.setEdits({.name = "A study", .notes = "why this was done"});
    const Document document = studyReport(project_, readRuns(project_, {}));
    EXPECT_EQ(document.title, "A study");
    EXPECT_THAT(document.subtitle, HasSubstr("RepQ-ViT on vit_<tiny>"));
    EXPECT_THAT(titlesOf(document),
                ElementsAre("Notes", "Summary", "What was quantized", "Parameters", "Errors layer by layer", "Ranges",
                            "Results of the method", "Inputs", "Warnings and assumptions", "Environment"));
    const std::string html = toHtml(document);
    for (const char* part :
         {"why this was done", "66.67", "8.00\u00d7 smaller", "published", "blocks.<wbr>0.<wbr>norm1", "exact",
          "Assumed: GELU", "vit_&lt;tiny&gt;", "a &lt;b&gt;warning"})
        EXPECT_THAT(html, HasSubstr(part));
}

std::vector<std::string> viewsOf(Document& document) {
    std::vector<std::string> views;
    for (const Figure* figure : figuresOf(document)) views.push_back(figure->view);
    return views;
}

TEST_F(StudyReport, FiguresNameTheirRunAndAreLeftEmpty) {
    const std::string id = addRun(4, 20, {0, 1, 0});
    Document document = studyReport(project_, readRuns(project_, {}));
    EXPECT_THAT(viewsOf(document), ElementsAre("accuracy", "errors", "errors", "intervals", "histogram", "traces"));
    std::set<std::string> ids;
    for (const Figure* figure : figuresOf(document)) {
        EXPECT_EQ(figure->run, id);
        EXPECT_TRUE(figure->against.empty());
        EXPECT_FALSE(figure->svg);
        EXPECT_FALSE(figure->caption.empty());
        EXPECT_TRUE(figure->options.empty() || nlohmann::json::parse(figure->options).is_object());
        EXPECT_TRUE(ids.insert(figure->id).second) << figure->id << " is there twice";
    }
    EXPECT_EQ(figuresOf(document)[2]->options, "{\"reference\": \"accumulated\"}");
    EXPECT_EQ(figuresOf(document)[4]->site, "blocks.0.norm1") << "the weakest that has a histogram";
}

TEST_F(StudyReport, FiguresOfAComparisonNameBothRuns) {
    addRun(4, 20, {0, 1, 0});
    addRun(8, 35, {0, 1, 2});
    Document two = studyReport(project_, readRuns(project_, {}));
    std::set<std::string> ids;
    for (const Figure* figure : figuresOf(two)) EXPECT_TRUE(ids.insert(figure->id).second) << figure->id;
    EXPECT_EQ(figuresOf(two)[0]->view, "compare_summary");
    EXPECT_EQ(figuresOf(two)[0]->heightMm, 0) << "a table of no fixed length";
    EXPECT_EQ(figuresOf(two)[1]->view, "compare_sites");
    EXPECT_EQ(figuresOf(two)[1]->run, "r0001-repq");
    EXPECT_EQ(figuresOf(two)[1]->against, "r0002-repq");
    addRun(8, 35, {0, 1, 2});
    Document three = studyReport(project_, readRuns(project_, {}));
    EXPECT_THAT(viewsOf(three), Not(Contains("compare_sites"))) << "views compare two runs";
}

TEST_F(StudyReport, FiguresAreFilledByWhoCanDraw) {
    addRun(4, 20, {0, 1, 0});
    Document document = studyReport(project_, readRuns(project_, {}));
    const auto refused = fillFigures(document, [](const Figure& figure) -> std::optional<std::string> {
        if (figure.view == "traces") return std::nullopt;
        if (figure.view == "intervals") return "<svg onload='x'/>";
        return "<svg><title>" + figure.view + "</title></svg>";
    });
    ASSERT_EQ(refused.size(), 1u);
    EXPECT_THAT(refused[0], HasSubstr("intervals"));
    EXPECT_THAT(refused[0], HasSubstr("onload"));
    const std::string html = toHtml(document);
    EXPECT_THAT(html, HasSubstr("<title>histogram</title>"));
    EXPECT_THAT(html, Not(HasSubstr("onload")));
    EXPECT_THAT(html, Not(HasSubstr("Traces of the method")));
}

TEST_F(StudyReport, NamesAndNotesOfRunsStandInTheirHeads) {
    const std::string id = addRun(4, 20, {0, 1, 0});
    project::Edits edits = project_.edits();
    edits.runs[id] = {.name = "first <try>", .note = "too coarse & slow\n\nsecond line\r\n"};
    project_.setEdits(edits);
    const std::string one = toHtml(studyReport(project_, readRuns(project_, {})));
    EXPECT_THAT(one, HasSubstr("r0001-repq: first &lt;try&gt;: RepQ-ViT"));
    EXPECT_THAT(one, HasSubstr("too coarse &amp; slow"));
    addRun(8, 35, {0, 1, 2});
    const std::string two = toHtml(studyReport(project_, readRuns(project_, {})));
    EXPECT_THAT(two, HasSubstr("Run r0001-repq: first &lt;try&gt;</h2>"));
    EXPECT_THAT(two, HasSubstr("<p>too coarse &amp; slow</p>\n<p>second line</p>"));
    EXPECT_THAT(two, HasSubstr("too coarse &amp; slow \u2026</td>")) << "its first line, in the table of runs";
}

TEST_F(StudyReport, TheTableOfRunsNamesThemAndCutsLongNotes) {
    addRun(4, 20, {0, 1, 0});
    const Table plain = figureTable(project_.runs());
    EXPECT_THAT(toText(plain), Not(HasSubstr("Name")));
    std::string note(59, 'n');
    note += "\u00e9\u00e9";
    const Table named = figureTable(project_.runs(), {{"r0001-repq", {.name = "first try", .note = note}}});
    EXPECT_THAT(toText(named), HasSubstr("first try"));
    EXPECT_EQ(named.rows[0].back(), Cell(std::string(59, 'n') + "\u2026")) << "never inside of a character";
}

TEST_F(StudyReport, WhatAllRunsShareIsSaidOnceBelowTheirTable) {
    addRun(4, 20, {0, 1, 0});
    addRun(8, 35, {0, 1, 2});
    Table table = figureTable(project_.runs());
    const std::size_t columns = shownColumns(table).size();
    shareColumns(table, {"float_top1", "count", "state", "top1"});
    EXPECT_EQ(shownColumns(table).size(), columns - 3) << "top-1 differs";
    EXPECT_THAT(table.note, AllOf(HasSubstr("float top-1"), HasSubstr("state finished"), Not(HasSubstr("Top-1"))));
    EXPECT_THAT(toCsv(table), AllOf(HasSubstr("float_top1"), HasSubstr("finished"))) << "files keep them";
    Table one = figureTable({project_.runs().front()});
    shareColumns(one, {"state"});
    EXPECT_TRUE(one.note.empty());
    const std::string html = toHtml(studyReport(project_, readRuns(project_, {})));
    EXPECT_THAT(html, HasSubstr("The same in all runs: "));
    EXPECT_THAT(html, HasSubstr("<table class=\"wide\">")) << "words of wide tables may wrap";
}

TEST_F(StudyReport, SeveralRunsBeginWithTheirComparison) {
    addRun(4, 20, {0, 1, 0});
    addRun(8, 35, {0, 1, 2});
    const auto titles = titlesOf(studyReport(project_, readRuns(project_, {})));
    EXPECT_EQ(titles[0], "Comparison");
    EXPECT_THAT(titles, Contains("Run r0001-repq"));
    EXPECT_THAT(titles, Contains("Run r0002-repq"));
}

TEST_F(StudyReport, AProjectWithoutRunsStillGivesAReport) {
    EXPECT_THAT(toHtml(studyReport(project_, {})), HasSubstr("No complete runs"));
}

TEST_F(StudyReport, ComparisonNamesDifferencesOnly) {
    addRun(4, 20, {0, 1, 0});
    addRun(8, 35, {0, 1, 2});
    const auto runs = readRuns(project_, {"r0001-repq", "r0002-repq"});
    const Table parameters = parameterDifferences(runs);
    ASSERT_EQ(parameters.rows.size(), 1u);
    EXPECT_EQ(parameters.rows[0], (std::vector<Cell>{std::string("weight.bits"), std::string("4"), std::string("8")}));

    const Table sites = siteComparison(runs);
    ASSERT_EQ(sites.rows.size(), 2u);
    EXPECT_EQ(sites.rows[0].back(), Cell(15.0));
    EXPECT_EQ(sites.rows[1].back(), Cell()) << "no difference between exact sites";

    const auto flips = flippedPredictions(runs[0], runs[1]);
    ASSERT_TRUE(flips);
    EXPECT_EQ(flips->compared, 3);
    EXPECT_EQ(flips->flipped, 1);
}

TEST_F(StudyReport, PredictionsOnOtherImagesAreNotCompared) {
    addRun(4, 20, {0, 1, 0}, "one set");
    addRun(4, 20, {0, 1, 0}, "another set");
    auto runs = readRuns(project_, {});
    runs[1].record.inputs[0].hash = "other";
    EXPECT_FALSE(flippedPredictions(runs[0], runs[1]));
}

TEST_F(StudyReport, LayerTableJoinsErrorsAndRanges) {
    const auto run = readRun(project_, addRun(4, 20, {0, 1, 0}));
    const Table table = layerTable(run);
    ASSERT_EQ(table.rows.size(), 2u);
    const auto cell = [&](std::size_t row, const std::string& id) {
        const auto column =
            std::find_if(table.columns.begin(), table.columns.end(), [&](const Column& c) { return c.id == id; });
        return table.rows[row][static_cast<std::size_t>(column - table.columns.begin())];
    };
    EXPECT_EQ(cell(0, "sqnr_db"), Cell(20.0));
    EXPECT_EQ(cell(0, "accumulated_sqnr_db"), Cell(17.0));
    EXPECT_EQ(cell(0, "bits"), Cell(std::int64_t{4}));
    EXPECT_EQ(cell(0, "clipped_percent"), Cell(12.5));
    EXPECT_EQ(cell(1, "bits"), Cell());
    EXPECT_THAT(toText(table), HasSubstr("exact"));
}

TEST_F(StudyReport, JsonHasTheKeysThatScriptsRead) {
    const auto run = readRun(project_, addRun(4, 20, {0, 1, 0}));
    const auto json = runToJson(run);
    EXPECT_EQ(json["id"], "r0001-repq");
    EXPECT_EQ(json["top1"], 66.67);
    EXPECT_EQ(json["parameters"]["weight.bits"], 4);
    EXPECT_EQ(json["changed"], nlohmann::json({"weight.bits"}));
    EXPECT_EQ(json["quantized"]["low"], 20.8);
    EXPECT_FALSE(json["float"].contains("fidelity"));
    EXPECT_EQ(json["layers"].size(), 2u);
    EXPECT_EQ(json["cost"]["size_bytes"], 1024);
    const auto exported = exportToJson(run);
    EXPECT_EQ(exported["artefacts"].size(), 8u);
    EXPECT_EQ(exported["quantized"]["predictions"][2]["row"], 6);
}

TEST_F(StudyReport, SummaryAsTextIsAligned) {
    const auto run = readRun(project_, addRun(4, 20, {0, 1, 0}));
    const std::string text = toText(std::vector<Section>{summarySection(run)});
    EXPECT_THAT(text, HasSubstr("Summary\n=======\n"));
    EXPECT_THAT(text, HasSubstr("Model size        1.02 kB"));
    EXPECT_THAT(text, Not(HasSubstr("\u202f")));
}

}  // namespace
}  // namespace vitrine::report
