// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "models/model.h"

namespace vitrine::runs {

struct ForwardSpec {
    std::filesystem::path model;
    ParameterSet modelOverrides{models::overrideSchema()};
    std::filesystem::path input;       ///< safetensors file with a float32 tensor "input" [B,C,H,W], preprocessed
    std::filesystem::path output;      ///< safetensors file to write
    std::vector<std::string> capture;  ///< ids or patterns with '*' and '?' of computed values to write as well
    std::string device = "cpu";
};

struct ForwardResult {
    Shape input;
    std::vector<std::string> written;  ///< ids of the tensors in the output file, in network order
    double seconds = 0;                ///< of the pass alone
    std::vector<std::string> warnings;
};

/// Runs one batch through the float network and writes "logits" and the captured values, each under its id as
/// contiguous float32. Throws what loadModel and the safetensors reader throw, Exception(badFormat) for an input that
/// does not fit the network, unsupported for one that is not float32, and notFound for a pattern that matches no
/// computed value.
ForwardResult forward(const ForwardSpec& spec);

}  // namespace vitrine::runs
