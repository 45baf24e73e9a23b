// SPDX-License-Identifier: GPL-3.0-or-later
// Fake quantization against a copy of the same memory and against Torch's own operation. Bytes count one read and one write.
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include <cstring>
#include <vector>

#include "engine/runtime.h"
#include "quant/quantizers.h"

namespace vitrine {
namespace {

constexpr std::int64_t kBatch = 8, kTokens = 197, kHeads = 3, kHeadSize = 64;

/// Activations of `channels` channels for a batch of images.
at::Tensor activations(std::int64_t channels) {
    at::manual_seed(1);
    return at::randn({kBatch, kTokens, channels});
}

/// Attention weights of a batch of images.
at::Tensor attention() {
    at::manual_seed(2);
    return at::softmax(at::randn({kBatch, kHeads, kTokens, kTokens}) * 3, -1);
}

quant::Encoding perTensor() { return {.bits = 8, .scale = {0.03f}, .zeroPoint = {121}}; }

quant::Encoding perChannel(std::int64_t axis, std::int64_t channels) {
    quant::Encoding encoding{.bits = 8, .granularity = quant::Granularity::channel, .axis = axis};
    for (std::int64_t c = 0; c < channels; ++c) {
        encoding.scale.push_back(0.02f + 0.0001f * static_cast<float>(c % 100));
        encoding.zeroPoint.push_back(static_cast<float>(100 + c % 40));
    }
    return encoding;
}

quant::Encoding logSqrt2() {
    return {.kind = quant::QuantizerKind::logSqrt2, .bits = 4, .qmin = 0, .qmax = 15, .scale = {0.9f}};
}

void countBytes(benchmark::State& state, const at::Tensor& x) {
    state.SetBytesProcessed(state.iterations() * x.numel() * 2 * static_cast<std::int64_t>(sizeof(float)));
}

void copyMemory(benchmark::State& state) {
    const at::Tensor x = activations(state.range(0));
    at::Tensor to = at::empty_like(x);
    for (auto _ : state) {
        std::memcpy(to.data_ptr<float>(), x.data_ptr<float>(), x.nbytes());
        benchmark::ClobberMemory();
    }
    countBytes(state, x);
}

void inPlace(benchmark::State& state, at::Tensor x, const quant::Encoding& encoding) {
    for (auto _ : state) {
        quant::fakeQuantizeInPlace(x, encoding);
        benchmark::ClobberMemory();
    }
    countBytes(state, x);
}

void uniformPerTensor(benchmark::State& state) { inPlace(state, activations(state.range(0)), perTensor()); }

void uniformPerChannel(benchmark::State& state) {
    inPlace(state, activations(state.range(0)), perChannel(2, state.range(0)));
}

void uniformPerRow(benchmark::State& state) {  // as weights: one scale for each output channel
    const std::int64_t inputs = state.range(0), outputs = kBatch * kTokens;
    inPlace(state, activations(inputs).reshape({outputs, inputs}), perChannel(0, outputs));
}

void logSqrt2InPlace(benchmark::State& state) { inPlace(state, attention(), logSqrt2()); }

/// Queries as a view of a joint qkv tensor: rows of one head, a stride apart.
void uniformOfView(benchmark::State& state) {
    const at::Tensor joint = at::randn({kBatch, kTokens, 3, kHeads, kHeadSize}).permute({2, 0, 3, 1, 4});
    const at::Tensor queries = joint[0];
    for (auto _ : state) benchmark::DoNotOptimize(quant::fakeQuantize(queries, perTensor()));
    countBytes(state, queries);
}

void torchPerTensor(benchmark::State& state) {
    const at::Tensor x = activations(state.range(0));
    const quant::Encoding encoding = perTensor();
    const at::NoGradGuard noGradient;
    for (auto _ : state)
        benchmark::DoNotOptimize(at::fake_quantize_per_tensor_affine(
            x, encoding.scale[0], static_cast<std::int64_t>(encoding.zeroPoint[0]), encoding.qmin, encoding.qmax));
    countBytes(state, x);
}

void torchPerChannel(benchmark::State& state) {
    const at::Tensor x = activations(state.range(0));
    const quant::Encoding encoding = perChannel(2, state.range(0));
    const at::Tensor scale = at::tensor(encoding.scale), zero = at::tensor(encoding.zeroPoint).to(at::kInt);
    const at::NoGradGuard noGradient;
    for (auto _ : state)
        benchmark::DoNotOptimize(
            at::fake_quantize_per_channel_affine(x, scale, zero, encoding.axis, encoding.qmin, encoding.qmax));
    countBytes(state, x);
}

// The widths of DeiT-T: a block's input, its joint qkv, its hidden layer; then one that no cache holds.
BENCHMARK(copyMemory)->Arg(192)->Arg(576)->Arg(768)->Arg(12288);
BENCHMARK(uniformPerTensor)->Arg(192)->Arg(576)->Arg(768)->Arg(12288);
BENCHMARK(uniformPerChannel)->Arg(192)->Arg(768)->Arg(12288);
BENCHMARK(uniformPerRow)->Arg(192)->Arg(768)->Arg(12288);
BENCHMARK(uniformOfView);
BENCHMARK(logSqrt2InPlace);
BENCHMARK(torchPerTensor)->Arg(192)->Arg(768)->Arg(12288);
BENCHMARK(torchPerChannel)->Arg(192)->Arg(768);

}  // namespace
}  // namespace vitrine

int main(int argc, char** argv) {
    vitrine::engine::configureRuntime({.threads = 1});
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
