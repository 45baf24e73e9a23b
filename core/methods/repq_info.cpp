// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/infos.h"
#include "methods/parts/common_parameters.h"

namespace vitrine::methods {
namespace {

const char* const kPaper = "RepQ-ViT, ICCV 2023";
const char* const kCode = "RepQ-ViT code, zkkli/RepQ-ViT";

ParameterSchema schema() {
    ParameterSchema schema;
    appendBits(schema, 4, 4, Provenance::published, kPaper);
    schema.push_back(from(Provenance::code, kCode, realsParameter("search.percentiles", {0.999, 0.9999, 0.99999}, 0.5, 1,
        "Quantiles that are tried as ends of a range; the least mean squared error wins.")));
    schema.push_back(choiceParameter("search.post_gelu", {"output_error", "value_error"}, "output_error",
        "What decides the range after a GELU: the error of the next layer's output relative to each token's output, or the mean "
        "squared error of the values, as the paper has it."));
    schema.push_back(from(Provenance::published, kPaper, choiceParameter("repq.softmax", {"log_sqrt2", "log2", "uniform"}, "log_sqrt2",
        "Quantizer of attention probabilities.")));
    schema.push_back(from(Provenance::published, kPaper, booleanParameter("repq.reparameterize", true,
        "Whether channel-wise scales behind layer norms are folded into norm and weights. Without it they stay channel-wise. A "
        "rule may leave single sites in float or channel-wise: these are not folded.")));
    schema.push_back(advanced(realParameter("repq.headroom", 1, 1, 16,
        "Ranges of channels behind layer norms are widened so much before their scales are folded: room for values that calibration "
        "has not seen, as on synthetic images.")));
    schema.push_back(advanced(realParameter("repq.folded", 1, 0, 1,
        "Share of the spread of channel scales that is folded into the weights; 0: every channel gets the widest scale and weights "
        "stay as they are, which suits narrow weights behind wide activations.")));
    schema.push_back(booleanParameter("repq.compat", false,
        "Choose what the official release chooses: its search, its calibration behind quantized layers, and its fractional zero point."));
    schema.push_back(from(Provenance::code, kCode, choiceParameter("calibration.prefix", {"quantized", "float"}, "quantized",
        "Whether a quantizer is calibrated on what quantized layers before it compute, or on the float network.")));
    appendCalibrationCount(schema, 32, 1024, Provenance::published, kPaper);
    appendScope(schema);
    return schema;
}

quant::QuantizerKind softmaxKind(const ParameterSet& parameters) {
    const std::string& text = parameters.text("repq.softmax");
    if (text == "log2") return quant::QuantizerKind::log2;
    return text == "uniform" ? quant::QuantizerKind::uniform : quant::QuantizerKind::logSqrt2;
}

quant::Policy policy(const ParameterSet& parameters) {
    const quant::QuantizerSpec weight{.granularity = quant::Granularity::channel}, activation{};
    quant::Policy policy = scopePolicy(parameters, weight, activation, {.kind = softmaxKind(parameters)});
    if (parameters.boolean("repq.reparameterize")) return policy;
    const quant::QuantizerSpec channelwise{.bits = static_cast<int>(parameters.integer("activation.bits")),
                                           .granularity = quant::Granularity::channel};
    policy.rules.push_back({"role:post_layer_norm", channelwise});
    return policy;
}

std::vector<ParameterPreset> presets() {
    return {{"fast", "Fast (8 images)", "For a first look: few images.", {{"calibration.count", "8"}}},
            {"w4a4", "W4A4", "4-bit weights and activations, the hardest setting of the paper.",
             {{"weight.bits", "4"}, {"activation.bits", "4"}}},
            {"w6a6", "W6A6", "6-bit weights and activations, the other setting of the paper.",
             {{"weight.bits", "6"}, {"activation.bits", "6"}}},
            {"w8a8", "W8A8", "8-bit weights and activations, which stay closest to the float network.",
             {{"weight.bits", "8"}, {"activation.bits", "8"}}},
            {"compat", "As the official release", "What the official code chooses, to compare with its published numbers.",
             {{"repq.compat", "true"}}}};
}

}  // namespace

MethodInfo repqInfo() {
    return {.id = "repq",
            .title = "RepQ-ViT",
            .paper = "Z. Li, J. Xiao, L. Yang, Q. Gu: RepQ-ViT: Scale Reparameterization for Post-Training Quantization of Vision "
                     "Transformers. ICCV 2023, arXiv 2212.08254",
            .summary = "Activations behind layer norms are calibrated channel by channel, then the norm and the next weights are rewritten so "
                       "that one scale serves all channels. Attention probabilities get codes that are powers of the square root of 2.",
            .needsData = true,
            .parameters = schema(),
            .stages = {{"calibrate", "Calibrate quantizers", 0.9},
                       {"reparameterize", "Reparameterize scales", 0.1}},
            .presets = presets(),
            .policy = policy};
}

}  // namespace vitrine::methods
