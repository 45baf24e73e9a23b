// SPDX-License-Identifier: GPL-3.0-or-later
// Images without data on the command line, and that better images make better quantized networks.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "app/process.h"
#include "app/tiny_study.h"
#include "support/temporary_folder.h"

namespace vitrine::test {
namespace {

TEST(Synthesize, WritesPicturesAndATableThatCalibrates) {
    const TinyStudy study;
    for (const std::string method : {"noise", "psaq", "psaq2", "clampvit"}) {
        const std::string folder = study.path("made-" + method);
        std::vector<std::string> arguments{"synthesize", "--model", study.model(), "--method", method, "--count", "3", "--out", folder, "--json"};
        if (method != "noise") arguments.insert(arguments.end(), {"--set", "synthesis.iterations=2", "--set", "synthesis.rounds=1"});
        const ProcessResult result = run(arguments);
        ASSERT_EQ(result.exitCode, 0) << result.error;
        const nlohmann::json json = result.json();
        EXPECT_EQ(json["images"].size(), 3u);
        EXPECT_TRUE(json["complete"].get<bool>());
        EXPECT_TRUE(std::filesystem::exists(folder + "/image_0002.png"));
        const ProcessResult quantized = run({"run", "--project", study.project(), "--model", study.model(), "--calib", folder + "/images.csv",
                                             "--method", "repq", "--json"});
        EXPECT_EQ(quantized.exitCode, 0) << quantized.error;
    }
}

TEST(Synthesize, IsTheCalibrationOfAnyMethod) {
    const TinyStudy study;
    const ProcessResult result = run({"run", "--project", study.project(), "--model", study.model(), "--method", "repq", "--synthetic", "psaq",
                                      "--synthetic-set", "synthesis.iterations=2", "--synthetic-count", "3", "--json"});
    EXPECT_EQ(result.exitCode, 0) << result.error;
    const ProcessResult without = run({"run", "--project", study.project(), "--model", study.model(), "--method", "repq", "--json"});
    EXPECT_EQ(without.exitCode, 2);
    const ProcessResult unknown = run({"synthesize", "--model", study.model(), "--method", "psak", "--out", study.path("x")});
    EXPECT_NE(unknown.exitCode, 0);
    EXPECT_NE(unknown.error.find("psaq"), std::string::npos);
}

/// Mean top-1 of the shipped network over three seeds, quantized by RepQ-ViT on images of `method`.
double meanAccuracy(const std::string& project, const std::string& method, const std::vector<std::string>& effort) {
    double sum = 0;
    for (const char* seed : {"0", "1", "2"}) {
        std::vector<std::string> arguments{"run", "--project", project, "--model", project + "/sample/vit_sample.safetensors", "--eval",
                                           project + "/sample/evaluation.csv", "--eval-rows", "0-499", "--method", method, "--seed", seed,
                                           "--set", "weight.bits=4", "--set", "activation.bits=4", "--threads", "1", "--json"};
        arguments.insert(arguments.end(), effort.begin(), effort.end());
        const ProcessResult result = run(arguments);
        EXPECT_EQ(result.exitCode, 0) << result.error;
        sum += result.json()["top1"].get<double>();
    }
    return sum / 3;
}

TEST(Synthesize, PsaqBeatsNoiseOnTheSample) {
    const TemporaryFolder folder;
    const std::string project = (folder / "study").string();
    ASSERT_EQ(run({"sample", project}).exitCode, 0);
    const double noise = meanAccuracy(project, "noise", {});
    const double psaq = meanAccuracy(project, "psaq", {"--set", "synthesis.iterations=30", "--set", "synthesis.rounds=1"});
    EXPECT_GT(psaq, noise + 5);
}

}  // namespace
}  // namespace vitrine::test
