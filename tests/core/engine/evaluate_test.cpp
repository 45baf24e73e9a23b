// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/engine/networks.h"
#include "engine/engine.h"
#include "engine/tensors.h"

namespace vitrine::test {
namespace {

TEST(Evaluate, FloatAgreesWithDouble) {
    for (const auto& graph : {makeVit({}), makeWindowNetwork()}) {
        const engine::Network network(graph);
        Shape shape = graph->value(graph->input).shape;
        shape[0] = 3;
        const at::Tensor images = engine::toTorch(randomTensor(shape, 7));
        const at::Tensor single = engine::forward(network, images);
        const at::Tensor exact = engine::forward(network, images.to(at::kDouble));
        EXPECT_EQ(exact.scalar_type(), at::kDouble);
        // Some hundred roundings of 6e-8 on values of size 1.
        EXPECT_LT((single - exact).abs().max().item<double>(), 1e-5);
    }
}

}  // namespace
}  // namespace vitrine::test
