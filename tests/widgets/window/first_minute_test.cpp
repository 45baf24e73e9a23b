// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

#include "base/files.h"
#include "widgets/panels/view_panel.h"
#include "widgets/window/docks.h"
#include "widgets/window/report_dialog.h"
#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

/// What a new user does, by the widgets that a new user presses.
class FirstMinuteTest : public test::WindowTest {
  protected:
    template <typename Widget>
    Widget* find(const char* name) const {
        auto* found = window->findChild<Widget*>(QLatin1String(name));
        EXPECT_NE(found, nullptr) << name;
        return found;
    }
    void press(QWidget* widget) { QTest::mouseClick(widget, Qt::LeftButton); }

    /// Chooses an entry as the user does: by the keyboard in the box.
    void choose(QComboBox* box, const QVariant& data) {
        const int wanted = box->findData(data);
        ASSERT_GE(wanted, 0) << toStd(data.toString());
        while (box->currentIndex() < wanted) QTest::keyClick(box, Qt::Key_Down);
        while (box->currentIndex() > wanted) QTest::keyClick(box, Qt::Key_Up);
        ASSERT_EQ(box->currentIndex(), wanted);
    }
    const project::RunSummary* run(const char* id) { return window->session().study.summary(QLatin1String(id)); }
    bool isFinished(const char* id) {
        return waitFor([&] { return run(id) && run(id)->state == project::RunState::finished; }, 300);
    }
    bool fills(const char* view) {
        window->views().showView(QLatin1String(view));
        return waitFor([&] { return window->views().currentPanel()->view().emptyText().isEmpty(); }, 60);
    }
};

TEST_F(FirstMinuteTest, FromTheStartPageToAReport) {
    qputenv("VITRINE_RENDERER", VITRINE_DESKTOP);
    open();
    press(find<QAbstractButton>("start.file.sample"));
    ASSERT_TRUE(waitFor([&] { return window->session().study.isOpen(); }, 120));
    ASSERT_TRUE(isFinished("r0001-baseline")) << "the sample brings a first run";

    trigger("run.new");
    auto* form = find<QWidget>("new_run");
    ASSERT_TRUE(waitFor([&] { return form->isVisible(); }));
    auto* method = find<QComboBox>("methodBox");
    auto* preset = find<QComboBox>("presetBox");
    choose(method, QStringLiteral("repq"));
    ASSERT_TRUE(waitFor([&] { return preset->findData(QStringLiteral("fast")) >= 0; }));
    choose(preset, QStringLiteral("fast"));
    auto* runNow = find<QPushButton>("runNow");
    ASSERT_TRUE(waitFor([&] { return runNow->isEnabled(); }));
    runNow->click();

    // Views fill while it works, not when it is over.
    bool filledWhileRunning = false;
    window->views().showView(QStringLiteral("intervals"));
    ASSERT_TRUE(waitFor(
        [&] {
            const project::RunSummary* now = run("r0002-repq");
            const bool shown = window->session().selection.selection().runA == QStringLiteral("r0002-repq");
            filledWhileRunning = filledWhileRunning || (now && now->state == project::RunState::running && shown &&
                                                        window->views().currentPanel()->view().emptyText().isEmpty());
            return now && now->state == project::RunState::finished;
        },
        300));
    EXPECT_TRUE(filledWhileRunning);
    for (const char* view : {"errors", "intervals", "accuracy", "graph"}) EXPECT_TRUE(fills(view)) << view;

    choose(find<QComboBox>("run.b"), QStringLiteral("r0001-baseline"));
    EXPECT_EQ(window->session().selection.selection().mode, CompareMode::overlay);
    ASSERT_TRUE(waitFor([&] { return window->registry().action(QStringLiteral("compare.summary"))->isEnabled(); }));
    trigger("compare.summary");
    for (const char* view : {"compare_summary", "compare_parameters", "compare_sites"}) EXPECT_TRUE(fills(view)) << view;

    trigger("file.report");
    ASSERT_TRUE(waitFor([&] { return dialog(QStringLiteral("report")) != nullptr; }));
    const auto html = folder / "first.html";
    find<QLineEdit>("report.file")->setText(pathText(html));
    find<QPushButton>("report.make")->click();
    ASSERT_TRUE(waitFor([&] { return window->messages().text().contains(QStringLiteral("The report is saved.")); }, 300));
    const std::string report = readTextFile(html);
    for (const char* part : {"r0001-baseline", "r0002-repq", "<svg"}) EXPECT_NE(report.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace vitrine::widgets
