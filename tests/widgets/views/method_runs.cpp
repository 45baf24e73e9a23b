// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/method_runs.h"

#include <QColor>
#include <algorithm>
#include <cmath>

namespace vitrine::test {
namespace {

widgets::RunDataPtr runWith(const std::string& id, project::RunState state, results::Artefact artefact) {
    auto run = std::make_shared<report::RunContent>();
    run->record.id = id;
    run->record.method = id.substr(id.find('-') + 1);
    run->record.state = state;
    run->artefacts.push_back(std::make_shared<results::Artefact>(std::move(artefact)));
    return run;
}

}  // namespace

widgets::RunDataPtr searchRun(const SearchRecipe& recipe) {
    results::SearchHistory history;
    history.targets = {"blocks.0.attn.qkv", "blocks.1.mlp.fc1"};
    double best = 2, worst = 2.4;
    for (std::size_t i = 0; i < recipe.candidates; ++i) {
        const bool accepted = i % 3 == 0;
        const double fitness = accepted ? best * (1 - 0.01 * recipe.gain) : best + 0.05 * static_cast<double>(i % 7 + 1);
        best = std::min(best, fitness);
        worst = best + 0.4;
        history.candidates.push_back({.evaluation = static_cast<std::int64_t>(i + 1),
                                      .target = static_cast<std::int64_t>(i / 10 % 2),
                                      .pass = static_cast<std::int64_t>(i / 20),
                                      .cycle = static_cast<std::int64_t>(i % 10),
                                      .fitness = fitness,
                                      .best = best,
                                      .worst = worst,
                                      .accepted = accepted,
                                      .bits = recipe.mixed ? 3 + static_cast<int>(i % 4) : 0,
                                      .change = 0.01 * static_cast<double>(i % 5)});
    }
    history.evaluations = static_cast<std::int64_t>(recipe.candidates);
    for (const std::string& target : history.targets)
        for (const std::string role : {"weight", "post_layernorm"}) {
            results::SearchHistory::Site site{.site = role == "weight" ? target + ".weight" : target + ".input", .role = role, .target = target == history.targets[0] ? 0 : 1};
            site.bitsBefore = 4;
            site.bitsAfter = recipe.mixed && role == "weight" ? 5 : 4;
            for (int channel = 0; channel < (role == "weight" ? 24 : 1); ++channel) {
                site.scalesBefore.push_back(0.01F + 0.001F * static_cast<float>(channel));
                site.scalesAfter.push_back(site.scalesBefore.back() * (1.0F + 0.02F * std::sin(static_cast<float>(channel))));
            }
            history.sites.push_back(std::move(site));
        }
    history.budgets = {{"weight_bits", "bits", 4.8, 5.0}, {"size", "bytes", 2.5e6, {}}};
    return runWith(recipe.id, recipe.state, {"search.history", "Candidates of the search", std::move(history)});
}

results::SyntheticImages imagesOf(const ImagesRecipe& recipe) {
    results::SyntheticImages images{.method = "psaq", .width = 32, .height = 32, .columns = std::min<std::int64_t>(8, recipe.count)};
    images.rows = (recipe.count + images.columns - 1) / images.columns;
    for (std::int64_t i = 0; i < recipe.count; ++i)
        images.images.push_back({recipe.labelled ? i % 3 : -1, i % 2, 0.5 + 0.05 * static_cast<double>(i)});
    for (std::int64_t s = 0; s < recipe.sheets; ++s) {
        results::SyntheticImages::Sheet sheet{10 * s, 32, 32, {}};
        for (std::int64_t y = 0; y < images.rows * 32; ++y)
            for (std::int64_t x = 0; x < images.columns * 32; ++x) {
                const std::int64_t image = y / 32 * images.columns + x / 32;
                const auto wave = static_cast<int>((x / 8 * 37 + y / 8 * 53 + image * 11) % 90);
                const QColor colour = image < recipe.count ? QColor::fromHsv((recipe.hue + static_cast<int>(40 * image) + wave) % 360, static_cast<int>(50 * s), 200) : QColor(Qt::black);
                for (const int value : {colour.red(), colour.green(), colour.blue()}) sheet.rgb.push_back(static_cast<std::uint8_t>(value));
            }
        images.sheets.push_back(std::move(sheet));
        images.steps.push_back(10 * s);
    }
    for (const std::string name : {"class", "patch_entropy"}) {
        results::SyntheticImages::Term term{name, 0.5, {}};
        for (std::int64_t s = 0; s < recipe.sheets; ++s) {
            auto& values = term.values.emplace_back();
            for (std::int64_t i = 0; i < recipe.count; ++i) values.push_back(static_cast<double>(i + 1) / static_cast<double>(s + 1));
        }
        images.terms.push_back(std::move(term));
    }
    return images;
}

widgets::RunDataPtr imagesRun(const ImagesRecipe& recipe) {
    return runWith(recipe.id, recipe.state, {"synthesis.images", "Images", imagesOf(recipe)});
}

widgets::NetworkPtr patchNetwork() {
    auto graph = std::make_shared<graph::Graph>();
    graph->info.patchSize = 8;
    return std::make_shared<const widgets::Network>(widgets::Network{graph, {}, {}});
}

}  // namespace vitrine::test
