// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/graph_view.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

#include "compare_runs.h"
#include "graph_runs.h"
#include "report/run_content.h"
#include "support/reference_data.h"

namespace vitrine::widgets {
namespace {

ViewInput inputOf(RunDataPtr a = nullptr, RunDataPtr b = nullptr) {
    ViewInput input;
    input.network = test::sampleNetwork();
    input.a = std::move(a);
    input.b = std::move(b);
    if (input.b) input.selection.mode = CompareMode::overlay;
    return input;
}

QStringList titles(const Diagram& diagram) {
    QStringList all;
    for (const DiagramItem& item : diagram.items) all << item.title;
    return all;
}

void expectSound(const Diagram& diagram) {
    for (std::size_t a = 0; a < diagram.items.size(); ++a) {
        EXPECT_TRUE(diagram.bounds.contains(diagram.items[a].box));
        for (std::size_t b = a + 1; b < diagram.items.size(); ++b) {
            EXPECT_FALSE(diagram.items[a].box.intersects(diagram.items[b].box)) << diagram.items[a].id << " and " << diagram.items[b].id;
            for (const DiagramWeight& weight : diagram.items[a].weights) EXPECT_FALSE(weight.box.intersects(diagram.items[b].box)) << weight.site;
        }
    }
    for (const DiagramLine& line : diagram.lines) {
        EXPECT_LT(diagram.items[line.from].box.top(), diagram.items[line.to].box.top());
        EXPECT_TRUE(diagram.items[line.to].box.adjusted(-1, -1, 1, 1).contains(line.path.currentPosition()));
    }
}

/// A view on the screen, so that it takes the focus and the mouse.
class GraphViewTest : public ::testing::Test {
  protected:
    void show(const ViewInput& input, const std::vector<std::pair<std::string, std::string>>& changes = {}) {
        view.resize(800, 600);
        view.setOptions(test::optionsOf(view, changes));
        view.setInput(input);
        view.show();
        view.activateWindow();
        view.setFocus();
        ASSERT_TRUE(QTest::qWaitForWindowActive(&view));
    }

    QPoint placeOf(const std::string& site) const {
        const DiagramItem& item = view.diagram().items[view.diagram().itemOfSite(site).value()];
        for (const DiagramWeight& weight : item.weights)
            if (weight.site == site) return view.toWidget(weight.box.center()).toPoint();
        return view.toWidget(item.box.center()).toPoint();
    }

