// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/infos.h"
#include "methods/parts/common_parameters.h"

namespace vitrine::methods {
namespace {

const char* const kFqVit = "FQ-ViT code, megvii-research/FQ-ViT";

ParameterSpec code(ParameterSpec spec) { return from(Provenance::code, kFqVit, std::move(spec)); }

ParameterSchema schema() {
    ParameterSchema schema;
    appendBits(schema, 8, 8, Provenance::code, kFqVit);
    schema.push_back(code(choiceParameter("weight.observer", {"minmax", "omse", "percentile"}, "minmax",
                                          "How the range of a weight is chosen.")));
    schema.push_back(code(choiceParameter("weight.granularity", {"channel", "tensor"}, "channel",
                                          "Whether each output channel of a weight has its own scale.")));
    schema.push_back(code(booleanParameter("weight.symmetric", true, "Whether the codes of weights are symmetric around 0.")));
    schema.push_back(code(choiceParameter("activation.observer", {"minmax", "ema", "percentile", "omse"}, "minmax",
                                          "How the range of an activation is chosen.")));
    schema.push_back(from(Provenance::code, kFqVit, booleanParameter("activation.ptf", false,
        "Power-of-two factors: each channel behind a layer norm has the tensor's scale times 1, 1/2, 1/4 or 1/8. FQ-ViT has them before "
        "the norm; behind it they are ours.")));
    schema.push_back(code(booleanParameter("activation.symmetric", false,
                                           "Whether the codes of activations are symmetric around 0.")));
    schema.push_back(code(realParameter("activation.percentile", 0.99999, 0.5, 1,
                                        "Upper quantile that the percentile observer covers; the lower one is 1 minus it.")));
    schema.push_back(advanced(code(realParameter("activation.momentum", 0.01, 0.0001, 1,
                                                 "Weight of a new batch in the ema and percentile observers."))));
    schema.push_back(advanced(from(Provenance::code, "I&S-ViT code, zysxmu/IaS-ViT", realsParameter(
        "weight.percentiles", {0.97, 0.98, 0.99, 0.995, 0.9995, 0.9997, 0.9999, 0.99995, 0.99999}, 0.5, 1,
        "Quantiles that the percentile observer of weights tries; the least mean squared error wins."))));
    appendCalibrationCount(schema, 32, 65536, Provenance::ours, "");
    schema.push_back(advanced(inUnit("images", integerParameter("calibration.batch", 8, 1, 1024,
        "How many calibration images are evaluated at once. Moving averages and omse depend on it; less needs less memory."))));
    appendScope(schema);
    return schema;
}

quant::Policy policy(const ParameterSet& parameters) {
    const bool perChannel = parameters.text("weight.granularity") == "channel";
    const quant::QuantizerSpec weight{.symmetric = parameters.boolean("weight.symmetric"),
                                      .granularity = perChannel ? quant::Granularity::channel : quant::Granularity::tensor};
    const quant::QuantizerSpec activation{.symmetric = parameters.boolean("activation.symmetric")};
    quant::Policy policy = scopePolicy(parameters, weight, activation, activation);
    if (!parameters.boolean("activation.ptf")) return policy;
    quant::QuantizerSpec factored = activation;
    factored.bits = static_cast<int>(parameters.integer("activation.bits"));
    factored.granularity = quant::Granularity::channel;
    policy.rules.push_back({"role:post_layer_norm", factored});
    return policy;
}

std::vector<ParameterPreset> presets() {
    return {{"fast", "Fast (8 images)", "For a first look: few images, smallest and largest value.", {{"calibration.count", "8"}}},
            {"w8a8", "W8A8", "8-bit weights and activations, which most networks bear well.",
             {{"weight.bits", "8"}, {"activation.bits", "8"}}},
            {"w6a6", "W6A6", "6-bit weights and activations with ranges of least squared error.",
             {{"weight.bits", "6"}, {"activation.bits", "6"}, {"weight.observer", "omse"}, {"activation.observer", "omse"}}},
            {"w4a4", "W4A4", "4-bit weights and activations with ranges of least squared error: how far calibration alone goes.",
             {{"weight.bits", "4"}, {"activation.bits", "4"}, {"weight.observer", "omse"}, {"activation.observer", "omse"}}},
            {"ptf", "W8A8, power-of-two factors", "8 bits as in FQ-ViT: least squared error, and behind layer norms a power of two of one "
             "scale for each channel.",
             {{"weight.bits", "8"}, {"activation.bits", "8"}, {"weight.observer", "omse"}, {"activation.observer", "omse"},
              {"activation.ptf", "true"}}},
            {"percentile", "W8A8, percentiles", "8 bits where few outliers widen the ranges: quantiles instead of extremes.",
             {{"weight.bits", "8"}, {"activation.bits", "8"}, {"weight.observer", "percentile"}, {"activation.observer", "percentile"}}}};
}

}  // namespace

MethodInfo baselineInfo() {
    return {.id = "baseline",
            .title = "Calibration baseline",
            .summary = "Each quantizer takes its range from what passes it in the float network: smallest and largest value, their "
                       "moving average, a quantile, or the range of least squared error. Nothing is trained or rewritten.",
            .needsData = true,
            .parameters = schema(),
            .stages = {{"calibrate", "Calibrate quantizers", 1}},
            .presets = presets(),
            .policy = policy};
}

}  // namespace vitrine::methods
