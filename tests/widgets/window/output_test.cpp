// SPDX-License-Identifier: GPL-3.0-or-later
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <regex>

#include "base/files.h"
#include "widgets/panels/view_panel.h"
#include "widgets/views/figures.h"
#include "widgets/window/export_dialog.h"
#include "widgets/window/figure_dialog.h"
#include "widgets/window/report_dialog.h"
#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

class OutputTest : public test::WindowTest {
  protected:
    OutputTest() { qputenv("VITRINE_RENDERER", VITRINE_DESKTOP); }

    /// A window with one finished run.
    bool openWithRun() {
        open();
        if (!openProject()) return false;
        const jobs::JobId id = startRun("baseline");
        return waitFor([&] { return isOver(id); }, 300) &&
               waitFor([&] { return window->registry().action(QStringLiteral("file.report"))->isEnabled(); });
    }

    /// The page without the minute in which it was made.
    static std::string undated(const std::string& html) {
        return std::regex_replace(html, std::regex(R"(\d{4}-\d\d-\d\d \d\d:\d\d UTC)"), "DATE");
    }
};

TEST_F(OutputTest, ReportIsThatOfTheCommandLine) {
    ASSERT_TRUE(openWithRun());
    trigger("file.report");
    auto* report = window->findChild<ReportDialog*>();
    ASSERT_NE(report, nullptr);
    EXPECT_EQ(report->chosenRuns(), QStringList{QStringLiteral("r0001-baseline")});
    const auto html = folder / "window.html";
    report->setFile(pathText(html));
    report->start();
    ASSERT_TRUE(
        waitFor([&] { return window->messages().text().contains(QStringLiteral("The report is saved.")); }, 120));
    QProcess cli;
    const auto expected = folder / "cli.html";
    cli.start(QStringLiteral(VITRINE_CLI),
              {QStringLiteral("report"), runs.projectText(), QStringLiteral("r0001-baseline"), QStringLiteral("--html"),
               pathText(expected)});
    ASSERT_TRUE(cli.waitForFinished(120000));
    const std::string made = readTextFile(html);
    EXPECT_EQ(undated(made), undated(readTextFile(expected)));
    EXPECT_NE(made.find("<svg"), std::string::npos);
}

TEST_F(OutputTest, ReportAsPdf) {
    ASSERT_TRUE(openWithRun());
    QThreadPool pool;
    ReportMaker maker(pool);
    QSignalSpy finished(&maker, &ReportMaker::finished);
    ReportRequest request{runs.projectText(),         {},
                          QStringLiteral("My title"), true,
                          ReportRequest::Format::pdf, pathText(folder / "report.pdf")};
    maker.start(request);
    ASSERT_TRUE(waitFor([&] { return finished.count() == 1; }, 120));
    EXPECT_EQ(readTextFile(folder / "report.pdf").substr(0, 5), "%PDF-");
    EXPECT_FALSE(maker.isRunning());
}

TEST_F(OutputTest, CancelledReportLeavesNoFile) {
    ASSERT_TRUE(openWithRun());
    QThreadPool pool;
    ReportMaker maker(pool);
    QSignalSpy finished(&maker, &ReportMaker::finished);
    maker.start({runs.projectText(), {}, {}, true, ReportRequest::Format::html, pathText(folder / "report.html")});
    QTest::qWait(100);
    maker.cancel();
    pool.waitForDone();
    QTest::qWait(200);
    EXPECT_EQ(finished.count(), 0);
    EXPECT_FALSE(std::filesystem::exists(folder / "report.html"));
}

TEST_F(OutputTest, UnknownRunIsSaid) {
    ASSERT_TRUE(openWithRun());
    QThreadPool pool;
    ReportMaker maker(pool);
    QSignalSpy failed(&maker, &ReportMaker::failed);
    maker.start({runs.projectText(),
                 {QStringLiteral("r0009-none")},
                 {},
                 true,
                 ReportRequest::Format::html,
                 pathText(folder / "report.html")});
    EXPECT_TRUE(waitFor([&] { return failed.count() == 1; }));
}

TEST_F(OutputTest, ExportWritesDataAndFigures) {
    ASSERT_TRUE(openWithRun());
    trigger("file.export_all");
    auto* dialog = window->findChild<ExportDialog*>();
    ASSERT_NE(dialog, nullptr);
    dialog->setFolder(pathText(folder / "export"));
    dialog->start();
    ASSERT_TRUE(waitFor([&] { return window->messages().text().contains(QStringLiteral("exported")); }, 120));
    EXPECT_TRUE(std::filesystem::exists(folder / "export" / "r0001-baseline" / "errors.csv"));
    EXPECT_TRUE(std::filesystem::exists(folder / "export" / "r0001-baseline" / "errors.svg"));
}

TEST_F(OutputTest, FigureDialogSavesWhatTheViewShows) {
    ASSERT_TRUE(openWithRun());
    ViewPanel* panel = window->views().panel(QStringLiteral("errors"));
    ASSERT_TRUE(waitFor([&] { return panel->view().emptyText().isEmpty(); }));
    Q_EMIT panel->figureAsked();
    auto* dialog = window->findChild<FigureDialog*>();
    ASSERT_NE(dialog, nullptr);
    auto* file = dialog->findChild<QLineEdit*>(QStringLiteral("figure.file"));
    file->setText(pathText(folder / "figure"));
    dialog->findChild<QPushButton*>(QStringLiteral("figure.save"))->click();
    ASSERT_TRUE(waitFor([&] { return std::filesystem::exists(folder / "figure.svg"); }));  // with its extension
    FigureOptions options;
    options.title = QStringLiteral("figure");
    EXPECT_EQ(readTextFile(folder / "figure.svg"), figure(panel->view(), FigureFormat::svg, options).toStdString());
}

}  // namespace
}  // namespace vitrine::widgets
