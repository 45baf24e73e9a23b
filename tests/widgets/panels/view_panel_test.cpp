// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/view_panel.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QMimeData>
#include <QPushButton>
#include <QTest>

#include "widgets/base/text.h"
#include "widgets/panels/inspector_panel.h"
#include "widgets/session/sample_runs.h"

namespace vitrine::widgets {
namespace {

class ViewPanelTest : public ::testing::Test {
  protected:
    void SetUp() override {
        test::writeRuns(folder_ / "study", 2);
        session_.study.open(pathText(folder_ / "study"));
        ASSERT_TRUE(test::waitFor([&] { return session_.study.isOpen(); }));
    }
    QString id(std::size_t i) const { return toQt(session_.study.runs()[i].id); }

    /// Shows run A in `panel` and waits until its data are there.
    void showRun(ViewPanel& panel, const QString& run) {
        panel.resize(700, 400);
        panel.show();
        session_.selection.setRunA(run);
        ASSERT_TRUE(test::waitFor([&] { return session_.study.run(run) && panel.view().emptyText().isEmpty(); }));
    }

    test::TemporaryFolder folder_;
    Settings settings_{pathText(folder_ / "settings.ini")};
    Session session_{settings_};
};

TEST_F(ViewPanelTest, ShowsTheRunThatIsChosen) {
    ViewPanel panel(*viewInfo(QStringLiteral("errors")), session_);
    panel.show();
    EXPECT_FALSE(panel.view().emptyText().isEmpty());
    showRun(panel, id(0));
    EXPECT_FALSE(panel.view().table().rows.empty());
    const auto* readout = panel.findChild<QLabel*>(QStringLiteral("readout"));
    EXPECT_TRUE(test::waitFor([&] { return readout->text() == panel.view().summary(); }));  // once it is drawn
    EXPECT_EQ(panel.view().accessibleDescription(), panel.view().summary());
}

TEST_F(ViewPanelTest, ShowsTheSameDataAsATable) {
    ViewPanel panel(*viewInfo(QStringLiteral("errors")), session_);
    showRun(panel, id(0));
    QTest::mouseClick(panel.findChild<QToolButton*>(QStringLiteral("table")), Qt::LeftButton);
    EXPECT_TRUE(panel.showsTable());
    EXPECT_EQ(panel.findChild<ReportTableWidget*>()->table().rows.size(), panel.view().table().rows.size());
}

TEST_F(ViewPanelTest, OptionsReachTheViewAndAreRemembered) {
    QJsonObject state;
    {
        ViewPanel panel(*viewInfo(QStringLiteral("errors")), session_);
        showRun(panel, id(0));
        auto* metric = panel.findChild<QComboBox*>(QStringLiteral("option.metric"));
        ASSERT_NE(metric, nullptr);
        EXPECT_EQ(metric->currentText(), QStringLiteral("SQNR"));
        metric->setCurrentIndex(metric->findData(QStringLiteral("mse")));
        state = panel.saveState();
    }
    ViewPanel panel(*viewInfo(QStringLiteral("errors")), session_);
    panel.restoreState(state);
    EXPECT_EQ(panel.findChild<QComboBox*>(QStringLiteral("option.metric"))->currentData().toString(), QStringLiteral("mse"));
    EXPECT_EQ(panel.saveState(), state);
    panel.restoreState({{QStringLiteral("options"), QJsonObject{{QStringLiteral("metric"), QStringLiteral("no such")}}}});
    EXPECT_EQ(panel.saveState().value(QStringLiteral("options")), state.value(QStringLiteral("options")));
}

TEST_F(ViewPanelTest, AClickOnASiteSelectsItEverywhere) {
    ViewPanel panel(*viewInfo(QStringLiteral("errors")), session_);
    showRun(panel, id(0));
    const RunDataPtr run = session_.study.run(id(0));
    const auto& row = run->errors("local")->rows.back();
    Q_EMIT panel.view().siteChosen(toQt(row.site));
    EXPECT_EQ(session_.selection.selection().site, toQt(row.site));
    EXPECT_EQ(session_.selection.selection().block, toQt(row.block));
}

TEST_F(ViewPanelTest, CopiesPictureAndData) {
    ViewPanel panel(*viewInfo(QStringLiteral("errors")), session_);
    showRun(panel, id(0));
    panel.copyPicture();
    EXPECT_TRUE(QApplication::clipboard()->mimeData()->hasImage());
    panel.copyData();
    EXPECT_EQ(QApplication::clipboard()->text().count(QLatin1Char('\n')), static_cast<int>(panel.view().table().rows.size()) + 1);
}

TEST_F(ViewPanelTest, SleepsWhileNobodyLooks) {
    ViewPanel panel(*viewInfo(QStringLiteral("errors")), session_);
    session_.selection.setRunA(id(0));
    ASSERT_TRUE(test::waitFor([&] { return session_.study.run(id(0)) != nullptr; }));
    QTest::qWait(150);
    EXPECT_FALSE(panel.view().emptyText().isEmpty());  // nothing was handed to it
    panel.show();
    EXPECT_TRUE(panel.view().emptyText().isEmpty());
}

TEST_F(ViewPanelTest, EveryViewTakesEveryState) {
    for (const ViewInfo& info : allViews()) {
        ViewPanel panel(info, session_);
        panel.resize(500, 300);
        panel.show();
        for (const CompareMode mode : {CompareMode::a, CompareMode::b, CompareMode::overlay, CompareMode::difference}) {
            session_.selection.setRunA(id(0));
            session_.selection.setRunB(id(1));
            session_.selection.setMode(mode);
            session_.selection.selectSite(QStringLiteral("no.such.site"), QStringLiteral("no.such.block"));
            QTest::qWait(120);
            panel.setShowsTable(true);
            panel.setShowsTable(false);
        }
        session_.selection.clear();
        QTest::qWait(120);
        EXPECT_FALSE(panel.view().emptyText().isEmpty()) << toStd(info.id);
    }
}

TEST_F(ViewPanelTest, SaysWhyAHistogramCannotBeComputedAndTriesAgain) {
    ViewPanel panel(*viewInfo(QStringLiteral("histogram")), session_);
    panel.resize(700, 400);
    panel.show();
    auto* retry = panel.findChild<QPushButton*>(QStringLiteral("retry"));
    session_.selection.setRunA(id(0));
    session_.selection.selectSite(QStringLiteral("blocks.0.attn.qkv"), QStringLiteral("blocks.0"));
    // These runs have no network to compute it with.
    ASSERT_TRUE(test::waitFor([&] { return retry->isVisible(); })) << toStd(panel.view().emptyText());
    EXPECT_TRUE(test::waitFor([&] { return !panel.view().emptyText().contains(QStringLiteral("being computed")); })) << toStd(panel.view().emptyText());
    const QList<jobs::JobId> before = session_.jobs.jobs();
    ASSERT_EQ(before.size(), 1);
    QTest::mouseClick(retry, Qt::LeftButton);
    ASSERT_TRUE(test::waitFor([&] { return session_.jobs.jobs().size() == 2 && session_.jobs.unfinished() == 0; }));
    ASSERT_TRUE(test::waitFor([&] { return retry->isVisible(); }));
    session_.selection.selectSite({}, {});
    EXPECT_TRUE(test::waitFor([&] { return !retry->isVisible(); })) << "it belongs to the site";
}

TEST_F(ViewPanelTest, OptionsFollowWhatTheRunHas) {
    ViewPanel panel(*viewInfo(QStringLiteral("traces")), session_);
    panel.restoreState({{QStringLiteral("options"), QJsonObject{{QStringLiteral("series"), QStringLiteral("trace")}}}});  // not known yet
    EXPECT_EQ(panel.saveState().value(QStringLiteral("options")).toObject().value(QStringLiteral("series")).toString(), QStringLiteral("trace"));
    showRun(panel, id(0));
    const auto chosen = [&] {
        const auto* series = panel.findChild<QComboBox*>(QStringLiteral("option.series"));
        return series == nullptr ? QString() : series->currentData().toString();
    };
    EXPECT_TRUE(test::waitFor([&] { return chosen() == QStringLiteral("trace"); })) << toStd(chosen());
    EXPECT_EQ(panel.findChild<QComboBox*>(QStringLiteral("option.series"))->count(), 3);  // auto, all and the run's own
}

TEST_F(ViewPanelTest, SaysWhatIsMissingAndNothingElse) {
    ViewPanel panel(*viewInfo(QStringLiteral("errors")), session_), compare(*viewInfo(QStringLiteral("compare_summary")), session_);
    panel.show();
    compare.show();
    EXPECT_TRUE(panel.view().emptyText().startsWith(u"No run is chosen.")) << "there are two";
    session_.selection.setRunA(id(0));
    panel.hide();
    panel.show();  // it looks at once, and the run is not there yet
    EXPECT_EQ(panel.view().emptyText(), QStringLiteral("The run is being read."));
    ASSERT_TRUE(test::waitFor([&] { return session_.study.run(id(0)) && panel.view().emptyText().isEmpty(); }));
    EXPECT_TRUE(compare.view().emptyText().contains(u"Choose a second one as B")) << toStd(compare.view().emptyText());
    session_.study.close();
    ASSERT_TRUE(test::waitFor([&] { return panel.view().emptyText() == u"Open a project to see its runs."; }));
}

TEST_F(ViewPanelTest, TheInspectorSaysThatTheNetworkIsBeingRead) {
    InspectorPanel inspector(session_);
    inspector.show();
    const auto* hint = inspector.findChild<QLabel*>(QStringLiteral("inspector.hint"));
    ASSERT_TRUE(test::waitFor([&] { return hint->text().startsWith(u"No network yet."); }));
    session_.study.edit(QStringLiteral("add model"), [](project::Edits& edits) { edits.models.push_back({"late", {{}, "/no/such/file"}, {}}); });
    QStringList said;
    ASSERT_TRUE(test::waitFor([&] {
        if (said.isEmpty() || said.back() != hint->text()) said.append(hint->text());
        return hint->text().startsWith(u"The network cannot be read.");
    }));
    for (const QString& text : said) EXPECT_FALSE(text.startsWith(u"Open a project")) << toStd(text);
}

TEST_F(ViewPanelTest, TheInspectorNeedsNoNetworkToBeShown) {
    InspectorPanel inspector(session_);
    inspector.show();
    session_.selection.setRunA(id(0));
    session_.selection.selectSite(QStringLiteral("blocks.0.attn.qkv"), QStringLiteral("blocks.0"));
    QTest::qWait(200);
    EXPECT_TRUE(inspector.tabSeparated().endsWith(QLatin1Char('\n')));
}

}  // namespace
}  // namespace vitrine::widgets
