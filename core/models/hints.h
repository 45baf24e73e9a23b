// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/model.h"

namespace vitrine::models {

/// Hints found in a file, with what could not be understood in them.
struct FoundHints {
    ModelOverrides hints;
    std::vector<std::string> warnings;
};

/// What a checkpoint's own metadata says: the keys arch, num_heads, head_dim, act, norm, pool, ln_eps, img, mean, std,
/// crop, interpolation. Other keys are ignored; a value that cannot be read is a warning.
FoundHints hintsFromMetadata(const std::map<std::string, std::string>& metadata);

/// What a description beside the checkpoint says: `NAME.json` (NAME without one or more of the file's extensions), else
/// `config.json`, as timm's repositories have it
/// ("architecture", "global_pool", "pretrained_cfg", "model_args"). No such file: no hints.
FoundHints hintsBeside(const std::filesystem::path& checkpoint);

/// `first`, completed by `second` where `first` says nothing.
ModelOverrides combine(ModelOverrides first, const ModelOverrides& second);

}  // namespace vitrine::models
