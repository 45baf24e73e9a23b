// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/images_view.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QListView>
#include <QMenu>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include "report/csv.h"
#include "report/tables.h"
#include "widgets/views/compare_runs.h"
#include "widgets/views/method_runs.h"

namespace vitrine::widgets {
namespace {

ViewInput one(const test::ImagesRecipe& recipe = {}) {
    ViewInput input;
    input.a = test::imagesRun(recipe);
    input.network = test::patchNetwork();
    input.images.classNames = [](const QString&) { return QStringList{QStringLiteral("zero"), QStringLiteral("one")}; };
    return input;
}

ViewInput two(CompareMode mode) {
    ViewInput input = one();
    input.b = test::imagesRun({.id = "r0002-psaq", .sheets = 3, .hue = 120});
    input.selection.mode = mode;
    return input;
}

QListView& gridOf(ImagesView& view) { return *view.findChild<QListView*>(QStringLiteral("images.grid")); }

TEST(ImagesView, SaysWhatIsMissing) {
    ImagesView view;
    EXPECT_TRUE(view.emptyText().startsWith(QStringLiteral("No run")));
    ViewInput input;
    input.a = test::makeRun();
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("made no images")));
    EXPECT_TRUE(view.table().rows.empty());
    EXPECT_GT(test::coloursOf(test::figureOf(view)), 1);
}

TEST(ImagesView, OffersTheOptionsOfItsMode) {
    ImagesView view;
    view.setInput(one());
    const auto offered = [&] {
        QStringList ids;
        for (const ParameterSpec& spec : view.options())
            if (!spec.advanced) ids.append(QString::fromStdString(spec.id));
        return ids.join(u' ');
    };
    EXPECT_EQ(offered(), QStringLiteral("show sort size captions"));
    ParameterSet values(view.options());
    values.setText("map", "attention");  // command lines and reports name any
    values.setText("show", "one");
    view.setOptions(values);
    EXPECT_EQ(offered(), QStringLiteral("show sort map block network"));
}

TEST(ImagesView, NamesClassesAndHasTheTableOfTheArtefact) {
    ImagesView view;
    const ViewInput input = one();
    view.setInput(input);
    EXPECT_EQ(report::toCsv(view.table()), report::toCsv(report::syntheticTable(test::imagesOf())));
    EXPECT_TRUE(view.summary().contains(QStringLiteral("6 images of 32 × 32 pixels after 40 steps"))) << view.summary().toStdString();
    const QString text = gridOf(view).model()->index(1, 0).data().toString();
    EXPECT_TRUE(text.contains(QStringLiteral("asked for: one"))) << text.toStdString();
    EXPECT_TRUE(gridOf(view).model()->index(2, 0).data().toString().contains(QStringLiteral("class 2")));
}

TEST(ImagesView, FollowsTheNewestStepUnlessTheUserMovedIt) {
    ImagesView view;
    view.setInput(one({.sheets = 2, .state = project::RunState::running}));
    EXPECT_EQ(view.sheet(), 1u);
    view.setInput(one({.sheets = 3, .state = project::RunState::running}));
    EXPECT_EQ(view.sheet(), 2u);
    view.findChild<QSlider*>(QStringLiteral("images.step"))->setValue(1);
    view.setInput(one({.sheets = 4, .state = project::RunState::running}));
    EXPECT_EQ(view.sheet(), 1u);
    view.setSheet(3);
    view.setInput(one({.sheets = 5}));
    EXPECT_EQ(view.sheet(), 4u);
}

TEST(ImagesView, KeysStepAndShowOneImage) {
    ImagesView view;
    view.resize(700, 450);
    view.setInput(one());
    view.show();
    QSignalSpy asked(&view, &View::optionsAsked);
    QListView& grid = gridOf(view);
    grid.setFocus();
    QTest::keyClick(&grid, Qt::Key_Comma);
    EXPECT_EQ(view.sheet(), 3u);
    QTest::keyClick(&grid, Qt::Key_Period);
    EXPECT_EQ(view.sheet(), 4u);
    QTest::keyClick(&grid, Qt::Key_Return);
    EXPECT_TRUE(view.isLarge());
    ASSERT_EQ(asked.size(), 1);
    auto* large = view.findChild<ImagesLarge*>(QStringLiteral("images.large"));
    const std::int64_t anchor = large->anchor();
    QTest::keyClick(large, Qt::Key_Left);
    EXPECT_EQ(large->anchor(), anchor - 1);
    QTest::keyClick(large, Qt::Key_PageDown);
    QTest::keyClick(large, Qt::Key_Escape);
    EXPECT_FALSE(view.isLarge());
    EXPECT_EQ(grid.currentIndex().row(), 1);
    view.setOptions(test::optionsOf(view, {{"show", "one"}}));
    EXPECT_TRUE(view.isLarge());
}

