// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/recovery.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "base/error.h"
#include "base/files.h"
#include "base/random.h"
#include "core/project/sample_records.h"
#include "project/layout.h"
#include "project/project.h"
#include "support/temporary_folder.h"

namespace vitrine::project {
namespace {

namespace fs = std::filesystem;

Edits numbered(int number) {
    Edits edits = test::sampleEdits();
    edits.notes = std::to_string(number);
    return edits;
}

std::size_t fileCount(const fs::path& folder) {
    std::error_code absent;
    return static_cast<std::size_t>(std::count_if(fs::directory_iterator(folder, absent), fs::directory_iterator(),
                                                  [](const auto& entry) { return entry.is_regular_file(); }));
}

/// A process that keeps unsaved edits of `project`: it calls `work` and is killed when this object ends.
class Child {
  public:
    template <typename Work>
    explicit Child(Work work) {
        int channel[2];
        if (::pipe(channel) != 0) ADD_FAILURE() << "no pipe";
        pid_ = ::fork();
        if (pid_ == 0) {
            try {
                work([&] { [[maybe_unused]] const ssize_t sent = ::write(channel[1], "r", 1); });
            } catch (...) {
                ::_exit(1);
            }
            for (;;) ::pause();
        }
        ::close(channel[1]);
        char ready = 0;
        EXPECT_EQ(::read(channel[0], &ready, 1), 1) << "the child failed";
        ::close(channel[0]);
    }
    ~Child() { kill(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

  private:
    pid_t pid_ = 0;
};

class Recovery : public ::testing::Test {
  protected:
    void SetUp() override { Project::create(folder_, "study"); }

    const test::TemporaryFolder temporary_;
    const fs::path folder_ = temporary_ / "study";
    const fs::path recovery_ = recoveryFolder(folder_);
};

TEST_F(Recovery, WhatAProcessLeftIsFoundWithItsBase) {
    {
        RecoveryFile file(folder_);
        EXPECT_EQ(fileCount(recovery_), 1u) << "the lock alone";
        file.write(test::sampleEdits(), Edits{.name = "study"});
        EXPECT_TRUE(findRecovered(folder_).empty()) << "its process lives";
    }
    const auto found = findRecovered(folder_);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].edits, test::sampleEdits());
    EXPECT_EQ(found[0].baseHash, editsHash(Project::open(folder_).edits())) << "the project was not saved since";
    EXPECT_NE(found[0].baseHash, editsHash(test::sampleEdits()));
    EXPECT_EQ(found[0].written.size(), utcNow().size());
}

TEST_F(Recovery, AKilledProcessLosesNoEditsThatItWrote) {
    Random random(3);
    for (int round = 0; round < 20; ++round) {
        Child child([&](auto ready) {
            RecoveryFile file(folder_);
            for (int number = 1;; ++number) {
                file.write(numbered(number), {});
                if (number == 3) ready();
            }
        });
        std::this_thread::sleep_for(std::chrono::microseconds(random.integer(0, 5000)));
        EXPECT_TRUE(findRecovered(folder_).empty());
        child.kill();
        const auto found = findRecovered(folder_);
        ASSERT_EQ(found.size(), 1u) << "round " << round;
        EXPECT_GE(std::stoi(found[0].edits.notes), 3);
        EXPECT_EQ(found[0].edits, numbered(std::stoi(found[0].edits.notes)));
        putAside(found[0]);
        EXPECT_TRUE(findRecovered(folder_).empty());
        EXPECT_EQ(fileCount(recovery_ / "recovered"), static_cast<std::size_t>(round) + 1);
    }
}

TEST_F(Recovery, ProcessesThatLiveKeepTheirsToThemselves) {
    const auto keep = [&](int number) {
        return [this, number](auto ready) {
            RecoveryFile file(folder_);
            file.write(numbered(number), {});
            ready();
            for (;;) ::pause();
        };
    };
    Child first(keep(1));
    const Child second(keep(2));
    RecoveryFile own(folder_);
    RecoveryFile other(folder_);  // two windows of one process
    own.write(numbered(3), {});
    other.write(numbered(4), {});
    EXPECT_TRUE(findRecovered(folder_).empty());
    first.kill();
    const auto found = findRecovered(folder_);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].edits, numbered(1));
    own.saved();
    EXPECT_EQ(findRecovered(folder_).size(), 1u);
}

TEST_F(Recovery, DamagedFilesAreLeftOutAndStay) {
    RecoveryFile(folder_).write(numbered(1), {});
    const std::string good = readTextFile(findRecovered(folder_).at(0).file);
    for (const auto& [name, text] : {std::pair<const char*, std::string>{"torn.json", good.substr(0, good.size() / 2)},
                                     {"empty.json", ""},
                                     {"list.json", "[1]"},
                                     {"newer.json", "{\"format\": 2}"},
                                     {"deep.json", std::string(100000, '[')}})
        writeFileAtomically(recovery_ / name, text);
    fs::create_directories(recovery_ / "folder.json");
    EXPECT_EQ(findRecovered(folder_).size(), 1u);
    for (const char* name : {"torn.json", "empty.json", "list.json", "newer.json", "deep.json", "folder.json"})
        EXPECT_TRUE(fs::exists(recovery_ / name)) << name;
}

