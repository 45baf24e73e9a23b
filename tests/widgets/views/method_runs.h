// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "results/artefacts.h"
#include "widgets/views/view.h"

/// Runs made by hand with what searches and syntheses leave behind.
namespace vitrine::test {

/// Two blocks with two sites each, visited in turn; every third candidate is kept.
struct SearchRecipe {
    std::string id = "r0001-clampvit";
    std::size_t candidates = 60;
    double gain = 1;  ///< how fast the best loss falls
    bool mixed = true;
    project::RunState state = project::RunState::finished;
};
widgets::RunDataPtr searchRun(const SearchRecipe& recipe = {});

/// `count` images of 32 x 32 pixels that turn from grey to colour over `sheets` sheets, 10 steps apart.
struct ImagesRecipe {
    std::string id = "r0001-psaq";
    std::int64_t count = 6;
    std::int64_t sheets = 5;
    int hue = 0;
    bool labelled = true;
    project::RunState state = project::RunState::finished;
};
results::SyntheticImages imagesOf(const ImagesRecipe& recipe = {});
widgets::RunDataPtr imagesRun(const ImagesRecipe& recipe = {});

/// A network of which views know the size of its patches: 8 x 8 pixels.
widgets::NetworkPtr patchNetwork();

}  // namespace vitrine::test
