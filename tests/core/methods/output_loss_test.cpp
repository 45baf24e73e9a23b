// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/output_loss.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "engine/tensors.h"
#include "formats/safetensors.h"
#include "support/reference_data.h"

namespace vitrine::methods {
namespace {

at::Tensor rows(std::int64_t n, std::int64_t d, std::uint64_t seed) {
    at::manual_seed(seed);
    return at::randn({n, d}, at::kDouble);
}

TEST(InfoNce, EqualsTheGoldenValues) {
    VITRINE_REQUIRE_REFERENCE("golden/prims/infonce.safetensors");
    const TensorMap tensors = formats::readSafetensors(test::referencePath("golden/prims/infonce.safetensors"));
    const auto document = nlohmann::json::parse(std::ifstream(test::referencePath("golden/prims/infonce.json")));
    int compared = 0;
    for (const auto& one : document.at("cases")) {
        if (!one.contains("loss_q_to_k")) continue;
        const std::string name = one.at("name");
        const at::Tensor q = engine::toTorch(tensors.at(name + ".q")).to(at::kDouble);
        const at::Tensor k = engine::toTorch(tensors.at(name + ".k")).to(at::kDouble);
        const double tau = one.at("tau");
        EXPECT_NEAR(infoNce(q, k, tau).item<double>(), one.at("loss_q_to_k").get<double>(), 1e-6) << name;  // inputs are float
        EXPECT_NEAR(outputLoss(OutputLoss::contrastive, q, k, tau).item<double>(), one.at("loss_evolq_2T").get<double>(), 1e-5) << name;
        ++compared;
    }
    EXPECT_EQ(compared, 6);
}

// T4 of docs/methods.md for CPT-V: orthogonal rows of length 1.
TEST(InfoNce, HasItsClosedFormOnOrthogonalRows) {
    for (const std::int64_t n : {2, 4, 16})
        for (const double tau : {0.07, 0.5, 1.0, 3.0}) {
            const at::Tensor eye = at::eye(n, at::kDouble);
            const double expected = std::log1p(static_cast<double>(n - 1) * std::exp(-1 / tau));
            EXPECT_NEAR(infoNce(eye, eye, tau).item<double>(), expected, 1e-12);
            EXPECT_NEAR(outputLoss(OutputLoss::contrastive, eye, eye, tau).item<double>(), 2 * tau * expected, 1e-12);
        }
}

TEST(InfoNce, IsLogNWhenAllKeysAreEqual) {
    const at::Tensor keys = at::ones({5, 3}, at::kDouble);
    EXPECT_NEAR(infoNce(rows(5, 3, 1), keys, 0.3).item<double>(), std::log(5.0), 1e-12);
}

TEST(InfoNce, PrefersTheRightOrder) {
    const at::Tensor keys = rows(6, 10, 2);
    const at::Tensor permuted = at::roll(keys, {1}, {0});
    EXPECT_LT(infoNce(keys, keys, 3).item<double>(), infoNce(permuted, keys, 3).item<double>());
}

TEST(InfoNce, IgnoresTheLengthOfRows) {
    const at::Tensor q = rows(4, 6, 3), k = rows(4, 6, 4);
    EXPECT_NEAR(infoNce(q * 7, k * 0.01, 1).item<double>(), infoNce(q, k, 1).item<double>(), 1e-12);
}

TEST(InfoNce, RefusesWhatDoesNotFit) {
    EXPECT_THROW(infoNce(rows(4, 6, 3), rows(4, 5, 3), 1), Exception);
    EXPECT_THROW(infoNce(rows(4, 6, 3), rows(4, 6, 3), 0), Exception);
    EXPECT_THROW(infoNce(rows(0, 6, 3), rows(0, 6, 3), 1), Exception);
    EXPECT_THROW(outputLossFromName("l2"), Exception);
}

class EachLoss : public ::testing::TestWithParam<const char*> {};

TEST_P(EachLoss, IsLeastWhereBothAgreeAndHasTheRightGradient) {
    const OutputLoss loss = outputLossFromName(GetParam());
    const at::Tensor target = rows(5, 7, 5);
    at::Tensor x = (target + 0.3 * rows(5, 7, 6)).requires_grad_();
    const at::Tensor value = outputLoss(loss, x, target, 0.5);
    if (loss != OutputLoss::contrastive) {  // InfoNCE may fall further where the other rows move away
        EXPECT_LT(outputLoss(loss, target, target, 0.5).item<double>(), value.item<double>());
    }
    value.backward();
    const double step = 1e-6;
    for (const std::int64_t i : {0, 8, 17, 34}) {
        at::Tensor above = x.detach().clone(), below = above.clone();
        above.view(-1)[i] += step;
        below.view(-1)[i] -= step;
        const double slope =
            (outputLoss(loss, above, target, 0.5).item<double>() - outputLoss(loss, below, target, 0.5).item<double>()) / (2 * step);
        EXPECT_NEAR(x.grad().view(-1)[i].item<double>(), slope, 1e-7);  // central differences err by step^2 and 1e-16 / step
    }
}

INSTANTIATE_TEST_SUITE_P(All, EachLoss, ::testing::Values("contrastive", "mse", "cosine", "kl"));

}  // namespace
}  // namespace vitrine::methods
