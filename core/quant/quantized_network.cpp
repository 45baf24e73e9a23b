// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/quantized_network.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "quant/quantizers.h"

namespace vitrine::quant {
namespace {

at::Tensor quantize(at::Tensor value, const Encoding& encoding, bool mayOverwrite) {
    if (!mayOverwrite) return fakeQuantize(value, encoding);
    fakeQuantizeInPlace(value, encoding);
    return value;
}

}  // namespace

bool quantizesElements(const std::vector<std::optional<Encoding>>& activations) {
    return std::none_of(activations.begin(), activations.end(),
                        [](const auto& encoding) { return encoding && encoding->granularity == Granularity::token; });
}

QuantizedNetwork::QuantizedNetwork(const QuantizedModel& model, const std::string& device)
    : network_(model.graph, device) {
    const at::NoGradGuard noGradients;
    auto activations = std::make_shared<SiteEncodings>(network_.sites().size());
    std::size_t used = 0;
    for (std::size_t i = 0; i < network_.sites().size(); ++i) {
        const graph::Site& site = network_.sites()[i];
        const auto found = model.encodings.find(site.id);
        if (found == model.encodings.end()) continue;
        requireFit(found->second, site);
        ++used;
        if (site.isWeight())
            network_.setParameter(site.value, fakeQuantize(network_.parameter(site.value), found->second));
        else
            (*activations)[i] = found->second;
    }
    if (used != model.encodings.size())
        fail(ErrorCode::badFormat, "a quantized model has encodings for sites that its network lacks");
    activations_ = std::move(activations);
}

engine::Hooks QuantizedNetwork::hooks() const {
    return {.quantize =
                [encodings = activations_](std::size_t site, at::Tensor value, bool mayOverwrite) {
                    const std::optional<Encoding>& encoding = (*encodings)[site];
                    return encoding ? quantize(std::move(value), *encoding, mayOverwrite) : value;
                },
            .quantizesElements = quantizesElements(*activations_)};
}

at::Tensor QuantizedNetwork::forward(const at::Tensor& images, std::function<void()> checkpoint) const {
    engine::Hooks added = hooks();
    added.checkpoint = std::move(checkpoint);
    return engine::forward(network_, images, added);
}

}  // namespace vitrine::quant
