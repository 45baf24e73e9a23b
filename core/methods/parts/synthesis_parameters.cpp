// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "base/error.h"
#include "methods/parts/common_parameters.h"
#include "methods/parts/synthesis.h"

namespace vitrine::methods {
namespace {

const char* const kCode = "PSAQ-ViT code, zkkli/PSAQ-ViT";
constexpr double kMegabyte = 1e6;

}  // namespace

void appendSynthesis(ParameterSchema& schema, std::int64_t count) {
    schema.push_back(from(Provenance::code, kCode, inUnit("images", integerParameter("synthesis.count", count, 1, 1024,
        "Images that are made."))));
    schema.push_back(from(Provenance::code, kCode, integerParameter("synthesis.iterations", 500, 1, 1e6,
        "Iterations of each round.")));
    schema.push_back(from(Provenance::code, kCode, integerParameter("synthesis.rounds", 2, 1, 100,
        "Rounds; each begins the learning rate anew.")));
    schema.push_back(from(Provenance::code, kCode, realParameter("synthesis.rate", 0.2, 1e-6, 100,
        "Learning rate of Adam on the pixels; 0.25 is taken for Swin.")));
    schema.push_back(advanced(from(Provenance::code, kCode, realsParameter("synthesis.betas", {0.5, 0.9}, 0, 0.9999,
        "Decay of Adam's two moments."))));
    schema.push_back(advanced(from(Provenance::code, kCode, integerParameter("synthesis.warmup", 100, 0, 1e6,
        "Iterations in which the rate rises, at most a fifth of a round (the bound is ours); then it falls as a cosine."))));
    schema.push_back(advanced(from(Provenance::code, kCode, inUnit("px", realsParameter("synthesis.jitter", {15, 30}, 0, 4096,
        "Images are rolled by up to so much, by round; for images of 224 pixels, in proportion for others (ours).")))));
    schema.push_back(advanced(from(Provenance::code, kCode, choiceParameter("synthesis.roll", {"diagonal", "independent"}, "diagonal",
        "Whether images are rolled down and to the right alike, or by two draws."))));
    schema.push_back(advanced(from(Provenance::code, kCode, realParameter("synthesis.flip", 0.5, 0, 1,
        "Probability that an iteration sees the images mirrored."))));
    schema.push_back(from(Provenance::code, kCode, realParameter("synthesis.variation_weight", 0.05, 0, 1e6,
        "Weight of the distance of the total variation from its target; 0: none.")));
    schema.push_back(advanced(from(Provenance::code, kCode, realsParameter("synthesis.variation_target", {2500, 3000}, 0, 1e9,
        "The target is drawn from here once; for 32 images of 3 x 224 x 224, in proportion to the root of the pixels for others (ours)."))));
    schema.push_back(advanced(inUnit("MB", integerParameter("synthesis.memory", 200, 1, 1000000,
        "Memory for what images that are differentiated together keep; it decides how many these are."))));
    schema.push_back(advanced(inUnit("images", integerParameter("synthesis.chunk", 0, 0, 1024,
        "Images that are differentiated together; 0: as synthesis.memory allows. It changes the images by rounding alone."))));
}

SynthesisSettings synthesisSettings(const ParameterSet& parameters) {
    const std::vector<double> betas = parameters.reals("synthesis.betas");
    const std::vector<double> target = parameters.reals("synthesis.variation_target");
    if (betas.size() != 2) fail(ErrorCode::invalidArgument, "takes two numbers", "synthesis.betas");
    if (target.size() != 2 || target[0] > target[1])
        fail(ErrorCode::invalidArgument, "takes two numbers, the smaller one first", "synthesis.variation_target");
    SynthesisSettings settings{.count = parameters.integer("synthesis.count"),
                               .iterations = parameters.integer("synthesis.iterations"),
                               .rounds = parameters.integer("synthesis.rounds"),
                               .learningRate = parameters.real("synthesis.rate"),
                               .beta1 = betas[0],
                               .beta2 = betas[1],
                               .warmUp = parameters.integer("synthesis.warmup"),
                               .jitter = {},
                               .diagonal = parameters.text("synthesis.roll") == "diagonal",
                               .flip = parameters.real("synthesis.flip"),
                               .variationWeight = parameters.real("synthesis.variation_weight"),
                               .variationLow = target[0],
                               .variationHigh = target[1],
                               .chunk = parameters.integer("synthesis.chunk"),
                               .memoryBytes = static_cast<double>(parameters.integer("synthesis.memory")) * kMegabyte};
    for (const double pixels : parameters.reals("synthesis.jitter")) settings.jitter.push_back(std::llround(pixels));
    return settings;
}

}  // namespace vitrine::methods
