// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include <string>
#include <utility>

#include "core/engine/networks.h"
#include "engine/engine.h"
#include "engine/runtime.h"
#include "engine/tensors.h"
#include "quant/quantizers.h"

namespace vitrine {
namespace {

/// Every activation at 8 bits with one scale: inputs of linear layers, q, k, v and the attention weights.
engine::Hooks quantizingHooks() {
    quant::Encoding encoding;
    encoding.scale = {0.05f};
    encoding.zeroPoint = {128.0f};
    engine::Hooks hooks{.quantizesElements = true};
    hooks.quantize = [encoding](std::size_t, at::Tensor value, bool mayOverwrite) {
        if (!mayOverwrite) return quant::fakeQuantize(value, encoding);
        quant::fakeQuantizeInPlace(value, encoding);
        return value;
    };
    return hooks;
}

void forward(benchmark::State& state, const test::VitSizes& sizes, const engine::Hooks& hooks) {
    const engine::Network network(test::makeVit(sizes));
    const std::int64_t batch = state.range(0);
    const at::Tensor images = engine::toTorch(test::randomTensor({batch, 3, sizes.image, sizes.image}, 3));
    engine::forward(network, images, hooks);
    for (auto _ : state) benchmark::DoNotOptimize(engine::forward(network, images, hooks));
    state.SetItemsProcessed(state.iterations() * batch);
}

void registerForward(const std::string& name, const test::VitSizes& sizes, engine::Hooks hooks) {
    benchmark::RegisterBenchmark(name.c_str(), [sizes, hooks = std::move(hooks)](benchmark::State& state) {
        forward(state, sizes, hooks);
    })->Arg(1)->Arg(8)->Unit(benchmark::kMillisecond)->UseRealTime();
}

}  // namespace
}  // namespace vitrine

int main(int argc, char** argv) {
    using namespace vitrine;
    engine::configureRuntime({.threads = 1});
    registerForward("forwardFloat/tiny", test::kDeitTiny, {});
    registerForward("forwardFloat/small", test::kDeitSmall, {});
    registerForward("forwardQuantized/tiny", test::kDeitTiny, quantizingHooks());
    registerForward("forwardQuantized/small", test::kDeitSmall, quantizingHooks());
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
