// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/state_store.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "core/runs/tiny_study.h"
#include "models/model.h"

namespace vitrine::runs {
namespace {

class StateStoreTest : public ::testing::Test {
  protected:
    methods::MethodState state(int value) const {
        return {.model = {.graph = graph_},
                .data = {{"value", value}},
                .tensors = {{"t", HostTensor::of<float>({static_cast<float>(value)}, {1})}}};
    }

    static int valueOf(const methods::MethodState& state) {
        EXPECT_EQ(state.tensors.at("t").as<float>()[0], state.data.at("value").get<float>());
        return state.data.at("value").get<int>();
    }

    const test::TinyStudy study_;
    const std::shared_ptr<const graph::Graph> graph_ =
        models::loadModel(study_ / "model.safetensors", models::overridesFrom(study_.spec("x").modelOverrides)).graph;
    StateStore store_{study_ / "state"};
};

TEST_F(StateStoreTest, StartsFromNothing) {
    const SavedState saved = store_.load(graph_);
    EXPECT_EQ(saved.nextStage, 0u);
    EXPECT_EQ(saved.state.model.graph, graph_);
    EXPECT_FALSE(saved.checkpoint);
}

TEST_F(StateStoreTest, GivesTheLastCheckpointWithWhatItsStageStartedFrom) {
    for (int value = 1; value <= 12; ++value) store_.saveCheckpoint(0, state(value));
    EXPECT_EQ(valueOf(store_.load(graph_).checkpoint.value()), 12) << "by number, not by name";
    store_.saveStart(1, state(20));
    EXPECT_FALSE(store_.load(graph_).checkpoint);
    store_.saveCheckpoint(1, state(21));
    store_.saveCheckpoint(1, state(22));
    const SavedState saved = store_.load(graph_);
    EXPECT_EQ(saved.nextStage, 1u);
    EXPECT_EQ(valueOf(saved.state), 20);
    EXPECT_EQ(valueOf(saved.checkpoint.value()), 22);
}

TEST_F(StateStoreTest, KeepsOnlyWhatIsNeeded) {
    for (int value = 0; value < 5; ++value) store_.saveCheckpoint(0, state(value));
    store_.saveStart(1, state(6));
    store_.saveCheckpoint(1, state(7));
    store_.saveCheckpoint(1, state(8));
    const auto kept = std::distance(std::filesystem::directory_iterator(study_ / "state"), {});
    EXPECT_EQ(kept, 2);
}

TEST_F(StateStoreTest, IgnoresWhatAKillLeftAndReportsDamage) {
    store_.saveStart(1, state(1));
    std::filesystem::create_directories(study_ / "state" / ".unfinished");
    EXPECT_EQ(valueOf(store_.load(graph_).state), 1);
    store_.saveStart(2, state(2));
    EXPECT_EQ(valueOf(store_.load(graph_).state), 2);
    writeFileAtomically(study_ / "state" / "2-0" / "data.json", "{");
    EXPECT_THROW(store_.load(graph_), Exception);
}

}  // namespace
}  // namespace vitrine::runs
