// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/message_bar.h"

#include <gtest/gtest.h>

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

namespace vitrine::widgets {
namespace {

QPushButton* button(MessageBar& bar, const QString& text) {
    for (QPushButton* each : bar.findChildren<QPushButton*>())
        if (each->text() == text) return each;
    return nullptr;
}

TEST(MessageBar, IsHiddenWhileEmpty) {
    MessageBar bar;
    EXPECT_TRUE(bar.isHidden());
    bar.show({Message::Level::information, {}, QStringLiteral("A run began.")});
    EXPECT_FALSE(bar.isHidden());
    bar.clear();
    EXPECT_TRUE(bar.isHidden());
}

TEST(MessageBar, SaysWhatWhereAndRemedy) {
    MessageBar bar;
    bar.showError({ErrorCode::badFormat, "the file ends early", "/a/b.safetensors", "download it again"});
    EXPECT_EQ(bar.text(), QStringLiteral("The file ends early\n/a/b.safetensors\nDownload it again"));
}

TEST(MessageBar, SameKeyReplaces) {
    MessageBar bar;
    for (int i = 0; i < 3; ++i) bar.showError({ErrorCode::ioFailure, "the disk is full", "/a", ""});
    EXPECT_EQ(bar.count(), 1);
    bar.remove(QStringLiteral("unknown"));
    EXPECT_EQ(bar.count(), 1);
}

TEST(MessageBar, KeepsTheNewestFour) {
    MessageBar bar;
    for (int i = 0; i < 7; ++i) bar.show({Message::Level::warning, {}, QStringLiteral("Message %1").arg(i)});
    EXPECT_EQ(bar.count(), 4);
    EXPECT_TRUE(bar.text().startsWith(QStringLiteral("Message 3")));
}

TEST(MessageBar, ActionsRunOnceTheirMessageIsGone) {
    MessageBar bar;
    int left = -1;
    bar.show({Message::Level::information, {}, QStringLiteral("Title"), {}, {{QStringLiteral("Do"), [&] {
                                                                                  left = bar.count();
                                                                              }}}});
    button(bar, QStringLiteral("Do"))->click();
    EXPECT_EQ(left, 0);
}

TEST(MessageBar, ErrorsCanBeCopied) {
    MessageBar bar;
    bar.showError({ErrorCode::ioFailure, "the disk is full", "/a", ""});
    for (QToolButton* each : bar.findChildren<QToolButton*>()) {
        EXPECT_FALSE(each->accessibleName().isEmpty());
        if (each->accessibleName() == QStringLiteral("Copy message")) each->click();
    }
    EXPECT_EQ(QGuiApplication::clipboard()->text(), QStringLiteral("The disk is full\n/a"));
}

TEST(MessageBar, SomeGoByThemselves) {
    MessageBar bar;
    Message message{Message::Level::good, {}, QStringLiteral("Copied")};
    message.seconds = 1;
    bar.show(message);
    EXPECT_TRUE(QTest::qWaitFor([&] { return bar.count() == 0; }, 5000));
}

}  // namespace
}  // namespace vitrine::widgets
