// SPDX-License-Identifier: GPL-3.0-or-later
// Runs on images that are made, and runs that start from the model of another run.
#include "runs/synthesis.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "core/runs/tiny_study.h"
#include "methods/synthesizer_info.h"
#include "project/project.h"
#include "project/synthetic_export.h"
#include "runs/execution.h"
#include "runs/preview.h"

namespace vitrine::runs {
namespace {

namespace fs = std::filesystem;

SyntheticCalibration few(const std::string& method = "psaq") {
    SyntheticCalibration synthetic{method, ParameterSet(methods::synthesizerInfo(method).parameters)};
    synthetic.parameters.setText("synthesis.count", "4");
    if (method == "noise") return synthetic;
    synthetic.parameters.setText("synthesis.iterations", "3");
    synthetic.parameters.setText("synthesis.rounds", "1");
    return synthetic;
}

class SyntheticRuns : public ::testing::Test {
  protected:
    RunSpec spec(const std::string& project, const std::string& synthesizer = "psaq") const {
        RunSpec spec = study_.spec(project);
        spec.calibration = {};
        spec.synthetic = few(synthesizer);
        return spec;
    }

    const test::TinyStudy study_;
};

TEST_F(SyntheticRuns, EveryMethodCalibratesOnThem) {
    for (const std::string synthesizer : {"noise", "psaq", "psaq2", "clampvit"})
        for (const std::string method : {"baseline", "repq"}) {
            RunSpec wanted = spec("study-" + synthesizer, synthesizer);
            wanted.method = method;
            wanted.parameters = ParameterSet(methods::methodInfo(method).parameters);
            const RunOutcome outcome = test::executePlain(wanted);
            EXPECT_EQ(outcome.state, project::RunState::finished);
            const project::Project project = project::Project::open(wanted.project);
            const auto images = project.artefact(outcome.id, "synthesis.images");
            EXPECT_EQ(std::get<results::SyntheticImages>(images->payload).method, synthesizer);
            EXPECT_NO_THROW(project.artefact(outcome.id, "errors.local")) << "measured on the images that were made";
            const project::RunRecord record = project.run(outcome.id);
            ASSERT_TRUE(record.synthetic);
            EXPECT_EQ(record.synthetic->method, synthesizer);
            ASSERT_FALSE(record.stages.empty());
            EXPECT_EQ(record.stages.front().id, "synthetic") << "the making of the images is a stage of the run";
            EXPECT_TRUE(std::filesystem::exists(project::wholeImagesPath(project.runFolder(outcome.id))));
        }
}

TEST_F(SyntheticRuns, MethodsThatMakeImagesAreMeasuredOnThemAndKeepThem) {
    for (const std::string method : {"noise", "psaq", "clampvit"}) {
        RunSpec wanted = spec("method-" + method);
        wanted.synthetic.reset();
        wanted.method = method;
        wanted.parameters = ParameterSet(methods::methodInfo(method).parameters);
        wanted.parameters.setText("synthesis.count", "4");
        if (method != "noise") wanted.parameters.setText("synthesis.iterations", "2");
        if (method == "clampvit") wanted.parameters.setText("search.passes", "1");
        const RunOutcome outcome = test::executePlain(wanted);
        const project::Project project = project::Project::open(wanted.project);
        for (const char* measured : {"errors.local", "errors.accumulated", "intervals"}) EXPECT_NO_THROW(project.artefact(outcome.id, measured)) << method;
        const auto images = project.artefact(outcome.id, "synthesis.images");
        const auto& shown = std::get<results::SyntheticImages>(images->payload);
        const auto written = project::exportSyntheticImages(shown, static_cast<std::int64_t>(shown.sheets.size()) - 1, wanted.project / "set",
                                                            project::wholeImagesPath(project.runFolder(outcome.id)));
        EXPECT_EQ(written.count, 4);
        EXPECT_EQ(written.width, shown.width);
        EXPECT_FALSE(written.shrunk);
        EXPECT_TRUE(project::validate(project).empty()) << method;
    }
}

TEST_F(SyntheticRuns, ResumeToTheSameBytes) {
    const RunSpec whole = spec("whole");
    const auto expected = test::resultFiles(whole.project, test::execute(whole).id);
    const RunSpec broken = spec("broken");
    const test::StepMethod breaking([](int step, jobs::Control&) { if (step == 2) fail(ErrorCode::ioFailure, "no space left", "disk"); });
    EXPECT_THROW(test::execute(broken, breaking), Exception);
    const RunSpec resumed = resumeSpec(broken.project, "r0001-baseline");
    ASSERT_TRUE(resumed.synthetic);
    EXPECT_EQ(resumed.synthetic->method, "psaq");
    EXPECT_EQ(resumed.synthetic->parameters.integer("synthesis.count"), 4);
    EXPECT_EQ(test::resultFiles(broken.project, test::execute(resumed).id), expected);

    const RunSpec left = spec("left");
    test::Calling calling([](const jobs::ProgressReport& report, jobs::Control& control) {
        if (report.stage == "make images" && report.detail.starts_with("iteration 2")) control.leave();
    });
    EXPECT_THROW(executeWith(test::StepMethod(), left, calling.context), Exception);
    EXPECT_EQ(test::resultFiles(left.project, test::execute(resumeSpec(left.project, "r0001-baseline")).id), expected);
}

TEST_F(SyntheticRuns, AreEitherMadeOrRead) {
    RunSpec both = study_.spec("study");
    both.synthetic = few();
    EXPECT_THROW(test::executePlain(both), Exception);
    RunSpec good = spec("study");
    EXPECT_NE(commandLine(good).find("--synthetic psaq --synthetic-set synthesis.count=4"), std::string::npos);
    const auto fatal = [](const RunSpec& of) {
        for (const Problem& problem : findProblems(of, {}))
            if (problem.fatal) return true;
        return false;
    };
    EXPECT_FALSE(fatal(good));
    EXPECT_TRUE(fatal(both));
    good.synthetic->method = "psak";
    EXPECT_TRUE(fatal(good));
    EXPECT_THROW(test::executePlain(good), Exception);
}

TEST_F(SyntheticRuns, ImagesAreWrittenInTrueColours) {
    const RunSpec run = spec("study");
    SynthesisSpec wanted{.model = run.model, .modelOverrides = run.modelOverrides, .synthetic = few("clampvit"), .output = study_ / "images", .seed = 3};
    test::Calling calling;
    const SynthesisResult result = synthesizeImages(wanted, calling.context);
    EXPECT_EQ(result.files.size(), 4u);
    for (const std::string& file : result.files) EXPECT_TRUE(fs::exists(wanted.output / file));
    const std::string table = readTextFile(wanted.output / "images.csv", 1 << 20);
    EXPECT_TRUE(table.starts_with("file,label,prepared,prediction,confidence,contrastive,class,variation\nimage_0000.png,")) << table;
    const RunOutcome outcome = test::executePlain([&] {
        RunSpec again = study_.spec("again");
        again.calibration = {.path = wanted.output / "images.csv"};
        return again;
    }());
    EXPECT_EQ(outcome.state, project::RunState::finished) << "the table calibrates";
    jobs::JobContext stopped{calling.control, calling.progress};
    calling.control.cancel();
    EXPECT_THROW(synthesizeImages(wanted, stopped), Exception);
}

class StartRuns : public SyntheticRuns {
  protected:
    RunSpec cptv(const std::string& project, const std::string& start) const {
        RunSpec spec = study_.spec(project);
        spec.method = "cptv";
        spec.parameters = ParameterSet(methods::methodInfo("cptv").parameters);
        spec.parameters.setText("start.run", start);
        spec.parameters.setText("search.passes", "1");
        spec.parameters.setText("loss.batch", "4");
        return spec;
    }
};

TEST_F(StartRuns, TakeTheModelOfTheNamedRun) {
    RunSpec first = study_.spec("study");
    const RunOutcome begun = test::executePlain(first);
    const RunOutcome outcome = test::executePlain(cptv("study", begun.id));
    EXPECT_EQ(outcome.state, project::RunState::finished);
    const project::Project project = project::Project::open(first.project);
    for (const auto& parameter : project.run(outcome.id).parameters)
        if (parameter.id == "start.run") {
            EXPECT_EQ(std::get<std::string>(parameter.value), begun.id);
        }
    // The search begins where the other run ended: without passes it is its model.
    RunSpec nothing = cptv("study", begun.id);
    nothing.parameters.setText("search.passes", "0");
    const RunOutcome same = test::executePlain(nothing);
    const auto file = [&](const std::string& run) { return readTextFile(project.modelFolder(run) / "quantized.json", 1 << 24); };
    if (fs::exists(project.modelFolder(begun.id) / "quantized.json")) {
        EXPECT_EQ(file(same.id), file(begun.id));
    }
    EXPECT_EQ(project.run(same.id).figures.top1, project.run(begun.id).figures.top1);
}

TEST_F(StartRuns, AreRefusedWhereTheyDoNotFit) {
    const RunSpec first = study_.spec("study");
    const RunOutcome begun = test::executePlain(first);
    EXPECT_THROW(test::executePlain(cptv("study", "r0099-repq")), Exception);
    EXPECT_THROW(test::executePlain(cptv("elsewhere", begun.id)), Exception);
    // An interrupted run has no model yet.
    const test::StepMethod breaking([](int step, jobs::Control&) { if (step == 1) fail(ErrorCode::ioFailure, "no space left", "disk"); });
    EXPECT_THROW(test::execute(study_.spec("study"), breaking), Exception);
    try {
        test::executePlain(cptv("study", "r0002-baseline"));
        FAIL();
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().where, "start.run");
    }
    // Another network.
    const fs::path other = study_ / "other.safetensors";
    std::string bytes = readTextFile(first.model, 1 << 26);
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    writeFileAtomically(other, bytes);
    RunSpec foreign = cptv("study", begun.id);
    foreign.model = other;
    try {
        test::executePlain(foreign);
        FAIL();
    } catch (const Exception& exception) {
        EXPECT_NE(exception.error().what.find("another network"), std::string::npos);
    }
}

}  // namespace
}  // namespace vitrine::runs
