// SPDX-License-Identifier: GPL-3.0-or-later
// Iterations of image synthesis for the shape of DeiT-T with random weights: "<wall ms> <processor ms> <peak MB>" of the fastest one.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <sys/resource.h>

#include "core/engine/networks.h"
#include "engine/runtime.h"
#include "methods/parts/synthesis.h"

int main(int argc, char** argv) {
    using namespace vitrine;
    const std::string loss = argc > 1 ? argv[1] : "psaq";
    const int repeat = argc > 2 ? std::atoi(argv[2]) : 5;
    engine::configureRuntime({.threads = 1});
    const auto graph = test::makeVit(test::kDeitTiny);
    const engine::Network network(graph);
    std::vector<methods::WeightedLoss> terms{{methods::classTerm(*graph), 1}};
    if (loss == "psaq")
        terms.push_back({methods::patchEntropyTerm(*graph, {}), 1});
    else
        terms.push_back({methods::contrastiveTerm(*graph, {}, methods::FeatureSource::floating), 1});
    methods::Synthesis synthesis(network, {.count = 32, .snapshots = 0}, std::move(terms), RandomStreams(0));
    const jobs::Control control;
    double wall = 1e30, processor = 1e30;
    for (int i = 0; i < repeat + 1; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const std::clock_t used = std::clock();
        synthesis.step(control);
        if (i == 0) continue;
        wall = std::min(wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        processor = std::min(processor, static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC);
    }
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("%.1f %.1f %.0f\n", 1e3 * wall, 1e3 * processor, static_cast<double>(usage.ru_maxrss) / 1024);
}