TEST_F(Recovery, TheListIsNewestFirst) {
    for (int number = 1; number <= 30; ++number) RecoveryFile(folder_).write(numbered(number), {});
    const auto found = findRecovered(folder_);
    ASSERT_EQ(found.size(), 30u);
    EXPECT_EQ(found.front().edits.notes, "30");
    EXPECT_EQ(found.back().edits.notes, "1");
}

TEST_F(Recovery, OfSavedEditsTheNewestTenAreKept) {
    RecoveryFile file(folder_);
    file.saved();
    EXPECT_FALSE(fs::exists(recovery_ / "old")) << "nothing was written";
    for (int number = 1; number <= 25; ++number) {
        file.write(numbered(number), {});
        file.saved();
        EXPECT_EQ(fileCount(recovery_ / "old"), std::min<std::size_t>(static_cast<std::size_t>(number), 10));
    }
    std::string all;
    for (const auto& entry : fs::directory_iterator(recovery_ / "old")) all += readTextFile(entry.path());
    for (int number = 16; number <= 25; ++number)
        EXPECT_NE(all.find("\"notes\": \"" + std::to_string(number) + "\""), std::string::npos) << number;
}

TEST_F(Recovery, WhatSomebodyDeclinedIsNeverDeleted) {
    for (int number = 1; number <= 15; ++number) RecoveryFile(folder_).write(numbered(number), {});
    for (const RecoveredEdits& declined : findRecovered(folder_)) {
        putAside(declined);
        putAside(declined);  // of two windows the second one comes too late
    }
    EXPECT_TRUE(findRecovered(folder_).empty());
    EXPECT_EQ(fileCount(recovery_ / "recovered"), 15u);
    RecoveryFile file(folder_);
    for (int number = 1; number <= 15; ++number) {
        file.write(numbered(number), {});
        file.saved();
    }
    EXPECT_EQ(fileCount(recovery_ / "recovered"), 15u) << "saving rotates other files";
}

TEST_F(Recovery, EditsTooLongForTheProjectAreKept) {
    Edits edits;
    edits.notes = std::string(kMaximumNotes + 1, 'n');
    EXPECT_THROW(Project::open(folder_).setEdits(edits), Exception);
    RecoveryFile(folder_).write(edits, {});
    EXPECT_EQ(findRecovered(folder_).at(0).edits, edits);
}

TEST_F(Recovery, LocksGoWithTheirProcess) {
    {
        RecoveryFile file(folder_);
        RecoveryFile moved(std::move(file));
        moved.write(numbered(1), {});
    }
    EXPECT_EQ(fileCount(recovery_), 1u) << "the edits alone";
    const fs::path orphan = recovery_ / "host-1-20260101T000000Z-1.lock";
    writeFileAtomically(orphan, "");
    { const RecoveryFile young(folder_); }
    EXPECT_TRUE(fs::exists(orphan)) << "it may be about to be locked";
    fs::last_write_time(orphan, fs::file_time_type::clock::now() - std::chrono::hours(2));
    { const RecoveryFile later(folder_); }
    EXPECT_FALSE(fs::exists(orphan));
}

TEST_F(Recovery, LocksOfProcessesThatAreGoneGoAtOnce) {
    const pid_t gone = ::fork();
    if (gone == 0) ::_exit(0);
    ASSERT_GT(gone, 0);
    ASSERT_EQ(::waitpid(gone, nullptr, 0), gone);
    fs::path own;
    {
        const RecoveryFile file(folder_);
        for (const auto& entry : fs::directory_iterator(recovery_)) own = entry.path();
    }
    const auto named = [&](pid_t process) {
        std::string name = own.filename().string();
        const std::string mine = "-" + std::to_string(::getpid()) + "-";
        name.replace(name.find(mine), mine.size(), "-" + std::to_string(process) + "-");
        writeFileAtomically(recovery_ / name, "");
        return recovery_ / name;
    };
    const fs::path dead = named(gone), living = named(::getppid());
    const fs::path foreign = recovery_ / ("elsewhere-" + std::to_string(gone) + "-20260101T000000Z-0001.lock");
    writeFileAtomically(foreign, "");
    { const RecoveryFile next(folder_); }
    EXPECT_FALSE(fs::exists(dead));
    EXPECT_TRUE(fs::exists(living)) << "it may be about to be locked";
    EXPECT_TRUE(fs::exists(foreign)) << "nobody here knows of other machines";
}

TEST(RecoveryFolder, AnAbsentOneHoldsNothing) {
    const test::TemporaryFolder temporary;
    EXPECT_TRUE(findRecovered(temporary / "nothing").empty());
}

}  // namespace
}  // namespace vitrine::project
