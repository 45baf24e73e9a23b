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

}  // namespace

MethodInfo baselineInfo() {
    return {.id = "baseline",
            .title = "Calibration baseline",
            .summary = "Each quantizer takes its range from what passes it in the float network: smallest and largest value, their "
                       "moving average, a quantile, or the range of least squared error. Nothing is trained or rewritten.",
            .needsData = true,
            .parameters = schema(),
            .stages = {{"calibrate", "Calibrate quantizers", 1}}};
}

}  // namespace vitrine::methods
