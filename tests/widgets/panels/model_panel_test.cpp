// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/model_panel.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "base/resources.h"
#include "widgets/base/text.h"
#include "widgets/panels/site_text_menu.h"
#include "widgets/session/sample_runs.h"
#include "widgets/views/graph_runs.h"

namespace vitrine::widgets {
namespace {

/// Sites below an index, depth first.
QStringList sitesBelow(const QAbstractItemModel& model, const QModelIndex& parent = {}) {
    QStringList sites;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        if (const QString site = index.data(ModelTree::siteRole).toString(); !site.isEmpty()) sites << site;
        sites += sitesBelow(model, index);
    }
    return sites;
}

/// A network with many blocks, as large ones have.
NetworkPtr manyBlocks(std::size_t times) {
    const NetworkPtr sample = test::sampleNetwork();
    auto graph = std::make_shared<graph::Graph>(*sample->graph);
    auto network = std::make_shared<Network>();
    for (std::size_t i = 0; i < times; ++i)
        for (graph::Site site : sample->sites) {
            site.id = std::to_string(i) + "." + site.id;
            network->sites.push_back(std::move(site));
        }
    network->graph = graph;
    return network;
}

TEST(ModelTreeModel, KeepsTheRulesOfItemModels) {
    ModelTree model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    ModelFilter filter;
    filter.setSourceModel(&model);
    QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::Fatal);
    EXPECT_EQ(model.rowCount(), 0);
    model.setNetwork(test::sampleNetwork());
    model.setFacts(RunFacts(test::runOn(*test::sampleNetwork())));
    filter.setText(QStringLiteral("softmax"));
    filter.setText(QString());
    model.setNetwork(nullptr);
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(ModelTreeModel, HoldsEverySiteOnce) {
    ModelTree model;
    model.setNetwork(test::sampleNetwork());
    QStringList sites = sitesBelow(model);
    EXPECT_EQ(static_cast<std::size_t>(sites.size()), test::sampleNetwork()->sites.size());
    EXPECT_EQ(sites.removeDuplicates(), 0);
    for (const QString& site : sites) EXPECT_EQ(model.indexOfSite(site).data(ModelTree::siteRole).toString(), site);
    EXPECT_FALSE(model.indexOfSite(QStringLiteral("nowhere")).isValid());
    EXPECT_EQ(model.indexOfBlock(QStringLiteral("blocks.3")).data().toString(), QStringLiteral("blocks.3"));
}

TEST(ModelTreeModel, SaysBitsErrorAndWhatIsWorthALook) {
    ModelTree model;
    model.setNetwork(test::sampleNetwork());
    const QModelIndex worst = model.indexOfSite(QStringLiteral("blocks.2.mlp.gelu"));
    EXPECT_TRUE(worst.siblingAtColumn(ModelTree::sqnrColumn).data().isNull());
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setFacts(RunFacts(test::runOn(*test::sampleNetwork())));
    EXPECT_FALSE(changed.isEmpty());
    EXPECT_EQ(worst.siblingAtColumn(ModelTree::bitsColumn).data().toString(), QStringLiteral("4"));
    EXPECT_EQ(worst.siblingAtColumn(ModelTree::sqnrColumn).data().toString(), QStringLiteral("−3.0"));
    const QString tip = worst.data(Qt::ToolTipRole).toString();
    for (const char* part : {"blocks.2.mlp.gelu", "38", "lowest of the network"}) EXPECT_TRUE(tip.contains(QLatin1String(part))) << tip.toStdString();
    const QModelIndex block = model.indexOfBlock(QStringLiteral("blocks.2"));
    EXPECT_TRUE(block.siblingAtColumn(ModelTree::sqnrColumn).data().toString().contains(QStringLiteral("−3.0")));
    EXPECT_EQ(block.data(ModelTree::warningsRole).toStringList().size(), 2);
    EXPECT_TRUE(model.indexOfBlock(QStringLiteral("blocks.4")).data(ModelTree::warningsRole).toStringList().isEmpty());
}

TEST(ModelTreeModel, FiltersByExpressionAndKeepsParents) {
    ModelTree model;
    model.setNetwork(test::sampleNetwork());
    ModelFilter filter;
    filter.setSourceModel(&model);
    filter.setText(QStringLiteral("blocks\\.[0-2]\\.attn\\.(q|k)$|Query|Key"));
    EXPECT_FALSE(filter.isPlain());
    QStringList sites = sitesBelow(filter);
    EXPECT_EQ(sites.size(), 12);  // query and key of six blocks
    EXPECT_EQ(filter.rowCount(), 6);
    filter.setText(QStringLiteral("attn\\.[qk]$"));  // the end of the name, though a role follows
    EXPECT_EQ(sitesBelow(filter), sites);
    filter.setText(QStringLiteral("attn.q("));
    EXPECT_TRUE(filter.isPlain());
    EXPECT_EQ(filter.rowCount(), 0);
    filter.setText(QString());
    EXPECT_EQ(filter.rowCount(), 8);
}

TEST(ModelTreeModel, ManySitesAreShownOnce) {
    ModelTree model;
    const NetworkPtr network = manyBlocks(14);
    ASSERT_GT(network->sites.size(), 1000u);
    QElapsedTimer timer;
    timer.start();
    model.setNetwork(network);
    model.setFacts(RunFacts(test::runOn(*network)));
    ModelFilter filter;
    filter.setSourceModel(&model);
    filter.setText(QStringLiteral("softmax"));
    EXPECT_EQ(sitesBelow(filter).size(), 14 * 6);
    RecordProperty("milliseconds", static_cast<int>(timer.elapsed()));
}

/// A project with the shipped network and no run.
class ModelPanelTest : public ::testing::Test {
  protected:
    void open() {
        session_.study.create(pathText(folder_ / "study"), QStringLiteral("Test"));
        ASSERT_TRUE(test::waitFor([&] { return session_.study.isOpen() && !session_.study.isBusy(); }));
        session_.study.edit(QStringLiteral("add model"), [](project::Edits& edits) {
            const std::string file = (resourcePath("sample") / "vit_sample.safetensors").string();
            edits.models.push_back({.name = "vit", .path = {.relative = {}, .absolute = file}, .overrides = {}});
        });
        panel_ = std::make_unique<ModelPanel>(session_);
        field_ = panel_->findChild<QLineEdit*>(QStringLiteral("modelFilter"));
        panel_->resize(600, 500);
        panel_->show();
        ASSERT_TRUE(test::waitFor([&] { return panel_->model().network() != nullptr; }));
    }
    QString current() const { return panel_->view().currentIndex().data(ModelTree::idRole).toString(); }
    const Selection& selection() const { return session_.selection.selection(); }

