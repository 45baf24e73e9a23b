// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/project.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/json_fields.h"
#include "core/project/sample_records.h"
#include "project/layout.h"
#include "support/temporary_folder.h"

namespace vitrine::project {
namespace {

namespace fs = std::filesystem;

RunRecord plainRecord(const std::string& method = "repq") {
    return {.method = method, .methodTitle = "Title", .device = "cpu", .figures = {.top1 = 50}};
}

std::string addRun(Project& project, RunState state = RunState::finished) {
    RunWriter writer = project.begin(plainRecord());
    for (const results::Artefact& artefact : test::sampleArtefacts()) writer.put(artefact);
    makeFolder(writer.modelFolder());
    writeFileAtomically(writer.modelFolder() / "quantized.json", "{}");
    makeFolder(writer.stateFolder());
    writer.complete(writer.record(), state);
    return writer.record().id;
}

RunState stateOf(const Project& project, const std::string& id) {
    for (const RunSummary& run : project.runs())
        if (run.id == id) return run.state;
    return RunState::damaged;
}

template <typename Action>
ErrorCode failureOf(Action action) {
    try {
        action();
    } catch (const Exception& exception) {
        return exception.error().code;
    }
    return ErrorCode::internal;
}

class ProjectTest : public ::testing::Test {
  protected:
    const test::TemporaryFolder temporary_;
    const fs::path folder_ = temporary_ / "study";
};

TEST_F(ProjectTest, StoresAndReadsARun) {
    Project project = Project::create(folder_, "My study");
    const std::string id = addRun(project);
    EXPECT_EQ(id, "r0001-repq");

    const Project again = Project::open(folder_);
    EXPECT_TRUE(again.warnings().empty());
    EXPECT_EQ(again.edits().name, "My study");
    ASSERT_EQ(again.runs().size(), 1u);
    EXPECT_EQ(again.runs().front().state, RunState::finished);
    EXPECT_EQ(again.runs().front().figures.top1, 50.0);
    EXPECT_EQ(again.artefacts(id).size(), test::sampleArtefacts().size());
    EXPECT_EQ(again.artefact(id, "scope")->title, "Scope");
    EXPECT_TRUE(fs::exists(again.modelFolder(id) / "quantized.json"));
    EXPECT_FALSE(again.run(id).ended.empty());
    EXPECT_FALSE(fs::exists(runStateFolder(again.runFolder(id)))) << "working state must go";
    EXPECT_FALSE(fs::exists(runLockPath(again.runFolder(id))));
}

TEST_F(ProjectTest, CreatesOnlyOnceAndOpensOnlyProjects) {
    EXPECT_THROW(Project::open(folder_), Exception);
    Project::create(folder_, "a");
    EXPECT_THROW(Project::create(folder_, "b"), Exception);
    EXPECT_EQ(Project::openOrCreate(folder_).edits().name, "a");
    EXPECT_EQ(Project::openOrCreate(temporary_ / "fresh").edits().name, "fresh");
}

TEST_F(ProjectTest, NumbersRunsInOrder) {
    Project project = Project::create(folder_, "study");
    addRun(project);
    RunWriter open = project.begin(plainRecord("baseline"));
    EXPECT_EQ(open.record().id, "r0002-baseline");
    EXPECT_EQ(addRun(project), "r0003-repq");
    std::vector<std::string> ids;
    for (const RunSummary& run : project.runs()) ids.push_back(run.id);
    EXPECT_EQ(ids, (std::vector<std::string>{"r0001-repq", "r0002-baseline", "r0003-repq"}));
    EXPECT_THROW(project.begin(plainRecord("../evil")), Exception);
}

TEST_F(ProjectTest, ARunIsRunningWhileItsWriterLivesThenInterrupted) {
    Project project = Project::create(folder_, "study");
    std::string id;
    {
        const RunWriter writer = project.begin(plainRecord());
        id = writer.record().id;
        EXPECT_EQ(stateOf(project, id), RunState::running);
        EXPECT_EQ(Project::open(folder_).run(id).state, RunState::running);
        EXPECT_THROW(project.resume(id), Exception) << "somebody else writes it";
    }
    EXPECT_EQ(stateOf(project, id), RunState::interrupted);
    EXPECT_EQ(project.run(id).state, RunState::interrupted);
}

TEST_F(ProjectTest, AnInterruptedRunIsTakenUpWithWhatItHad) {
    Project project = Project::create(folder_, "study");
    {
        RunWriter writer = project.begin(plainRecord());
        writer.put(test::sampleArtefacts().front());
        RunRecord record = writer.record();
        record.warnings = {"kept"};
        writer.update(record);
    }
    RunWriter writer = project.resume("r0001-repq");
    EXPECT_TRUE(writer.has("errors.local"));
    EXPECT_FALSE(writer.has("intervals"));
    EXPECT_EQ(writer.record().warnings, std::vector<std::string>{"kept"});
    writer.complete(writer.record(), RunState::kept);
    EXPECT_EQ(stateOf(project, "r0001-repq"), RunState::kept);
    EXPECT_THROW(project.resume("r0001-repq"), Exception) << "complete runs are immutable";
    EXPECT_THROW(project.resume("r0009-repq"), Exception);
}

TEST_F(ProjectTest, DiscardedRunsLeaveNothing) {
    Project project = Project::create(folder_, "study");
    project.begin(plainRecord()).discard();
    EXPECT_TRUE(project.runs().empty());
    EXPECT_TRUE(fs::is_empty(runsFolder(folder_)));
}

TEST_F(ProjectTest, ACrashBeforeTheManifestIsReplacedLosesNothing) {
    Project project = Project::create(folder_, "study");
    addRun(project);
    const std::string before = readTextFile(manifestPath(folder_));
    const std::string id = addRun(project);
    writeFileAtomically(manifestPath(folder_), before);  // as if the process had died after the renaming

    const Project again = Project::open(folder_);
    EXPECT_EQ(stateOf(again, id), RunState::finished);
    EXPECT_EQ(again.warnings().size(), 1u);
    EXPECT_TRUE(Project::open(folder_).warnings().empty()) << "repaired for good";
}

TEST_F(ProjectTest, ACrashBeforeTheRenamingLosesNothing) {
    Project project = Project::create(folder_, "study");
    const std::string before = readTextFile(manifestPath(folder_));
    const std::string id = addRun(project);
    writeFileAtomically(manifestPath(folder_), before);
    fs::rename(completeFolder(folder_, id), openFolder(folder_, id));

    const Project again = Project::open(folder_);
    EXPECT_EQ(stateOf(again, id), RunState::finished);
    EXPECT_TRUE(fs::exists(completeFolder(folder_, id)));
}

TEST_F(ProjectTest, AMissingOrDamagedManifestIsMadeAnew) {
    Project project = Project::create(folder_, "study");
    const std::string id = addRun(project);
    fs::remove(manifestPath(folder_));
    EXPECT_EQ(stateOf(Project::open(folder_), id), RunState::finished);
    writeFileAtomically(manifestPath(folder_), "{\"format\": 1, torn");
    const Project again = Project::open(folder_);
    EXPECT_EQ(stateOf(again, id), RunState::finished);
    EXPECT_FALSE(again.warnings().empty());
    EXPECT_EQ(readTextFile(folder_ / "study.vitrine.damaged"), "{\"format\": 1, torn");
}

TEST_F(ProjectTest, ANewerProjectIsReadOnlyAndStaysAsItIs) {
    Project project = Project::create(folder_, "study");
    const std::string id = addRun(project);
    auto document = nlohmann::json::parse(readTextFile(manifestPath(folder_)));
    document["format"] = 2;
    const std::string newer = document.dump();
    writeFileAtomically(manifestPath(folder_), newer);

    Project again = Project::open(folder_);
    EXPECT_TRUE(again.readOnly());
    EXPECT_EQ(stateOf(again, id), RunState::finished);
    EXPECT_THROW(again.begin(plainRecord()), Exception);
    EXPECT_THROW(again.setEdits({}), Exception);
    EXPECT_EQ(readTextFile(manifestPath(folder_)), newer);

    document["minimum_reader"] = 2;
    writeFileAtomically(manifestPath(folder_), document.dump());
    EXPECT_THROW(Project::open(folder_), Exception);
}

TEST_F(ProjectTest, TwoOpeningsKeepEachOthersEntries) {
    Project one = Project::create(folder_, "study");
    Project other = Project::open(folder_);
    RunWriter first = one.begin(plainRecord());
    RunWriter second = other.begin(plainRecord());
    one.setEdits({.name = "study", .notes = "from one"});
    second.complete(second.record(), RunState::finished);
    first.complete(first.record(), RunState::finished);
    const Project again = Project::open(folder_);
    EXPECT_EQ(again.runs().size(), 2u);
    EXPECT_EQ(again.edits().notes, "from one");
    EXPECT_TRUE(again.warnings().empty());
}

TEST_F(ProjectTest, EditsAreStoredAndRunsOfOthersSurviveThem) {
    Project one = Project::create(folder_, "study");
    EXPECT_EQ(one.edits(), Edits{.name = "study"});
    Project other = Project::open(folder_);
    const std::string id = addRun(other);
    Edits edits = test::sampleEdits();
    one.setEdits(edits);
    EXPECT_EQ(one.edits(), edits);
    const Project again = Project::open(folder_);
    EXPECT_EQ(again.edits(), edits);
    EXPECT_EQ(stateOf(again, id), RunState::finished);
    EXPECT_TRUE(again.warnings().empty()) << "the run stayed listed";

    const std::string before = readTextFile(manifestPath(folder_));
    edits.notes = std::string(kMaximumNotes + 1, 'n');
    EXPECT_THROW(one.setEdits(edits), Exception);
    EXPECT_EQ(one.edits(), test::sampleEdits());
    EXPECT_EQ(readTextFile(manifestPath(folder_)), before);
}

TEST_F(ProjectTest, BytesThatAreNoTextAreStoredAsWhatIsReadAgain) {
    Project project = Project::create(folder_, "study");
    project.setEdits({.name = "study", .notes = "x\xff"});
    EXPECT_EQ(project.edits(), Project::open(folder_).edits());
}

TEST_F(ProjectTest, ViewStateStandsBesideTheManifest) {
    Project project = Project::create(folder_, "study");
    EXPECT_EQ(project.viewState(), "");
    const std::string manifest = readTextFile(manifestPath(folder_));
    project.setViewState("{\"layout\": \"analyse\"}");
    EXPECT_EQ(Project::open(folder_).viewState(), "{\"layout\": \"analyse\"}");
    EXPECT_EQ(readTextFile(manifestPath(folder_)), manifest);
    EXPECT_EQ(failureOf([&] { project.setViewState("{torn"); }), ErrorCode::invalidArgument);
    EXPECT_EQ(failureOf([&] { project.setViewState('"' + std::string(kMaximumViewState, 'x') + '"'); }), ErrorCode::tooLarge);
    for (const std::string& damaged : {std::string("{\"layout\": "), '"' + std::string(kMaximumViewState, 'x') + '"'}) {
        writeFileAtomically(viewStatePath(folder_), damaged);
        const Project again = Project::open(folder_);
        EXPECT_EQ(again.viewState(), "");
        EXPECT_TRUE(again.warnings().empty());
    }
}

TEST_F(ProjectTest, EveryDamagedManifestIsKept) {
    Project::create(folder_, "study");
    for (const char* damaged : {"{first", "{second"}) {
        writeFileAtomically(manifestPath(folder_), damaged);
        Project project = Project::openOrCreate(folder_);
        addRun(project);
    }
    EXPECT_EQ(readTextFile(folder_ / "study.vitrine.damaged"), "{first");
    EXPECT_EQ(readTextFile(folder_ / "study.vitrine.damaged-2"), "{second");
}

TEST_F(ProjectTest, UnknownRunsAndResultsNameTheNearest) {
    Project project = Project::create(folder_, "study");
    const std::string id = addRun(project);
    try {
        project.run("r0002-repq");
        FAIL();
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::notFound);
        EXPECT_NE(exception.error().text().find(id), std::string::npos);
    }
    EXPECT_THROW(project.run("../../etc"), Exception);
    EXPECT_THROW(project.artefact(id, "interval"), Exception);
    RunWriter writer = project.begin(plainRecord());
    EXPECT_THROW(writer.put({"../x", "", results::Table{}}), Exception);
}

TEST_F(ProjectTest, CacheGivesBackWhatIsSound) {
    Project project = Project::create(folder_, "study");
    EXPECT_FALSE(project.cached("float-1234"));
    project.cache("float-1234", test::sampleArtefacts().at(5));
    ASSERT_TRUE(project.cached("float-1234"));
    EXPECT_EQ(project.cached("float-1234")->id, "accuracy.float");
    writeFileAtomically(cachePath(folder_, "float-1234"), "{");
    EXPECT_FALSE(project.cached("float-1234"));
}

TEST_F(ProjectTest, InputsAreFoundAfterTheProjectMoved) {
    writeFileAtomically(temporary_ / "model.bin", "x");
    const Project project = Project::create(folder_, "study");
    const StoredPath stored = project.store(temporary_ / "model.bin");
    EXPECT_EQ(stored.relative, "../model.bin");
    EXPECT_TRUE(project.store({}).empty());

    fs::create_directories(temporary_ / "elsewhere" / "deep");
    fs::rename(folder_, temporary_ / "elsewhere" / "deep" / "study");
    const Project alone = Project::open(temporary_ / "elsewhere" / "deep" / "study");
    EXPECT_TRUE(fs::exists(alone.locate(stored))) << "by the absolute form";
    fs::rename(temporary_ / "model.bin", temporary_ / "elsewhere" / "deep" / "model.bin");
    EXPECT_TRUE(fs::exists(alone.locate(stored))) << "by the relative form";
}

/// While it lives, writing more than a few bytes to a file fails, as on a full disk.
class FullDisk {
  public:
    FullDisk() : handler_(::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit tight = before_;
        tight.rlim_cur = 16;
        ::setrlimit(RLIMIT_FSIZE, &tight);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, handler_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    void (*handler_)(int);
    rlimit before_{};
};

TEST_F(ProjectTest, AFullDiskIsAnErrorAndLosesNothing) {
    Project project = Project::create(folder_, "study");
    const std::string done = addRun(project);
    RunWriter writer = project.begin(plainRecord());
    writer.put(test::sampleArtefacts().front());
    writer.update(writer.record());
    {
        const FullDisk full;
        EXPECT_EQ(failureOf([&] { writer.put(test::sampleArtefacts().front()); }), ErrorCode::ioFailure);
        EXPECT_EQ(failureOf([&] { writer.complete(writer.record(), RunState::finished); }), ErrorCode::ioFailure);
        EXPECT_EQ(failureOf([&] { project.begin(plainRecord()); }), ErrorCode::ioFailure);
        EXPECT_EQ(failureOf([&] { project.setEdits({.notes = "long"}); }), ErrorCode::ioFailure);
    }
    EXPECT_TRUE(validate(Project::open(folder_)).empty());
    EXPECT_EQ(stateOf(project, done), RunState::finished);
    writer.complete(writer.record(), RunState::finished);
    EXPECT_EQ(project.artefacts(writer.record().id).size(), 1u);
}

}  // namespace
}  // namespace vitrine::project
