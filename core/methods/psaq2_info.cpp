// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/infos.h"
#include "methods/parts/common_parameters.h"
#include "methods/parts/start_model.h"
#include "methods/parts/synthesis.h"
#include "methods/psaq.h"

namespace vitrine::methods {

ParameterSchema psaq2Synthesis() {
    ParameterSchema schema;
    appendSynthesis(schema, 32);
    schema.push_back(realParameter("psaq2.entropy_weight", 1, 0, 1e6, "Weight of the entropy of the similarities between patches."));
    schema.push_back(realParameter("psaq2.disagreement_weight", 1, 0, 1e6,
        "Weight of the mean absolute difference between the logits of the network and its quantized form."));
    schema.push_back(inUnit("iterations", integerParameter("psaq2.student_every", 100, 1, 1e6,
        "The quantized form learns again on the images of the moment after so many iterations.")));
    schema.push_back(inUnit("steps", integerParameter("psaq2.student_steps", 20, 0, 10000,
        "After each calibration the weights of the quantized form are trained so long on the images of the moment; 0: it learns by calibration "
        "alone.")));
    schema.push_back(realParameter("psaq2.student_rate", 1e-5, 0, 1, "Learning rate of that training, by Adam."));
    schema.push_back(advanced(realParameter("psaq2.bandwidth", 0.01, 1e-4, 1,
        "Width of the Gaussians that estimate the density of similarities.")));
    schema.push_back(advanced(integerParameter("psaq2.points", 10, 2, 1000, "Points at which the density is evaluated.")));
    return schema;
}

MethodInfo psaq2Info() {
    return {.id = "psaq2",
            .title = "PSAQ-ViT V2",
            .paper = "Z. Li, M. Chen, J. Xiao, Q. Gu: PSAQ-ViT V2: Toward Accurate and General Data-Free Quantization for Vision Transformers. "
                     "IEEE TNNLS 2023, arXiv 2209.05687",
            .summary = "Needs no images and no classes: images with diverse patches on which the network and its quantized form disagree. In "
                       "turn with them the quantized form is calibrated and its weights are trained by gradient to agree again.",
            .needsData = false,
            .parameters = syntheticMethodSchema(psaq2Synthesis()),
            .stages = syntheticMethodStages(),
            .presets = syntheticMethodPresets(true),
            .policy = startPolicy};
}

}  // namespace vitrine::methods
