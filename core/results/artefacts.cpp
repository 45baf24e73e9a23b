// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/artefacts.h"

#include <array>

namespace vitrine::results {

std::string_view payloadKind(const Payload& payload) {
    constexpr std::array<std::string_view, std::variant_size_v<Payload>> names = {
        "layer_errors", "intervals", "histograms", "trace", "table", "accuracy", "scope", "search_history", "synthetic_images"};
    return names[payload.index()];
}

}  // namespace vitrine::results