TEST(ImagesView, SortsByWhatIsAsked) {
    ImagesView view;
    view.setInput(one());
    auto* model = static_cast<ImagesModel*>(gridOf(view).model());
    view.setOptions(test::optionsOf(view, {{"sort", "loss"}}));
    EXPECT_EQ(model->imageAt(0), 5u);
    view.setOptions(test::optionsOf(view, {{"sort", "confidence"}}));
    EXPECT_EQ(model->imageAt(0), 0u);
    view.setOptions(test::optionsOf(view, {{"sort", "class"}}));
    EXPECT_EQ(model->imageAt(1), 3u);
    view.setOptions(test::optionsOf(view, {{"sort", "mistaken"}}));
    EXPECT_EQ(model->imageAt(0), 2u);
}

TEST(ImagesView, ShowsTwoRunsAndFlickers) {
    ImagesView view;
    view.resize(700, 450);
    view.setInput(two(CompareMode::overlay));
    view.show();
    EXPECT_EQ(view.table().rows.size(), 12u);
    EXPECT_TRUE(view.summary().contains(QStringLiteral("B: 6 images")));
    EXPECT_FALSE(view.findChild<QToolButton*>(QStringLiteral("images.flicker"))->isHidden());
    const QImage both = view.grab().toImage();
    QTest::keyClick(&gridOf(view), Qt::Key_F);
    EXPECT_NE(both, view.grab().toImage());
    view.setInput(two(CompareMode::b));
    EXPECT_TRUE(view.findChild<QToolButton*>(QStringLiteral("images.flicker"))->isHidden());
    EXPECT_EQ(view.sheet(), 2u);
    view.setInput(two(CompareMode::a));
    EXPECT_EQ(view.sheet(), 4u);
}

TEST(ImagesView, AsksToSaveAndToCalibrate) {
    ImagesView view;
    view.setInput(one());
    QSignalSpy saved(&view, &ImagesView::saveImagesAsked), used(&view, &ImagesView::calibrationSetAsked);
    view.findChild<QToolButton*>(QStringLiteral("images.save"))->click();
    view.findChild<QToolButton*>(QStringLiteral("images.calibrate"))->click();
    ASSERT_EQ(saved.size(), 1);
    EXPECT_EQ(saved[0][0].toString(), QStringLiteral("r0001-psaq"));
    EXPECT_EQ(saved[0][1].toLongLong(), 4);
    EXPECT_EQ(used.size(), 1);
    QMenu menu;
    view.addToContextMenu(menu, {});
    EXPECT_EQ(menu.actions().size(), 3);
}

TEST(ImagesView, FiguresAndModels) {
    ImagesModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const results::SyntheticImages images = test::imagesOf();
    const auto namer = [](std::int64_t id) { return QString::number(id); };
    model.setContent({{{&images, 0, false}}, ImageSort::order, namer});
    model.setContent({{{&images, 4, false}}, ImageSort::loss, namer});
    model.setContent({});
    ImagesView view;
    for (const CompareMode mode : {CompareMode::a, CompareMode::overlay})
        for (const char* show : {"all", "one"}) {
            view.setInput(two(mode));
            view.setOptions(test::optionsOf(view, {{"show", show}}));
            const QImage day = test::figureOf(view);
            EXPECT_EQ(day, test::figureOf(view));
            EXPECT_NE(day, test::figureOf(view, Theme::night()));
            EXPECT_GT(test::coloursOf(day), 50) << show;
        }
}

TEST(ImagesView, SurvivesMoreImagesThanPicturesAndFewerLosses) {
    auto run = std::make_shared<report::RunContent>(*test::imagesRun());
    results::SyntheticImages images = test::imagesOf();
    images.images.resize(20);
    images.terms[0].values.resize(1);
    images.terms[1].values.back().clear();
    run->artefacts = {std::make_shared<results::Artefact>(results::Artefact{"synthesis.images", "", images})};
    ImagesView view;
    view.resize(400, 300);
    ViewInput input = one();
    input.a = run;
    view.setInput(input);
    view.setOptions(test::optionsOf(view, {{"sort", "loss"}}));
    EXPECT_GT(test::coloursOf(test::figureOf(view)), 50);
    view.setOptions(test::optionsOf(view, {{"show", "one"}}));
    for (int i = 0; i < 20; ++i) QTest::keyClick(view.findChild<ImagesLarge*>(QStringLiteral("images.large")), Qt::Key_PageDown);
    EXPECT_FALSE(view.grab().isNull());
    input.network = nullptr;  // without a grid there is no map
    view.setInput(input);
    EXPECT_FALSE(view.grab().isNull());
}

