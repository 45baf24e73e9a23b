// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/plot_runs.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <cmath>
#include <limits>

namespace vitrine::test {
namespace {

constexpr const char* kNames[] = {"norm1", "attn.qkv.weight", "attn.softmax", "norm2", "mlp.fc1.weight", "mlp.gelu"};

void put(report::RunContent& run, const std::string& id, results::Payload payload) {
    run.artefacts.push_back(std::make_shared<results::Artefact>(results::Artefact{id, id, std::move(payload)}));
}

bool isWeight(int index) { return index % 6 == 1 || index % 6 == 4; }
std::string blockOf(int index) { return "blocks." + std::to_string(index / 6); }

results::LayerErrors errorsOf(const PlotRecipe& recipe, const std::string& reference) {
    results::LayerErrors errors{reference, 32, {}};
    for (int i = 0; i < recipe.sites; ++i) {
        const double db = recipe.sqnr + (recipe.constant ? 0 : 6 * std::sin(i)) - (reference == "local" ? 0 : 5);
        const double mse = std::pow(10.0, -db / 10);
        errors.rows.push_back({blockOf(i) + "." + kNames[i % 6], isWeight(i) ? "weight" : "other", blockOf(i), "uniform 4 bit", db, 1 - mse / 2, mse});
    }
    if (!recipe.extremes || recipe.sites < 6) return errors;
    errors.rows[1].sqnrDb = std::numeric_limits<double>::quiet_NaN();
    errors.rows[2].sqnrDb = -std::numeric_limits<double>::infinity();
    errors.rows[3].sqnrDb = 999;
    errors.rows[3].cosine = 1;
    errors.rows[3].mse = 0;
    errors.rows[4].mse = std::numeric_limits<double>::infinity();
    errors.rows[5].sqnrDb = -12;
    return errors;
}

results::Intervals intervalsOf(const PlotRecipe& recipe) {
    results::Intervals intervals;
    for (int i = 0; i < recipe.sites; ++i) {
        const double size = recipe.constant ? 1 : 2 + std::cos(i);
        results::Intervals::Row row{blockOf(i) + "." + kNames[i % 6], isWeight(i) ? "weight" : "other", 4, -size, size, -0.6 * size, 0.6 * size,
                                    -0.8 * size, 0.8 * size, i % 3 == 0 ? 0.02 : 0.0001, {}};
        for (int level = 0; level < 16 && !isWeight(i); ++level) row.levels.push_back(0.8 * size * (level / 7.5 - 1));
        intervals.rows.push_back(std::move(row));
    }
    if (!recipe.extremes || recipe.sites < 6) return intervals;
    intervals.rows[0].minimum = -580;
    intervals.rows[1].maximum = std::numeric_limits<double>::infinity();
    intervals.rows[2].low = std::numeric_limits<double>::quiet_NaN();
    intervals.rows[3].bits = 0;
    return intervals;
}

results::Trace traceOf(const PlotRecipe& recipe, const std::string& name, double shift) {
    results::Trace trace{name, "step", "fitness", {}, {}};
    for (int i = 0; i < recipe.points; ++i) {
        trace.x.push_back(i);
        trace.y.push_back(shift + 10.0 / (1 + i) + recipe.sqnr / 10);
    }
    if (recipe.extremes && recipe.points > 3) trace.y[2] = std::numeric_limits<double>::quiet_NaN();
    return trace;
}

}  // namespace

widgets::RunDataPtr makePlotRun(const PlotRecipe& recipe) {
    auto run = std::make_shared<report::RunContent>();
    run->record.id = recipe.id;
    run->record.state = recipe.state;
    if (recipe.sites > 0) {
        put(*run, "errors.local", errorsOf(recipe, "local"));
        put(*run, "errors.accumulated", errorsOf(recipe, "accumulated"));
        put(*run, "intervals", intervalsOf(recipe));
    }
    if (recipe.points > 0) {
        put(*run, "search.best", traceOf(recipe, "search.best", 0));
        put(*run, "search.mean", traceOf(recipe, "search.mean", 3));
    }
    return run;
}

widgets::ViewInput plotInput(const PlotRecipe& recipe) {
    widgets::ViewInput input;
    input.a = makePlotRun(recipe);
    return input;
}

widgets::ViewInput plotPair(widgets::CompareMode mode) {
    widgets::ViewInput input = plotInput();
    input.b = makePlotRun({.id = "r0002-baseline", .sqnr = 30});
    input.titleA = QStringLiteral("RepQ-ViT W4A4");
    input.titleB = QStringLiteral("Baseline W8A8");
    input.selection.mode = mode;
    return input;
}

void showAt(widgets::PlotView& view, const QSize& size) {
    view.resize(size);
    view.show();
    view.grab();
    QCoreApplication::processEvents();
}

QWidget* plotOf(widgets::PlotView& view) { return view.findChild<QWidget*>(QStringLiteral("plot")); }

QPointF pixelOf(widgets::PlotView& view, double x, double y) {
    const QCustomPlot& plot = view.shownPlot();
    return {plot.xAxis->coordToPixel(x), plot.yAxis->coordToPixel(y)};
}

void moveMouse(widgets::PlotView& view, const QPointF& position) {
    QWidget* plot = plotOf(view);
    QMouseEvent event(QEvent::MouseMove, position, plot->mapToGlobal(position), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(plot, &event);
}

void press(widgets::PlotView& view, int key, Qt::KeyboardModifiers modifiers) {
    QKeyEvent event(QEvent::KeyPress, key, modifiers);
    QCoreApplication::sendEvent(&view, &event);
}

}  // namespace vitrine::test
