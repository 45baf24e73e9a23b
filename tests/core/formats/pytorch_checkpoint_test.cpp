// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/pytorch_checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "core/formats/peak_memory.h"
#include "fixtures/pytorch_files.h"

namespace vitrine::formats {
namespace {

using test::checkpointFiles;
using test::floatBytes;
using test::LegacyStorage;
using test::PickleWriter;
using test::TensorFixture;
using test::zipFile;
using test::ZipFixture;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kSixFloats = floatBytes({0, 1, 2, 3, 4, 5});
const TensorFixture kMatrix = {.sizes = {2, 3}, .strides = {3, 1}, .count = 6};

Checkpoint parse(const std::string& file) {
    return parsePytorchCheckpoint(Bytes::copyOf(std::as_bytes(std::span(file))), "memory");
}

/// The error that parsing gives, or "" when it succeeds.
std::string errorOf(const std::string& file) {
    try {
        parse(file);
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().where, "memory");
        return exception.what();
    }
    return "";
}

std::string zipOf(const std::string& pickle) { return zipFile(checkpointFiles(pickle, {kSixFloats})); }
std::string zipWith(const TensorFixture& tensor) { return zipOf(PickleWriter().stateDict({{"w", tensor}}).stop()); }
std::vector<float> valuesWith(const TensorFixture& tensor) { return parse(zipWith(tensor)).tensors.at("w").toFloats(); }

TEST(PytorchCheckpoint, ReadsAStateDict) {
    const Checkpoint checkpoint = parse(zipWith(kMatrix));
    ASSERT_EQ(checkpoint.tensors.size(), 1u);
    EXPECT_EQ(checkpoint.tensors.at("w").shape, (Shape{2, 3}));
    EXPECT_THAT(checkpoint.tensors.at("w").as<float>(), ElementsAre(0, 1, 2, 3, 4, 5));
    EXPECT_THAT(checkpoint.warnings, IsEmpty());
}

TEST(PytorchCheckpoint, ContiguousTensorsShareTheFile) {
    // The name of the root makes the storage aligned, as the padding of torch.save does.
    const std::string pickle = PickleWriter().stateDict({{"w", kMatrix}}).stop();
    for (std::size_t padding = 0; padding < 4; ++padding) {
        std::vector<ZipFixture> files = checkpointFiles(pickle + std::string(padding, '\0'), {kSixFloats});
        const std::string file = zipFile(files);
        const Bytes bytes = Bytes::copyOf(std::as_bytes(std::span(file)));
        const Checkpoint checkpoint = parsePytorchCheckpoint(bytes, "memory");
        const std::byte* data = checkpoint.tensors.at("w").bytes.get();
        const bool inside = data >= bytes.data.get() && data < bytes.data.get() + bytes.size;
        EXPECT_EQ(inside, file.find(kSixFloats) % 4 == 0);
        EXPECT_THAT(checkpoint.tensors.at("w").as<float>(), ElementsAre(0, 1, 2, 3, 4, 5));
    }
}

TEST(PytorchCheckpoint, ReadsZip64DeflatedAndLegacy) {
    const std::string pickle = PickleWriter().stateDict({{"w", kMatrix}}).stop();
    std::vector<ZipFixture> files = checkpointFiles(pickle, {kSixFloats});
    const Checkpoint zip64 = parse(zipFile(files, true));
    for (ZipFixture& file : files) file.deflate = true;
    const Checkpoint deflated = parse(zipFile(files));
    const Checkpoint legacy = parse(test::legacyFile(pickle, {{"0", 6, kSixFloats}}));
    for (const Checkpoint* checkpoint : {&zip64, &deflated, &legacy})
        EXPECT_THAT(checkpoint->tensors.at("w").as<float>(), ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(PytorchCheckpoint, ViewsBecomeContiguous) {
    EXPECT_THAT(valuesWith({.sizes = {3, 2}, .strides = {1, 3}, .count = 6}), ElementsAre(0, 3, 1, 4, 2, 5));
    EXPECT_THAT(valuesWith({.sizes = {2, 3}, .strides = {0, 1}, .offset = 3, .count = 6}),
                ElementsAre(3, 4, 5, 3, 4, 5));
    EXPECT_THAT(valuesWith({.sizes = {2, 1}, .strides = {3, 1}, .offset = 1, .count = 6}), ElementsAre(1, 4));
    EXPECT_THAT(valuesWith({.sizes = {}, .strides = {}, .offset = 5, .count = 6}), ElementsAre(5));
    EXPECT_THAT(valuesWith({.sizes = {0, 3}, .strides = {3, 1}, .count = 6}), IsEmpty());
    EXPECT_THAT(valuesWith({.sizes = {3, 1, 2}, .strides = {1, INT64_MAX, 3}, .count = 6}),
                ElementsAre(0, 3, 1, 4, 2, 5));
    EXPECT_THAT(valuesWith({.sizes = {1, 1}, .strides = {5, 9}, .offset = 2, .count = 6}), ElementsAre(2));
    EXPECT_THAT(valuesWith({.sizes = {6}, .strides = {1}, .count = 6, .rebuild = "_rebuild_tensor"}),
                ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(PytorchCheckpoint, ReadsNewElementTypesAndParameters) {
    const Checkpoint small = parse(zipWith({.sizes = {12},
                                            .strides = {1},
                                            .count = 24,
                                            .storage = "storage.UntypedStorage",
                                            .rebuild = "_rebuild_tensor_v3",
                                            .dtype = "uint16"}));
    EXPECT_EQ(small.tensors.at("w").dtype, DType::u16);
    EXPECT_EQ(small.tensors.at("w").byteCount, 24u);
    PickleWriter writer;
    writer.raw("}").text("w").global("torch._utils", "_rebuild_parameter").tensor(kMatrix).raw("\x88}\x87Rs");
    EXPECT_EQ(parse(zipOf(writer.stop())).tensors.at("w").shape, (Shape{2, 3}));
}

TEST(PytorchCheckpoint, RefusesLayoutsOutsideTheStorage) {
    const auto error = [](std::vector<std::int64_t> sizes, std::vector<std::int64_t> strides, std::int64_t offset = 0,
                          std::int64_t count = 6) {
        return errorOf(
            zipWith({.sizes = std::move(sizes), .strides = std::move(strides), .offset = offset, .count = count}));
    };
    EXPECT_THAT(error({7}, {1}), HasSubstr("tensor \"w\" is malformed"));
    EXPECT_THAT(error({6}, {1}, 1), HasSubstr("outside"));
    EXPECT_THAT(error({2}, {6}), HasSubstr("outside"));
    EXPECT_THAT(error({2}, {INT64_MAX}, INT64_MAX), HasSubstr("outside"));
    EXPECT_THAT(error({1}, {1}, INT64_MAX), HasSubstr("outside"));
    EXPECT_THAT(error({3, 3}, {INT64_MAX, INT64_MAX}), HasSubstr("outside"));
    EXPECT_THAT(error({-1}, {1}), HasSubstr("negative"));
    EXPECT_THAT(error({1}, {-1}), HasSubstr("negative"));
    EXPECT_THAT(error({1}, {1}, -1), HasSubstr("negative"));
    EXPECT_THAT(error({1, 1}, {1}), HasSubstr("strides"));
    EXPECT_THAT(error({INT64_MAX, INT64_MAX}, {0, 0}), HasSubstr("counted"));
    EXPECT_THAT(error({std::int64_t{1} << 40}, {0}), HasSubstr("memory"));
    EXPECT_THAT(error({1}, {1}, 0, 7), HasSubstr("should hold 7 elements"));
    EXPECT_THAT(error({1}, {1}, 0, -6), HasSubstr("storage"));
    EXPECT_THAT(error({1}, {1}, 0, std::int64_t{1} << 62), HasSubstr("should hold"));
    EXPECT_THAT(error(std::vector<std::int64_t>(65, 1), std::vector<std::int64_t>(65, 1)), HasSubstr("dimensions"));
}

TEST(PytorchCheckpoint, ManyExpandedTensorsCannotTakeMoreThanTheBudget) {
    PickleWriter writer;
    writer.raw("}(");
    for (int i = 0; i < 64; ++i)
        writer.text("w" + std::to_string(i)).tensor({.sizes = {1 << 20}, .strides = {0}, .count = 6});
    EXPECT_THAT(errorOf(zipOf(writer.raw("u").stop())), HasSubstr("more memory than a file of this size can justify"));
}

TEST(PytorchCheckpoint, RefusesStoragesOfOtherKinds) {
    EXPECT_THAT(errorOf(zipWith({.sizes = {1}, .strides = {1}, .count = 6, .storage = "ComplexFloatStorage"})),
                HasSubstr("tensor \"w\" has elements of torch.ComplexFloatStorage"));
    EXPECT_THAT(errorOf(zipWith({.sizes = {1}, .strides = {1}, .count = 6, .storage = "QuantumStorage"})),
                HasSubstr("torch.QuantumStorage"));
    EXPECT_THAT(errorOf(zipWith({.sizes = {1}, .strides = {1}, .count = 6, .key = "../0"})), HasSubstr("missing"));
    EXPECT_THAT(errorOf(zipWith({.sizes = {1}, .strides = {1}, .count = 3, .storage = "DoubleStorage"})), "");
    EXPECT_THAT(errorOf(zipWith({.sizes = {1}, .strides = {1}, .count = 6, .rebuild = "_rebuild_sparse_tensor"})),
                HasSubstr("tensor \"w\" is no dense tensor"));
}

TEST(PytorchCheckpoint, RefusesEveryGlobalThatIsNotListed) {
    for (const auto& [module, name] :
         std::vector<std::pair<std::string, std::string>>{{"os", "system"},
                                                          {"builtins", "eval"},
                                                          {"torch", "load"},
                                                          {"torch._utils", "_rebuild_tensor_v22"},
                                                          {"torch._utils", "_rebuild_tensor_v2.__globals__"},
                                                          {"xtorch", "FloatStorage"},
                                                          {"", ""},
                                                          {"torch._utils\t", "_rebuild_tensor_v2"}}) {
        EXPECT_THAT(
            errorOf(zipOf(PickleWriter().raw("}").text("w").global(module, name).text("x").raw("\x85Rs").stop())),
            HasSubstr("nothing was executed"))
            << module << "." << name;
        EXPECT_NE(errorOf(zipOf(PickleWriter().text(module).text(name).raw("\x93").stop())), "");
        EXPECT_NE(errorOf(zipOf(PickleWriter().raw("(i" + module + "\n" + name + "\n").stop())), "");
    }
    EXPECT_THAT(errorOf(zipOf(PickleWriter().global("torch.nn.modules.linear", "Linear").raw(")\x81").stop())),
                HasSubstr("whole Python module"));
}

TEST(PytorchCheckpoint, HarmlessObjectsAreSkippedWithAWarning) {
    const std::string pickle = PickleWriter()
                                   .raw("}(")
                                   .text("state_dict")
                                   .stateDict({{"w", kMatrix}})
                                   .text("args")
                                   .global("argparse", "Namespace")
                                   .raw(")R}b")
                                   .text("epoch")
                                   .integer(7)
                                   .raw("u")
                                   .stop();
    const Checkpoint checkpoint = parse(zipOf(pickle));
    EXPECT_EQ(checkpoint.tensors.size(), 1u);
    EXPECT_EQ(checkpoint.metadata.at("epoch"), "7");
    EXPECT_THAT(checkpoint.warnings, ElementsAre("skipped \"args\", which is an object of argparse.Namespace"));
}

/// A checkpoint with a state_dict {"w"} under each of these names, and a tensor beside them.
std::string nested(const std::vector<std::string>& names, bool tensorBeside = false) {
    PickleWriter writer;
    writer.raw("}(");
    for (const std::string& name : names) writer.text(name).stateDict({{"w", kMatrix}});
    if (tensorBeside) writer.text("best_acc1").tensor({.sizes = {}, .strides = {}, .count = 6});
    return zipOf(writer.raw("u").stop());
}

TEST(PytorchCheckpoint, FindsTheStateDict) {
    for (const char* name : {"model", "state_dict", "model_state_dict", "model_ema", "anything"})
        EXPECT_TRUE(parse(nested({name})).tensors.contains("w")) << name;
    EXPECT_THAT(parse(nested({"model_ema", "model"})).warnings, ElementsAre(HasSubstr("took \"model\"")));
    EXPECT_THAT(parse(nested({"zzz", "state_dict"})).warnings, ElementsAre(HasSubstr("took \"state_dict\"")));
    EXPECT_TRUE(parse(nested({"state_dict"}, true)).tensors.contains("w"));
    EXPECT_TRUE(parse(nested({"odd"}, true)).tensors.contains("best_acc1"));
    EXPECT_THAT(errorOf(nested({"a", "b"})), HasSubstr("several state_dicts (\"a\", \"b\")"));
    EXPECT_THAT(errorOf(zipOf(PickleWriter().raw("}").stop())), HasSubstr("it holds nothing"));
    EXPECT_THAT(errorOf(zipOf(PickleWriter().raw("]").stop())), HasSubstr("holds a list instead"));
    EXPECT_THAT(errorOf(zipOf(PickleWriter().tensor(kMatrix).stop())), HasSubstr("holds a tensor instead"));
}

TEST(PytorchCheckpoint, NamesMustBeDistinctText) {
    EXPECT_THAT(errorOf(zipOf(PickleWriter().stateDict({{"w", kMatrix}, {"w", kMatrix}}).stop())),
                HasSubstr("occurs twice"));
    EXPECT_THAT(errorOf(zipOf(PickleWriter().stateDict({{"\xed\xa0\x80", kMatrix}}).stop())),
                HasSubstr("no valid UTF-8"));
    EXPECT_THAT(errorOf(zipOf(PickleWriter().raw("}").integer(1).tensor(kMatrix).raw("s").stop())),
                HasSubstr("no text"));
    EXPECT_TRUE(parse(zipOf(PickleWriter().stateDict({{"é 日本", kMatrix}}).stop())).tensors.contains("é 日本"));
}

TEST(PytorchCheckpoint, HostilePicklesAreRefused) {
    const auto pickleError = [](const std::string& opcodes) {
        return errorOf(zipOf(PickleWriter().raw(opcodes).stop()));
    };
    const std::pair<std::string, std::string> cases[] = {
        {"", "lacks its operand"},
        {"t", "lacks its mark"},
        {"u", "lacks its mark"},
        {"(0)", "tuple instead"},
        {"R", "lacks its operand"},
        {")(R", "lacks its operand"},
        {"NNR", "is called"},
        {"}(Nu", "lacks its value"},
        {")Na", "cannot hold"},
        {"NNNs", "cannot hold"},
        {"h\x05", "never stored"},
        {"q\x05", "lacks its operand"},
        {std::string("N") + "r\xff\xff\xff\xff" + "0j\xff\xff\xff\xff", "holds a plain value"},
        {std::string("\x8b\xff\xff\xff\x7f", 5), "too early"},
        {std::string("\x8b\xff\xff\xff\xff", 5), "negative size"},
        {std::string("\x8d\xff\xff\xff\xff\xff\xff\xff\xff", 9), "too early"},
        {std::string("X\xff\xff\xff\xff", 5), "too early"},
        {"I12x\n", "malformed"},
        {"I99999999999999999999999\n", "malformed"},
        {"I5", "does not end"},
        {"NQ", "storage is malformed"},
        {")Q", "storage is malformed"},
        {"(X\x06" + std::string(3, '\0') + "moduletQ", "whole Python module"},
        {"Pkey\n", "none that torch.save writes"},
        {"\x82\x01", "none that torch.save writes"},
        {std::string("\x80\x09", 2), "newer than 5"},
        {"}q" + std::string(1, '\0') + "X\x01" + std::string(3, '\0') + "ah" + std::string(1, '\0') + "s",
         "no state_dict"},
        {"Nb", "lacks its operand"},
        {"NNb", "attributes"},
    };
    for (const auto& [opcodes, text] : cases)
        EXPECT_THAT(pickleError(opcodes), HasSubstr(text)) << ::testing::PrintToString(opcodes);
}

/// Pickles that ask for much: deep nesting, piles of empty containers, doubling, one long tuple called again and again.
std::vector<std::pair<std::string, std::string>> bombs() {
    std::string nest = ")";
    for (int i = 0; i < 100'000; ++i) nest += "\x85";
    std::string doubling = "]";
    for (int i = 0; i < 1000; ++i) doubling += "2\x86";
    std::string repeated = "ctorch\ndevice\nq\x01(" + std::string(10'000, 'N') + "tq\x02";
    for (int i = 0; i < 20'000; ++i) repeated += "h\x01h\x02R0";
    std::string memo = "N";
    for (std::uint32_t i = 0; i < 400'000; ++i) memo += "r" + std::string(reinterpret_cast<const char*>(&i), sizeof i);
    return {{nest, "holds a tuple"},
            {doubling, "holds a tuple"},
            {repeated, "more memory"},
            {memo, ""},
            {std::string(2'000'000, ')'), "more memory"},
            {std::string(2'000'000, '('), ""},
            {std::string(2'000'000, '}'), "more memory"}};
}

TEST(PytorchCheckpoint, PickleBombsMeetTheBudget) {
    for (const auto& [opcodes, text] : bombs()) {
        const std::string error = errorOf(zipOf(PickleWriter().raw(opcodes).stop()));
        EXPECT_NE(error, "");
        EXPECT_THAT(error, HasSubstr(text)) << opcodes.substr(0, 20);
    }
}

TEST(PytorchCheckpoint, PickleBombsTakeNoMoreThanTheBudget) {
    for (const auto& [opcodes, text] : bombs()) {
        const std::string file = zipOf(PickleWriter().raw(opcodes).stop());
        const long growth = test::peakGrowth([&file] { parse(file); });
        EXPECT_GE(growth, 0) << opcodes.substr(0, 20);
        EXPECT_LT(growth, (70L << 20) + 5 * static_cast<long>(file.size())) << opcodes.substr(0, 20);
    }
}

TEST(PytorchCheckpoint, ValuesThatAreReferredToOftenAreNotCopiedOften) {
    // One megabyte of text, used as the value of many metadata keys and as the key of a storage.
    PickleWriter writer;
    writer.raw("}(")
        .text("model")
        .stateDict({{"w", kMatrix}})
        .text("note")
        .text(std::string(1 << 20, 'x'))
        .raw("q\x07");
    for (int i = 0; i < 10'000; ++i) writer.text("note" + std::to_string(i)).raw("h\x07");
    EXPECT_THAT(parse(zipOf(writer.raw("u").stop())).metadata, IsEmpty());
    EXPECT_THAT(errorOf(zipWith({.sizes = {0}, .strides = {1}, .count = 6, .key = std::string(1 << 20, 'x')})),
                HasSubstr("refers to a storage"));
}

TEST(PytorchCheckpoint, RefusesOtherArchives) {
    const std::string pickle = PickleWriter().stateDict({{"w", kMatrix}}).stop();
    std::vector<ZipFixture> files = checkpointFiles(pickle, {kSixFloats});
    EXPECT_THAT(errorOf(zipFile({files[1]})), HasSubstr("without data.pkl"));
    EXPECT_THAT(errorOf(zipFile({})), HasSubstr("without data.pkl"));
    files.push_back({.name = "archive/byteorder", .content = "big"});
    EXPECT_THAT(errorOf(zipFile(files)), HasSubstr("big-endian"));
    files.back() = {.name = "archive/code/net.py", .content = ""};
    EXPECT_THAT(errorOf(zipFile(files)), HasSubstr("TorchScript"));
    files.back() = {.name = "other/data.pkl", .content = pickle};
    EXPECT_THAT(errorOf(zipFile(files)), HasSubstr("several data.pkl"));
    files.back() = {.name = "../../evil.txt", .content = "x"};
    EXPECT_EQ(errorOf(zipFile(files)), "");
    files.back() = {.name = "archive/data/9", .content = "x", .checksum = 1};
    EXPECT_EQ(errorOf(zipFile(files)), "");
}

TEST(PytorchCheckpoint, WrongChecksumsAreAWarning) {
    std::vector<ZipFixture> files = checkpointFiles(PickleWriter().stateDict({{"w", kMatrix}}).stop(), {kSixFloats});
    files[1].checksum = 1;
    EXPECT_THAT(parse(zipFile(files)).warnings, ElementsAre(HasSubstr("archive/data/0")));
}

TEST(PytorchCheckpoint, RefusesDamagedLegacyFiles) {
    const std::string pickle = PickleWriter().stateDict({{"w", kMatrix}}).stop();
    const auto error = [&pickle](const std::vector<LegacyStorage>& storages) {
        return errorOf(test::legacyFile(pickle, storages));
    };
    EXPECT_EQ(error({{"0", 6, kSixFloats}}), "");
    EXPECT_THAT(error({}), HasSubstr("storage \"0\" is missing"));
    EXPECT_THAT(error({{"1", 6, kSixFloats}}), HasSubstr("nothing refers to"));
    EXPECT_THAT(error({{"0", 6, kSixFloats}, {"0", 6, kSixFloats}}), HasSubstr("occurs twice"));
    EXPECT_THAT(error({{"0", 5, kSixFloats}}), HasSubstr("has not the 6 elements"));
    EXPECT_THAT(error({{"0", UINT64_MAX, kSixFloats}}), HasSubstr("has not the 6 elements"));
    EXPECT_THAT(error({{"0", 6, "short"}}), HasSubstr("has not the 6 elements"));
    EXPECT_THAT(errorOf(test::legacyFile(pickle, {{"0", 6, kSixFloats}}, false)), HasSubstr("big-endian"));
    EXPECT_THAT(errorOf(PickleWriter().integer(3).stop()), HasSubstr("torch.save did not write"));
    const std::string whole = test::legacyFile(pickle, {{"0", 6, kSixFloats}});
    for (std::size_t size = 1; size < whole.size(); ++size) EXPECT_NE(errorOf(whole.substr(0, size)), "") << size;
}

TEST(PytorchCheckpoint, EveryTruncationAndEveryFlippedByteIsSurvived) {
    const std::string whole = zipWith(kMatrix);
    for (std::size_t size = 4; size < whole.size(); ++size) EXPECT_NE(errorOf(whole.substr(0, size)), "") << size;
    for (std::size_t i = 4; i < whole.size(); ++i) {
        std::string flipped = whole;
        flipped[i] = static_cast<char>(~flipped[i]);
        errorOf(flipped);
    }
}

}  // namespace
}  // namespace vitrine::formats
