// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QTest>

#include "widgets/session/waiting_runs.h"
#include "widgets/window/waiting_queue.h"
#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

class WaitingQueueTest : public test::WindowTest {
  protected:
    WaitingQueueTest() : WindowTest(64) {}

    /// One run works, of a method that takes minutes, so that no machine is too fast for what follows; two wait.
    void openWithQueue() {
        open();
        ASSERT_TRUE(openProject());
        const jobs::JobId first = startRun("cptv");
        ASSERT_TRUE(waitFor([&] { return isRunning(first); }));
        for (const char* title : {"Second", "Third"}) {
            runs::RunSpec spec = runs.spec("baseline");
            spec.parameters.set("weight.bits", std::int64_t{5});
            spec.seed = 18446744073709551615u;
            spec.rules = {{.pattern = "head*", .spec = std::nullopt}};
            window->session().jobs.addRun(spec, QLatin1String(title), JobCenter::When::queued);
        }
    }
    void closeAndOpen(const char* choice) {
        window->close();
        ASSERT_TRUE(answer(choice));
        ASSERT_TRUE(waitFor([&] { return window->isHidden(); }, 60));
        open();
        ASSERT_TRUE(openProject());
    }
    bool isOffered() {
        return waitFor([&] { return window->messages().text().contains(QStringLiteral("still waiting")); }, 5);
    }
    bool pressMessage(const char* text) {
        for (QPushButton* button : window->messages().findChildren<QPushButton*>())
            if (button->text() == QLatin1String(text)) {
                button->click();
                return true;
            }
        return false;
    }
};

TEST_F(WaitingQueueTest, RunsThatWaitedAreOfferedAndQueuedAgain) {
    for (const char* choice : {"pause", "keep"}) {
        openWithQueue();
        closeAndOpen(choice);
        ASSERT_TRUE(isOffered()) << choice;
        ASSERT_TRUE(pressMessage("Queue"));
        JobCenter& jobs = window->session().jobs;
        ASSERT_EQ(jobs.unfinished(), 2) << choice;
        const JobItem& item = *jobs.item(jobs.jobs().back());
        EXPECT_EQ(item.title, QStringLiteral("Third"));
        const runs::RunSpec expected = runs.spec("baseline");
        EXPECT_EQ(item.spec.model, expected.model);
        EXPECT_EQ(item.spec.evaluation.path, expected.evaluation.path);
        EXPECT_EQ(item.spec.parameters.integer("weight.bits"), 5);
        EXPECT_EQ(item.spec.seed, 18446744073709551615u);
        ASSERT_EQ(item.spec.rules.size(), 1u);
        EXPECT_EQ(item.spec.rules[0].pattern, "head*");
        EXPECT_FALSE(item.spec.rules[0].spec);
        ASSERT_TRUE(waitFor([&] { return isOver(jobs.jobs().back()); }, 300));
        EXPECT_EQ(jobs.item(jobs.jobs().back())->state, jobs::JobState::finished);
        window.reset();
        std::filesystem::remove_all(runs.project());
    }
}

TEST_F(WaitingQueueTest, CancelledOnesAreGone) {
    openWithQueue();
    closeAndOpen("cancel");
    EXPECT_FALSE(isOffered());
}

TEST_F(WaitingQueueTest, ForgottenOnesDoNotComeBackAndLaterOnesDo) {
    openWithQueue();
    closeAndOpen("keep");
    ASSERT_TRUE(isOffered());
    ASSERT_TRUE(pressMessage("Later"));
    window->close();
    ASSERT_TRUE(waitFor([&] { return window->isHidden(); }, 60));
    open();
    ASSERT_TRUE(openProject());
    ASSERT_TRUE(isOffered());
    ASSERT_TRUE(pressMessage("Forget"));
    window->close();
    ASSERT_TRUE(waitFor([&] { return window->isHidden(); }, 60));
    open();
    ASSERT_TRUE(openProject());
    EXPECT_FALSE(isOffered());
}

TEST_F(WaitingQueueTest, TheQuestionSaysWhatBecomesOfThem) {
    openWithQueue();
    window->close();
    ASSERT_TRUE(waitFor([&] { return dialog(QStringLiteral("question")) != nullptr; }));
    QString texts;
    for (const QLabel* label : dialog(QStringLiteral("question"))->findChildren<QLabel*>()) texts += label->text() + QLatin1Char('\n');
    EXPECT_TRUE(texts.contains(QStringLiteral("2 of them have not begun"))) << toStd(texts);
    ASSERT_TRUE(answer("stay"));
    EXPECT_EQ(window->session().jobs.unfinished(), 3);
}

TEST_F(WaitingQueueTest, ASecondWindowLeavesTheQueueOfTheFirstAlone) {
    openWithQueue();
    QJsonObject state;
    ASSERT_TRUE(waitFor([&] {
        state = QJsonDocument::fromJson(window->session().study.viewState()).object().value(QStringLiteral("waiting")).toObject();
        return state.value(QStringLiteral("runs")).toArray().size() == 2;
    }));
    window.reset();
    open();
    ASSERT_TRUE(openProject());
    EXPECT_TRUE(isOffered()) << "by this process, which may have crashed and begun anew under its old number";
    auto* queue = window->findChild<WaitingQueue*>();
    window->messages().clear();
    state[QStringLiteral("process")] = static_cast<qint64>(::getppid());
    queue->takeUp(state);
    EXPECT_EQ(window->messages().count(), 0) << "a process that lives";
    state[QStringLiteral("machine")] = QStringLiteral("another machine");
    queue->takeUp(state);
    EXPECT_EQ(window->messages().count(), 1) << "whose processes are not known here";
}

TEST(WaitingRuns, WhatCannotBeReadIsNamed) {
    const QJsonArray array{QJsonObject{{QStringLiteral("title"), QStringLiteral("From the future")}, {QStringLiteral("method"), QStringLiteral("no-such-method")}}};
    const RestoredRuns restored = waitingFromJson(array, QStringLiteral("/somewhere"));
    EXPECT_TRUE(restored.runs.empty());
    ASSERT_EQ(restored.problems.size(), 1);
    EXPECT_TRUE(restored.problems[0].startsWith(QStringLiteral("From the future")));
}

}  // namespace
}  // namespace vitrine::widgets
