// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/host_tensor.h"
#include "graph/builder.h"

namespace vitrine::models {

/// A checkpoint's tensors as a builder asks for them. Tensors that are absent or unfit are noted, not thrown at once,
/// so that finish() can name them all.
class Weights {
  public:
    explicit Weights(TensorMap tensors) : tensors_(std::move(tensors)) {}

    const TensorMap& tensors() const { return tensors_; }
    bool has(const std::string& name) const { return tensors_.contains(name); }
    /// The shape of a tensor that sizes are read from: throws Exception(badFormat) when it is absent or has another
    /// rank or an empty dimension.
    const Shape& shape(const std::string& name, std::size_t rank) const;

    /// Adds the tensor to the graph as 32-bit floats. Of a tensor that is absent, mis-shaped or not floating, only the
    /// expected shape.
    graph::ValueId parameter(graph::GraphBuilder& builder, const std::string& name, const Shape& expected);
    /// A tensor that the builder computes itself.
    void ignore(const std::string& name) { used_.insert(name); }

    /// Throws Exception(badFormat) naming every tensor that is missing, mis-shaped or not floating (the first 20 of
    /// each kind). Otherwise returns warnings: tensors nobody asked for, converted types, values that are not finite.
    std::vector<std::string> finish() const;

  private:
    HostTensor accept(const std::string& name, const Shape& expected);

    TensorMap tensors_;
    std::set<std::string> used_;
    std::vector<std::string> missing_;
    std::vector<std::string> misshaped_;
    std::vector<std::string> notFloating_;
    std::vector<std::string> notFinite_;
    std::map<std::string, std::vector<std::string>> converted_;  ///< names by type
};

}  // namespace vitrine::models
