// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/infos.h"
#include "methods/parts/common_parameters.h"
#include "methods/parts/start_model.h"
#include "methods/psaq.h"

namespace vitrine::methods {

ParameterSchema noiseSynthesis() {
    return {inUnit("images", integerParameter("synthesis.count", 32, 1, 1024, "Images that are made."))};
}

MethodInfo noiseInfo() {
    return {.id = "noise",
            .title = "Gaussian noise",
            .paper = "",
            .summary = "Quantizes by another method on images of Gaussian noise: the floor that every data-free method must beat.",
            .needsData = false,
            .parameters = syntheticMethodSchema(noiseSynthesis()),
            .stages = syntheticMethodStages(),
            .presets = syntheticMethodPresets(false),
            .policy = startPolicy};
}

}  // namespace vitrine::methods
