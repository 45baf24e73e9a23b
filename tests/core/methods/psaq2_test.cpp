// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.h"
#include "core/analysis/random_networks.h"
#include "core/methods/recorded_run.h"
#include "engine/tensors.h"
#include "methods/parts/student_training.h"
#include "quant/quantized_network.h"
#include "support/temporary_folder.h"

namespace vitrine::methods {
namespace {

using Graph = std::shared_ptr<const graph::Graph>;
using Values = std::map<std::string, std::string>;

/// Calibrated at iteration 0, trained at 2 and 4, and on the finished images.
Values small(Values more = {}) {
    more.insert({{"synthesis.count", "4"}, {"synthesis.iterations", "5"}, {"synthesis.rounds", "1"}, {"synthesis.warmup", "1"},
                 {"psaq2.student_every", "2"}, {"psaq2.student_steps", "3"}, {"psaq2.student_rate", "1e-4"}, {"weight.bits", "4"}});
    return more;
}

test::RecordedRun run(const Graph& graph, Values values, test::RunOptions options = {}) {
    options.parameters = std::move(values);
    return test::runMethod("psaq2", graph, test::randomImages(*graph, 1, 1), options);
}

bool sameBytes(const HostTensor& a, const HostTensor& b) {
    return a.shape == b.shape && a.byteCount == b.byteCount && std::memcmp(a.bytes.get(), b.bytes.get(), a.byteCount) == 0;
}

const results::Trace& disagreement(const test::RecordedRun& of) {
    return std::get<results::Trace>(of.artefacts.at("student.disagreement").payload);
}

std::vector<Graph> networks() { return {test::randomVit(1), test::randomSwin(1)}; }

TEST(Psaq2, TheResultHasTheWeightsOfTheStudent) {
    for (const Graph& graph : networks()) {
        const test::RecordedRun result = run(graph, small());
        const quant::QuantizedModel& model = result.state.model;
        EXPECT_TRUE(result.state.tensors.contains(kMadeImages));
        for (const graph::Value& value : graph->values) {
            if (value.kind != graph::ValueKind::parameter || value.data.dtype != DType::f32 || value.constant) continue;
            EXPECT_EQ(std::count(model.rewritten.begin(), model.rewritten.end(), value.id), 1) << value.id;
        }
        EXPECT_EQ(disagreement(result).y.size(), 3u * 3u);
        EXPECT_EQ(disagreement(result).x.back(), 9);
        // Survives the disk.
        const test::TemporaryFolder folder;
        quant::save(model, folder.path());
        EXPECT_TRUE(test::identical(quant::load(folder.path(), graph), model));
    }
}

TEST(Psaq2, WithoutStepsOrRateTheWeightsAreThoseOfTheCalibration) {
    for (const Graph& graph : networks()) {
        const test::RecordedRun still = run(graph, small({{"psaq2.student_steps", "0"}}));
        EXPECT_TRUE(test::identical(still.state.model, run(graph, small({{"psaq2.student_rate", "0"}})).state.model));
        EXPECT_FALSE(still.artefacts.contains("student.disagreement"));
        const at::Tensor images = engine::toTorch(still.state.tensors.at(kMadeImages));
        const test::RecordedRun plain =
            test::runMethod("repq", graph, images, {.parameters = {{"weight.bits", "4"}, {"activation.bits", "8"}, {"calibration.count", "4"}}});
        EXPECT_TRUE(test::identical(still.state.model, plain.state.model));
    }
}

TEST(Psaq2, TrainingChangesTheImagesThatComeAfterIt) {
    const Graph graph = test::randomVit(1);
    const test::RecordedRun still = run(graph, small({{"psaq2.student_steps", "0"}}), {.stages = 1});
    const test::RecordedRun taught = run(graph, small(), {.stages = 1});
    EXPECT_FALSE(sameBytes(still.state.tensors.at(kMadeImages), taught.state.tensors.at(kMadeImages)));
}

TEST(Psaq2, LeavesTheFloatNetworkAlone) {
    const Graph graph = test::randomSwin(1);
    const at::Tensor images = test::randomImages(*graph, 3, 9);
    const HostTensor before = engine::toHost(engine::forward(engine::Network(graph), images));
    run(graph, small());
    EXPECT_TRUE(sameBytes(before, engine::toHost(engine::forward(engine::Network(graph), images))));
}

/// What comes back of a checkpoint that was written.
MethodState throughTheDisk(MethodState state, const Graph& graph) {
    const test::TemporaryFolder folder;
    quant::save(state.model, folder.path());
    state.model = quant::load(folder.path(), graph);
    state.data = nlohmann::json::parse(state.data.dump());
    return state;
}

/// One stage that is left after every step of training, and taken up again behind it.
MethodState leftAgainAndAgain(std::size_t stage, const MethodState& start, const Graph& graph, std::size_t& steps) {
    const Method& method = methods::method("psaq2");
    ParameterSet parameters(method.info().parameters);
    for (const auto& [key, text] : small()) parameters.setText(key, text);
    const quant::Policy policy = method.info().policy(parameters);
    const engine::Network network(graph);
    const RandomStreams random(1);
    std::optional<MethodState> checkpoint;
    for (int times = 0;; ++times) {
        jobs::Control control;
        jobs::Progress progress;
        const auto leave = [&](const results::Artefact& artefact) {
            const auto* trace = std::get_if<results::Trace>(&artefact.payload);
            if (trace == nullptr || trace->name != "student.disagreement" || trace->y.size() <= steps) return;
            steps = trace->y.size();  // what a step behind a checkpoint tells first
            control.leave();
        };
        MethodContext context{.network = network, .parameters = parameters, .policy = policy, .data = nullptr, .random = random,
                              .control = control, .progress = progress, .emit = leave,
                              .saveCheckpoint = [&](const MethodState& state) { checkpoint = throughTheDisk(state, graph); },
                              .checkpoint = checkpoint};
        try {
            return method.run(stage, start, context);
        } catch (const Exception& exception) {
            if (exception.error().code != ErrorCode::stopped || times > 100) throw;
        }
    }
}

TEST(Psaq2, ARunThatIsLeftAfterEveryStepEndsWithTheSameBytes) {
    for (const Graph& graph : networks()) {
        std::size_t steps = 0;
        const MethodState images = leftAgainAndAgain(0, {.model = {.graph = graph}}, graph, steps);
        EXPECT_EQ(steps, 2u * 3u);
        const MethodState result = leftAgainAndAgain(1, throughTheDisk(images, graph), graph, steps);
        EXPECT_EQ(steps, 3u * 3u);
        const test::RecordedRun whole = run(graph, small());
        EXPECT_TRUE(test::identical(whole.state.model, result.model));
        EXPECT_TRUE(sameBytes(whole.state.tensors.at(kMadeImages), result.tensors.at(kMadeImages)));
    }
}

}  // namespace
}  // namespace vitrine::methods
