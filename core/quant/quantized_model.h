// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/sites.h"
#include "quant/encoding.h"

namespace vitrine::quant {

/// A graph whose parameters a method may have rewritten, and an encoding for every quantized site. It can be saved,
/// loaded, compared and run without knowing which method made it. Value type; immutable by convention once emitted.
struct QuantizedModel {
    std::shared_ptr<const graph::Graph> graph;  ///< float parameters, rewritten where the method did so
    std::map<std::string, Encoding> encodings;  ///< by site id; sites without one stay in float
    std::vector<std::string> rewritten;         ///< ids of the parameters that differ from the source checkpoint
};

/// A copy of `graph` in which the parameters named in `replacements` have new data of the same shape and type. A linear
/// layer without bias may gain one: a replacement under a new id "<...>.bias" is appended as its third operand.
/// Throws Exception(badFormat) when a shape differs or the id fits nothing.
std::shared_ptr<const graph::Graph> withParameters(const graph::Graph& graph, const TensorMap& replacements);

/// Throws Exception(badFormat) when an encoding contradicts itself (see validate) or its scales do not fit the site's
/// shape.
void requireFit(const Encoding& encoding, const graph::Site& site);

/// Writes `quantized.json` (encodings) and `quantized.safetensors` (rewritten parameters, vectors of scales and zero
/// points) into `folder`. Atomic file by file; the JSON names the hash of the other file. Throws Exception(ioFailure),
/// badFormat for encodings that do not fit the graph, notFound for a rewritten parameter that it lacks.
void save(const QuantizedModel& model, const std::filesystem::path& folder);

/// Reads what save() wrote, over the float graph of the source checkpoint. Every bit of the encodings and parameters
/// survives. Throws Exception that names the file and the site: notFound, badFormat when a file is damaged or does not
/// belong to `graph`, unsupported for a newer format.
QuantizedModel load(const std::filesystem::path& folder, std::shared_ptr<const graph::Graph> graph);

/// Costs under the conventions of docs/methods.md 5. Float operands count 32 bits.
struct Cost {
    double bops = 0;       ///< sum over operations of MACs * bits * bits, for one image
    double floatBops = 0;  ///< the same at 32 x 32
    double sizeBytes = 0;  ///< parameters at their bits, others at 32
    /// Scales (32 bit) and zero points (their bits; 32 if fractional, none if symmetric), not in sizeBytes.
    double encodingBytes = 0;
    double floatBytes = 0;
    double averageWeightBits = 32;      ///< weighted by parameters of quantizable weights
    double averageActivationBits = 32;  ///< weighted by elements of activation sites
    double averageWeightBitsByMacs = 32;
    double averageActivationBitsByMacs = 32;
};
Cost cost(const graph::Graph& graph, const std::map<std::string, Encoding>& encodings);

}  // namespace vitrine::quant
