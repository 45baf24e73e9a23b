// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "graph/graph.h"
#include "methods/method.h"

namespace vitrine::runs {

/// What is known of a run that was left: what its last complete stage handed on, and where the next one was.
struct SavedState {
    std::size_t nextStage = 0;
    methods::MethodState state;                      ///< what `nextStage` starts from
    std::optional<methods::MethodState> checkpoint;  ///< of `nextStage`
};

/// Method states on disk: one folder each, `<stage>-<serial>`, where serial 0 is what the stage starts from and later ones are its
/// checkpoints. A folder gets its name when it is complete, so that a kill leaves the one before.
class StateStore {
  public:
    explicit StateStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    void saveStart(std::size_t stage, const methods::MethodState& state);
    void saveCheckpoint(std::size_t stage, const methods::MethodState& state);

    /// The last state, over the network's float graph. Throws Exception(badFormat) when it is damaged.
    SavedState load(const std::shared_ptr<const graph::Graph>& graph) const;

  private:
    struct Entry {
        std::size_t stage = 0;
        std::size_t serial = 0;
        auto operator<=>(const Entry&) const = default;
    };
    std::vector<Entry> entries() const;
    std::filesystem::path path(const Entry& entry) const;
    void save(const Entry& entry, const methods::MethodState& state);

    std::filesystem::path folder_;
};

}  // namespace vitrine::runs
