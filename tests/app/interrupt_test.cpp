// SPDX-License-Identifier: GPL-3.0-or-later
#include "interrupt.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <memory>
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

/// A search that takes seconds, and the text on stderr that tells that it is in its middle.
struct KilledSearch {
    std::string method;
    std::vector<std::string> parameters;
    std::string middle;
};

class SearchInterrupt : public ::testing::TestWithParam<KilledSearch> {
  protected:
    const TinyStudy study;

    std::vector<std::string> arguments(const std::string& project) const {
        std::vector<std::string> all = {"run", "--project", project, "--model", study.model(), "--method", GetParam().method,
                                        "--threads", "1", "--json"};
        if (GetParam().method == "cptv") all.insert(all.end(), {"--calib", study.images()});
        for (const std::string& each : GetParam().parameters) all.insert(all.end(), {"--set", each});
        return all;
    }
    /// Starts the search, and waits until it is in its middle.
    std::unique_ptr<Process> begun() const {
        auto process = std::make_unique<Process>(arguments(study.project()));
        EXPECT_TRUE(process->waitForError(GetParam().middle));
        return process;
    }
};

TEST_P(SearchInterrupt, KilledInItsMiddleItEndsAsIfNothingHadBeen) {
    {
        const auto process = begun();
        process->interrupt(SIGKILL);
        ASSERT_EQ(process->finish().signal, SIGKILL);
    }
    const auto runs = run({"runs", study.project(), "--json"}).json()["runs"];
    ASSERT_EQ(runs.size(), 1u);
    ASSERT_EQ(runs[0]["state"], "interrupted");
    const ProcessResult resumed = run({"run", "--project", study.project(), "--resume", runs[0]["id"], "--threads", "1", "--json"});
    ASSERT_EQ(resumed.exitCode, 0) << resumed.error;
    const ProcessResult whole = run(arguments(study.path("whole")));
    ASSERT_EQ(whole.exitCode, 0) << whole.error;
    EXPECT_EQ(resumed.json()["state"], "finished");
    EXPECT_EQ(resumed.json()["layers"], whole.json()["layers"]);
    const auto model = [](const std::string& project, const nlohmann::json& id) {
        return readTextFile(std::filesystem::path(project) / "runs" / id.get<std::string>() / "model/quantized.safetensors");
    };
    EXPECT_EQ(model(study.project(), resumed.json()["id"]), model(study.path("whole"), whole.json()["id"]));
}

TEST_P(SearchInterrupt, StoppedInItsMiddleItIsKept) {
    const auto process = begun();
    process->interrupt(SIGINT);
    const ProcessResult kept = process->finish();
    EXPECT_EQ(kept.exitCode, 4) << kept.error;
    EXPECT_EQ(kept.json()["state"], "kept");
    EXPECT_EQ(run({"validate", study.project()}).exitCode, 0);
}

INSTANTIATE_TEST_SUITE_P(Methods, SearchInterrupt,
                         ::testing::Values(KilledSearch{"cptv", {"search.passes=400", "start.method=baseline"}, "Search scales"},
                                           KilledSearch{"clampvit",
                                                        {"synthesis.count=4", "synthesis.iterations=3", "search.passes=20",
                                                         "refresh.scope=pass", "refresh.iterations=1"},
                                                        "Search scales"}),
                         [](const auto& instance) { return instance.param.method; });

}  // namespace
}  // namespace vitrine::test
