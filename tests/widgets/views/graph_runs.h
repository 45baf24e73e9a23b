// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "widgets/session/run_data.h"

/// Networks with made-up runs, for tests of what shows the sites of a network.
namespace vitrine::test {

/// The shipped network: ViT with six blocks and 76 sites.
widgets::NetworkPtr sampleNetwork();
/// Any checkpoint.
widgets::NetworkPtr networkOf(const std::string& file);

/// A run that measured every site of `network`: `bits` everywhere, SQNR from `sqnr` on, a little more at each site. The site `worst`
/// has -3 dB and 38 % clipped values; the site `unquantized` is left in float.
struct NetworkRun {
    std::string id = "r0001-repq";
    int bits = 4;
    double sqnr = 16;
    std::string worst = "blocks.2.mlp.gelu";
    std::string unquantized = "logits.weight";
};
widgets::RunDataPtr runOn(const widgets::Network& network, const NetworkRun& recipe = {});

}  // namespace vitrine::test
