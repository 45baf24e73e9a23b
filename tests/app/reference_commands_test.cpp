// SPDX-License-Identifier: GPL-3.0-or-later
// The command line against networks whose every intermediate is known.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/process.h"
#include "base/files.h"
#include "formats/safetensors.h"
#include "support/reference_data.h"
#include "support/temporary_folder.h"

namespace vitrine::test {
namespace {

class GoldenModel : public ::testing::TestWithParam<const char*> {};

TEST_P(GoldenModel, ForwardReproducesEveryStoredValue) {
    const std::string name = GetParam();
    VITRINE_REQUIRE_REFERENCE("golden/models/" + name + ".safetensors");
    const TemporaryFolder folder;
    const std::string model = referencePath("golden/models/" + name + ".safetensors").string();
    const std::string acts = referencePath("golden/models/" + name + ".acts.safetensors").string();
    const std::string out = (folder / "out.safetensors").string();
    const ProcessResult result =
        run({"forward", model, "--input", acts, "--out", out, "--capture", "*", "--threads", "1"});
    ASSERT_EQ(result.exitCode, 0) << result.error;

    const TensorMap expected = formats::readSafetensors(acts);
    const TensorMap computed = formats::readSafetensors(out);
    std::size_t compared = 0;
    for (const auto& [id, reference] : expected) {
        const auto found = computed.find(id);
        if (found == computed.end() || reference.dtype != DType::f32) continue;
        const std::vector<float> wanted = reference.toFloats();
        const std::vector<float> got = found->second.toFloats();
        ASSERT_GE(got.size(), wanted.size()) << id;  // intermediates are stored for the first images of the batch
        double largest = 0;
        double difference = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            largest = std::max(largest, std::abs(static_cast<double>(wanted[i])));
            difference = std::max(difference, std::abs(static_cast<double>(wanted[i]) - got[i]));
        }
        // What the reference states for other kernels and thread counts.
        EXPECT_LE(difference, id == "logits" ? 2e-5 : 2e-5 + 1e-5 * largest) << id;
        ++compared;
    }
    EXPECT_GT(compared, 20u);
}

INSTANTIATE_TEST_SUITE_P(Models, GoldenModel,
                         ::testing::Values("vit_micro_random", "vit_small_random", "deit_distilled_random",
                                           "swin_micro_random"));

TEST(GoldenManifest, InfoNamesFamilyAndSizesOfEveryModel) {
    VITRINE_REQUIRE_REFERENCE("golden/models/swin_random.safetensors");
    for (const auto& [name, family] :
         {std::pair{"vit_small_random", "vit"}, {"deit_distilled_random", "deit_distilled"}, {"swin_random", "swin"}}) {
        const ProcessResult result =
            run({"info", referencePath(std::string("golden/models/") + name + ".safetensors").string(), "--json"});
        ASSERT_EQ(result.exitCode, 0) << result.error;
        EXPECT_EQ(result.json()["family"], family);
        EXPECT_GT(result.json()["sites"].size(), 20u);
    }
}

}  // namespace
}  // namespace vitrine::test
