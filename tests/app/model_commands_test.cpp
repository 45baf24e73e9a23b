// SPDX-License-Identifier: GPL-3.0-or-later
// info, forward, methods and eval on a tiny random network.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/process.h"
#include "app/tiny_study.h"
#include "base/files.h"
#include "formats/safetensors.h"

namespace vitrine::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Info, DescribesTheNetwork) {
    const TinyStudy study;
    const ProcessResult result = run({"info", study.model(), "--json"});
    ASSERT_EQ(result.exitCode, 0) << result.error;
    const auto info = result.json();
    EXPECT_EQ(info["family"], "vit");
    EXPECT_EQ(info["embed_dim"], 16);
    EXPECT_EQ(info["classes"], 3);
    EXPECT_EQ(info["heads"], nlohmann::json({2}));
    EXPECT_EQ(info["image"]["height"], 16);
    EXPECT_EQ(info["parameter_count"], 16 + 80 + 3088 + 2 * (32 + 816 + 272 + 32 + 544 + 528) + 32 + 51);
    const auto softmax = std::find_if(info["sites"].begin(), info["sites"].end(),
                                      [](const auto& site) { return site["id"] == "blocks.1.attn.softmax"; });
    ASSERT_NE(softmax, info["sites"].end());
    EXPECT_EQ((*softmax)["role"], "post_softmax");
    EXPECT_EQ((*softmax)["shape"], nlohmann::json({-1, 2, 5, 5}));
    EXPECT_EQ((*softmax)["block"], "blocks.1");
    EXPECT_EQ((*softmax)["macs"], 5 * 5 * 16);
    std::int64_t macs = 0;
    for (const auto& block : info["blocks"]) EXPECT_TRUE(block.contains("kind"));
    for (const auto& site : info["sites"])
        if (site["role"] == "weight") macs += site["macs"].get<std::int64_t>();
    EXPECT_EQ(info["macs"], macs + 2 * 2 * 5 * 5 * 16) << "weights, and two products of attention in two blocks";
}

TEST(Info, TextListsEverySite) {
    const TinyStudy study;
    const ProcessResult result = run({"info", study.model()});
    EXPECT_EQ(result.exitCode, 0);
    for (const char* part : {"blocks.0.attn.qkv.weight", "post_layer_norm", "[B, 2, 5, 5]", "Parameters", "MACs"})
        EXPECT_THAT(result.out, HasSubstr(part));
}

TEST(Info, OverridesChangeTheNetwork) {
    const TinyStudy study;
    EXPECT_EQ(run({"info", study.model(), "--json", "--model-set", "heads=4"}).json()["heads"], nlohmann::json({4}));
    EXPECT_NE(run({"info", study.model(), "--model-set", "heads=5"}).exitCode, 0);
}

TEST(Methods, ListsAndDescribes) {
    const auto list = run({"methods", "--json"}).json()["methods"];
    std::vector<std::string> ids;
    for (const auto& method : list) ids.push_back(method["id"]);
    EXPECT_THAT(ids, ::testing::IsSupersetOf({"baseline", "repq"}));

    const auto repq = run({"methods", "repq", "--json"}).json();
    const auto& parameters = repq["parameters"];
    const auto bits =
        std::find_if(parameters.begin(), parameters.end(), [](const auto& p) { return p["id"] == "weight.bits"; });
    ASSERT_NE(bits, parameters.end());
    for (const char* key : {"id", "type", "default", "range", "help", "provenance"})
        EXPECT_TRUE(bits->contains(key)) << key;
    EXPECT_EQ((*bits)["type"], "integer");
    EXPECT_EQ((*bits)["range"]["max"], 8);
    EXPECT_THAT(run({"methods", "repq"}).out, HasSubstr("weight.bits"));
}

TensorMap batchOf(std::int64_t images) {
    std::vector<float> values(static_cast<std::size_t>(images * 3 * 16 * 16));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<float>(i));
    return {{"input", HostTensor::of(std::move(values), {images, 3, 16, 16})}};
}

TEST(Forward, WritesLogitsAndCapturedValues) {
    const TinyStudy study;
    formats::writeSafetensors(study.path("in.safetensors"), batchOf(4));
    const std::string out = study.path("out.safetensors");
    const ProcessResult result = run({"forward", study.model(), "--input", study.path("in.safetensors"), "--out", out,
                                      "--capture", "blocks.*.attn.softmax", "--capture", "norm", "--json"});
    ASSERT_EQ(result.exitCode, 0) << result.error;
    EXPECT_EQ(result.json()["tensors"].size(), 4u);
    const TensorMap tensors = formats::readSafetensors(out);
    ASSERT_EQ(tensors.size(), 4u);
    EXPECT_EQ(tensors.at("logits").shape, (Shape{4, 3}));
    EXPECT_EQ(tensors.at("norm").shape, (Shape{4, 5, 16}));
    const HostTensor& softmax = tensors.at("blocks.0.attn.softmax");
    EXPECT_EQ(softmax.dtype, DType::f32);
    const auto row = softmax.as<float>().first(5);
    EXPECT_NEAR(row[0] + row[1] + row[2] + row[3] + row[4], 1, 1e-5) << "float32 sums of five probabilities";
}

