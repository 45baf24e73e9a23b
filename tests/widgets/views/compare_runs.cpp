// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/compare_runs.h"

#include <cmath>
#include <set>

namespace vitrine::test {
namespace {

void put(report::RunContent& run, const std::string& id, results::Payload payload) {
    run.artefacts.push_back(std::make_shared<results::Artefact>(results::Artefact{id, id, std::move(payload)}));
}

results::Accuracy accuracyOf(const RunRecipe& recipe, const std::string& subject) {
    results::Accuracy accuracy{.subject = subject, .data = "val.csv", .top1 = recipe.top1, .top5 = 90, .seconds = 2.5};
    accuracy.predictions = recipe.predictions;
    for (std::size_t i = 0; i < recipe.predictions.size(); ++i) accuracy.rows.push_back(static_cast<std::int64_t>(10 * i));
    accuracy.count = static_cast<std::int64_t>(recipe.predictions.size());
    accuracy.top1Low = std::max(0.0, recipe.top1 - 20);
    accuracy.top1High = std::min(100.0, recipe.top1 + 20);
    if (subject == "float") {
        accuracy.top1 = 75;
        accuracy.top1Low = 60;
        accuracy.top1High = 85;
    } else {
        accuracy.fidelity = 80;
    }
    return accuracy;
}

results::Histogram histogramOf(const RunRecipe& recipe, const std::string& site) {
    results::Histogram histogram{site, recipe.low, 3, {}, {}, {-0.5, 0.5, 1.5}};
    for (int i = 0; i < 64; ++i) {
        histogram.floatCounts.push_back(1000 / (i + 1));
        histogram.quantizedCounts.push_back(i % 8 == 0 ? 5000 / (i + recipe.bits) : 0);
    }
    return histogram;
}

}  // namespace

widgets::RunDataPtr makeRun(const RunRecipe& recipe) {
    auto run = std::make_shared<report::RunContent>();
    run->record.id = recipe.id;
    run->record.method = run->record.methodTitle = recipe.method;
    run->record.state = recipe.state;
    run->record.seconds = 12;
    run->record.parameters = {{"weight.bits", recipe.bits, "published", "bits", recipe.bits == 4},
                              {recipe.method + ".own", std::string("a\tb"), "ours", "", true}};
    run->record.inputs = {{.role = "evaluation", .path = {"../val.csv", "/val.csv"}, .contentHash = "0123456789", .images = recipe.images}};
    put(*run, "errors.local",
        results::LayerErrors{"local",
                             32,
                             {{"blocks.0.mlp.gelu", "post_gelu", "blocks.0", "uniform 4 bit", recipe.sqnr, 0.9, 1e-2 / recipe.sqnr},
                              {"blocks.0.attn.qkv.weight", "weight", "blocks.0", "uniform 4 bit per channel", recipe.sqnr + 5, 0.99, 1e-5},
                              {"blocks.1.attn.softmax", "post_softmax", "blocks.1", "log2 4 bit", 20, 0.95, 1e-3},
                              {"head.weight", "weight", "head", "float", 999, 1, 0}}});
    put(*run, "intervals",
        results::Intervals{{{"blocks.0.mlp.gelu", "post_gelu", static_cast<int>(recipe.bits), -1, 3, -0.5, 2, -0.5, 1.5, 0.02, {-0.5, 0.5, 1.5}},
                            {"head.weight", "weight", 0, -1, 1, -1, 1, -1, 1, 0, {}}}});
    results::Histograms histograms;
    for (const std::string& site : recipe.histograms) histograms.sites.push_back(histogramOf(recipe, site));
    put(*run, "histograms", std::move(histograms));
    put(*run, "scope", results::Scope{{{"weight", "uniform", 3}}, 1e9 * static_cast<double>(recipe.bits), 8e9, 1e6, 64, 8e6, 4, 4});
    put(*run, "accuracy.float", accuracyOf(recipe, "float"));
    put(*run, "accuracy.quantized", accuracyOf(recipe, "quantized"));
    return run;
}

widgets::ViewInput makePair(widgets::CompareMode mode) {
    widgets::ViewInput input;
    input.a = makeRun();
    input.b = makeRun({.id = "r0002-baseline", .method = "baseline", .bits = 8, .sqnr = 30, .predictions = {0, 5, 6, 2}, .top1 = 25});
    input.titleA = QStringLiteral("RepQ-ViT W4A4");
    input.titleB = QStringLiteral("Baseline W8A8");
    input.selection.mode = mode;
    return input;
}

QImage figureOf(widgets::View& view, const widgets::Theme& theme) {
    const QSizeF size = view.figureSizeMm() * (96 / 25.4);
    QImage image(size.toSize(), QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    view.paintFigure(painter, size, theme);
    painter.end();
    return image;
}

int coloursOf(const QImage& image) {
    std::set<QRgb> colours;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) colours.insert(image.pixel(x, y));
    return static_cast<int>(colours.size());
}

ParameterSet optionsOf(const widgets::View& view, const std::vector<std::pair<std::string, std::string>>& changes) {
    ParameterSet options(view.options());
    for (const auto& [id, text] : changes) options.setText(id, text);
    return options;
}

}  // namespace vitrine::test
