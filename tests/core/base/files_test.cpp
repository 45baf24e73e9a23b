// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/hash.h"
#include "support/temporary_folder.h"

namespace vitrine {
namespace {

TEST(AtomicFile, ReplacesWholeContentAndLeavesNothingBehind) {
    const test::TemporaryFolder folder;
    writeFileAtomically(folder / "a.json", "one");
    writeFileAtomically(folder / "a.json", "two");
    EXPECT_EQ(readTextFile(folder / "a.json"), "two");
    const auto entries = std::distance(std::filesystem::directory_iterator(folder.path()), {});
    EXPECT_EQ(entries, 1);
}

TEST(AtomicFile, FailureKeepsTheOldFile) {
    const test::TemporaryFolder folder;
    writeFileAtomically(folder / "a.json", "one");
    EXPECT_THROW(writeFileAtomically(folder / "missing" / "a.json", "two"), Exception);
    EXPECT_EQ(readTextFile(folder / "a.json"), "one");
}

TEST(PathInside, RefusesToLeaveTheRoot) {
    EXPECT_EQ(pathInside("/data", "a/b.png"), "/data/a/b.png");
    EXPECT_THROW(pathInside("/data", "../b.png"), Exception);
    EXPECT_THROW(pathInside("/data", "a/../../b.png"), Exception);
    EXPECT_THROW(pathInside("/data", "/etc/passwd"), Exception);
}

TEST(Hash, OfFileDependsOnContentOnly) {
    const test::TemporaryFolder folder;
    writeFileAtomically(folder / "a", "content");
    writeFileAtomically(folder / "b", "content");
    EXPECT_EQ(hashFile(folder / "a"), hashFile(folder / "b"));
    EXPECT_EQ(hashFile(folder / "a").size(), 32u);
    writeFileAtomically(folder / "b", "Content");
    EXPECT_NE(hashFile(folder / "a"), hashFile(folder / "b"));
}

TEST(TextFile, LimitsAndFolders) {
    const test::TemporaryFolder folder;
    writeFileAtomically(folder / "a", "content");
    EXPECT_THROW(readTextFile(folder / "a", 3), Exception);
    EXPECT_THROW(readTextFile(folder.path()), Exception);
    EXPECT_THROW(readTextFile(folder / "none"), Exception);
}

}  // namespace
}  // namespace vitrine
