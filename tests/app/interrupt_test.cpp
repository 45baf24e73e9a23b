// SPDX-License-Identifier: GPL-3.0-or-later
#include "interrupt.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <nlohmann/json.hpp>

#include "app/process.h"
#include "app/tiny_study.h"
#include "base/files.h"

namespace vitrine::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// What a watcher was told, in order.
class Reactions {
  public:
    void add(cli::Interrupt interrupt) {
        const std::lock_guard lock(mutex_);
        list_.push_back(interrupt);
        changed_.notify_all();
    }
    std::vector<cli::Interrupt> waitFor(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(30), [&] { return list_.size() >= count; });
        return list_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<cli::Interrupt> list_;
};

TEST(InterruptWatcher, FirstStopsSecondCancels) {
    Reactions reactions;
    const cli::InterruptWatcher watcher([&](cli::Interrupt interrupt) { reactions.add(interrupt); });
    raise(SIGINT);
    EXPECT_THAT(reactions.waitFor(1), ElementsAre(cli::Interrupt::stop));
    raise(SIGINT);
    EXPECT_THAT(reactions.waitFor(2), ElementsAre(cli::Interrupt::stop, cli::Interrupt::cancel));
}

TEST(InterruptWatcher, TerminationCancelsAtOnce) {
    Reactions reactions;
    const cli::InterruptWatcher watcher([&](cli::Interrupt interrupt) { reactions.add(interrupt); });
    raise(SIGTERM);
    EXPECT_THAT(reactions.waitFor(1), ElementsAre(cli::Interrupt::cancel));
}

/// Arguments of work that takes minutes: the pictures again and again, one at a time.
std::vector<std::string> longWork(const TinyStudy& study, const std::string& command) {
    std::string rows;
    for (int i = 0; i < 400'000; ++i) rows += std::to_string(i % 12) + "\n";
    writeFileAtomically(study.path("rows.txt"), rows);
    if (command == "eval")
        return {"eval", study.model(), "--images", study.images(), "--rows", study.path("rows.txt"), "--batch",
                "1",    "--threads",   "1",        "--json"};
    return {"run",
            "--project",
            study.project(),
            "--model",
            study.model(),
            "--calib",
            study.images(),
            "--method",
            "baseline",
            "--eval",
            study.images(),
            "--eval-rows",
            study.path("rows.txt"),
            "--batch",
            "1",
            "--threads",
            "1",
            "--json"};
}

TEST(Interrupt, CtrlCStopsAnEvaluationAndKeepsItsCount) {
    const TinyStudy study;
    Process process(longWork(study, "eval"));
    ASSERT_TRUE(process.waitForError(" %"));
    process.interrupt(SIGINT);
    const ProcessResult result = process.finish();
    EXPECT_EQ(result.exitCode, 4) << result.error;
    EXPECT_THAT(result.error, HasSubstr("Ctrl+C again"));
    EXPECT_EQ(result.json()["complete"], false);
    EXPECT_LT(result.json()["count"], 400'000);
}

TEST(Interrupt, CtrlCKeepsARun) {
    const TinyStudy study;
    Process process(longWork(study, "run"));
    ASSERT_TRUE(process.waitForError("evaluate"));
    process.interrupt(SIGINT);
    const ProcessResult result = process.finish();
    EXPECT_EQ(result.exitCode, 4) << result.error;
    EXPECT_EQ(result.json()["state"], "kept");
    const auto runs = run({"runs", study.project(), "--json"}).json()["runs"];
    ASSERT_EQ(runs.size(), 1u);
    EXPECT_EQ(runs[0]["state"], "kept");
}

TEST(Interrupt, TerminationCancelsARunAndLeavesNothing) {
    const TinyStudy study;
    Process process(longWork(study, "run"));
    ASSERT_TRUE(process.waitForError("evaluate"));
    process.interrupt(SIGTERM);
    const ProcessResult result = process.finish();
    EXPECT_EQ(result.exitCode, 4) << result.error;
    EXPECT_EQ(result.signal, 0);
    EXPECT_EQ(result.json()["error"]["code"], "stopped");
    EXPECT_THAT(run({"runs", study.project(), "--json"}).json()["runs"], IsEmpty());
}

TEST(Interrupt, AKilledRunCanBeResumed) {
    const TinyStudy study;
    {
        Process process(longWork(study, "run"));
        ASSERT_TRUE(process.waitForError("evaluate"));
        process.interrupt(SIGKILL);
        EXPECT_EQ(process.finish().signal, SIGKILL);
    }
    const auto runs = run({"runs", study.project(), "--json"}).json()["runs"];
    ASSERT_EQ(runs.size(), 1u);
    EXPECT_EQ(runs[0]["state"], "interrupted");
    const std::string id = runs[0]["id"];
    const std::vector<std::string> resume = {"run", "--project", study.project(), "--resume", id, "--json"};
    std::vector<std::string> other = resume;
    other.insert(other.end(), {"--method", "repq"});
    EXPECT_EQ(run(other).exitCode, 2) << "a resumed run keeps its method";

    Process process(resume);
    ASSERT_TRUE(process.waitForError("evaluate"));
    process.interrupt(SIGINT);
    const ProcessResult resumed = process.finish();
    EXPECT_EQ(resumed.exitCode, 4) << resumed.error;
    EXPECT_EQ(resumed.json()["id"], id);
}

}  // namespace
}  // namespace vitrine::test