TEST(Forward, RefusesWhatDoesNotFit) {
    const TinyStudy study;
    const std::string in = study.path("in.safetensors");
    const auto forward = [&](const TensorMap& tensors, const std::string& pattern = "logits") {
        formats::writeSafetensors(in, tensors);
        return run(
            {"forward", study.model(), "--input", in, "--out", study.path("o.safetensors"), "--capture", pattern});
    };
    EXPECT_EQ(forward({{"x", HostTensor::of(std::vector<float>{1}, {1})}}).exitCode, 3);
    EXPECT_EQ(forward({{"input", HostTensor::of(std::vector<float>(12), {1, 3, 2, 2})}}).exitCode, 3);
    EXPECT_EQ(forward({{"input", HostTensor::of(std::vector<std::uint8_t>(768), {1, 3, 16, 16})}}).exitCode, 3);
    const ProcessResult unmatched = forward(batchOf(1), "blocks.9.*");
    EXPECT_EQ(unmatched.exitCode, 3);
    EXPECT_THAT(unmatched.error, HasSubstr("blocks.9.*"));
    EXPECT_FALSE(std::filesystem::exists(study.path("o.safetensors")));
}

TEST(Eval, MeasuresCsvAndFolderAlike) {
    const TinyStudy study;
    const ProcessResult csv = run({"eval", study.model(), "--images", study.images(), "--threads", "1", "--json"});
    ASSERT_EQ(csv.exitCode, 0) << csv.error;
    const auto accuracy = csv.json();
    EXPECT_EQ(accuracy["count"], 12);
    EXPECT_EQ(accuracy["top5"], 100.0) << "there are three classes";
    EXPECT_LE(accuracy["low"], accuracy["top1"]);
    EXPECT_GE(accuracy["high"], accuracy["top1"]);
    EXPECT_GE(accuracy["seconds"], 0);
    const auto folder = run({"eval", study.model(), "--images", study.path("images"), "--json", "-q"});
    EXPECT_EQ(folder.json()["top1"], accuracy["top1"]);
    EXPECT_THAT(folder.error, IsEmpty());
}

TEST(Eval, RowsAndRootChooseTheImages) {
    const TinyStudy study;
    writeFileAtomically(study.path("rows.txt"), "0\n3\n\n5\r\n");
    EXPECT_EQ(run({"eval", study.model(), "--images", study.images(), "--rows", study.path("rows.txt"), "--json"})
                  .json()["count"],
              3);
    EXPECT_EQ(run({"eval", study.model(), "--images", study.images(), "--rows", "2-5", "--json"}).json()["count"], 4);
    EXPECT_EQ(run({"eval", study.model(), "--images", study.images(), "--rows", "2-99"}).exitCode, 2)
        << "beyond the table";
    writeFileAtomically(study.path("rows.txt"), "0\nthree\n");
    const ProcessResult bad =
        run({"eval", study.model(), "--images", study.images(), "--rows", study.path("rows.txt")});
    EXPECT_EQ(bad.exitCode, 3);
    EXPECT_THAT(bad.error, HasSubstr("line 2"));

    std::filesystem::create_directories(study.path("elsewhere"));
    std::filesystem::copy_file(study.images(), study.path("elsewhere/list.csv"));
    EXPECT_EQ(run({"eval", study.model(), "--images", study.path("elsewhere/list.csv")}).exitCode, 3);
    EXPECT_EQ(
        run({"eval", study.model(), "--images", study.path("elsewhere/list.csv"), "--root", study.path("")}).exitCode,
        0);
}

TEST(Eval, BadTablesNameTheirLine) {
    const TinyStudy study;
    for (const char* table : {"nonsense\n", "file,label\nimages/0/0.png,cat\n", "file,label\nimages/0/0.png,7\n",
                              "file,label\nimages/absent.png,0\n", "file,label\n../outside.png,0\n"}) {
        writeFileAtomically(study.path("bad.csv"), table);
        const ProcessResult result = run({"eval", study.model(), "--images", study.path("bad.csv")});
        EXPECT_EQ(result.exitCode, 3) << table << result.error;
        EXPECT_THAT(result.out, IsEmpty());
    }
}

}  // namespace
}  // namespace vitrine::test
