// SPDX-License-Identifier: GPL-3.0-or-later
// What a run tells while it works.
#include <gtest/gtest.h>

#include <map>

#include "base/error.h"
#include "core/runs/tiny_study.h"
#include "methods/method_info.h"
#include "project/project.h"
#include "runs/execution.h"
#include "runs/live_events.h"

namespace vitrine::runs {
namespace {

results::ArtefactPtr trace(const std::string& id, double value) {
    return std::make_shared<const results::Artefact>(results::Artefact{id, "T", results::Trace{.x = {value}, .y = {value}}});
}

/// Keeps what it is told; a clock that moves when told to.
struct Listener {
    RunEvents events() {
        return {.recordChanged = [this](const project::RunRecord& record) { records.push_back(record); },
                .artefact = [this](const results::ArtefactPtr& artefact) {
                    now += cost;
                    told.push_back(artefact);
                }};
    }
    double now = 0, cost = 0;
    std::vector<project::RunRecord> records;
    std::vector<results::ArtefactPtr> told;
};

TEST(LiveEvents, TellsEachArtefactFiveTimesASecondAndTheLastOne) {
    Listener listener;
    LiveEvents live(listener.events(), [&] { return listener.now; });
    for (int step = 0; step < 1000; ++step) {
        live.show(trace("a", step));
        live.show(trace("b", step));
        listener.now += 0.001;
    }
    EXPECT_EQ(listener.told.size(), 10u);
    live.catchUp();
    ASSERT_EQ(listener.told.size(), 12u);
    EXPECT_EQ(std::get<results::Trace>(listener.told.back()->payload).x.front(), 999);
    live.catchUp();
    EXPECT_EQ(listener.told.size(), 12u) << "nothing is held back any more";
}

TEST(LiveEvents, SpendsFewPercentOfTheTime) {
    Listener listener;
    listener.cost = 0.05;
    LiveEvents live(listener.events(), [&] { return listener.now; });
    const std::size_t steps = 100'000;
    for (std::size_t step = 0; step < steps; ++step) {
        live.show("a", [&] { return *trace("a", 1); });
        listener.now += 0.001;
    }
    EXPECT_LE(static_cast<double>(listener.told.size()) * listener.cost, 0.02 * listener.now + 2 * listener.cost);
    EXPECT_GE(listener.told.size(), 20u);
}

TEST(LiveEvents, MakesNothingForNobody) {
    LiveEvents live({});
    live.show("a", []() -> results::Artefact { throw std::logic_error("must not be made"); });
    live.show(trace("a", 1));
    live.showNow(trace("a", 1));
    live.catchUp();
    live.tell({});
    live.tellLast({});
}

TEST(LiveEvents, WholeArtefactsAreToldAtOnceAndNotAgain) {
    Listener listener;
    LiveEvents live(listener.events(), [&] { return listener.now; });
    live.show(trace("a", 1));
    live.show(trace("a", 2));
    live.showNow(trace("a", 3));
    live.catchUp();
    EXPECT_EQ(listener.told.size(), 2u);
}

class RunEventsTest : public ::testing::Test {
  protected:
    const test::TinyStudy study_;
};

TEST_F(RunEventsTest, TheLastFormOfEachArtefactIsTheStoredOne) {
    for (const char* method : {"baseline", "repq"}) {
        RunSpec spec = study_.spec(method);
        spec.method = method;
        spec.parameters = ParameterSet(methods::methodInfo(method).parameters);
        Listener listener;
        test::Calling calling;
        const RunOutcome outcome = execute(spec, calling.context, listener.events());
        std::map<std::string, results::ArtefactPtr> last;
        for (const results::ArtefactPtr& artefact : listener.told) last[artefact->id] = artefact;
        const project::Project project = project::Project::open(spec.project);
        const project::RunRecord record = project.run(outcome.id);
        EXPECT_EQ(last.size(), record.artefacts.size());
        for (const project::ArtefactRecord& stored : record.artefacts) {
            ASSERT_TRUE(last.contains(stored.id)) << stored.id;
            EXPECT_EQ(last.at(stored.id)->payload.index(), project.artefact(outcome.id, stored.id)->payload.index());
        }
        EXPECT_EQ(std::get<results::Accuracy>(last.at("accuracy.quantized")->payload).count, 18);
        EXPECT_EQ(std::get<results::LayerErrors>(last.at("errors.accumulated")->payload).images, 6);
        ASSERT_FALSE(listener.records.empty());
        EXPECT_EQ(listener.records.front().id, outcome.id);
        EXPECT_EQ(listener.records.front().state, project::RunState::running);
        EXPECT_EQ(listener.records.back().state, project::RunState::finished);
        EXPECT_EQ(listener.records.back().artefacts.size(), record.artefacts.size());
    }
}

TEST_F(RunEventsTest, ListeningDoesNotChangeTheBytes) {
    const RunSpec quiet = study_.spec("quiet"), heard = study_.spec("heard");
    const std::string alone = test::execute(quiet).id;
    Listener listener;
    test::Calling calling;
    const std::string watched = executeWith(test::StepMethod(), heard, calling.context, listener.events()).id;
    EXPECT_FALSE(listener.told.empty());
    EXPECT_EQ(test::resultFiles(heard.project, watched), test::resultFiles(quiet.project, alone));
}

TEST_F(RunEventsTest, AFailureIsTold) {
    const test::StepMethod method([](int step, jobs::Control&) {
        if (step == 2) fail(ErrorCode::tooLarge, "too much");
    });
    Listener listener;
    test::Calling calling;
    EXPECT_THROW(executeWith(method, study_.spec("study"), calling.context, listener.events()), Exception);
    EXPECT_EQ(listener.records.back().state, project::RunState::failed);
}

}  // namespace
}  // namespace vitrine::runs
