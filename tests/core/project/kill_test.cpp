// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <thread>

#include "base/random.h"
#include "project/project.h"
#include "support/temporary_folder.h"

namespace vitrine::project {
namespace {

/// Appends what comes out of `channel` to `text`, until it holds so many lines or nothing more comes.
void readLines(int channel, std::int64_t lines, std::string& text) {
    char buffer[4096];
    while (std::count(text.begin(), text.end(), '\n') < lines) {
        const ssize_t count = ::read(channel, buffer, sizeof buffer);
        if (count <= 0) return;
        text.append(buffer, static_cast<std::size_t>(count));
    }
}

/// Runs the writer on `folder`, kills it so long after it has finished so many runs, and returns what it printed.
std::string runAndKill(const std::filesystem::path& folder, std::int64_t runs, std::chrono::microseconds delay) {
    int channel[2];
    if (::pipe(channel) != 0) ADD_FAILURE() << "no pipe";
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(channel[1], STDOUT_FILENO);
        ::close(channel[0]);
        ::close(channel[1]);
        ::execl(VITRINE_PROJECT_WRITER, VITRINE_PROJECT_WRITER, folder.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(channel[1]);
    std::string printed;
    readLines(channel[0], runs, printed);
    std::this_thread::sleep_for(delay);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself with status " << WEXITSTATUS(status);
    readLines(channel[0], std::numeric_limits<std::int64_t>::max(), printed);
    ::close(channel[0]);
    return printed;
}

void addLines(const std::string& text, std::set<std::string>& lines) {
    for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
        lines.insert(text.substr(begin, end - begin));
}

TEST(Kill, AtAnyMomentLosesNothingThatWasFinished) {
    const test::TemporaryFolder temporary;
    const std::filesystem::path folder = temporary / "study";
    Random random(9);
    std::set<std::string> finished;
    for (int round = 0; round < 40; ++round) {
        const std::int64_t runs = random.integer(0, 1);
        addLines(runAndKill(folder, runs, std::chrono::microseconds(random.integer(0, 30000))), finished);
        if (!Project::exists(folder)) continue;  // killed before it made one
        const Project project = Project::open(folder);
        std::set<std::string> complete;
        for (const RunSummary& run : project.runs()) {
            EXPECT_NE(run.state, RunState::damaged) << run.id;
            EXPECT_NE(run.state, RunState::running) << run.id << " has no living writer";
            if (isComplete(run.state)) complete.insert(run.id);
            EXPECT_EQ(project.run(run.id).state, run.state);
        }
        for (const std::string& id : finished) EXPECT_TRUE(complete.contains(id)) << "lost " << id << " in round " << round;
        EXPECT_TRUE(validate(project).empty());
    }
    EXPECT_GT(finished.size(), 10u) << "the writer hardly got anywhere";
}

}  // namespace
}  // namespace vitrine::project
