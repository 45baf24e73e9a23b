// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/merge.h"

#include <gtest/gtest.h>

namespace vitrine::widgets {
namespace {

project::Edits start() {
    project::Edits edits;
    edits.name = "study";
    edits.models = {{"a", {}, {}}, {"b", {}, {}}};
    edits.runs["r0001"] = {.name = "first", .note = "n"};
    return edits;
}

TEST(Merge, OneSideAlone) {
    const project::Edits base = start();
    project::Edits changed = base;
    changed.notes = "x";
    EXPECT_EQ(merged(base, changed, base), changed);
    EXPECT_EQ(merged(base, base, changed), changed);
}

TEST(Merge, DifferentThingsOfBothSides) {
    const project::Edits base = start();
    project::Edits ours = base, theirs = base;
    ours.runs["r0001"].note = "mine";
    ours.models.push_back({"c", {}, {}});
    theirs.runs["r0001"].pinned = true;
    theirs.runs["r0002"].name = "second";
    theirs.models.push_back({"d", {}, {}});
    theirs.notes = "theirs";
    const project::Edits both = merged(base, ours, theirs);
    EXPECT_EQ(both.runs.at("r0001"), (project::RunNote{.name = "first", .note = "mine", .pinned = true}));
    EXPECT_EQ(both.runs.at("r0002").name, "second");
    EXPECT_EQ(both.notes, "theirs");
    ASSERT_EQ(both.models.size(), 4u);
}

TEST(Merge, OursWinsInAConflict) {
    const project::Edits base = start();
    project::Edits ours = base, theirs = base;
    ours.notes = "mine";
    theirs.notes = "theirs";
    EXPECT_EQ(merged(base, ours, theirs).notes, "mine");
}

TEST(Merge, WhatWasRemovedStaysRemoved) {
    const project::Edits base = start();
    project::Edits ours = base, theirs = base;
    ours.models.erase(ours.models.begin());
    theirs.models.pop_back();
    theirs.runs.clear();
    ours.notes = "x";
    const project::Edits both = merged(base, ours, theirs);
    EXPECT_TRUE(both.models.empty());
    EXPECT_TRUE(both.runs.empty());
}

}  // namespace
}  // namespace vitrine::widgets
