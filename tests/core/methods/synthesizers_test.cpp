// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/synthesizers.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "core/analysis/random_networks.h"
#include "core/methods/recorded_run.h"

namespace vitrine::methods {
namespace {

std::map<std::string, std::string> small(std::map<std::string, std::string> more = {}) {
    more.insert({{"synthesis.count", "4"}, {"synthesis.iterations", "6"}, {"synthesis.rounds", "1"}, {"synthesis.warmup", "2"}});
    return more;
}

TEST(Synthesizers, AreListedWithTheirMethods) {
    for (const SynthesizerInfo& info : allSynthesizers()) {
        EXPECT_EQ(&synthesizerInfo(info.id), &info);
        EXPECT_FALSE(info.title.empty());
        const MethodInfo& method = methodInfo(info.id);
        for (const ParameterSpec& spec : info.parameters)
            EXPECT_NO_THROW(ParameterSet(method.parameters).value(spec.id)) << info.id << " " << spec.id;
    }
    try {
        synthesizerInfo("psak");
        FAIL();
    } catch (const Exception& exception) {
        EXPECT_NE(exception.error().remedy.find("psaq"), std::string::npos);
    }
}

TEST(Synthesizers, TellWhatTheyMade) {
    const auto graph = test::randomVit(1);
    for (const std::string id : {"psaq", "psaq2"}) {
        const test::RecordedRun run = test::runMethod(id, graph, test::randomImages(*graph, 1, 1), {.parameters = small()});
        const auto& shown = std::get<results::SyntheticImages>(run.artefacts.at("synthesis.images").payload);
        EXPECT_EQ(shown.method, id);
        EXPECT_EQ(shown.images.size(), 4u);
        EXPECT_EQ(shown.steps.size(), 6u);
        EXPECT_GE(shown.sheets.size(), 2u);
        for (const auto& image : shown.images) {
            EXPECT_GE(image.prediction, 0);
            EXPECT_GT(image.confidence, 0);
        }
    }
}

// The student of PSAQ-ViT V2 is on disk with the images: a run that is left between its calibrations ends as if it had not been.
TEST(Synthesizers, ARunThatIsLeftResumesToTheSameBytes) {
    const auto graph = test::randomVit(1);
    for (const std::string id : {"psaq", "psaq2"}) {
        const auto parameters = small(id == "psaq2" ? std::map<std::string, std::string>{{"psaq2.student_every", "4"}}
                                                    : std::map<std::string, std::string>{});
        const at::Tensor unused = test::randomImages(*graph, 1, 1);
        const test::RecordedRun whole = test::runMethod(id, graph, unused, {.parameters = parameters});
        jobs::Control control;
        control.leave();  // at the first safe point, after one iteration
        std::optional<MethodState> checkpoint;
        const methods::Method& method = methods::method(id);
        ParameterSet values(method.info().parameters);
        for (const auto& [key, text] : parameters) values.setText(key, text);
        const quant::Policy policy = method.info().policy(values);
        const engine::Network network(graph);
        const RandomStreams random(1);
        jobs::Progress progress;
        MethodContext context{.network = network, .parameters = values, .policy = policy, .data = nullptr, .random = random,
                              .control = control, .progress = progress, .emit = [](results::Artefact) {},
                              .saveCheckpoint = [&](const MethodState& state) { checkpoint = state; }, .checkpoint = std::nullopt};
        EXPECT_THROW(method.run(0, {.model = {.graph = graph}}, context), Exception);
        ASSERT_TRUE(checkpoint.has_value());
        const test::RecordedRun resumed = test::runMethod(id, graph, unused, {.parameters = parameters, .checkpoint = checkpoint});
        EXPECT_TRUE(test::identical(whole.state.model, resumed.state.model)) << id;
    }
}

}  // namespace
}  // namespace vitrine::methods
