// SPDX-License-Identifier: GPL-3.0-or-later
// Reports with figures that another program draws, here a shell script in its place; and what the user wrote about
// runs.
#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/process.h"
#include "base/files.h"
#include "project/project.h"
#include "support/temporary_folder.h"

namespace vitrine::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::size_t countOf(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

/// A project with two runs that nobody had to compute.
class ReportFigures : public ::testing::Test {
  protected:
    void SetUp() override {
        setenv("TMPDIR", folder_.path().c_str(), 1);  // where a killed program leaves its files
        project::Project project = project::Project::create(project_, "study");
        for (const double sqnr : {20.0, 30.0}) {
            project::RunWriter writer = project.begin({.method = "repq", .methodTitle = "RepQ-ViT"});
            writer.put(
                {"errors.local", "Errors",
                 results::LayerErrors{
                     "local", 8, {{"blocks.0.norm1", "post_layer_norm", "blocks.0", "uniform 4 bit", sqnr, 1, 0}}}});
            writer.put({"trace.loss", "Loss", results::Trace{"loss", "step", "loss", {0, 1}, {2, 1}}});
            writer.complete(writer.record(), project::RunState::finished);
        }
    }
    void TearDown() override {
        unsetenv("VITRINE_RENDERER");
        unsetenv("TMPDIR");
    }

    std::string path(const char* name) const { return (folder_ / name).string(); }

    /// Puts a script in the place of the renderer. It finds the list of figures in $2 and its own folder in $here.
    void renderer(const std::string& script) {
        const fs::path file = folder_ / "renderer";
        writeFileAtomically(file, "#!/bin/sh\nhere=$(dirname \"$0\")\n" + script);
        fs::permissions(file, fs::perms::owner_all);
        setenv("VITRINE_RENDERER", file.c_str(), 1);
    }

    ProcessResult report(std::vector<std::string> more = {}) {
        std::vector<std::string> arguments{"report", project_, "--html", path("report.html"), "--json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        ProcessResult result = run(arguments);
        EXPECT_EQ(result.exitCode, 0) << result.error;
        return result;
    }
    std::string html() const { return readTextFile(path("report.html")); }

    const TemporaryFolder folder_;
    const std::string project_ = (folder_ / "study").string();
};

/// Draws every figure that the list names, with the same ids in all of them.
const char* const kDrawAll =
    "cp \"$2\" \"$here/list.json\"; echo \"$1\" > \"$here/flag\"; echo called >> \"$here/calls\"; echo noise\n"
    "sed -n 's/.*\"out\": \"\\(.*\\)\".*/\\1/p' \"$2\" | while read -r out; do\n"
    "  echo \"<svg xmlns='http://www.w3.org/2000/svg' width='5mm'><path id='a'/><use href='#a'/></svg>\" > \"$out\"\n"
    "done\n";

TEST_F(ReportFigures, AreDrawnByOneCallOfTheRenderer) {
    renderer(kDrawAll);
    const ProcessResult result = report();
    EXPECT_THAT(result.error, IsEmpty());
    EXPECT_EQ(result.json()["figures"], 6);
    EXPECT_EQ(countOf(html(), "<figure id="), 6u);
    EXPECT_EQ(countOf(html(), "id=\"figure-r0001-repq-errors-local.a\""), 1u);
    EXPECT_THAT(html(), Not(HasSubstr("http://")));
    EXPECT_EQ(readTextFile(path("flag")), "--render-list\n");
    EXPECT_EQ(readTextFile(path("calls")), "called\n");

    const auto list = nlohmann::json::parse(readTextFile(path("list.json")));
    ASSERT_EQ(list.size(), 6u);
    EXPECT_EQ(list[0]["view"], "compare_summary");
    EXPECT_EQ(list[0]["run"], "r0001-repq");
    EXPECT_EQ(list[0]["against"], "r0002-repq");
    EXPECT_EQ(list[2]["view"], "errors");
    EXPECT_EQ(list[2]["against"], "");
    EXPECT_EQ(list[2]["options"], nlohmann::json({{"reference", "local"}}));
    for (const auto& request : list) {
        EXPECT_EQ(request["project"], project_);
        const bool chooses = request["against"] != "";  // the views of two runs know best how long they are
        EXPECT_EQ(request.contains("width_mm"), !chooses);
        EXPECT_EQ(request.contains("height_mm"), !chooses);
        EXPECT_TRUE(request["options"].is_object());
        EXPECT_FALSE(fs::exists(request["out"].get<std::string>())) << "its folder is removed";
    }
}

TEST_F(ReportFigures, ThoseThatFailLeaveTheirTables) {
    renderer(std::string(kDrawAll) +
             "rm \"$(sed -n 's/.*\"out\": \"\\(.*\\)\".*/\\1/p' \"$2\" | head -1)\"; echo 'run r0009 is gone' >&2; "
             "exit 1\n");
    const ProcessResult result = report();
    EXPECT_EQ(result.json()["figures"], 5);
    EXPECT_EQ(countOf(html(), "<figure id="), 5u);
    EXPECT_EQ(result.error, "warning: 1 of 6 figures could not be drawn: run r0009 is gone\n");
}

TEST_F(ReportFigures, DrawingsThatCouldRunSomethingAreRefused) {
    renderer(
        "sed -n 's/.*\"out\": \"\\(.*\\)\".*/\\1/p' \"$2\" | while read -r out; do echo '<svg><script/></svg>' > "
        "\"$out\"; done\n");
    const ProcessResult result = report();
    EXPECT_EQ(result.json()["figures"], 0);
    EXPECT_EQ(countOf(result.error, "script"), 6u);
    EXPECT_THAT(html(), Not(HasSubstr("<script")));
}

TEST_F(ReportFigures, AMissingOrUselessRendererCostsOneLine) {
    const auto expectTablesAlone = [&](const std::string& why) {
        const ProcessResult result = report();
        EXPECT_EQ(result.json()["figures"], 0);
        EXPECT_THAT(result.error, HasSubstr("the report has no figures"));
        EXPECT_THAT(result.error, HasSubstr(why));
        EXPECT_EQ(countOf(result.error, "\n"), 1u) << result.error;
        EXPECT_THAT(html(), HasSubstr("blocks."));
        EXPECT_THAT(html(), Not(HasSubstr("<figure")));
    };
    setenv("VITRINE_RENDERER", "/no/such/program", 1);
    expectTablesAlone("/no/such/program");
    renderer("exit 3\n");
    expectTablesAlone("no figures");
    writeFileAtomically(folder_ / "renderer", "no program");
    expectTablesAlone("cannot be started");
}

TEST_F(ReportFigures, NoneAreMadeWhenNoneAreWanted) {
    renderer(kDrawAll);
    const ProcessResult result = report({"--no-figures"});
    EXPECT_EQ(result.json()["figures"], 0);
    EXPECT_THAT(result.error, IsEmpty());
    EXPECT_FALSE(fs::exists(path("calls")));
}

/// Waits for the process id that the renderer leaves in a file.
pid_t rendererPid(const std::string& file) {
    for (int round = 0; round < 500 && !fs::exists(file); ++round)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return fs::exists(file) ? static_cast<pid_t>(std::stol(readTextFile(file))) : 0;
}

bool endsSoon(pid_t pid) {
    for (int round = 0; round < 500; ++round) {
        if (::kill(pid, 0) != 0) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

TEST_F(ReportFigures, TheRendererEndsWithItsCaller) {
    renderer("echo $$ > \"$here/pid.new\"; mv \"$here/pid.new\" \"$here/pid\"; exec sleep 600\n");
    for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
        fs::remove(path("pid"));
        Process process({"report", project_, "--html", path("report.html")});
        const pid_t renderer = rendererPid(path("pid"));
        ASSERT_GT(renderer, 1);
        process.interrupt(signal);
        const ProcessResult result = process.finish();
        EXPECT_EQ(result.exitCode, signal == SIGKILL ? -1 : 4);
        EXPECT_TRUE(endsSoon(renderer)) << "signal " << signal;
        EXPECT_FALSE(fs::exists(path("report.html")));
    }
}

TEST_F(ReportFigures, NamesAndNotesOfRunsAreShown) {
    project::Project project = project::Project::open(project_);
    project::Edits edits = project.edits();
    edits.runs["r0001-repq"] = {.name = "first try", .note = "too coarse\nsecond line", .pinned = true};
    project.setEdits(edits);
    const ProcessResult runs = run({"runs", project_});
    EXPECT_THAT(runs.out, HasSubstr("first try"));
    EXPECT_THAT(runs.out, HasSubstr("too coarse"));
    const auto list = run({"runs", project_, "--json"}).json()["runs"];
    EXPECT_EQ(list[0]["name"], "first try");
    EXPECT_EQ(list[0]["note"], "too coarse\nsecond line");
    EXPECT_EQ(list[0]["pinned"], true);
    EXPECT_FALSE(list[1].contains("name"));
    EXPECT_THAT(run({"show", project_, "r0001-repq"}).out, HasSubstr("Run r0001-repq (first try): RepQ-ViT"));
    EXPECT_THAT(run({"show", project_, "r0001-repq"}).out, HasSubstr("too coarse\n\nsecond line\n"));
    EXPECT_EQ(run({"show", project_, "r0001-repq", "--json"}).json()["name"], "first try");
    EXPECT_EQ(run({"compare", project_, "r0001-repq", "r0002-repq", "--json"}).json()["runs"][0]["name"], "first try");
}

}  // namespace
}  // namespace vitrine::test
