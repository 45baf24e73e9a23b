// SPDX-License-Identifier: GPL-3.0-or-later
#include <thread>

#include "core/engine/support.h"
#include "engine/runtime.h"

namespace vitrine::test {
namespace {

TEST(EngineThreads, OneNetworkServesSeveral) {
    engine::configureRuntime({.threads = 1});
    for (const auto& graph : testNetworks()) {
        const engine::Network network(graph);
        std::vector<at::Tensor> expected;
        for (std::int64_t batch = 1; batch <= 4; ++batch)
            expected.push_back(engine::forward(network, randomImages(*graph, batch)));

        const engine::Network fresh(graph);  // nothing prepared for its shapes yet
        std::array<int, 4> wrong{};
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < wrong.size(); ++t)
            threads.emplace_back([&, t] {
                for (std::size_t round = 0; round < 8; ++round) {
                    const std::size_t i = (t + round) % expected.size();
                    const at::Tensor images = randomImages(*graph, static_cast<std::int64_t>(i) + 1);
                    if (!sameBits(engine::forward(fresh, images), expected[i])) ++wrong[t];
                }
            });
        for (std::thread& thread : threads) thread.join();
        EXPECT_EQ(std::accumulate(wrong.begin(), wrong.end(), 0), 0);
    }
}

}  // namespace
}  // namespace vitrine::test
