// SPDX-License-Identifier: GPL-3.0-or-later
// Every checkpoint of the reference data: values of legal files, the error of each bad one, and the memory it takes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "core/formats/peak_memory.h"
#include "formats/checkpoint.h"
#include "formats/safetensors.h"
#include "support/reference_data.h"

namespace vitrine::formats {
namespace {

namespace fs = std::filesystem;
using test::referencePath;
using ::testing::HasSubstr;

nlohmann::json jsonOf(const std::string& relative) {
    return nlohmann::json::parse(std::ifstream(referencePath(relative)));
}

void expectEqual(const TensorMap& found, const TensorMap& expected) {
    for (const auto& [name, tensor] : expected) {
        ASSERT_TRUE(found.contains(name)) << name;
        EXPECT_EQ(found.at(name).shape, tensor.shape) << name;
        EXPECT_EQ(found.at(name).dtype, tensor.dtype) << name;
        EXPECT_TRUE(std::ranges::equal(found.at(name).view(), tensor.view())) << name;
    }
    EXPECT_EQ(found.size(), expected.size());
}

/// What the error of a bad checkpoint must say; files that load are not listed.
const std::map<std::string, std::string> kRefused = {
    {"pth_complex.pth", "tensor \"w\" has elements of torch.ComplexFloatStorage"},
    {"pth_evil_dotted_name.pth", "torch._utils.sys.modules"},
    {"pth_evil_eval.pth", "builtins.eval"},
    {"pth_evil_getattr_chain.pth", "builtins.getattr"},
    {"pth_evil_in_state_dict.pth", "posix.system"},
    {"pth_evil_obj.pth", "os.system"},
    {"pth_evil_stack_global.pth", "posix.system"},
    {"pth_evil_system_zip.pth", "posix.system"},
    {"pth_evil_torch_hub.pth", "torch.hub.load"},
    {"pth_int_keys.pth", "the name of a tensor is no text"},
    {"pth_just_tensor.pth", "holds a tensor instead of a state_dict"},
    {"pth_missing_storage.pth", "storage \"0\" is missing"},
    {"pth_nested_deeper.pth", "it holds \"a\" (a dictionary)"},
    {"pth_no_data_pkl.pth", "without data.pkl"},
    {"pth_nonzip_truncated.pth", "damaged"},
    {"pth_numel_lie.pth", "should hold 1099511627776 elements"},
    {"pth_offset_out_of_range.pth", "lead outside its storage"},
    {"pth_pickle_deep.pth", "holds a tuple instead of a state_dict"},
    {"pth_pickle_long4.pth", "ends too early"},
    {"pth_pickle_memo.pth", "which it never stored"},
    {"pth_pickle_no_stop.pth", "ends too early"},
    {"pth_pickle_self_ref.pth", "no state_dict was found"},
    {"pth_pickle_truncated.pth", "pickle is damaged"},
    {"pth_short_storage.pth", "has 8 bytes"},
    {"pth_size_negative.pth", "negative"},
    {"pth_size_stride_rank.pth", "not as many strides"},
    {"pth_sparse.pth", "tensor \"w\" is no dense tensor"},
    {"pth_storage_quantised.pth", "torch.QInt8Storage"},
    {"pth_storage_unknown_class.pth", "torch.QuantumStorage"},
    {"pth_stride_out_of_range.pth", "lead outside its storage"},
    {"pth_torchscript.pth", "TorchScript"},
    {"pth_truncated_half.pth", "cut short"},
    {"pth_whole_module.pth", "whole Python module"},
    {"pth_zip64_bad_offset.pth", "directory lies outside"},
    {"pth_zip64_locator_wrap.pth", "zip64 record is missing"},
    {"pth_zip_magic_only.pth", "cut short"},
    {"pth_zip_size_lie.pth", "claims"},
    {"st_shape_many_dims.safetensors", "dimensions"},
};

/// Legal by the letter of the index, or tolerable with a warning.
bool loads(const std::string& name, const nlohmann::json& entry) {
    if (kRefused.contains(name)) return false;
    if (name == "pth_bad_crc.pth" || name == "pth_eocd_bad_offset.pth") return true;
    return entry.value("valid", false) || entry.value("container_valid", false);
}

TEST(CheckpointReference, BadFilesGetWhatTheirIndexAsks) {
    VITRINE_REQUIRE_REFERENCE("golden/bad/index.json");
    const nlohmann::json index = jsonOf("golden/bad/index.json");
    int checked = 0;
    for (const auto& [name, entry] : index.at("files").items()) {
        if (!name.starts_with("pth_") && !name.starts_with("st_")) continue;
        SCOPED_TRACE(name + ": " + entry.at("wrong").get<std::string>());
        ++checked;
        try {
            loadCheckpoint(referencePath("golden/bad/" + name));
            EXPECT_TRUE(loads(name, entry)) << "was accepted";
        } catch (const Exception& exception) {
            EXPECT_FALSE(loads(name, entry)) << exception.what();
            EXPECT_THAT(exception.error().where, HasSubstr(name));
            const auto expected = kRefused.find(name);
            if (expected != kRefused.end()) {
                EXPECT_THAT(exception.what(), HasSubstr(expected->second));
            }
        }
    }
    EXPECT_GE(checked, 90);
}

TEST(CheckpointReference, DecisionsAreSaid) {
    VITRINE_REQUIRE_REFERENCE("golden/bad/index.json");
    const std::pair<const char*, const char*> expected[] = {
        {"pth_bad_crc.pth", "do not match their checksum"},
        {"pth_two_candidates.pth", "took \"model\""},
        {"pth_model_ddp_prefix.pth", "\"module.\": the prefix was removed"},
        {"st_model_prefixed.safetensors", "\"model.\": the prefix was removed"},
        {"pth_args_namespace.pth", "skipped \"args\", which is an object of argparse.Namespace"},
        {"pth_numpy_scalar.pth", "numpy.core.multiarray.scalar"},
    };
    for (const auto& [name, text] : expected) {
        const Checkpoint checkpoint = loadCheckpoint(referencePath(std::string("golden/bad/") + name));
        EXPECT_THAT(checkpoint.warnings, ::testing::Contains(HasSubstr(text))) << name;
    }
}

TEST(CheckpointReference, ControlsHaveTheirValues) {
    VITRINE_REQUIRE_REFERENCE("golden/bad/index.json");
    using ::testing::ElementsAre;
    for (const char* name :
         {"pth_ok_control.pth", "pth_deflated.pth", "pth_nonzip_ok_control.pth", "pth_eocd_bad_offset.pth"}) {
        const Checkpoint checkpoint = loadCheckpoint(referencePath(std::string("golden/bad/") + name));
        EXPECT_THAT(checkpoint.tensors.at("w").as<float>(), ElementsAre(0, 1, 2, 3, 4, 5)) << name;
        EXPECT_THAT(checkpoint.tensors.at("b").as<float>(), ElementsAre(1, 2)) << name;
        EXPECT_THAT(checkpoint.warnings, ::testing::IsEmpty()) << name;
    }
    const Checkpoint transposed = loadCheckpoint(referencePath("golden/bad/pth_stride_transposed.pth"));
    EXPECT_EQ(transposed.tensors.at("w").shape, (Shape{3, 2}));
    EXPECT_THAT(transposed.tensors.at("w").as<float>(), ElementsAre(0, 3, 1, 4, 2, 5));
    const Checkpoint oneName = loadCheckpoint(referencePath("golden/bad/st_name_nul.safetensors"));
    EXPECT_EQ(oneName.tensors.begin()->first.size(), 3u);
}

TEST(CheckpointReference, ModelsEqualTheirSafetensors) {
    VITRINE_REQUIRE_REFERENCE("golden/models");
    int compared = 0;
    for (const auto& file : fs::directory_iterator(referencePath("golden/models"))) {
        if (file.path().extension() != ".pth") continue;
        SCOPED_TRACE(file.path().filename().string());
        const std::string name = file.path().filename().string();
        const fs::path weights = file.path().parent_path() / (name.substr(0, name.find('.')) + ".safetensors");
        const Checkpoint checkpoint = loadCheckpoint(file.path());
        expectEqual(checkpoint.tensors, readSafetensors(weights));
        if (name.find(".legacy.") != std::string::npos) {
            EXPECT_EQ(checkpoint.metadata.at("epoch"), "3");
        }
        ++compared;
    }
    EXPECT_EQ(compared, 6);
}

/// The tricky expectations hold bfloat16 widened to float.
TensorMap widened(TensorMap tensors) {
    for (auto& [name, tensor] : tensors)
        if (tensor.dtype == DType::bf16) tensor = HostTensor::of(tensor.toFloats(), tensor.shape);
    return tensors;
}

TEST(CheckpointReference, TrickyFilesEqualTheirExpectation) {
    VITRINE_REQUIRE_REFERENCE("golden/tricky");
    TensorMap expected = readSafetensors(referencePath("golden/tricky/tricky_expected.safetensors"));
    const TensorMap protocol3 = {{"a", expected.at("protocol3.a")}};
    expected.erase("protocol3.a");
    for (const char* name : {"tricky.pth", "tricky_checkpoint.pth", "tricky.nonzip.pth"}) {
        SCOPED_TRACE(name);
        expectEqual(widened(loadCheckpoint(referencePath(std::string("golden/tricky/") + name)).tensors), expected);
    }
    expectEqual(loadCheckpoint(referencePath("golden/tricky/protocol3.pth")).tensors, protocol3);
    for (const char* name : {"protocol4.pth", "protocol5.pth"}) {
        const TensorMap tensors = loadCheckpoint(referencePath(std::string("golden/tricky/") + name)).tensors;
        EXPECT_EQ(tensors.at("a").shape, (Shape{2, 3})) << name;
        EXPECT_THAT(tensors.at("a").as<float>(), ::testing::ElementsAre(0, 1, 2, 3, 4, 5)) << name;
    }
}

TEST(CheckpointReference, AllElementTypesOfSafetensors) {
    VITRINE_REQUIRE_REFERENCE("golden/tricky/all_dtypes.safetensors");
    const nlohmann::json expected = jsonOf("golden/tricky/all_dtypes.json");
    const TensorMap tensors = readSafetensors(referencePath("golden/tricky/all_dtypes.safetensors"));
    std::set<DType> seen;
    for (const auto& [name, tensor] : tensors) seen.insert(tensor.dtype);
    EXPECT_EQ(seen.size(), 9u);
    EXPECT_EQ(tensors.at("empty2").shape, (Shape{3, 0, 2}));
    EXPECT_TRUE(tensors.contains("é ☃ \"quoted\" \\ back\nline"));
    const std::vector<float> bf16 = tensors.at("bf16").toFloats();
    EXPECT_EQ(bf16[1], -2.0f);
    EXPECT_TRUE(std::isinf(bf16[2]));
    EXPECT_TRUE(std::isnan(bf16[3]));
    EXPECT_EQ(bf16[4], expected.at("bf16_as_f32")[4].get<float>());
    const std::vector<float> f16 = tensors.at("f16").toFloats();
    for (std::size_t i = 0; i < f16.size(); ++i)
        EXPECT_EQ(f16[i], std::stof(expected.at("f16_as_f32")[i].get<std::string>()));
    EXPECT_THAT(tensors.at("z_last").toFloats(), ::testing::ElementsAre(0, 1, 2));
    EXPECT_THAT(tensors.at("scalar").toFloats(), ::testing::ElementsAre(2.5f));
}

TEST(CheckpointReference, OriginalWeightsHaveTheTensorsOfTheirConversion) {
    VITRINE_REQUIRE_REFERENCE("data/weights/original");
    const std::pair<const char*, const char*> pairs[] = {
        {"ashu_vit_model.pth", "vit_cifar10_ashu.safetensors"},
        {"researchase_vit_mnist_gpu.pt", "vit_mnist_researchase.safetensors"},
        {"pierrefdz_checkpoint.pth", "point_transformer_modelnet40.safetensors"},
    };
    const auto floatsIn = [](const TensorMap& tensors) {
        std::int64_t count = 0;
        for (const auto& [name, tensor] : tensors) count += tensor.dtype == DType::f32 ? tensor.count() : 0;
        return count;
    };
    for (const auto& [original, converted] : pairs) {
        const Checkpoint checkpoint = loadCheckpoint(referencePath(std::string("data/weights/original/") + original));
        const TensorMap expected = readSafetensors(referencePath(std::string("data/weights/") + converted));
        EXPECT_EQ(floatsIn(checkpoint.tensors), floatsIn(expected)) << original;
        EXPECT_THAT(checkpoint.warnings, ::testing::IsEmpty()) << original;
    }
}

TEST(CheckpointReference, BadFilesTakeLittleMemory) {
    VITRINE_REQUIRE_REFERENCE("golden/bad/index.json");
    for (const auto& file : fs::directory_iterator(referencePath("golden/bad"))) {
        const std::string name = file.path().filename().string();
        if (!name.starts_with("pth_") && !name.starts_with("st_")) continue;
        const long growth = test::peakGrowth([&file] { loadCheckpoint(file.path()); });
        EXPECT_GE(growth, 0) << name << " did not end normally";
        EXPECT_LT(growth, 80L << 20) << name;  // MemoryBudget allows 64 MiB for small files; the rest is the C++ heap
    }
}

}  // namespace
}  // namespace vitrine::formats
