// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <QToolButton>

#include "widgets/panels/jobs_panel_card.h"
#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

struct Method {
    const char* id;
    std::map<std::string, std::string> parameters;  ///< short, and long enough that every stage is seen at work
};

std::ostream& operator<<(std::ostream& out, const Method& method) { return out << method.id; }

/// Runs on the sample network that are interrupted in each of their stages, by the buttons of the list of jobs.
class JobStagesTest : public test::WindowTest, public ::testing::WithParamInterface<Method> {
  protected:
    JobStagesTest() : WindowTest(48) {}

    void SetUp() override {
        open();
        ASSERT_TRUE(openProject());
        spec_ = runs.spec(GetParam().id);
        for (const auto& [id, text] : GetParam().parameters) spec_.parameters.setText(id, text);
        window->registry().action(QStringLiteral("window.panel.jobs"))->trigger();
    }

    jobs::JobId start() { return window->session().jobs.addRun(spec_, QStringLiteral("Stages"), JobCenter::When::now); }
    const JobItem& item(jobs::JobId id) const { return *window->session().jobs.item(id); }

    /// Calls `act` at the first news of the job that is in this stage or, where that one passed between two news, behind it.
    bool at(jobs::JobId id, int stage, const std::function<void()>& act) {
        bool done = false;
        const auto look = [&](jobs::JobId changed) {
            if (done || changed != id || item(id).state != jobs::JobState::running || item(id).stage < stage) return;
            done = true;
            act();
        };
        QObject life;
        QObject::connect(&window->session().jobs, &JobCenter::changed, &life, look);
        look(id);
        return waitFor([&] { return done || isOver(id); }, 300) && done;
    }
    /// Presses a button of the job's card.
    void press(jobs::JobId id, const char* button) {
        for (JobCard* card : window->findChildren<JobCard*>())
            if (auto* found = card->findChild<QToolButton*>(QLatin1String(button)); card->id() == id && found != nullptr) return found->click();
        FAIL() << "no " << button << " for job " << id;
    }
    bool reaches(jobs::JobId id, jobs::JobState state) {
        return waitFor([&] { return item(id).state == state || jobs::isOver(item(id).state); }, 300) && item(id).state == state;
    }
    std::vector<project::RunSummary> stored() const { return project::Project::open(runs.project()).runs(); }

    runs::RunSpec spec_;
};

TEST_P(JobStagesTest, PausesAndGoesOnInEveryStage) {
    const jobs::JobId id = start();
    const int stages = static_cast<int>(item(id).stages.size());
    int paused = 0;
    for (int stage = 0; stage < stages; ++stage) {
        if (!at(id, stage, [&] { press(id, "jobPause"); })) break;
        if (!reaches(id, jobs::JobState::paused)) break;  // the last stage may end before its next safe point
        ++paused;
        const double done = item(id).progress.fraction;
        press(id, "jobResume");
        EXPECT_GE(item(id).progress.fraction, done);
    }
    EXPECT_GE(paused, stages - 2);
    ASSERT_TRUE(reaches(id, jobs::JobState::finished)) << (item(id).error ? item(id).error->text() : "");
    ASSERT_EQ(stored().size(), 1u);
    EXPECT_EQ(stored()[0].state, project::RunState::finished);
}

TEST_P(JobStagesTest, CancelledInAnyStageItLeavesNothing) {
    const jobs::JobId whole = start();
    const int stages = static_cast<int>(item(whole).stages.size());
    press(whole, "jobCancel");
    ASSERT_TRUE(reaches(whole, jobs::JobState::cancelled));
    for (int stage = 0; stage < stages; ++stage) {
        const jobs::JobId id = start();
        if (!at(id, stage, [&] { press(id, "jobCancel"); })) break;
        ASSERT_TRUE(waitFor([&] { return isOver(id); }, 60)) << item(id).stages[stage].toStdString();
        // What was done before the button was pressed is done.
        if (item(id).state == jobs::JobState::finished) break;
        EXPECT_EQ(item(id).state, jobs::JobState::cancelled) << item(id).stages[stage].toStdString();
        EXPECT_TRUE(stored().empty()) << item(id).stages[stage].toStdString();
        EXPECT_TRUE(waitFor([&] { return window->session().study.runs().empty(); }));
    }
}

TEST_P(JobStagesTest, StoppedInAnyStageItKeepsWhatThereIs) {
    const int stages = static_cast<int>(item(start()).stages.size());
    ASSERT_TRUE(waitFor([&] { return isOver(window->session().jobs.jobs().back()); }, 300));
    std::size_t kept = 0;
    for (int stage = 1; stage < stages; ++stage) {
        const jobs::JobId id = start();
        if (!at(id, stage, [&] { press(id, "jobKeep"); })) break;
        ASSERT_TRUE(waitFor([&] { return isOver(id); }, 300));
        EXPECT_TRUE(item(id).state == jobs::JobState::kept || item(id).state == jobs::JobState::finished) << item(id).stages[stage].toStdString();
        kept += item(id).state == jobs::JobState::kept ? 1 : 0;
        ASSERT_EQ(stored().size(), static_cast<std::size_t>(stage) + 1);
        EXPECT_TRUE(project::isComplete(stored().back().state));
    }
    EXPECT_GE(kept, 1u);
    EXPECT_TRUE(project::validate(project::Project::open(runs.project())).empty());
}

INSTANTIATE_TEST_SUITE_P(Methods, JobStagesTest,
                         ::testing::Values(Method{"repq", {}},
                                           Method{"cptv", {{"search.passes", "1"}, {"calibration.count", "16"}}},
                                           Method{"clampvit",
                                                  {{"synthesis.count", "4"}, {"synthesis.iterations", "10"}, {"search.passes", "1"}, {"search.cycles", "1"}}}),
                         [](const auto& method) { return std::string(method.param.id); });

}  // namespace
}  // namespace vitrine::widgets
