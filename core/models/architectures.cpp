// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/architectures.h"

#include <algorithm>
#include <array>

namespace vitrine::models {
namespace {

const std::array<KnownArchitecture, 11>& table() {
    static const std::array<KnownArchitecture, 11> known = {{
        {"vit_tiny_patch16_224", "vit", 224, 16, 0, 192, {12}, {3}},
        {"vit_small_patch16_224", "vit", 224, 16, 0, 384, {12}, {6}},
        {"vit_base_patch16_224", "vit", 224, 16, 0, 768, {12}, {12}},
        {"vit_large_patch16_224", "vit", 224, 16, 0, 1024, {24}, {16}},
        {"deit_tiny_patch16_224", "deit", 224, 16, 0, 192, {12}, {3}},
        {"deit_small_patch16_224", "deit", 224, 16, 0, 384, {12}, {6}},
        {"deit_base_patch16_224", "deit", 224, 16, 0, 768, {12}, {12}},
        {"deit_tiny_distilled_patch16_224", "deit_distilled", 224, 16, 0, 192, {12}, {3}},
        {"swin_tiny_patch4_window7_224", "swin", 224, 4, 7, 96, {2, 2, 6, 2}, {3, 6, 12, 24}},
        {"swin_small_patch4_window7_224", "swin", 224, 4, 7, 96, {2, 2, 18, 2}, {3, 6, 12, 24}},
        {"swin_base_patch4_window7_224", "swin", 224, 4, 7, 128, {2, 2, 18, 2}, {4, 8, 16, 32}},
    }};
    return known;
}

}  // namespace

std::span<const KnownArchitecture> knownArchitectures() { return table(); }

const KnownArchitecture* architectureNamed(std::string_view text) {
    const KnownArchitecture* best = nullptr;
    for (const KnownArchitecture& known : table())
        if (text.find(known.name) != std::string_view::npos &&
            (best == nullptr || known.name.size() > best->name.size()))
            best = &known;
    return best;
}

const KnownArchitecture* architectureOfSizes(bool windows, std::int64_t embed, std::span<const std::int64_t> depths) {
    for (const KnownArchitecture& known : table())
        if ((known.window > 0) == windows && known.embed == embed && std::ranges::equal(known.depths, depths))
            return &known;
    return nullptr;
}

std::string_view familyNamed(std::string_view text) {
    if (text.starts_with("deit"))
        return text.find("distilled") == std::string_view::npos ? std::string_view("deit")
                                                                : std::string_view("deit_distilled");
    for (const std::string_view family : {std::string_view("vit"), std::string_view("swin")})
        if (text.starts_with(family)) return family;
    return {};
}

Preprocessing familyPreprocessing(std::string_view family) {
    if (family == "vit") return {.mean = {0.5, 0.5, 0.5}, .standardDeviation = {0.5, 0.5, 0.5}};
    return {.mean = {0.485, 0.456, 0.406}, .standardDeviation = {0.229, 0.224, 0.225}};
}

}  // namespace vitrine::models
