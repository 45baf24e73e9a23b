// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/parameters.h"
#include "quant/spec.h"

namespace vitrine::methods {

/// Shorthands for the entries of a schema; the caller fills in what else it needs.
ParameterSpec integerParameter(std::string id, std::int64_t value, double minimum, double maximum, std::string help);
ParameterSpec realParameter(std::string id, double value, double minimum, double maximum, std::string help);
ParameterSpec booleanParameter(std::string id, bool value, std::string help);
ParameterSpec choiceParameter(std::string id, std::vector<std::string> choices, std::string value, std::string help);
ParameterSpec realsParameter(std::string id, std::vector<double> values, double minimum, double maximum, std::string help);

/// The entry with a provenance other than `ours`.
ParameterSpec from(Provenance provenance, std::string reference, ParameterSpec spec);
/// The entry with a unit, or only in the advanced form.
ParameterSpec inUnit(std::string unit, ParameterSpec spec);
ParameterSpec advanced(ParameterSpec spec);

/// "weight.bits" and "activation.bits", 2 to 8.
void appendBits(ParameterSchema& schema, std::int64_t weightBits, std::int64_t activationBits, Provenance provenance,
                const std::string& reference);

/// "calibration.count": how many images are used.
void appendCalibrationCount(ParameterSchema& schema, std::int64_t count, std::int64_t most, Provenance provenance,
                            const std::string& reference);

/// "scope.*": what happens at the image input, the patch embedding's weight, the softmax and the classifier.
void appendScope(ParameterSchema& schema);

/// The policy that "weight.bits", "activation.bits" and "scope.*" ask for: weights get `weight`, post-softmax sites get
/// `softmax`, all other activations get `activation`. Bits are those of the parameters, whatever the specs say.
quant::Policy scopePolicy(const ParameterSet& parameters, quant::QuantizerSpec weight, quant::QuantizerSpec activation,
                          quant::QuantizerSpec softmax);

}  // namespace vitrine::methods
