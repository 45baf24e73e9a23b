// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/infos.h"
#include "methods/parts/common_parameters.h"
#include "methods/parts/start_model.h"

namespace vitrine::methods {
namespace {

const char* const kPaper = "CPT-V, arXiv 2211.09643";
const char* const kCode = "Evol-Q code, enyac-group/evol-q";

void appendSearch(ParameterSchema& schema) {
    schema.push_back(from(Provenance::code, kCode, integerParameter("search.passes", 10, 0, 1000,
        "How often all blocks are visited.")));
    schema.push_back(from(Provenance::code, kCode, integerParameter("search.cycles", 3, 0, 1000,
        "Candidates of a block per visit.")));
    schema.push_back(from(Provenance::code, kCode, integerParameter("search.population", 15, 1, 1000,
        "Candidates that are kept of a block.")));
    schema.push_back(from(Provenance::code, kCode, integerParameter("search.tournament", 10, 1, 1000,
        "Draws, with replacement, of which the best becomes the parent.")));
    schema.push_back(from(Provenance::code, kCode, choiceParameter("search.order", {"last_first", "first_last"}, "last_first",
        "Which block is visited first.")));
    schema.push_back(from(Provenance::code, kCode, choiceParameter("search.mutation", {"absolute", "relative"}, "absolute",
        "Whether the noise that makes a child has a fixed size or one in proportion to the scale. Relative noise is ours.")));
    schema.push_back(from(Provenance::code, kCode, realParameter("search.amplitude", 0, 0, 0.5,
        "Size of the noise; 0: 0.001 up to 4 bits, 0.0001 at 8, geometric in between (ours); 0.02 for relative noise (ours).")));
    schema.push_back(choiceParameter("search.blocks", {"attention", "attention_and_mlp"}, "attention",
        "Whose scales are searched: those of the attention modules as published, or those of the MLPs too."));
    schema.push_back(booleanParameter("search.activations", false,
        "Whether scales of activations are searched beside those of weights."));
}

ParameterSchema schema() {
    ParameterSchema schema;
    appendBits(schema, 4, 8, Provenance::published, kPaper);
    appendStart(schema, "repq");
    appendSearch(schema);
    schema.push_back(from(Provenance::published, kPaper, choiceParameter("loss", {"contrastive", "mse", "cosine", "kl"}, "contrastive",
        "How outputs of the quantized and the float network are compared.")));
    schema.push_back(from(Provenance::code, kCode, realParameter("loss.temperature", 3, 0.001, 1000,
        "Temperature of the contrastive loss.")));
    schema.push_back(from(Provenance::code, kCode, inUnit("images", integerParameter("loss.batch", 100, 2, 1024,
        "Images whose outputs are compared with each other: one positive and the others negatives."))));
    schema.push_back(from(Provenance::code, kCode, booleanParameter("weight.bias_correction", false,
        "Whether mean and spread of every output channel of the quantized weights are matched to those of the weights.")));
    schema.push_back(advanced(inUnit("MB", integerParameter("memory.cache", 2000, 1, 1000000,
        "Most that caches of inner values hold; with less of it more is computed again, with the same result."))));
    appendCalibrationCount(schema, 1000, 1024, Provenance::published, kPaper);
    appendScope(schema);
    return schema;
}

std::vector<ParameterPreset> presets() {
    const char* const fqVit = "weight.observer=omse; weight.symmetric=false; activation.observer=omse; activation.ptf=true";
    return {{"fast", "Fast (100 images, 3 passes)", "A tenth of the images and the passes in which the loss falls most (ours).",
             {{"calibration.count", "100"}, {"search.passes", "3"}}},
            {"fqvit", "Start as in FQ-ViT", "The start is calibrated by least squared error, with power-of-two factors behind layer norms.",
             {{"start.method", "baseline"}, {"start.set", fqVit}}},
            {"w3a8", "W3A8", "3-bit weights, where the search has most to gain.", {{"weight.bits", "3"}}},
            {"w8a8", "W8A8", "8-bit weights and activations.", {{"weight.bits", "8"}}},
            {"wide", "Everything (ours)", "Searches MLPs and activations too, with noise in proportion to the scale.",
             {{"search.blocks", "attention_and_mlp"}, {"search.activations", "true"}, {"search.mutation", "relative"}}}};
}

}  // namespace

MethodInfo cptvInfo() {
    return {.id = "cptv",
            .title = "CPT-V",
            .paper = "N. Frumkin, D. Gope, D. Marculescu: CPT-V: A Contrastive Approach to Post-Training Quantization of Vision "
                     "Transformers. arXiv 2211.09643; Jumping through Local Minima: Quantization in the Loss Landscape of Vision "
                     "Transformers (Evol-Q). ICCV 2023, arXiv 2308.10814",
            .summary = "Takes a quantized network and perturbs the scales of its attention modules, block by block, keeping what brings "
                       "the outputs nearer to those of the float network under a contrastive loss. Labels are never used.",
            .needsData = true,
            .parameters = schema(),
            .stages = {{"start", "Make the start", 0.1}, {"search", "Search scales", 0.9}},
            .presets = presets(),
            .policy = startPolicy};
}

}  // namespace vitrine::methods
