// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/student_training.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "base/error.h"
#include "core/analysis/random_networks.h"
#include "core/methods/recorded_run.h"
#include "engine/tensors.h"
#include "quant/quantized_network.h"
#include "quant/quantizers.h"

namespace vitrine::methods {
namespace {

using Graph = std::shared_ptr<const graph::Graph>;

const StudentSettings kSettings{.steps = 20, .rate = 1e-4, .chunk = 3};

/// A network, its quantized form, and images.
struct Pair {
    explicit Pair(Graph of, const std::string& method = "repq")
        : graph(std::move(of)), teacher(graph), images(test::randomImages(*graph, 8, 3)),
          student(test::runMethod(method, graph, images, {.parameters = {{"weight.bits", "4"}, {"activation.bits", "8"}}}).state.model) {}

    Graph graph;
    engine::Network teacher;
    at::Tensor images;
    quant::QuantizedModel student;
    jobs::Control control;
};

at::Tensor parameter(const quant::QuantizedModel& model, const std::string& id) {
    return engine::toTorch(model.graph->value(model.graph->require(id)).data);
}

bool sameBytes(const at::Tensor& a, const at::Tensor& b) {
    const at::Tensor left = a.contiguous();
    const at::Tensor right = b.contiguous();
    return left.sizes() == right.sizes() && std::memcmp(left.data_ptr(), right.data_ptr(), left.nbytes()) == 0;
}

std::vector<Graph> networks() { return {test::randomVit(1), test::randomSwin(1)}; }

TEST(StudentTraining, DisagreementFalls) {
    for (const Graph& graph : networks())
        for (const char* method : {"repq", "baseline"}) {
            Pair pair(graph, method);
            StudentTraining training(pair.teacher, pair.student, pair.images, kSettings, pair.control);
            const double before = training.disagreement(pair.control);
            const at::Tensor logits = engine::forward(pair.teacher, pair.images);
            const at::Tensor others = quant::QuantizedNetwork(pair.student).forward(pair.images);
            EXPECT_NEAR(before, (logits - others).abs().mean().item<double>(), 1e-6 * before);
            EXPECT_NEAR(training.step(pair.control), before, 1e-9 * before);
            while (!training.done()) training.step(pair.control);
            EXPECT_LT(training.disagreement(pair.control), 0.9 * before) << method;
            // What it hands out is what it measured.
            const at::Tensor learned = quant::QuantizedNetwork(training.model()).forward(pair.images);
            EXPECT_NEAR(training.disagreement(pair.control), (logits - learned).abs().mean().item<double>(), 1e-6 * before);
        }
}

TEST(StudentTraining, EveryFloatParameterLearnsAndIsNamed) {
    Pair pair(test::randomSwin(1));
    StudentTraining training(pair.teacher, pair.student, pair.images, kSettings, pair.control);
    for (int i = 0; i < 3; ++i) training.step(pair.control);
    const quant::QuantizedModel learned = training.model();
    EXPECT_EQ(learned.encodings, pair.student.encodings);
    for (const graph::Value& value : learned.graph->values) {
        if (value.kind != graph::ValueKind::parameter || value.constant || value.data.dtype != DType::f32) continue;
        EXPECT_FALSE(sameBytes(parameter(learned, value.id), parameter(pair.student, value.id))) << value.id;
        EXPECT_EQ(std::count(learned.rewritten.begin(), learned.rewritten.end(), value.id), 1) << value.id;
    }
}

TEST(StudentTraining, LeavesWeightsAloneWithoutARate) {
    Pair pair(test::randomVit(1));
    StudentSettings still = kSettings;
    still.rate = 0;
    StudentTraining training(pair.teacher, pair.student, pair.images, still, pair.control);
    const double before = training.step(pair.control);
    EXPECT_EQ(training.step(pair.control), before);
    const quant::QuantizedModel learned = training.model();
    for (const graph::Value& value : learned.graph->values) {
        if (value.kind != graph::ValueKind::parameter) continue;
        EXPECT_TRUE(sameBytes(parameter(learned, value.id), parameter(pair.student, value.id))) << value.id;
    }
}

TEST(StudentTraining, NeverChangesTheFloatNetworkNorItsArguments) {
    Pair pair(test::randomVit(1));
    const at::Tensor before = engine::forward(pair.teacher, pair.images).clone();
    const at::Tensor others = quant::QuantizedNetwork(pair.student).forward(pair.images).clone();
    const at::Tensor pixels = pair.images.clone();
    StudentTraining training(pair.teacher, pair.student, pair.images, kSettings, pair.control);
    while (!training.done()) training.step(pair.control);
    EXPECT_TRUE(sameBytes(engine::forward(pair.teacher, pair.images), before));
    EXPECT_TRUE(sameBytes(engine::forward(engine::Network(pair.graph), pair.images), before));
    EXPECT_TRUE(sameBytes(quant::QuantizedNetwork(pair.student).forward(pair.images), others));
    EXPECT_TRUE(sameBytes(pair.images, pixels));
}

// Straight through within the range of a quantizer, nothing beyond it.
TEST(StudentTraining, WeightsBeyondTheirRangeStay) {
    Pair pair(test::randomVit(1), "baseline");
    const std::string id = "blocks.0.mlp.fc1.weight";
    quant::Encoding& encoding = pair.student.encodings.at(id);
    for (float& scale : encoding.scale) scale *= 0.4F;
    const at::Tensor start = parameter(pair.student, id);
    const at::Tensor codes = quant::encode(start, encoding);
    quant::Encoding wide = encoding;
    wide.qmin = -1000;
    wide.qmax = 1000;
    const at::Tensor inside = quant::encode(start, wide).eq(codes);
    ASSERT_TRUE(inside.any().item<bool>());
    ASSERT_FALSE(inside.all().item<bool>());
    StudentTraining training(pair.teacher, pair.student, pair.images, kSettings, pair.control);
    training.step(pair.control);
    const at::Tensor changed = parameter(training.model(), id).ne(start);
    EXPECT_FALSE(changed.logical_and(inside.logical_not()).any().item<bool>());
    EXPECT_GT(changed.logical_and(inside).sum().item<double>(), 0.9 * inside.sum().item<double>());
}

TEST(StudentTraining, TheChunkCountsByRoundingAlone) {
    Pair pair(test::randomSwin(1));
    StudentSettings whole = kSettings;
    whole.chunk = 8;
    StudentTraining parts(pair.teacher, pair.student, pair.images, kSettings, pair.control);
    StudentTraining all(pair.teacher, pair.student, pair.images, whole, pair.control);
    const double first = all.step(pair.control);
    EXPECT_NEAR(parts.step(pair.control), first, 1e-6 * first);
    // Adam's first step is as long for the smallest gradient, so that a sign may turn.
    const at::Tensor a = parameter(all.model(), "layers.0.blocks.0.mlp.fc1.weight");
    const at::Tensor b = parameter(parts.model(), "layers.0.blocks.0.mlp.fc1.weight");
    EXPECT_GT((a - b).abs().lt(1e-6).to(at::kDouble).mean().item<double>(), 0.98);
}

TEST(StudentTraining, RepeatsAndResumesBitForBit) {
    Pair pair(test::randomVit(1));
    StudentSettings settings = kSettings;
    settings.steps = 6;
    const auto finish = [&](StudentTraining& training) {
        while (!training.done()) training.step(pair.control);
        return training.model();
    };
    StudentTraining first(pair.teacher, pair.student, pair.images, settings, pair.control);
    std::vector<MethodState> states;
    while (!first.done()) {
        first.step(pair.control);
        first.save(states.emplace_back());
    }
    StudentTraining second(pair.teacher, pair.student, pair.images, settings, pair.control);
    EXPECT_TRUE(test::identical(first.model(), finish(second)));
    for (const MethodState& state : states) {
        ASSERT_TRUE(StudentTraining::isIn(state));
        StudentTraining resumed(pair.teacher, state.model, pair.images, settings, pair.control);
        resumed.restore(state);
        EXPECT_TRUE(test::identical(first.model(), finish(resumed))) << resumed.stepsMade();
    }
    MethodState broken = states[2];
    broken.tensors.erase(broken.tensors.begin());
    StudentTraining other(pair.teacher, broken.model, pair.images, settings, pair.control);
    EXPECT_THROW(other.restore(broken), Exception);
}

TEST(StudentTraining, CanBeCancelledAndStopped) {
    Pair pair(test::randomVit(1));
    StudentTraining training(pair.teacher, pair.student, pair.images, kSettings, pair.control);
    jobs::Progress progress;
    std::vector<double> noted;
    jobs::Control stopping;
    training.run(stopping, progress,
                 [&](double value) {
                     noted.push_back(value);
                     if (noted.size() == 2) stopping.stopAndKeep();
                 },
                 [] {});
    EXPECT_EQ(training.stepsMade(), 2);
    jobs::Control cancelled;
    cancelled.cancel();
    EXPECT_THROW(training.step(cancelled), Exception);
    EXPECT_THROW(StudentTraining(pair.teacher, pair.student, pair.images, kSettings, cancelled), Exception);
}

}  // namespace
}  // namespace vitrine::methods
