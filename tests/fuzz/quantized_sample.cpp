// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/quantized_sample.h"

#include "core/models/tiny_networks.h"

namespace vitrine::test {

quant::QuantizedModel quantizedSample() {
    const TinyVit network;
    quant::QuantizedModel model{.graph = models::buildModel(randomCheckpoint(network), network.overrides()).graph,
                                .rewritten = {"head.bias"}};
    for (const graph::Site& site : graph::findSites(*model.graph)) {
        std::size_t scales = 1;
        quant::Encoding encoding;
        if (site.role == graph::Role::weight) {
            encoding.granularity = quant::Granularity::channel;
            scales = static_cast<std::size_t>(site.shape[0]);
        }
        encoding.scale.assign(scales, 0.5F);
        if (site.role == graph::Role::postSoftmax)
            encoding.kind = quant::QuantizerKind::log2;
        else
            encoding.zeroPoint.assign(scales, 3.0F);
        model.encodings[site.id] = encoding;
    }
    return model;
}

}  // namespace vitrine::test
