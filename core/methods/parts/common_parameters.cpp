// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/common_parameters.h"

#include <utility>

namespace vitrine::methods {
namespace {

/// What quantizers at a special place do: as everywhere else, at 8 bits, or nothing (float).
enum class PlaceScope { same, eightBit, inFloat };

const std::vector<std::string> kPlaceChoices = {"same", "8bit", "float"};

PlaceScope placeScope(const ParameterSet& parameters, std::string_view id) {
    const std::string& text = parameters.text(id);
    if (text == "8bit") return PlaceScope::eightBit;
    return text == "float" ? PlaceScope::inFloat : PlaceScope::same;
}

/// The rules that change `spec` at the places that `patterns` name; none when the place is like every other.
void appendPlace(quant::Policy& policy, PlaceScope scope, const std::vector<std::string>& patterns,
                 quant::QuantizerSpec spec) {
    if (scope == PlaceScope::same) return;
    spec.bits = 8;
    for (const std::string& pattern : patterns)
        policy.rules.push_back({pattern, scope == PlaceScope::inFloat ? std::nullopt : std::optional(spec)});
}

}  // namespace

ParameterSpec integerParameter(std::string id, std::int64_t value, double minimum, double maximum, std::string help) {
    return {.id = std::move(id), .type = ParameterType::integer, .defaultValue = value, .help = std::move(help),
            .minimum = minimum, .maximum = maximum};
}

ParameterSpec realParameter(std::string id, double value, double minimum, double maximum, std::string help) {
    return {.id = std::move(id), .type = ParameterType::real, .defaultValue = value, .help = std::move(help),
            .minimum = minimum, .maximum = maximum};
}

ParameterSpec booleanParameter(std::string id, bool value, std::string help) {
    return {.id = std::move(id), .type = ParameterType::boolean, .defaultValue = value, .help = std::move(help)};
}

ParameterSpec choiceParameter(std::string id, std::vector<std::string> choices, std::string value, std::string help) {
    return {.id = std::move(id), .type = ParameterType::choice, .defaultValue = std::move(value),
            .help = std::move(help), .choices = std::move(choices)};
}

ParameterSpec realsParameter(std::string id, std::vector<double> values, double minimum, double maximum,
                             std::string help) {
    return {.id = std::move(id), .type = ParameterType::reals, .defaultValue = std::move(values),
            .help = std::move(help), .minimum = minimum, .maximum = maximum};
}

ParameterSpec from(Provenance provenance, std::string reference, ParameterSpec spec) {
    spec.provenance = provenance;
    spec.reference = std::move(reference);
    return spec;
}

ParameterSpec inUnit(std::string unit, ParameterSpec spec) {
    spec.unit = std::move(unit);
    return spec;
}

ParameterSpec advanced(ParameterSpec spec) {
    spec.advanced = true;
    return spec;
}

void appendBits(ParameterSchema& schema, std::int64_t weightBits, std::int64_t activationBits, Provenance provenance,
                const std::string& reference) {
    schema.push_back(from(provenance, reference, inUnit("bits", integerParameter(
        "weight.bits", weightBits, 2, 8, "Width of the codes of weights."))));
    schema.push_back(from(provenance, reference, inUnit("bits", integerParameter(
        "activation.bits", activationBits, 2, 8, "Width of the codes of activations."))));
}

void appendCalibrationCount(ParameterSchema& schema, std::int64_t count, std::int64_t most, Provenance provenance,
                            const std::string& reference) {
    schema.push_back(from(provenance, reference, inUnit("images", integerParameter(
        "calibration.count", count, 1, static_cast<double>(most),
        "How many calibration images are used; fewer when there are fewer."))));
}

void appendScope(ParameterSchema& schema) {
    const std::string reference = "RepQ-ViT code, zkkli/RepQ-ViT";
    const auto place = [&](const char* id, const char* value, const char* help) {
        schema.push_back(advanced(from(Provenance::code, reference, choiceParameter(id, kPlaceChoices, value, help))));
    };
    place("scope.patch_input", "8bit", "The image on its way into the patch embedding: as other activations, 8 bits, or float.");
    place("scope.patch_weight", "same", "The weight of the patch embedding: as other weights, 8 bits, or float.");
    place("scope.softmax", "same", "Attention probabilities: as other activations, 8 bits, or float.");
    place("scope.head", "same", "Input and weight of the classifier: as everywhere else, 8 bits, or float.");
}

quant::Policy scopePolicy(const ParameterSet& parameters, quant::QuantizerSpec weight, quant::QuantizerSpec activation,
                          quant::QuantizerSpec softmax) {
    weight.bits = static_cast<int>(parameters.integer("weight.bits"));
    activation.bits = softmax.bits = static_cast<int>(parameters.integer("activation.bits"));
    quant::Policy policy{{{"*", activation}, {"role:weight", weight}, {"role:post_softmax", softmax}}};
    appendPlace(policy, placeScope(parameters, "scope.patch_input"), {"role:patch_input"}, activation);
    appendPlace(policy, placeScope(parameters, "scope.patch_weight"), {"patch_embed*.weight"}, weight);
    appendPlace(policy, placeScope(parameters, "scope.softmax"), {"role:post_softmax"}, softmax);
    appendPlace(policy, placeScope(parameters, "scope.head"), {"role:head_input"}, activation);
    appendPlace(policy, placeScope(parameters, "scope.head"), {"head*.weight"}, weight);
    return policy;
}

}  // namespace vitrine::methods
