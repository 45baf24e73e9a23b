// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/parameters.h"
#include "methods/method_info.h"

namespace vitrine::methods {

// What the synthesizers take, one schema each; the methods of the same ids have these parameters too.
ParameterSchema noiseSynthesis();
ParameterSchema psaqSynthesis();
ParameterSchema psaq2Synthesis();
ParameterSchema clampVitSynthesis();

/// The schema of a method that calibrates another one on images of its own: bits, "start.*" and scope behind `synthesis`.
ParameterSchema syntheticMethodSchema(ParameterSchema synthesis);

/// Its stages: "synthesize" and "quantize".
std::vector<StageInfo> syntheticMethodStages();

/// Small efforts that all of them offer.
std::vector<ParameterPreset> syntheticMethodPresets(bool iterates);

}  // namespace vitrine::methods
