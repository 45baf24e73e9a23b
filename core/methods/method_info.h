// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/parameters.h"
#include "quant/spec.h"

namespace vitrine::methods {

struct StageInfo {
    std::string id;      ///< "calibrate"
    std::string title;   ///< "Calibrate quantizers"
    double weight = 1;   ///< expected share of the time, relative to the other stages
};

/// Named values for some parameters; the others keep their defaults.
struct ParameterPreset {
    std::string id;     ///< "fast"
    std::string title;  ///< "Fast (8 images, min-max)"
    std::string help;   ///< when to take it
    std::map<std::string, std::string> values;  ///< parameter id -> text
};

/// What everybody may know of a method without running it. Plain data, no Torch.
struct MethodInfo {
    std::string id;       ///< lower-case, stable: "repq"
    std::string title;    ///< "RepQ-ViT"
    std::string paper;    ///< citation; empty for baselines
    std::string summary;  ///< two or three sentences
    bool needsData = true;  ///< wants calibration images
    ParameterSchema parameters;
    std::vector<StageInfo> stages;
    std::vector<ParameterPreset> presets;  ///< besides the defaults
    /// The policy that the parameters ask for (scope and bits of every site).
    std::function<quant::Policy(const ParameterSet&)> policy;
};

/// Every method, in the order of menus and lists.
const std::vector<MethodInfo>& allMethods();

/// Throws Exception(notFound) that names the nearest id.
const MethodInfo& methodInfo(std::string_view id);

}  // namespace vitrine::methods
