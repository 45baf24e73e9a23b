// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/selection.h"

#include <gtest/gtest.h>

#include <QSignalSpy>

namespace vitrine::widgets {
namespace {

const QString kA = QStringLiteral("r0001"), kB = QStringLiteral("r0002");

TEST(SelectionHub, AFirstBOverlaysAndNoneEndsComparing) {
    SelectionHub hub;
    hub.setRunA(kA);
    EXPECT_EQ(hub.selection().mode, CompareMode::a);
    hub.setRunB(kB);
    EXPECT_EQ(hub.selection().mode, CompareMode::overlay);
    hub.setMode(CompareMode::difference);
    hub.setRunB(kA);
    EXPECT_EQ(hub.selection().mode, CompareMode::difference);
    hub.setRunB({});
    EXPECT_EQ(hub.selection().mode, CompareMode::a);
}

TEST(SelectionHub, ModesNeedAB) {
    SelectionHub hub;
    QSignalSpy changed(&hub, &SelectionHub::runsChanged);
    hub.setMode(CompareMode::b);
    EXPECT_EQ(hub.selection().mode, CompareMode::a);
    EXPECT_EQ(changed.count(), 0);
}

TEST(SelectionHub, SwapsRuns) {
    SelectionHub hub;
    hub.setRunA(kA);
    hub.setRunB(kB);
    hub.swapRuns();
    EXPECT_EQ(hub.selection().runA, kB);
    EXPECT_EQ(hub.selection().runB, kA);
    hub.setRunA({});
    hub.swapRuns();
    EXPECT_TRUE(hub.selection().runB.isEmpty());
    EXPECT_EQ(hub.selection().mode, CompareMode::a);
}

TEST(SelectionHub, TellsOnlyChanges) {
    SelectionHub hub;
    QSignalSpy sites(&hub, &SelectionHub::siteChanged), images(&hub, &SelectionHub::imageChanged);
    hub.selectSite(QStringLiteral("blocks.0.attn.qkv"), QStringLiteral("blocks.0"));
    hub.selectSite(QStringLiteral("blocks.0.attn.qkv"), QStringLiteral("blocks.0"));
    hub.selectImage(3);
    hub.selectImage(3);
    EXPECT_EQ(sites.count(), 1);
    EXPECT_EQ(images.count(), 1);
}

TEST(SelectionHub, ChannelsBelongToASite) {
    SelectionHub hub;
    hub.selectChannel(2);
    EXPECT_FALSE(hub.selection().channel);
    hub.selectSite(QStringLiteral("s"), QStringLiteral("b"));
    hub.selectChannel(2);
    EXPECT_EQ(hub.selection().channel, 2);
    hub.selectSite(QStringLiteral("t"), QStringLiteral("b"));
    EXPECT_FALSE(hub.selection().channel);
}

TEST(SelectionHub, GoesBackAndForward) {
    SelectionHub hub;
    EXPECT_FALSE(hub.canGoBack());
    hub.selectSite(QStringLiteral("s"), QStringLiteral("b"));
    hub.selectBlock(QStringLiteral("c"));
    hub.selectSite(QStringLiteral("t"), QStringLiteral("d"));
    hub.goBack();
    EXPECT_EQ(hub.selection().block, QStringLiteral("c"));
    EXPECT_TRUE(hub.selection().site.isEmpty());
    hub.goBack();
    EXPECT_EQ(hub.selection().site, QStringLiteral("s"));
    EXPECT_FALSE(hub.canGoBack());
    hub.goForward();
    EXPECT_EQ(hub.selection().block, QStringLiteral("c"));
    hub.selectSite(QStringLiteral("u"), QStringLiteral("e"));  // a new way: the old one forward is gone
    EXPECT_FALSE(hub.canGoForward());
}

TEST(SelectionHub, BackAfterClearingReturnsToThePlace) {
    SelectionHub hub;
    hub.selectSite(QStringLiteral("s"), QStringLiteral("b"));
    hub.clearSite();
    EXPECT_TRUE(hub.selection().site.isEmpty());
    ASSERT_TRUE(hub.canGoBack());
    hub.goBack();
    EXPECT_EQ(hub.selection().site, QStringLiteral("s"));
}

TEST(SelectionHub, MarksStandBesideTheSelection) {
    SelectionHub hub;
    QSignalSpy marks(&hub, &SelectionHub::marksChanged), sites(&hub, &SelectionHub::siteChanged);
    hub.selectSite(QStringLiteral("s"), QStringLiteral("b"));
    hub.markSites({QStringLiteral("t"), QStringLiteral("u")});
    hub.markSites({QStringLiteral("t"), QStringLiteral("u")});
    EXPECT_EQ(marks.count(), 1);
    EXPECT_EQ(sites.count(), 1);
    hub.clearSite();
    EXPECT_EQ(hub.selection().marked.size(), 2) << "they go when who marked them says so";
    hub.clear();
    EXPECT_TRUE(hub.selection().marked.isEmpty());
    EXPECT_EQ(marks.count(), 2);
}

TEST(SelectionHub, ClearForgetsEverything) {
    SelectionHub hub;
    hub.setRunA(kA);
    hub.setRunB(kB);
    hub.selectSite(QStringLiteral("s"), QStringLiteral("b"));
    hub.selectImage(1);
    QSignalSpy runs(&hub, &SelectionHub::runsChanged), sites(&hub, &SelectionHub::siteChanged), images(&hub, &SelectionHub::imageChanged);
    hub.clear();
    EXPECT_EQ(hub.selection(), Selection{});
    EXPECT_FALSE(hub.canGoBack());
    EXPECT_EQ(runs.count() + sites.count() + images.count(), 3);
}

}  // namespace
}  // namespace vitrine::widgets