TEST(ImagesView, AsksForWhatTheNetworkSeesAndShowsIt) {
    ImagesView view;
    view.resize(700, 400);
    view.show();
    ViewInput input = one();
    view.setInput(input);
    std::vector<analysis::PatchRequest> asked;
    QObject::connect(&view, &View::patchMapsAsked, &view, [&](const analysis::PatchRequest& request) { asked.push_back(request); });
    QTest::qWait(1);
    EXPECT_TRUE(asked.empty()) << "nobody looks at patches";
    view.setOptions(test::optionsOf(view, {{"show", "one"}}));
    QTest::qWait(1);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].run, input.a->record.id);
    EXPECT_FALSE(asked[0].quantized);
    const QImage pixels = view.grab().toImage();
    // A grid of the network's patches, of which the first ones resemble each other.
    const auto& info = input.network->graph->info;
    const std::int64_t side = 32 / info.patchSize, count = side * side;
    analysis::PatchMaps maps{.of = asked[0], .width = 32, .height = 32};
    analysis::PatchBlock block{.block = "blocks.0", .output = {side, side, 2, {}}};
    for (std::int64_t i = 0; i < count; ++i) block.output.values.insert(block.output.values.end(), {i < count / 2 ? 1.0F : -1.0F, 0.5F});
    block.attention.assign(static_cast<std::size_t>(count * count), 1.0F / static_cast<float>(count));
    maps.blocks = {block};
    input.patches.known[asked[0]] = std::make_shared<const analysis::PatchMaps>(maps);
    view.setInput(input);
    const QImage features = view.grab().toImage();
    EXPECT_NE(features, pixels);
    view.setOptions(test::optionsOf(view, {{"show", "one"}, {"map", "attention"}}));
    EXPECT_NE(view.grab().toImage(), features);
    view.setOptions(test::optionsOf(view, {{"show", "one"}, {"network", "quantized"}}));
    QTest::qWait(1);
    ASSERT_EQ(asked.size(), 2U) << "what is known is not asked for again";
    EXPECT_TRUE(asked[1].quantized);
    input.patches.failures[asked[1]] = QStringLiteral("The network is not there.");
    view.setInput(input);
    QTest::qWait(1);
    EXPECT_EQ(asked.size(), 2U);
}

TEST(ImagesView, LooksAtARunThatStillWorksWithTheFloatNetwork) {
    ImagesView view;
    view.resize(700, 400);
    view.show();
    ViewInput input = one();
    auto working = std::make_shared<report::RunContent>(*input.a);
    working->record.state = project::RunState::running;
    input.a = working;
    view.setInput(input);
    std::vector<analysis::PatchRequest> asked;
    QObject::connect(&view, &View::patchMapsAsked, &view, [&](const analysis::PatchRequest& request) { asked.push_back(request); });
    view.setOptions(test::optionsOf(view, {{"show", "one"}, {"network", "quantized"}}));
    QTest::qWait(1);
    EXPECT_TRUE(asked.empty()) << "there is no quantized network yet";
    view.setOptions(test::optionsOf(view, {{"show", "one"}}));
    QTest::qWait(1);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].step, test::imagesOf().sheets.back().step) << "the newest pictures";
    view.setOptions(test::optionsOf(view, {{"show", "one"}, {"network", "quantized"}}));
    working = std::make_shared<report::RunContent>(*working);
    working->record.state = project::RunState::finished;
    input.a = working;
    view.setInput(input);
    QTest::qWait(1);
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_TRUE(asked[1].quantized);
}

TEST(ImagesView, OptionsChooseWhatTheMouseChooses) {
    ImagesView view;
    view.resize(700, 400);
    view.setInput(one());
    const auto& large = *view.findChild<ImagesLarge*>(QStringLiteral("images.large"));
    const auto& sheets = test::imagesOf().sheets;
    view.setOptions(test::optionsOf(view, {{"show", "one"}, {"image", "2"}, {"row", "1"}, {"column", "2"}, {"step", std::to_string(sheets[1].step)}}));
    EXPECT_EQ(large.anchor(), 1);
    EXPECT_EQ(view.sheet(), 1U);
    ASSERT_EQ(view.patchesMissing().size(), 1U);
    EXPECT_EQ(view.patchesMissing()[0].image, 2);
    EXPECT_EQ(view.patchesMissing()[0].step, sheets[1].step);
    for (const ParameterSpec& spec : view.options()) {
        const bool isPlace = spec.id == "image" || spec.id == "row" || spec.id == "column" || spec.id == "step";
        EXPECT_TRUE(spec.advanced || !isPlace) << spec.id << " is chosen in the pictures";
    }
    view.setOptions(test::optionsOf(view, {{"show", "one"}, {"image", "99"}, {"row", "99"}, {"column", "99"}}));
    EXPECT_EQ(view.sheet(), sheets.size() - 1) << "the newest again";
    EXPECT_EQ(view.patchesMissing()[0].image, static_cast<std::int64_t>(test::imagesOf().images.size()) - 1) << "the last one there is";
    EXPECT_GT(large.anchor(), 1);
}

}  // namespace
}  // namespace vitrine::widgets
