// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/plot_view.h"

#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "widgets/views/compare_runs.h"
#include "widgets/views/errors_view.h"
#include "widgets/views/intervals_view.h"
#include "widgets/views/plot_runs.h"
#include "widgets/views/plot_style.h"
#include "widgets/views/plot_view_zoom.h"
#include "widgets/views/report_table_paint.h"
#include "widgets/views/traces_view.h"

namespace vitrine::widgets {
namespace {

using test::moveMouse;
using test::pixelOf;
using test::plotInput;
using test::plotOf;
using test::press;
using test::showAt;

void turnWheel(PlotView& view, const QPointF& at, int steps, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWidget* plot = plotOf(view);
    QWheelEvent event(at, plot->mapToGlobal(at), {}, QPoint(0, 120 * steps), Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(plot, &event);
}

void drag(PlotView& view, const QPointF& from, const QPointF& to, Qt::KeyboardModifiers modifiers) {
    QWidget* plot = plotOf(view);
    const auto send = [&](QEvent::Type type, const QPointF& at, Qt::MouseButton button, Qt::MouseButtons buttons) {
        QMouseEvent event(type, at, plot->mapToGlobal(at), button, buttons, modifiers);
        QCoreApplication::sendEvent(plot, &event);
    };
    send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    send(QEvent::MouseMove, (from + to) / 2, Qt::NoButton, Qt::LeftButton);
    send(QEvent::MouseMove, to, Qt::NoButton, Qt::LeftButton);
    send(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
}

QCPRange xRange(PlotView& view) { return view.shownPlot().xAxis->range(); }
QCPRange yRange(PlotView& view) { return view.shownPlot().yAxis->range(); }

TEST(PlotZoom, StaysInsideOfHome) {
    PlotZoom zoom;
    zoom.setHome({{0, 100}, false}, {{1e-6, 1}, true});
    zoom.scale(0.5, Qt::Horizontal | Qt::Vertical, {0, 0.5}, PlotZoom::Step::own);
    EXPECT_DOUBLE_EQ(zoom.x().lower, 0);
    EXPECT_DOUBLE_EQ(zoom.x().upper, 50);
    EXPECT_NEAR(std::log10(zoom.y().lower), -4.5, 1e-9);
    EXPECT_NEAR(std::log10(zoom.y().upper), -1.5, 1e-9);
    zoom.move(zoom.x(), zoom.y(), {-5, 0}, PlotZoom::Step::joined);
    EXPECT_DOUBLE_EQ(zoom.x().lower, 0);
    zoom.scale(100, Qt::Horizontal | Qt::Vertical, {0.5, 0.5}, PlotZoom::Step::own);
    EXPECT_FALSE(zoom.isZoomed());
    zoom.back();
    EXPECT_TRUE(zoom.isZoomed());
    zoom.back();
    EXPECT_FALSE(zoom.canGoBack());
    zoom.scale(0, Qt::Horizontal, {0.5, 0.5}, PlotZoom::Step::own);
    EXPECT_GT(zoom.x().size(), 0);
    zoom.show({std::nan(""), 1}, {0, 1}, PlotZoom::Step::own);
    EXPECT_EQ(zoom.x(), QCPRange(0, 100));
}

TEST(PlotView, ReadsAndChoosesWithTheMouse) {
    ErrorsView view;
    view.setInput(plotInput());
    showAt(view);
    QSignalSpy read(&view, &View::readoutChanged), chosen(&view, &View::siteChosen);
    const QPointF at = pixelOf(view, 3, 5);
    moveMouse(view, at);
    ASSERT_EQ(read.size(), 1);
    EXPECT_TRUE(read[0][0].toString().startsWith(QStringLiteral("blocks.0.norm2  SQNR ")));
    moveMouse(view, at + QPointF(0, 3));
    EXPECT_EQ(read.size(), 1) << "the same site is told once";
    QTest::mouseClick(plotOf(view), Qt::LeftButton, Qt::NoModifier, at.toPoint());
    ASSERT_EQ(chosen.size(), 1);
    EXPECT_EQ(chosen[0][0].toString(), QStringLiteral("blocks.0.norm2"));
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(plotOf(view), &leave);
    EXPECT_EQ(read.back()[0].toString(), QString());
}

TEST(PlotView, WalksAndChoosesWithTheKeyboard) {
    ErrorsView view;
    ViewInput input = plotInput();
    input.selection.site = QStringLiteral("blocks.1.norm1");
    view.setInput(input);
    showAt(view);
    QSignalSpy chosen(&view, &View::siteChosen);
    press(view, Qt::Key_Right);
    ASSERT_TRUE(view.readout());
    EXPECT_EQ(view.readout()->site, QStringLiteral("blocks.1.norm1")) << "begins at the selected site";
    press(view, Qt::Key_Right);
    press(view, Qt::Key_Return);
    ASSERT_EQ(chosen.size(), 1);
    EXPECT_EQ(chosen[0][0].toString(), QStringLiteral("blocks.1.attn.qkv.weight"));
    press(view, Qt::Key_End);
    press(view, Qt::Key_Right);
    EXPECT_DOUBLE_EQ(view.readout()->x, 73);
    press(view, Qt::Key_Home);
    EXPECT_DOUBLE_EQ(view.readout()->x, 0);
    // The walk stays where it is while the run grows.
    press(view, Qt::Key_Right);
    view.setInput(plotInput({.sites = 80}));
    showAt(view);
    EXPECT_EQ(view.readout()->site, QStringLiteral("blocks.0.attn.qkv.weight"));
}

TEST(PlotView, WalksThroughWhatIsZoomed) {
    ErrorsView view;
    view.setInput(plotInput());
    showAt(view);
    for (int i = 0; i < 4; ++i) press(view, Qt::Key_Plus);
    press(view, Qt::Key_End);
    EXPECT_TRUE(xRange(view).contains(73));
}

TEST(PlotView, ZoomsByWheelBandKeysAndGoesBack) {
    ErrorsView view;
    view.setInput(plotInput());
    showAt(view);
    const QCPRange allX = xRange(view), allY = yRange(view);
    turnWheel(view, pixelOf(view, 20, 10), 1);
    turnWheel(view, pixelOf(view, 20, 10), 1);
    EXPECT_LT(xRange(view).size(), allX.size() * 0.7);
    EXPECT_EQ(yRange(view), allY);
    EXPECT_TRUE(view.canZoomBack());
    view.zoomBack();
    EXPECT_EQ(xRange(view), allX) << "turning on is one step of the history";
    turnWheel(view, pixelOf(view, 20, 10), 1, Qt::ControlModifier);
    EXPECT_LT(yRange(view).size(), allY.size());
    view.resetZoom();
    drag(view, pixelOf(view, 10, 20), pixelOf(view, 20, 10), Qt::ShiftModifier);
    EXPECT_NEAR(xRange(view).lower, 10, 0.2);
    EXPECT_NEAR(xRange(view).upper, 20, 0.2);
    EXPECT_NEAR(yRange(view).upper, 20, 0.3);
    const QCPRange before = xRange(view);
    drag(view, pixelOf(view, 15, 15), pixelOf(view, 17, 15), Qt::NoModifier);
    EXPECT_NEAR(xRange(view).lower, before.lower - 2, 0.2);
    press(view, Qt::Key_Left, Qt::AltModifier);
    EXPECT_NEAR(xRange(view).lower, before.lower, 1e-6);
    QTest::mouseDClick(plotOf(view), Qt::LeftButton, Qt::NoModifier, pixelOf(view, 15, 15).toPoint());
    EXPECT_EQ(xRange(view), allX);
    press(view, Qt::Key_Plus);
    EXPECT_NE(xRange(view), allX);
    press(view, Qt::Key_0);
    EXPECT_EQ(xRange(view), allX);
}

TEST(PlotView, AClickOrADragWithoutZoomMovesNothing) {
    ErrorsView view;
    view.setInput(plotInput());
    showAt(view);
    drag(view, pixelOf(view, 10, 10), pixelOf(view, 30, 10), Qt::NoModifier);
    EXPECT_FALSE(view.canZoomBack());
}

TEST(PlotView, ZoomLivesWithTheRunAndDiesWithIt) {
    ErrorsView view;
    view.setInput(plotInput({.sites = 60}));
    showAt(view);
    view.zoomIn();
    const QCPRange zoomed = xRange(view);
    view.setInput(plotInput({.sites = 74}));
    EXPECT_EQ(xRange(view), zoomed) << "a growing run";
    view.setInput(plotInput({.id = "r0002-repq"}));
    EXPECT_FALSE(view.canZoomBack());
    EXPECT_NEAR(xRange(view).upper, 73.6, 1e-9);
    view.zoomIn();
    view.setOptions(test::optionsOf(view, {{"order", "error"}}));
    EXPECT_FALSE(view.canZoomBack()) << "other places on the axis";
}

TEST(PlotView, PinsStayInTheDrawingAndInFigures) {
    ErrorsView view;
    view.setInput(plotInput());
    showAt(view);
    const QImage without = test::figureOf(view);
    press(view, Qt::Key_Home);
    press(view, Qt::Key_P);
    EXPECT_NE(test::figureOf(view), without);
    view.setInput(plotInput({.sites = 74}));
    EXPECT_NE(test::figureOf(view), without) << "a growing run keeps its pins";
    press(view, Qt::Key_P);
    EXPECT_EQ(test::figureOf(view), without);
    press(view, Qt::Key_P);
    view.setInput(plotInput({.id = "r0002-repq"}));
    EXPECT_EQ(test::figureOf(view), without) << "another run has none";
}

TEST(PlotView, SaysWhyThereIsNothing) {
    ErrorsView errors;
    IntervalsView intervals;
    TracesView traces;
    for (PlotView* view : {static_cast<PlotView*>(&errors), static_cast<PlotView*>(&intervals), static_cast<PlotView*>(&traces)}) {
        EXPECT_FALSE(view->emptyText().isEmpty());
        showAt(*view);
        EXPECT_GT(test::coloursOf(view->grab().toImage()), 1) << "the text";
        EXPECT_GT(test::coloursOf(test::figureOf(*view)), 1);
        view->setInput(plotInput({.sites = 0, .points = 0, .state = project::RunState::running}));
        EXPECT_TRUE(view->emptyText().contains(QStringLiteral("yet"))) << view->emptyText().toStdString();
        view->setInput(plotInput({.sites = 0, .points = 0}));
        EXPECT_FALSE(view->emptyText().isEmpty());
        EXPECT_TRUE(view->summary().isEmpty());
        QSignalSpy read(view, &View::readoutChanged);
        press(*view, Qt::Key_Right);
        moveMouse(*view, {200, 200});
        EXPECT_EQ(read.size(), 0);
    }
}

TEST(PlotView, DescribesItselfAndTellsOnce) {
    ErrorsView view;
    QSignalSpy drawn(&view, &View::drawn);
    for (int i = 0; i < 10; ++i) view.setInput(plotInput());
    ASSERT_TRUE(drawn.wait(1000));
    EXPECT_EQ(drawn.size(), 1);
    EXPECT_EQ(view.accessibleDescription(), view.summary());
}

TEST(PlotView, FollowsThePaletteAndMarksTheSelectedSite) {
    ErrorsView view;
    view.setInput(plotInput());
    view.setPalette(Theme::day().palette());
    showAt(view);
    EXPECT_EQ(view.grab().toImage().pixelColor(3, 3), Theme::day().surface);
    view.setPalette(Theme::night().palette());
    EXPECT_EQ(view.grab().toImage().pixelColor(3, 3), Theme::night().surface);
    for (const Theme* theme : {&Theme::day(), &Theme::night()}) {
        ViewInput input = plotInput();
        const QImage plain = test::figureOf(view, *theme);
        input.selection.site = QStringLiteral("blocks.3.norm1");
        view.setInput(input);
        const QImage marked = test::figureOf(view, *theme);
        EXPECT_NE(marked, plain);
        view.setInput(plotInput());
    }
}

TEST(PlotView, DrawsSharpWhenThePixelRatioChanges) {
    ErrorsView view;
    view.setInput(plotInput());
    showAt(view);
    EXPECT_DOUBLE_EQ(view.findChild<QCustomPlot*>()->bufferDevicePixelRatio(), view.devicePixelRatioF());
}

TEST(PlotView, GrowsWithoutEffort) {
    ErrorsView errors;
    IntervalsView intervals;
    TracesView traces;
    const std::pair<const char*, PlotView*> views[] = {{"errors", &errors}, {"intervals", &intervals}, {"traces", &traces}};
    std::vector<ViewInput> growing;
    for (int step = 1; step <= 100; ++step) growing.push_back(plotInput({.sites = 6 * step, .points = 100 * step, .state = project::RunState::running}));
    for (const auto& [name, view] : views) {
        showAt(*view);
        QElapsedTimer timer;
        timer.start();
        for (const ViewInput& input : growing) view->setInput(input);
        const double given = static_cast<double>(timer.nsecsElapsed()) / 1e8;
        timer.restart();
        for (const ViewInput& input : growing) {
            view->setInput(input);
            view->shownPlot();
        }
        const double drawn = static_cast<double>(timer.nsecsElapsed()) / 1e8;
        RecordProperty(std::string(name) + "_set_input_ms", std::to_string(given));
        RecordProperty(std::string(name) + "_set_input_and_draw_ms", std::to_string(drawn));
        EXPECT_TRUE(view->emptyText().isEmpty());
    }
}

TEST(ReadoutLabels, LeavePinnedOnesReadable) {
    QImage page(400, 200, QImage::Format_RGB32);
    QPainter painter(&page);
    const QRectF area(0, 0, 400, 200);
    const QString text = QStringLiteral("blocks.3.attn.qkv  SQNR 23.1 dB");
    for (const double x : {20.0, 200.0, 390.0})
        for (const double y : {5.0, 100.0, 195.0}) {
            const QRectF pinned = paintReadout(painter, area, {{x, y}, text, true}, Theme::day(), figureFont());
            const QRectF shown = paintReadout(painter, area, {{x + 3, y}, text, false, {pinned}}, Theme::day(), figureFont());
            EXPECT_FALSE(shown.intersects(pinned)) << x << " " << y;
            EXPECT_TRUE(area.contains(shown)) << x << " " << y;
        }
}

}  // namespace
}  // namespace vitrine::widgets
