// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "support/ui_work.h"
#include "widgets/panels/view_panel.h"
#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

/// The window answers while runs work. What is measured is the work of its thread, not the time that passes: see test::UiWork.
class ResponsivenessTest : public test::WindowTest {
  protected:
    /// A window in which everything was shown once: what is made for the first time is no part of the promise.
    void openWarm() {
        open();
        ASSERT_TRUE(openProject());
        const jobs::JobId first = startRun("baseline");
        ASSERT_TRUE(waitFor([&] { return isOver(first); }, 300));
        for (const ViewInfo& info : allViews()) window->views().showView(info.id);
        for (const char* dock : {"model", "inspector", "new_run", "runs", "jobs", "images", "notes", "log"})
            trigger(qPrintable(QStringLiteral("window.panel.") + QLatin1String(dock)));
        trigger("window.layout.1");
        waitFor([&] { return window->views().panel(QStringLiteral("errors"))->view().emptyText().isEmpty(); });
        QTest::qWait(300);
    }
};

TEST_F(ResponsivenessTest, TheThreadOfTheWindowIsNeverBusyForLongWhileARunFillsAView) {
    openWarm();
    for (const ViewInfo& info : allViews()) {
        if (info.comparesOnly) continue;
        window->views().showView(info.id);
        QTest::qWait(200);  // the view is drawn before the run begins
        const jobs::JobId id = startRun();
        test::UiWork work;
        ASSERT_TRUE(waitFor([&] { return isOver(id); }, 300));
        EXPECT_LE(work.longestMilliseconds(), test::kLongestWork) << toStd(info.id);
        RecordProperty("longest_ms_" + toStd(info.id), static_cast<int>(work.longestMilliseconds()));
    }
}

TEST_F(ResponsivenessTest, NorWhileTheUserLooksAroundDuringARun) {
    openWarm();
    const jobs::JobId id = startRun();
    ASSERT_TRUE(waitFor([&] { return isRunning(id); }));
    test::UiWork work;
    const QStringList sites{QStringLiteral("blocks.0.attn.softmax"), QStringLiteral("blocks.1.mlp.fc1.weight"), QStringLiteral("blocks.2.mlp.act")};
    for (int step = 0; !isOver(id); ++step) {
        window->session().selection.selectSite(sites[step % sites.size()], QStringLiteral("blocks.%1").arg(step % sites.size()));
        if (step % 4 == 0) window->session().study.edit(QStringLiteral("note"), [](project::Edits& edits) { edits.notes += "x"; });
        if (step % 16 == 0) window->session().study.save();
        if (step % 8 == 0) window->views().showView(allViews()[static_cast<std::size_t>(step / 8) % 8].id);
        QTest::qWait(30);
    }
    EXPECT_LE(work.longestMilliseconds(), test::kLongestWork);
}

TEST_F(ResponsivenessTest, OpeningTwoHundredRunsDoesNotBlock) {
    open();
    test::writeRuns(runs.project(), 200);
    ASSERT_TRUE(waitFor([] { return true; }));
    test::UiWork work;
    ASSERT_TRUE(openProject());
    ASSERT_TRUE(waitFor([&] { return window->session().study.runs().size() == 200 && !window->session().selection.selection().runA.isEmpty(); }));
    RecordProperty("longest_ms", static_cast<int>(work.longestMilliseconds()));
    // The first showing of all panels is in it; it happens once, and not while a job runs.
    EXPECT_LE(work.longestMilliseconds(), 4 * test::kLongestWork);
}

TEST(UiWork, SeesWorkAndNoWaiting) {
    test::UiWork work;
    QTest::qWait(100);
    EXPECT_LT(work.longestMilliseconds(), 50);
    QTimer::singleShot(0, [] {
        timespec begin{}, now{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
        do ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        while (static_cast<double>(now.tv_sec - begin.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec - begin.tv_nsec) / 1e6 < 80);
    });
    QTest::qWait(100);
    EXPECT_GE(work.longestMilliseconds(), 80);
}

}  // namespace
}  // namespace vitrine::widgets