    GraphView view;
};

TEST_F(GraphViewTest, SaysWhatIsMissing) {
    view.setInput({});
    EXPECT_FALSE(view.emptyText().isEmpty());
    EXPECT_TRUE(view.table().rows.empty());
    EXPECT_GT(test::coloursOf(test::figureOf(view)), 1);
}

TEST_F(GraphViewTest, DrawsTheFirstTransformerBlockWithItsSites) {
    show(inputOf());
    EXPECT_TRUE(view.emptyText().isEmpty());
    expectSound(view.diagram());
    for (const char* site : {"blocks.0.norm1", "blocks.0.attn.q", "blocks.0.attn.qkv.weight", "blocks.0.mlp.gelu"})
        EXPECT_TRUE(view.diagram().itemOfSite(site)) << site;
    EXPECT_FALSE(view.diagram().itemOfSite("blocks.1.norm1"));
    EXPECT_EQ(view.table().rows.size(), 12u);
    EXPECT_EQ(view.table().id, "sites");
}

TEST_F(GraphViewTest, EveryBlockOfTheNetworkCanBeDrawn) {
    for (const auto& block : test::sampleNetwork()->graph->blocks) {
        SCOPED_TRACE(block.id);
        view.setOptions(test::optionsOf(view, {{"block", block.id}}));
        view.setInput(inputOf());
        expectSound(view.diagram());
        EXPECT_FALSE(view.diagram().items.empty());
    }
}

TEST_F(GraphViewTest, TheResidualStreamIsAStraightLineThroughTheAdditions) {
    show(inputOf());
    double x = -1;
    int spine = 0;
    for (const DiagramLine& line : view.diagram().lines) {
        if (!line.spine) continue;
        ++spine;
        if (x < 0) x = line.path.boundingRect().left();
        EXPECT_NEAR(line.path.boundingRect().left(), x, 0.01);
        EXPECT_NEAR(line.path.boundingRect().width(), 0, 0.01);
    }
    EXPECT_EQ(spine, 3);  // to the first addition, the second one, and out
}

TEST_F(GraphViewTest, OptionsAddAndFold) {
    show(inputOf());
    EXPECT_FALSE(titles(view.diagram()).contains(QStringLiteral("Permute")));
    EXPECT_TRUE(titles(view.diagram()).contains(QStringLiteral("Layer norm")));
    view.setOptions(test::optionsOf(view, {{"rearrangements", "true"}, {"norms", "false"}, {"weights", "false"}, {"names", "false"}}));
    expectSound(view.diagram());
    EXPECT_TRUE(titles(view.diagram()).contains(QStringLiteral("Permute")));
    EXPECT_FALSE(titles(view.diagram()).contains(QStringLiteral("Layer norm")));
    EXPECT_FALSE(view.diagram().itemOfSite("blocks.0.attn.qkv.weight"));
    for (const DiagramItem& item : view.diagram().items) EXPECT_TRUE(item.name.isEmpty());
}

TEST_F(GraphViewTest, TheWholeNetworkIsItsBlocks) {
    show(inputOf(test::runOn(*test::sampleNetwork())), {{"level", "network"}});
    expectSound(view.diagram());
    EXPECT_EQ(view.diagram().items.size(), 8u);
    EXPECT_EQ(view.table().rows.size(), test::sampleNetwork()->sites.size());
    EXPECT_TRUE(view.summary().contains(QStringLiteral("blocks.2.mlp.gelu"))) << view.summary().toStdString();
}

TEST_F(GraphViewTest, TheTableIsTheReportsForTheBlock) {
    const RunDataPtr run = test::runOn(*test::sampleNetwork());
    show(inputOf(run));
    const report::Table table = view.table();
    const report::Table whole = report::layerTable(*run);
    ASSERT_EQ(table.columns.size(), whole.columns.size());
    EXPECT_EQ(table.rows.size(), 12u);
    for (const auto& row : table.rows) EXPECT_NE(std::find(whole.rows.begin(), whole.rows.end(), row), whole.rows.end());
}

TEST_F(GraphViewTest, EveryModeDrawsInBothThemesTheSameTwice) {
    const auto& network = *test::sampleNetwork();
    ViewInput input = inputOf(test::runOn(network), test::runOn(network, {.id = "r0002-baseline", .bits = 8, .sqnr = 38, .worst = ""}));
    for (const CompareMode mode : {CompareMode::a, CompareMode::b, CompareMode::overlay, CompareMode::difference})
        for (const char* level : {"network", "block"})
            for (const Theme* theme : {&Theme::day(), &Theme::night()}) {
                input.selection.mode = mode;
                view.setOptions(test::optionsOf(view, {{"level", level}}));
                view.setInput(input);
                const QImage first = test::figureOf(view, *theme);
                EXPECT_GT(test::coloursOf(first), 20);
                EXPECT_EQ(first, test::figureOf(view, *theme));
                EXPECT_FALSE(view.table().rows.empty());
            }
}

TEST_F(GraphViewTest, ABlockThatIsSelectedIsDrawn) {
    ViewInput input = inputOf();
    input.selection.block = QStringLiteral("blocks.3");
    show(input);
    EXPECT_TRUE(view.diagram().itemOfSite("blocks.3.norm1"));
    view.setOptions(test::optionsOf(view, {{"block", "head"}}));
    EXPECT_TRUE(view.diagram().itemOfSite("head.weight"));
}

TEST_F(GraphViewTest, AClickSelects) {
    show(inputOf(test::runOn(*test::sampleNetwork())));
    QSignalSpy sites(&view, &View::siteChosen);
    QTest::mouseClick(&view, Qt::LeftButton, Qt::NoModifier, placeOf("blocks.0.attn.q"));
    QTest::mouseClick(&view, Qt::LeftButton, Qt::NoModifier, placeOf("blocks.0.attn.qkv.weight"));
    ASSERT_EQ(sites.count(), 2);
    EXPECT_EQ(sites[0][0].toString(), QStringLiteral("blocks.0.attn.q"));
    EXPECT_EQ(sites[1][0].toString(), QStringLiteral("blocks.0.attn.qkv.weight"));
    QTest::mouseClick(&view, Qt::RightButton, Qt::NoModifier, placeOf("blocks.0.attn.k"));  // the menu is about it
    ASSERT_EQ(sites.count(), 3);
    EXPECT_EQ(sites[2][0].toString(), QStringLiteral("blocks.0.attn.k"));
}

TEST_F(GraphViewTest, HoveringReadsOut) {
    ViewInput input = inputOf(test::runOn(*test::sampleNetwork(), {.worst = "blocks.0.attn.q"}));
    show(input);
    QSignalSpy readouts(&view, &View::readoutChanged);
    QTest::mouseMove(&view, placeOf("blocks.0.attn.q"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return !readouts.isEmpty(); }, 2000));
    const QString text = readouts.back()[0].toString();
    for (const char* part : {"blocks.0.attn.q", "Query", "4 bits", "38.0", "lowest"}) EXPECT_TRUE(text.contains(QString::fromLatin1(part))) << text.toStdString();
}

TEST_F(GraphViewTest, ADoubleClickOpensABlock) {
    show(inputOf(), {{"level", "network"}});
    QSignalSpy blocks(&view, &View::blockChosen), options(&view, &View::optionsAsked);
    const QPoint place = view.toWidget(view.diagram().items[2].box.center()).toPoint();
    QTest::mouseClick(&view, Qt::LeftButton, Qt::NoModifier, place);
    ASSERT_EQ(blocks.count(), 1);
    EXPECT_EQ(blocks[0][0].toString(), QStringLiteral("blocks.1"));
    EXPECT_EQ(options.count(), 0);
    QTest::mouseDClick(&view, Qt::LeftButton, Qt::NoModifier, place);
    ASSERT_EQ(options.count(), 1);
    EXPECT_EQ(options[0][0].toString(), QStringLiteral("level"));
    EXPECT_EQ(options[0][1].toString(), QStringLiteral("block"));
}

TEST_F(GraphViewTest, ArrowsWalkAlongTheLinesAndEnterSelects) {
    show(inputOf());
    QSignalSpy sites(&view, &View::siteChosen);
    for (int i = 0; i < 3; ++i) QTest::keyClick(&view, Qt::Key_Down);  // port, layer norm, its quantizer
    QTest::keyClick(&view, Qt::Key_Return);
    ASSERT_EQ(sites.count(), 1);
    EXPECT_EQ(sites[0][0].toString(), QStringLiteral("blocks.0.norm1"));
    QTest::keyClick(&view, Qt::Key_Down);
    QTest::keyClick(&view, Qt::Key_Right);
    QTest::keyClick(&view, Qt::Key_Return);
    ASSERT_EQ(sites.count(), 2);
    EXPECT_EQ(sites[1][0].toString(), QStringLiteral("blocks.0.attn.qkv.weight"));
    for (int i = 0; i < 40; ++i) QTest::keyClick(&view, Qt::Key_Down);  // the way ends
    QTest::keyClick(&view, Qt::Key_Up);
}

TEST_F(GraphViewTest, BackspaceGoesUpToTheNetwork) {
    show(inputOf());
    QSignalSpy options(&view, &View::optionsAsked);
    QTest::keyClick(&view, Qt::Key_Backspace);
    ASSERT_EQ(options.count(), 1);
    EXPECT_EQ(options[0][1].toString(), QStringLiteral("network"));
}

TEST_F(GraphViewTest, ZoomHasAHistoryAndIsClearedWithAnotherBlock) {
    show(inputOf());
    const QPointF before = view.toWidget({0, 0});
    EXPECT_FALSE(view.canZoomBack());
    QTest::keyClick(&view, Qt::Key_Plus);
    EXPECT_TRUE(view.canZoomBack());
    EXPECT_NE(view.toWidget({0, 0}), before);
    view.zoomBack();
    EXPECT_EQ(view.toWidget({0, 0}), before);
    view.zoomIn();
    ViewInput other = inputOf();
    other.selection.block = QStringLiteral("blocks.4");
    view.setInput(other);
    EXPECT_FALSE(view.canZoomBack());
    view.zoomOut();
    view.resetZoom();
    EXPECT_FALSE(view.canZoomBack());
}

TEST_F(GraphViewTest, AWheelZoomsAroundTheMouse) {
    show(inputOf());
    const QPointF place(300, 200);
    const double scale = view.toWidget({100, 0}).x() - view.toWidget({0, 0}).x();
    QWheelEvent wheel(place, view.mapToGlobal(place), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&view, &wheel);
    EXPECT_GT(view.toWidget({100, 0}).x() - view.toWidget({0, 0}).x(), scale);
}

TEST_F(GraphViewTest, ASiteSelectedElsewhereComesIntoSight) {
    ViewInput input = inputOf();
    show(input);
    ASSERT_FALSE(view.rect().contains(placeOf("blocks.0.mlp.gelu")));
    input.selection.site = QStringLiteral("blocks.0.mlp.gelu");
    input.selection.block = QStringLiteral("blocks.0");
    view.setInput(input);
    EXPECT_TRUE(view.rect().contains(placeOf("blocks.0.mlp.gelu")));
}

TEST_F(GraphViewTest, AGrowingRunKeepsTheZoom) {
    ViewInput input = inputOf(test::runOn(*test::sampleNetwork()));
    show(input);
    view.zoomIn();
    const QPointF before = view.toWidget({0, 0});
    for (int i = 0; i < 100; ++i) {
        input.a = test::runOn(*test::sampleNetwork(), {.sqnr = 16.0 + i});
        view.setInput(input);
    }
    EXPECT_EQ(view.toWidget({0, 0}), before);
}

TEST_F(GraphViewTest, PinsComeAndGo) {
    show(inputOf());
    QTest::keyClick(&view, Qt::Key_Down);
    const QImage plain = view.grab().toImage();
    view.togglePin();
    EXPECT_NE(view.grab().toImage(), plain);
    view.togglePin();
    EXPECT_EQ(view.grab().toImage(), plain);
}

TEST_F(GraphViewTest, TheContextMenuLeadsToTheNetwork) {
    show(inputOf());
    QMenu menu;
    view.addToContextMenu(menu, view.toWidget(view.diagram().items[0].box.center()).toPoint());
    EXPECT_EQ(menu.actions().size(), 2);
}

TEST_F(GraphViewTest, WindowsOfASwinAreFoldedIntoLines) {
    VITRINE_REQUIRE_REFERENCE("golden/models/swin_random.safetensors");
    ViewInput input;
    input.network = test::networkOf(test::referencePath("golden/models/swin_random.safetensors").string());
    for (const auto& block : input.network->graph->blocks)
        for (const char* rearrangements : {"false", "true"}) {
            SCOPED_TRACE(block.id);
            view.setOptions(test::optionsOf(view, {{"block", block.id}, {"rearrangements", rearrangements}}));
            view.setInput(input);
            expectSound(view.diagram());
        }
    view.setOptions(test::optionsOf(view, {{"block", "layers.0.blocks.1"}}));
    for (const DiagramItem& item : view.diagram().items) EXPECT_NE(item.title, QStringLiteral("Reshape"));
    const bool folds = std::any_of(view.diagram().lines.begin(), view.diagram().lines.end(),
                                   [](const DiagramLine& line) { return line.folded.contains(QStringLiteral("Roll")); });
    EXPECT_TRUE(folds);
}

TEST(SiteFacts, QuantizersInWords) {
    EXPECT_EQ(quantizerText("uniform symmetric 8 bit per channel"), QStringLiteral("Uniform, symmetric, 8 bits, one scale per channel"));
    EXPECT_EQ(quantizerText("log_sqrt2 4 bit"), QStringLiteral("Logarithmic (base √2), 4 bits, one scale"));
    EXPECT_EQ(quantizerText("float"), QStringLiteral("None, left in float"));
    EXPECT_TRUE(quantizerText("").isEmpty());
    EXPECT_EQ(quantizerKindText("uniform 4 bit per head"), QStringLiteral("Uniform, one scale per head"));
}

TEST(SiteFacts, WarningsSayWhy) {
    const RunFacts facts(test::runOn(*test::sampleNetwork()));
    EXPECT_EQ(facts.lowest(), "blocks.2.mlp.gelu");
    const QStringList warnings = warningsOf(facts.of("blocks.2.mlp.gelu"), true);
    ASSERT_EQ(warnings.size(), 2);
    EXPECT_TRUE(warnings[0].contains(QStringLiteral("38")));
    EXPECT_TRUE(warnings[1].contains(QStringLiteral("lowest")));
    EXPECT_TRUE(warningsOf(facts.of("blocks.3.norm1"), false).isEmpty());
    EXPECT_FALSE(facts.of("nowhere").known());
    EXPECT_EQ(gradeOf(facts.of("logits.weight").local), ErrorGrade::unknown);
}

TEST(SiteFacts, GradesFollowTheLimits) {
    results::LayerErrors::Row row{"s", "other", "b", "uniform 4 bit", 30, 1, 0};
    EXPECT_EQ(gradeOf(&row), ErrorGrade::small);
    row.sqnrDb = 29.9;
    EXPECT_EQ(gradeOf(&row), ErrorGrade::medium);
    row.sqnrDb = -400;
    EXPECT_EQ(gradeOf(&row), ErrorGrade::large);
    row.sqnrDb = 999;
    EXPECT_EQ(gradeOf(&row), ErrorGrade::exact);
    row.sqnrDb = std::nan("");
    EXPECT_EQ(gradeOf(&row), ErrorGrade::unknown);
    row.quantizer = "float";
    row.sqnrDb = 999;
    EXPECT_EQ(gradeOf(&row), ErrorGrade::notQuantized);
    EXPECT_EQ(gradeOf(nullptr), ErrorGrade::unknown);
}

}  // namespace
}  // namespace vitrine::widgets
