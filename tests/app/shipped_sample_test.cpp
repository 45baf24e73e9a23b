// SPDX-License-Identifier: GPL-3.0-or-later
// What the card of the shipped sample promises (resources/sample/README.md), measured through the command line.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/process.h"
#include "support/temporary_folder.h"

namespace vitrine::test {
namespace {

class ShippedSample : public ::testing::Test {
  protected:
    void SetUp() override {
        const ProcessResult result = run({"sample", project()});
        ASSERT_EQ(result.exitCode, 0) << result.error;
    }

    std::string project() const { return (folder_ / "study").string(); }
    std::string file(const std::string& name) const { return project() + "/sample/" + name; }

    /// The stored result of a run at `bits` on 500 images.
    nlohmann::json quantize(const std::string& method, int bits) const {
        const std::string width = std::to_string(bits);
        const ProcessResult result =
            run({"run", "--project", project(), "--model", file("vit_sample.safetensors"), "--calib", file("calibration.csv"),
                 "--eval", file("evaluation.csv"), "--eval-rows", "0-499", "--method", method, "--set", "weight.bits=" + width,
                 "--set", "activation.bits=" + width, "--threads", "1", "--json"});
        EXPECT_EQ(result.exitCode, 0) << result.error;
        return result.json();
    }

    struct Quality {
        double top1 = 0, divergence = 0;
    };

    /// Of runs with 8-bit activations on the same images, without any images to calibrate on; mean over two seeds.
    Quality withoutImages(const std::string& method, int weightBits, const std::vector<std::string>& settings) const {
        Quality mean;
        for (const char* seed : {"0", "1"}) {
            std::vector<std::string> arguments{"run", "--project", project(), "--model", file("vit_sample.safetensors"), "--eval",
                                               file("evaluation.csv"), "--eval-rows", "0-499", "--method", method, "--seed", seed,
                                               "--set", "weight.bits=" + std::to_string(weightBits), "--threads", "1", "--json"};
            for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
            const ProcessResult result = run(arguments);
            EXPECT_EQ(result.exitCode, 0) << result.error;
            mean.top1 += result.json()["top1"].get<double>() / 2;
            mean.divergence += result.json()["quantized"]["divergence"].get<double>() / 2;
        }
        return mean;
    }

  private:
    TemporaryFolder folder_;
};

TEST_F(ShippedSample, LosesByMinMaxAndKeepsByRepq) {
    const nlohmann::json minMax4 = quantize("baseline", 4);
    const double floating = minMax4["float"]["top1"];
    EXPECT_GE(floating, 90.0);
    EXPECT_LE(floating, 98.0);
    const double at4 = minMax4["top1"], at3 = quantize("baseline", 3)["top1"];
    EXPECT_LE(at4, floating - 5) << "W4A4 by min-max loses clearly";
    EXPECT_LE(at3, at4 - 10) << "W3A3 loses clearly more";
    EXPECT_GE(quantize("repq", 4)["top1"].get<double>(), at4 + 5) << "RepQ-ViT wins most of it back";
}

// The accuracies of psaq and clampvit are within the error of so few images; their divergences from the float network are not
// (docs/methods.md 7.8).
TEST_F(ShippedSample, WithoutImagesClampVitIsNearestAndNoiseIsFarthest) {
    for (const int bits : {8, 4}) {
        const Quality noise = withoutImages("noise", bits, {});
        std::vector<std::string> effort{"synthesis.iterations=30", "synthesis.rounds=1"};
        const Quality psaq = withoutImages("psaq", bits, effort);
        effort.insert(effort.end(), {"search.passes=1", "search.cycles=0", "search.initial=1"});
        const Quality clampvit = withoutImages("clampvit", bits, effort);
        EXPECT_GE(psaq.top1, noise.top1 + 5) << bits;
        EXPECT_GE(clampvit.top1, noise.top1 + 5) << bits;
        EXPECT_LT(psaq.divergence, noise.divergence / 5) << bits;
        EXPECT_LT(clampvit.divergence, psaq.divergence) << bits;
    }
}

TEST_F(ShippedSample, RunsRepeatToTheByte) {
    const nlohmann::json first = quantize("repq", 4), second = quantize("repq", 4);
    EXPECT_NE(first["id"], second["id"]);
    EXPECT_EQ(first["layers"], second["layers"]);
    EXPECT_EQ(first["top1"], second["top1"]);
}

}  // namespace
}  // namespace vitrine::test