    test::TemporaryFolder folder_;
    Settings settings_{pathText(folder_ / "settings.ini")};
    Session session_{settings_};
    std::unique_ptr<ModelPanel> panel_;
    QLineEdit* field_ = nullptr;
};

TEST_F(ModelPanelTest, SaysWhatToDoWithoutAProject) {
    ModelPanel panel(session_);
    panel.show();
    EXPECT_FALSE(panel.view().isVisible());
    panel.focusFilter();
    panel.nextMatch();
}

TEST_F(ModelPanelTest, SelectsBothWays) {
    open();
    session_.selection.selectSite(QStringLiteral("blocks.1.attn.v"), QStringLiteral("blocks.1"));
    EXPECT_EQ(current(), QStringLiteral("blocks.1.attn.v"));
    QTest::keyClick(&panel_->view(), Qt::Key_Up);
    EXPECT_EQ(selection().site, QStringLiteral("blocks.1.attn.softmax"));
    EXPECT_EQ(selection().block, QStringLiteral("blocks.1"));
    session_.selection.selectBlock(QStringLiteral("head"));
    EXPECT_EQ(current(), QStringLiteral("head"));
    session_.selection.clearSite();
}

TEST_F(ModelPanelTest, TheFilterGoesFromMatchToMatch) {
    open();
    panel_->focusFilter();
    QTest::keyClicks(field_, QStringLiteral("softmax"));
    QTest::keyClick(field_, Qt::Key_Return);
    EXPECT_EQ(selection().site, QStringLiteral("blocks.0.attn.softmax"));
    QTest::keyClick(field_, Qt::Key_Return);
    EXPECT_EQ(selection().site, QStringLiteral("blocks.1.attn.softmax"));
    QTest::keyClick(field_, Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClick(field_, Qt::Key_Return, Qt::ShiftModifier);
    EXPECT_EQ(selection().site, QStringLiteral("blocks.5.attn.softmax"));  // around the end
    EXPECT_TRUE(panel_->findChild<QLabel*>(QStringLiteral("modelMatches"))->text().startsWith(QStringLiteral("6 ")));
    QTest::keyClick(field_, Qt::Key_Escape);
    EXPECT_TRUE(field_->text().isEmpty());
    EXPECT_EQ(panel_->view().model()->rowCount(), 8);
    EXPECT_EQ(current(), QStringLiteral("blocks.5.attn.softmax"));
}

TEST_F(ModelPanelTest, AnInvalidExpressionIsMarkedAndSearchedAsText) {
    open();
    auto* mark = field_->findChild<QAction*>(QStringLiteral("plainMark"));
    panel_->setFilter(QStringLiteral("attn.q"));
    EXPECT_FALSE(mark->isVisible());
    panel_->setFilter(QStringLiteral("attn.q["));
    EXPECT_TRUE(mark->isVisible());
    EXPECT_FALSE(panel_->view().isVisible());  // nothing is called so, and a text says it
    panel_->setFilter(QString());
    EXPECT_TRUE(panel_->view().isVisible());
}

TEST_F(ModelPanelTest, OpenBlocksSurviveAFilter) {
    open();
    const QModelIndex block = panel_->view().model()->index(2, 0);
    panel_->view().expand(block);
    panel_->setFilter(QStringLiteral("softmax"));
    panel_->setFilter(QString());
    EXPECT_TRUE(panel_->view().isExpanded(panel_->view().model()->index(2, 0)));
    EXPECT_FALSE(panel_->view().isExpanded(panel_->view().model()->index(3, 0)));
}

TEST_F(ModelPanelTest, TheMenuCopiesTheIdAndLeadsToViews) {
    open();
    QMenu menu;
    QStringList views, panels;
    addPlaceActions(menu, session_, {QStringLiteral("blocks.0.attn.q"), QStringLiteral("blocks.0")},
                    {[&](const QString& view) { views << view; }, [&](const QString& panel) { panels << panel; }});
    menu.findChild<QAction*>(QStringLiteral("copyId"))->trigger();
    EXPECT_EQ(QApplication::clipboard()->text(), QStringLiteral("blocks.0.attn.q"));
    auto* show = menu.findChild<QMenu*>(QStringLiteral("showIn"));
    show->findChild<QAction*>(QStringLiteral("histogram"))->trigger();
    show->findChild<QAction*>(QStringLiteral("inspector"))->trigger();
    EXPECT_EQ(views, QStringList{QStringLiteral("histogram")});
    EXPECT_EQ(panels, QStringList{QStringLiteral("inspector")});
    EXPECT_EQ(selection().site, QStringLiteral("blocks.0.attn.q"));
    EXPECT_EQ(show->findChild<QAction*>(QStringLiteral("compare_sites")), nullptr);  // there is no run B
}

TEST_F(ModelPanelTest, ClosingTheProjectEmptiesIt) {
    open();
    session_.study.close();
    EXPECT_TRUE(test::waitFor([&] { return panel_->model().network() == nullptr; }));
    EXPECT_FALSE(panel_->view().isVisible());
}

TEST_F(ModelPanelTest, NamesHaveRoomInANarrowPanel) {
    open();
    panel_->resize(panel_->minimumSizeHint().width(), 500);
    panel_->view().expandAll();
    QTest::qWait(1);
    const QTreeView& tree = panel_->view();
    const QModelIndexList found = tree.model()->match(tree.model()->index(0, 0), ModelTree::siteRole, QStringLiteral("*.attn.q"), 1, Qt::MatchWildcard | Qt::MatchRecursive);
    ASSERT_EQ(found.size(), 1);
    const QModelIndex site = found.first();
    EXPECT_TRUE(tree.isColumnHidden(ModelTree::roleColumn));
    EXPECT_GE(tree.visualRect(site).width(), tree.fontMetrics().horizontalAdvance(QStringLiteral("attn.qkv")) + 8);
    EXPECT_LE(tree.header()->length(), tree.viewport()->width()) << "nothing scrolls sideways";
    panel_->resize(900, 500);
    EXPECT_FALSE(tree.isColumnHidden(ModelTree::roleColumn));
    EXPECT_FALSE(tree.isColumnHidden(ModelTree::shapeColumn));
    EXPECT_LE(tree.header()->length(), tree.viewport()->width());
}

TEST_F(ModelPanelTest, CopiesMarkedRowsAsATable) {
    open();
    panel_->view().setCurrentIndex(panel_->view().model()->index(1, 0));
    panel_->view().selectionModel()->select(panel_->view().model()->index(2, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    panel_->copyRows();
    const QStringList lines = QApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    ASSERT_EQ(lines.size(), 3);
    EXPECT_TRUE(lines[0].startsWith(QStringLiteral("Id\tRole")));
    for (const QString& line : lines) EXPECT_EQ(line.count(QLatin1Char('\t')), 4);
}

}  // namespace
}  // namespace vitrine::widgets
