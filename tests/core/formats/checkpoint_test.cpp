// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "fixtures/pytorch_files.h"
#include "formats/safetensors.h"
#include "support/temporary_folder.h"

namespace vitrine::formats {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const HostTensor kOne = HostTensor::of<float>({1}, {1});

std::string pytorchFile() {
    const test::TensorFixture tensor = {.sizes = {1}, .strides = {1}, .count = 1};
    return test::zipFile(
        test::checkpointFiles(test::PickleWriter().stateDict({{"w", tensor}}).stop(), {test::floatBytes({3})}));
}

TEST(Checkpoint, RecognisesTheFormatByContent) {
    const test::TemporaryFolder folder;
    writeSafetensors(folder / "weights.pth", {{"w", kOne}}, {{"family", "vit"}});
    writeFileAtomically(folder / "weights.safetensors", pytorchFile());
    EXPECT_EQ(loadCheckpoint(folder / "weights.pth").metadata.at("family"), "vit");
    EXPECT_THAT(loadCheckpoint(folder / "weights.safetensors").tensors.at("w").as<float>(), ElementsAre(3));
}

TEST(Checkpoint, RemovesPrefixesThatAllNamesShare) {
    const test::TemporaryFolder folder;
    const auto load = [&folder](const TensorMap& tensors) {
        writeSafetensors(folder / "m", tensors);
        return loadCheckpoint(folder / "m");
    };
    const Checkpoint wrapped = load({{"module.a", kOne}, {"module.b.c", kOne}});
    EXPECT_TRUE(wrapped.tensors.contains("b.c"));
    EXPECT_THAT(wrapped.warnings, ElementsAre(HasSubstr("\"module.\"")));
    EXPECT_TRUE(load({{"module._orig_mod.model.a", kOne}}).tensors.contains("a"));
    EXPECT_TRUE(load({{"module.a", kOne}, {"b", kOne}}).tensors.contains("module.a"));
    EXPECT_TRUE(load({{"module.", kOne}}).tensors.contains("module."));
    EXPECT_THAT(load({}).warnings, IsEmpty());
}

TEST(Checkpoint, SaysWhatAnotherFileIs) {
    const test::TemporaryFolder folder;
    const auto error = [&folder](const std::string& content, const std::string& name = "weights.pth") -> std::string {
        writeFileAtomically(folder / name, content);
        try {
            loadCheckpoint(folder / name);
        } catch (const Exception& exception) {
            EXPECT_THAT(exception.what(), HasSubstr(name));
            return exception.what();
        }
        return "";
    };
    EXPECT_THAT(error(""), HasSubstr("empty"));
    EXPECT_THAT(error("<!DOCTYPE html><html>"), HasSubstr("web page"));
    EXPECT_THAT(error("<!DOCTYPE html><html>", "weights.safetensors"), HasSubstr("web page"));
    EXPECT_THAT(error("version https://git-lfs.github.com/spec/v1\n"), HasSubstr("git lfs pull"));
    EXPECT_THAT(error("\x08\x07\x12\x07pytorch"), HasSubstr("ONNX"));
    EXPECT_THAT(error("\x1f\x8b\x08"), HasSubstr("gzip"));
    EXPECT_THAT(error("hello world"), HasSubstr("neither"));
    EXPECT_THAT(error("hello world", "weights.safetensors"), HasSubstr("header"));
    EXPECT_THROW(loadCheckpoint(folder / "missing.pth"), Exception);
    EXPECT_THROW(loadCheckpoint(folder.path()), Exception);
}

}  // namespace
}  // namespace vitrine::formats
