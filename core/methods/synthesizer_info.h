// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parameters.h"
#include "quant/spec.h"

namespace vitrine::methods {

/// A way to make images without data: for the methods of its id, and to calibrate any other method on. Plain data, no Torch.
struct SynthesizerInfo {
    std::string id;       ///< "psaq"
    std::string title;    ///< "PSAQ-ViT"
    std::string summary;  ///< one or two sentences
    ParameterSchema parameters;  ///< has "synthesis.count"
    std::function<quant::Policy(const ParameterSet&)> policy;  ///< of a quantized network that it makes on the way; may be empty
};

/// Every synthesizer, in the order of lists.
const std::vector<SynthesizerInfo>& allSynthesizers();

/// Throws Exception(notFound) that names the nearest id.
const SynthesizerInfo& synthesizerInfo(std::string_view id);

}  // namespace vitrine::methods
