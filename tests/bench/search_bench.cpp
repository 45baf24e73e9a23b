// SPDX-License-Identifier: GPL-3.0-or-later
// Candidates of CPT-V's search for the shape of DeiT-T with random weights and 100 images: one pass over the attention modules, last
// first. Prints "<wall ms> <processor ms> <peak MB> <cached MB>", times of one candidate, mean over the pass.
// Usage: bench_search [candidates of a block] [images evaluated at once] [memory limit in MB]
#include <ATen/ATen.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "base/random.h"
#include "core/engine/networks.h"
#include "engine/runtime.h"
#include "graph/sites.h"
#include "methods/parts/attention_layers.h"
#include "methods/parts/candidate_evaluator.h"
#include "methods/parts/evolution.h"
#include "methods/parts/output_loss.h"
#include "quant/range_encoding.h"
#include "quant/scale_search.h"

namespace {

using namespace vitrine;

constexpr std::int64_t kImages = 100;

/// 4-bit weights per channel, 8-bit activations: cost does not depend on how good they are.
quant::QuantizedModel quantized(const std::shared_ptr<const graph::Graph>& graph) {
    quant::QuantizedModel model{.graph = graph};
    const engine::Network network(graph);
    for (const graph::Site& site : network.sites())
        model.encodings[site.id] =
            site.isWeight() ? quant::searchShrunkRanges(network.parameter(site.value),
                                                        {.bits = 4, .granularity = quant::Granularity::channel}, 0, {.candidates = 1})
                            : quant::encodeRanges({.bits = 8}, 0, {.low = {-4}, .high = {4}});
    return model;
}

/// The module's weights with other scales.
methods::SiteEncodings mutated(const methods::BlockPart& part, const methods::CandidateEvaluator& evaluator, Random& random) {
    methods::SiteEncodings candidate;
    for (const std::size_t site : part.weights) {
        quant::Encoding encoding = evaluator.encoding(site).value();
        encoding.scale = methods::mutateRelative(encoding.scale, 0.02, random);
        candidate.emplace(site, encoding);
    }
    return candidate;
}

double option(int argc, char** argv, int index, double otherwise) { return argc > index ? std::atof(argv[index]) : otherwise; }

}  // namespace

int main(int argc, char** argv) {
    engine::configureRuntime({.threads = 1});
    const at::NoGradGuard noGradient;
    const auto graph = test::makeVit(test::kDeitTiny);
    const int perBlock = static_cast<int>(option(argc, argv, 1, 4));
    methods::CandidateEvaluator::Options options{.probes = {graph->output}, .lossBatch = kImages};
    options.chunk = static_cast<std::int64_t>(option(argc, argv, 2, static_cast<double>(options.chunk)));
    options.cacheBytes = 1e6 * option(argc, argv, 3, options.cacheBytes / 1e6);
    const jobs::Control control;
    const engine::Network network(graph);
    methods::CandidateEvaluator evaluator(network, quantized(graph), at::randn({kImages, 3, 224, 224}), options, control);
    const auto loss = [](const auto& ours, const auto& floating) {
        return methods::outputLoss(methods::OutputLoss::contrastive, ours[0], floating[0], 3).template item<double>();
    };

    Random random = RandomStreams(0).stream("search");
    std::vector<methods::BlockPart> parts = methods::attentionParts(*graph, network.sites());
    std::reverse(parts.begin(), parts.end());
    double cached = 0;
    const auto begin = std::chrono::steady_clock::now();
    const std::clock_t used = std::clock();
    for (const methods::BlockPart& part : parts) {
        methods::SiteEncodings last;
        for (int i = 0; i < perBlock; ++i) evaluator.measure(last = mutated(part, evaluator, random), loss);
        cached = std::max(cached, evaluator.cachedBytes());
        evaluator.install(last);
    }
    const double count = static_cast<double>(parts.size()) * perBlock;
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const double processor = static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC;
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("%.1f %.1f %.0f %.0f\n", 1e3 * wall / count, 1e3 * processor / count, static_cast<double>(usage.ru_maxrss) / 1024, cached / 1e6);
}
