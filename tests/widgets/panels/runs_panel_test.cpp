// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/runs_panel.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include "project/project.h"
#include "support/ui_work.h"
#include "widgets/base/text.h"
#include "widgets/panels/runs_panel_model.h"
#include "widgets/session/sample_runs.h"

namespace vitrine::widgets {
namespace {

class RunsPanelTest : public ::testing::Test {
  protected:
    void open(int runs) {
        test::writeRuns(path(), runs);
        session_.study.open(pathText(path()));
        ASSERT_TRUE(test::waitFor([&] { return session_.study.isOpen(); }));
        panel_ = std::make_unique<RunsPanel>(session_);
        table_ = panel_->findChild<QTableView*>(QStringLiteral("runsTable"));
        panel_->resize(1200, 300);
        panel_->show();
        if (runs > 0) choose(0);
    }
    std::filesystem::path path() const { return folder_ / "study"; }
    void choose(int row) { table_->setCurrentIndex(table_->model()->index(row, RunsModel::name)); }
    QString id(int row) const { return table_->model()->index(row, 0).data(RunsModel::idRole).toString(); }
    QString cell(int row, int column) const { return table_->model()->index(row, column).data().toString(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(table_, key, modifiers); }

    test::TemporaryFolder folder_;
    Settings settings_{pathText(folder_ / "settings.ini")};
    Session session_{settings_};
    std::unique_ptr<RunsPanel> panel_;
    QTableView* table_ = nullptr;
};

TEST_F(RunsPanelTest, SaysWhatToDoWhenThereIsNothing) {
    open(0);
    auto* button = panel_->findChild<QPushButton*>(QStringLiteral("runsNewRun"));
    ASSERT_TRUE(button->isVisible());
    QSignalSpy asked(panel_.get(), &RunsPanel::newRunAsked);
    QTest::keyClick(button, Qt::Key_Space);
    EXPECT_EQ(asked.count(), 1);
}

TEST_F(RunsPanelTest, ColumnsFitThePanelUntilTheUserSizesThem) {
    open(2);
    QHeaderView* header = table_->horizontalHeader();
    for (const int width : {1100, 1500, 1250}) {
        panel_->resize(width, 300);
        QTest::qWait(1);
        EXPECT_LE(header->length(), table_->viewport()->width()) << width;
        EXPECT_GE(header->length(), table_->viewport()->width() - 2) << "what is left over is used, " << width;
        for (const int column : {RunsModel::top1, RunsModel::size, RunsModel::bops, RunsModel::bits})
            EXPECT_GE(header->sectionSize(column), table_->fontMetrics().horizontalAdvance(cell(0, column))) << width << " " << column;
    }
    QTest::mousePress(header->viewport(), Qt::LeftButton, {}, {header->sectionViewportPosition(RunsModel::name) + 20, 5});
    header->resizeSection(RunsModel::name, 333);
    QTest::mouseRelease(header->viewport(), Qt::LeftButton, {}, {header->sectionViewportPosition(RunsModel::name) + 20, 5});
    panel_->resize(1300, 300);
    QTest::qWait(1);
    EXPECT_EQ(header->sectionSize(RunsModel::name), 333);
}

TEST_F(RunsPanelTest, ShowsFiguresWithUnits) {
    open(1);
    EXPECT_EQ(cell(0, RunsModel::method), QStringLiteral("RepQ-ViT"));
    EXPECT_EQ(cell(0, RunsModel::bits), QStringLiteral("W4.02 A4.10"));
    EXPECT_EQ(cell(0, RunsModel::top1), percentText(91.2));
    EXPECT_TRUE(cell(0, RunsModel::change).contains(QStringLiteral("1.3")));
    EXPECT_EQ(cell(0, RunsModel::state), QStringLiteral("Finished"));
}

TEST_F(RunsPanelTest, EnterSetsAAndShiftEnterB) {
    open(3);
    press(Qt::Key_Return);
    EXPECT_EQ(session_.selection.selection().runA, id(0));
    choose(1);
    press(Qt::Key_Return, Qt::ShiftModifier);
    EXPECT_EQ(session_.selection.selection().runB, id(1));
    EXPECT_EQ(table_->model()->index(1, 0).data(RunsModel::markRole).toString(), QStringLiteral("B"));
    press(Qt::Key_Return);  // the run that is B becomes A: they change places
    EXPECT_EQ(session_.selection.selection().runA, id(1));
    EXPECT_EQ(session_.selection.selection().runB, id(0));
}

TEST_F(RunsPanelTest, RenamesInPlaceAndUndoes) {
    open(2);
    const QString run = id(0);
    press(Qt::Key_F2);
    auto* editor = table_->findChild<QLineEdit*>();
    ASSERT_NE(editor, nullptr);
    editor->setText(QStringLiteral("Main result"));
    session_.selection.setRunB(run);  // the row changes, what is being typed stays
    QTest::keyClick(editor, Qt::Key_Return);
    ASSERT_TRUE(test::waitFor([&] { return session_.study.runTitle(run) == QStringLiteral("Main result"); }));
    EXPECT_EQ(cell(0, RunsModel::name), QStringLiteral("Main result"));
    EXPECT_TRUE(session_.selection.selection().runA.isEmpty());  // this Enter was for the editor alone
    session_.study.undoStack().undo();
    EXPECT_EQ(cell(0, RunsModel::name), run);
    EXPECT_FALSE(session_.study.isModified());
}

TEST_F(RunsPanelTest, CopiesRowsAsATable) {
    open(3);
    table_->selectAll();
    press(Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    ASSERT_EQ(lines.size(), 4);
    EXPECT_EQ(lines[0].split(u'\t').size(), static_cast<int>(RunsModel::columnCountOfRuns));
    EXPECT_EQ(lines[1].split(u'\t')[RunsModel::top1], QStringLiteral("91.2"));
    table_->setColumnHidden(RunsModel::note, true);
    press(Qt::Key_C, Qt::ControlModifier);
    EXPECT_FALSE(QGuiApplication::clipboard()->text().contains(QStringLiteral("Note")));
}

TEST_F(RunsPanelTest, PinnedRunsStayOnTop) {
    open(3);
    choose(2);
    const QString run = id(2);
    panel_->togglePinned();
    EXPECT_EQ(id(0), run);
    table_->sortByColumn(RunsModel::name, Qt::AscendingOrder);
    EXPECT_EQ(id(0), run);
    table_->sortByColumn(RunsModel::name, Qt::DescendingOrder);
    EXPECT_EQ(id(0), run);
}

TEST_F(RunsPanelTest, FiltersByWords) {
    open(3);
    panel_->setFilter(QStringLiteral("repq r0002"));
    EXPECT_EQ(table_->model()->rowCount(), 1);
    panel_->setFilter(QStringLiteral("nothing like it"));
    EXPECT_EQ(table_->model()->rowCount(), 0);
    EXPECT_FALSE(table_->isVisible());
    panel_->setFilter({});
    EXPECT_EQ(table_->model()->rowCount(), 3);
}

TEST_F(RunsPanelTest, KeepsTheColumns) {
    open(1);
    table_->setColumnHidden(RunsModel::bops, true);
    panel_.reset();
    panel_ = std::make_unique<RunsPanel>(session_);
    EXPECT_TRUE(panel_->findChild<QTableView*>(QStringLiteral("runsTable"))->isColumnHidden(RunsModel::bops));
}

TEST_F(RunsPanelTest, MenuOfARun) {
    open(1);
    QSignalSpy rerun(panel_.get(), &RunsPanel::rerunAsked), report(panel_.get(), &RunsPanel::reportAsked), folder(panel_.get(), &RunsPanel::folderAsked);
    Q_EMIT table_->customContextMenuRequested(QPoint(5, 5));
    auto* menu = panel_->findChild<QMenu*>(QStringLiteral("runsMenu"));
    ASSERT_NE(menu, nullptr);
    for (QAction* action : menu->actions())
        if (action->text().startsWith(QStringLiteral("Run again")) || action->text() == QStringLiteral("Add to report") ||
            action->text() == QStringLiteral("Open folder"))
            action->trigger();
    menu->close();
    ASSERT_EQ(rerun.count(), 1);
    EXPECT_EQ(rerun[0][0].toString(), id(0));
    ASSERT_EQ(report.count(), 1);
    ASSERT_EQ(folder.count(), 1);
    EXPECT_TRUE(std::filesystem::is_directory(toPath(folder[0][0].toString())));
}

TEST_F(RunsPanelTest, ResumesInterruptedRuns) {
    const test::SampleRuns sample(16);
    const jobs::JobId id = session_.jobs.addRun(sample.spec(), QStringLiteral("x"), JobCenter::When::now);
    ASSERT_TRUE(test::waitFor([&] { return !session_.jobs.item(id)->run.isEmpty(); }));
    QSignalSpy all(&session_.jobs, &JobCenter::allEnded);
    session_.jobs.endAll(JobCenter::Ending::pause);
    ASSERT_TRUE(test::waitFor([&] { return all.count() == 1; }));
    session_.study.open(sample.projectText());
    ASSERT_TRUE(test::waitFor([&] { return session_.study.isOpen(); }));
    RunsPanel panel(session_);
    auto* table = panel.findChild<QTableView*>(QStringLiteral("runsTable"));
    ASSERT_EQ(table->model()->rowCount(), 1);
    EXPECT_EQ(table->model()->index(0, RunsModel::state).data().toString(), QStringLiteral("Interrupted"));
    table->selectRow(0);
    panel.resumeChosen();
    ASSERT_TRUE(test::waitFor([&] { return table->model()->index(0, RunsModel::state).data().toString() == QStringLiteral("Finished"); }));
}

TEST_F(RunsPanelTest, TheModelKeepsItsPromisesWhileRunsComeAndGo) {
    open(2);
    RunsModel model(session_, nullptr);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    RunsFilter filter(nullptr);
    filter.setSourceModel(&model);
    const QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::Fatal);
    test::addRun(path());
    session_.study.reload();
    ASSERT_TRUE(test::waitFor([&] { return model.rowCount() == 3; }));
    project::RunRecord record;
    record.id = "r0009-repq";
    for (int i = 0; i < 5; ++i) {
        record.seconds = i;
        session_.study.runTold(record);
        test::waitFor([] { return false; }, 0);
    }
    ASSERT_TRUE(test::waitFor([&] { return model.rowCount() == 4; }));
    session_.study.runEnded(QStringLiteral("r0009-repq"));
    ASSERT_TRUE(test::waitFor([&] { return model.rowCount() == 3; }));
    filter.setWords(QStringLiteral("r0001"));
    filter.sort(RunsModel::top1, Qt::DescendingOrder);
    session_.study.close();
    EXPECT_EQ(model.rowCount(), 0);
}

TEST_F(RunsPanelTest, TwoHundredRunsDoNotStutter) {
    open(200);
    test::UiWork work;
    for (int column = 0; column < RunsModel::columnCountOfRuns; ++column) {
        table_->sortByColumn(column, Qt::DescendingOrder);
        QTest::qWait(5);
    }
    panel_->setFilter(QStringLiteral("r01"));
    QTest::qWait(5);
    panel_->setFilter({});
    QTest::qWait(5);
    EXPECT_LE(work.longestMilliseconds(), test::kLongestWork);
}

}  // namespace
}  // namespace vitrine::widgets
