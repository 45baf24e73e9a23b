// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/parameters.h"
#include "formats/checkpoint.h"
#include "graph/graph.h"

namespace vitrine::models {

enum class Activation { geluErf, geluTanh, relu };
enum class NormPlacement {
    pre,   ///< x + f(norm(x)), as in ViT, DeiT and Swin
    post,  ///< norm(x + f(x)), as in the first transformer
};
enum class Pooling { classToken, mean };

/// What the user, or a file's own description, says about a network beyond its tensors. What is not set is read off
/// names and shapes, or taken from the family's convention.
struct ModelOverrides {
    std::optional<std::string> architecture;  ///< "deit_tiny_patch16_224", or a family
    std::optional<std::string> family;        ///< "vit", "deit", "deit_distilled", "swin"
    std::optional<std::int64_t> heads;        ///< of a network with one stage
    std::optional<std::int64_t> headDim;      ///< channels of one head; `heads` wins over it
    std::optional<Activation> activation;
    std::optional<NormPlacement> norm;
    std::optional<Pooling> pooling;
    std::optional<double> epsilon;                         ///< of the layer norms
    std::optional<std::array<std::int64_t, 2>> imageSize;  ///< height, width
    std::vector<double> mean;                              ///< per channel, of pixels in [0,1]; empty when not set
    std::vector<double> standardDeviation;                 ///< likewise
    std::optional<double> cropFraction;
    std::optional<std::string> interpolation;
};

/// The keys of overrides ("model.heads", ...) as a schema for command lines and forms. A key left at its default says
/// nothing.
const ParameterSchema& overrideSchema();

/// The overrides that `parameters`, of overrideSchema() or a larger schema, hold.
/// Throws Exception(invalidArgument) on a malformed list or size.
ModelOverrides overridesFrom(const ParameterSet& parameters);

/// A network with what there is to say about how it was read.
struct LoadedModel {
    std::shared_ptr<const graph::Graph> graph;
    std::vector<std::string> warnings;  ///< of the file, of its tensors, and every assumption that was made
    std::filesystem::path source;       ///< the checkpoint; empty when it was not a file
    std::string hash;                   ///< hashFile() of the checkpoint; empty likewise
};

/// Reads a checkpoint (safetensors or PyTorch) and builds its network. Safe to call on several threads. A description
/// beside the file, `NAME.json` or `config.json` as timm's repositories have it, counts after the file's own metadata
/// and before conventions. Throws what formats::loadCheckpoint throws, and what buildModel does with the file named.
LoadedModel loadModel(const std::filesystem::path& path, const ModelOverrides& overrides = {});

/// The network of a checkpoint: ViT, DeiT (plain or distilled) or Swin in the layouts of timm 0.6 and 1.0, or one of
/// the foreign layouts of names.h. Value ids are those of timm's modules ("blocks.3.attn.qkv"), parameter ids the
/// checkpoint's names in the layout of timm 0.6. `name` (a file name, say) helps to tell families with equal tensors
/// apart. Throws Exception(badFormat) that lists missing and mis-shaped tensors, unsupported for a network of another
/// kind, invalidArgument where something can neither be read nor assumed and an override is needed.
LoadedModel buildModel(const formats::Checkpoint& checkpoint, const ModelOverrides& overrides = {},
                       const std::string& name = {});

}  // namespace vitrine::models
