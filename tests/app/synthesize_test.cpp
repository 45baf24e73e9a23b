// SPDX-License-Identifier: GPL-3.0-or-later
// Images without data on the command line.
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

}  // namespace
}  // namespace vitrine::test
