// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace vitrine::models {

/// A published network: what its tensors alone do not tell, and the sizes to recognize it by.
/// Source: the model definitions and default configurations of timm 0.6.13.
struct KnownArchitecture {
    std::string_view name;    ///< timm's name
    std::string_view family;  ///< "vit", "deit", "deit_distilled", "swin"
    std::int64_t image = 224;
    std::int64_t patch = 16;
    std::int64_t window = 0;
    std::int64_t embed = 0;
    std::vector<std::int64_t> depths;
    std::vector<std::int64_t> heads;
};

std::span<const KnownArchitecture> knownArchitectures();

/// The architecture with the longest name that occurs in `text` (a file name, a metadata entry), or null.
const KnownArchitecture* architectureNamed(std::string_view text);

/// The first architecture of the same kind (with or without windows) with these sizes, or null. ViT and DeiT of one
/// size have the same heads.
const KnownArchitecture* architectureOfSizes(bool windows, std::int64_t embed, std::span<const std::int64_t> depths);

/// The family that `text` names or begins with ("deit_small..." -> "deit"), or "".
std::string_view familyNamed(std::string_view text);

/// How a family's published networks take images. Source: timm 0.6.13, default_cfg.
struct Preprocessing {
    std::vector<double> mean;
    std::vector<double> standardDeviation;
    double cropFraction = 0.9;
};
Preprocessing familyPreprocessing(std::string_view family);

}  // namespace vitrine::models
