// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/infos.h"
#include "methods/parts/common_parameters.h"
#include "methods/parts/start_model.h"
#include "methods/parts/synthesis.h"
#include "methods/psaq.h"

namespace vitrine::methods {
namespace {

const char* const kPaper = "PSAQ-ViT, ECCV 2022";
const char* const kCode = "PSAQ-ViT code, zkkli/PSAQ-ViT";

}  // namespace

ParameterSchema psaqSynthesis() {
    ParameterSchema schema;
    appendSynthesis(schema, 32);
    schema.push_back(from(Provenance::code, kCode, realParameter("psaq.entropy_weight", 1, 0, 1e6,
        "Weight of the entropy of the similarities between patches.")));
    schema.push_back(from(Provenance::code, kCode, realParameter("psaq.class_weight", 1, 0, 1e6,
        "Weight of the cross entropy with a random class for each image.")));
    schema.push_back(advanced(from(Provenance::code, kCode, realParameter("psaq.bandwidth", 0.01, 1e-4, 1,
        "Width of the Gaussians that estimate the density of similarities."))));
    schema.push_back(advanced(from(Provenance::code, kCode, integerParameter("psaq.points", 10, 2, 1000,
        "Points at which the density is evaluated."))));
    return schema;
}

ParameterSchema syntheticMethodSchema(ParameterSchema synthesis) {
    ParameterSchema schema;
    appendBits(schema, 8, 8, Provenance::published, kPaper);
    appendStart(schema, "repq");
    std::erase_if(schema, [](const ParameterSpec& spec) { return spec.id == "start.run"; });  // nothing is improved
    for (ParameterSpec& spec : synthesis) schema.push_back(std::move(spec));
    appendScope(schema);
    return schema;
}

std::vector<StageInfo> syntheticMethodStages() {
    return {{"synthesize", "Make images", 0.9}, {"quantize", "Quantize on them", 0.1}};
}

std::vector<ParameterPreset> syntheticMethodPresets(bool iterates) {
    std::vector<ParameterPreset> presets{{"w4a8", "W4A8", "4-bit weights.", {{"weight.bits", "4"}}},
                                         {"published_quantizer", "The published quantizer",
                                          "Per-tensor min-max of activations. Networks with massive activations collapse under it.",
                                          {{"start.method", "baseline"}}}};
    if (iterates)
        presets.insert(presets.begin(), {"fast", "Fast (100 iterations)", "A tenth of the published iterations.",
                                         {{"synthesis.iterations", "50"}, {"synthesis.rounds", "2"}}});
    return presets;
}

MethodInfo psaqInfo() {
    return {.id = "psaq",
            .title = "PSAQ-ViT",
            .paper = "Z. Li, L. Ma, M. Chen, J. Xiao, Q. Gu: Patch Similarity Aware Data-Free Quantization for Vision Transformers. ECCV 2022, "
                     "arXiv 2203.02250",
            .summary = "Needs no images: it makes some from noise whose patches are as diverse in the network's attention as those of real "
                       "images, then quantizes by another method on them. Its own quantizer is start.method=baseline.",
            .needsData = false,
            .parameters = syntheticMethodSchema(psaqSynthesis()),
            .stages = syntheticMethodStages(),
            .presets = syntheticMethodPresets(true),
            .policy = startPolicy};
}

}  // namespace vitrine::methods
