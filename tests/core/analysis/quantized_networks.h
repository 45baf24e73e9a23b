// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/images.h"
#include "core/analysis/random_networks.h"
#include "graph/sites.h"
#include "quant/quantized_model.h"
#include "quant/range_encoding.h"
#include "quant/spec.h"

namespace vitrine::test {

/// `graph` with `bits` everywhere: activations cover [-4,4] (and attention [0,1]), weights [-2,2].
inline quant::QuantizedModel fixedRanges(std::shared_ptr<const graph::Graph> graph, int bits) {
    quant::QuantizedModel model{.graph = std::move(graph)};
    for (const graph::Site& site : graph::findSites(*model.graph)) {
        const float high = site.isWeight() ? 2.0F : 4.0F;
        const bool attention = site.role == graph::Role::postSoftmax;
        const quant::Ranges range{{attention ? 0.0F : -high}, {attention ? 1.0F : high}};
        model.encodings[site.id] = quant::encodeRanges({.bits = bits}, 0, range);
    }
    return model;
}

inline analysis::Images imagesFor(const graph::Graph& graph, std::int64_t count, std::int64_t batch) {
    const at::Tensor all = randomImages(graph, count, 7);
    return {.count = count, .batch = batch, .load = [all](std::int64_t first, std::int64_t n) { return all.narrow(0, first, n); }};
}

}  // namespace vitrine::test
