// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "base/files.h"
#include "support/temporary_folder.h"

namespace vitrine::formats {
namespace {

using ::testing::HasSubstr;

/// The bytes of a file with this header text and `dataSize` bytes of data 0, 1, 2, ...
std::string container(const std::string& header, std::size_t dataSize) {
    const std::uint64_t length = header.size();
    std::string file(reinterpret_cast<const char*>(&length), sizeof length);
    file += header;
    for (std::size_t i = 0; i < dataSize; ++i) file += static_cast<char>(i);
    return file;
}

SafetensorsFile parse(const std::string& file) {
    return parseSafetensors(Bytes::copyOf(std::as_bytes(std::span(file))), "memory");
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

std::string entry(const std::string& name, const std::string& shape, int begin, int end,
                  const std::string& dtype = "F32") {
    return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" +
           std::to_string(begin) + "," + std::to_string(end) + "]}";
}

TEST(Safetensors, RoundTripKeepsTensorsAndMetadata) {
    const test::TemporaryFolder folder;
    TensorMap tensors;
    tensors["b.weight"] = HostTensor::of<float>({1, 2, 3, -4, 5, std::numeric_limits<float>::infinity()}, {2, 3});
    tensors["a.flags"] = HostTensor::of<std::uint8_t>({1, 2, 3}, {3});
    tensors["scalar"] = HostTensor::of<double>({2.5}, {});
    tensors["empty"] = HostTensor::of<float>({}, {0, 7});
    tensors["é\n\"日本"] = HostTensor::of<std::int64_t>({-1}, {1});
    const Metadata metadata = {{"format", "pt"}, {"note", "ü"}};
    writeSafetensors(folder / "m.safetensors", tensors, metadata);
    const SafetensorsFile read = readSafetensorsFile(folder / "m.safetensors");
    EXPECT_EQ(read.metadata, metadata);
    ASSERT_EQ(read.tensors.size(), tensors.size());
    for (const auto& [name, tensor] : tensors) {
        ASSERT_TRUE(read.tensors.contains(name)) << name;
        const HostTensor& found = read.tensors.at(name);
        EXPECT_EQ(found.dtype, tensor.dtype);
        EXPECT_EQ(found.shape, tensor.shape);
        EXPECT_TRUE(std::ranges::equal(found.view(), tensor.view())) << name;
    }
}

TEST(Safetensors, KnowsEveryElementType) {
    const test::TemporaryFolder folder;
    TensorMap tensors;
    for (int i = 0; i <= static_cast<int>(DType::boolean); ++i) {
        HostTensor tensor;
        tensor.dtype = static_cast<DType>(i);
        tensor.shape = {3};
        tensor.byteCount = 3 * dtypeSize(tensor.dtype);
        tensor.bytes = Bytes::copyOf(std::vector<std::byte>(tensor.byteCount, std::byte(i))).data;
        tensors.emplace(std::string(dtypeName(tensor.dtype)), tensor);
    }
    writeSafetensors(folder / "m", tensors);
    const TensorMap read = readSafetensors(folder / "m");
    ASSERT_EQ(read.size(), tensors.size());
    for (const auto& [name, tensor] : read) {
        EXPECT_EQ(tensor.dtype, tensors.at(name).dtype) << name;
        EXPECT_TRUE(std::ranges::equal(tensor.view(), tensors.at(name).view())) << name;
    }
}

TEST(Safetensors, WritesTheSameBytesAndAlignsData) {
    const test::TemporaryFolder folder;
    const TensorMap tensors = {{"a", HostTensor::of<std::uint8_t>({1, 2, 3}, {3})},
                               {"b", HostTensor::of<double>({1, 2}, {2})}};
    writeSafetensors(folder / "1", tensors, {{"k", "v"}});
    writeSafetensors(folder / "2", tensors, {{"k", "v"}});
    const std::string file = readTextFile(folder / "1");
    EXPECT_EQ(file, readTextFile(folder / "2"));
    EXPECT_EQ(static_cast<unsigned char>(file[0]) % 8, 0);
    EXPECT_THAT(file,
                HasSubstr(R"({"__metadata__":{"k":"v"},"b":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"a":)"));
}

TEST(Safetensors, WriterRefusesWhatTheFormatCannotHold) {
    const test::TemporaryFolder folder;
    const HostTensor one = HostTensor::of<float>({1}, {1});
    HostTensor wrong = one;
    wrong.shape = {2};
    EXPECT_THROW(writeSafetensors(folder / "m", {{"__metadata__", one}}), Exception);
    EXPECT_THROW(writeSafetensors(folder / "m", {{"\xff", one}}), Exception);
    EXPECT_THROW(writeSafetensors(folder / "m", {{"w", wrong}}), Exception);
    EXPECT_FALSE(std::filesystem::exists(folder / "m"));
}

TEST(Safetensors, TensorsOutliveTheFileObjectAndReplacement) {
    const test::TemporaryFolder folder;
    writeSafetensors(folder / "m", {{"w", HostTensor::of<float>({1, 2}, {2})}});
    const TensorMap tensors = readSafetensors(folder / "m");
    writeSafetensors(folder / "m", {{"w", HostTensor::of<float>({7, 8}, {2})}});
    std::filesystem::remove(folder / "m");
    EXPECT_THAT(tensors.at("w").as<float>(), ::testing::ElementsAre(1, 2));
}

TEST(Safetensors, MisalignedTensorsAreReadable) {
    const SafetensorsFile file =
        parse(container("{" + entry("a", "[1]", 0, 1, "U8") + "," + entry("b", "[1]", 1, 5) + "}", 5));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(file.tensors.at("b").bytes.get()) % 4, 0u);
    EXPECT_EQ(std::to_integer<int>(file.tensors.at("b").view()[3]), 4);
}

TEST(Safetensors, AcceptsLegalOddities) {
    EXPECT_EQ(errorOf(container("{}", 0)), "");
    EXPECT_EQ(errorOf(container("{" + entry("", "[1]", 0, 4) + "}", 4)), "");
    EXPECT_EQ(errorOf(container("{" + entry("e", "[0]", 4, 4) + "," + entry("w", "[1]", 0, 4) + "}  ", 4)), "");
    EXPECT_EQ(errorOf(container(R"({"w":{"extra":{"a":[1,{}]},"dtype":"U8","shape":[],"data_offsets":[0,1]}})", 1)),
              "");
    EXPECT_TRUE(
        parse(container("{" + entry("a\\u0000b", "[1]", 0, 4) + "}", 4)).tensors.contains(std::string("a\0b", 3)));
}

TEST(Safetensors, RefusesBadHeaderLengths) {
    EXPECT_THAT(errorOf(""), HasSubstr("empty"));
    EXPECT_THAT(errorOf("abc"), HasSubstr("too short"));
    EXPECT_THAT(errorOf(std::string(8, '\xff') + "{}"), HasSubstr("claims a header"));
    EXPECT_THAT(errorOf(std::string("\x40\0\0\0\0\0\0\0{}", 10)), HasSubstr("cut short"));
    EXPECT_THAT(errorOf(std::string(8, '\0') + "{}"), HasSubstr("does not begin"));
}

TEST(Safetensors, RefusesBadJson) {
    const std::string good = entry("w", "[1]", 0, 4);
    for (const std::string& header :
         {" {" + good + "}", "\xef\xbb\xbf{" + good + "}", "{" + good + "}{}", "{" + good + "}" + std::string(1, '\0'),
          "{" + good, std::string("null"), std::string("[]"), std::string("{\"w\":null}"), std::string("{\"w\":[]}"),
          std::string("{\"\xff\":1}"), "{" + good + "," + good + "}", std::string(R"({"__metadata__":{"a":1}})"),
          std::string(R"({"__metadata__":{"a":{}}})"), std::string(R"({"__metadata__":{},"__metadata__":{}})"),
          std::string(R"({"__metadata__":{"a":"1","a":"2"}})"), std::string(R"({"\ud800":{}})"),
          "{\"w\":" + std::string(20000, '[') + std::string(20000, ']') + "}",
          "{\"w\":{\"x\":" + std::string(20000, '[') + std::string(20000, ']') + "}}"})
        EXPECT_NE(errorOf(container(header, 4)), "") << header.substr(0, 100);
}

TEST(Safetensors, RefusesBadEntries) {
    const auto withEntry = [](const std::string& fields) { return errorOf(container("{\"w\":{" + fields + "}}", 4)); };
    EXPECT_EQ(withEntry(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])"), "");
    EXPECT_THAT(withEntry(R"("dtype":"f32","shape":[1],"data_offsets":[0,4])"),
                HasSubstr("unknown element type \"f32\""));
    EXPECT_THAT(withEntry(R"("dtype":"F64","shape":[1],"data_offsets":[0,4])"), HasSubstr("does not fill"));
    EXPECT_THAT(withEntry(R"("shape":[1],"data_offsets":[0,4])"), HasSubstr("needs"));
    for (const char* shape :
         {"1", "[1.0]", "[-1]", "[\"1\"]", "[[1]]", "[18446744073709551615]", "[4294967296,4294967296]",
          "[9223372036854775807,9223372036854775807,0,-1]", "[1,null]", "{}"})
        EXPECT_NE(withEntry(std::string(R"("dtype":"F32","data_offsets":[0,4],"shape":)") + shape), "") << shape;
    for (const char* offsets : {"[0]", "[0,4,4]", "[0,4.0]", "[-4,0]", "[\"0\",\"4\"]", "[4,0]",
                                "[0,18446744073709551616]", "4", "[0,8]", "[18446744073709551612,0]"})
        EXPECT_NE(withEntry(std::string(R"("dtype":"F32","shape":[1],"data_offsets":)") + offsets), "") << offsets;
    std::string manyDimensions = "1";
    for (int i = 0; i < 3000; ++i) manyDimensions += ",1";
    EXPECT_THAT(withEntry(R"("dtype":"F32","data_offsets":[0,4],"shape":[)" + manyDimensions + "]"),
                HasSubstr("dimensions"));
}

TEST(Safetensors, DataMustBeCoveredExactly) {
    const auto two = [](int begin, int end, std::size_t size) {
        return errorOf(container("{" + entry("a", "[1]", 0, 4) + "," + entry("b", "[1]", begin, end) + "}", size));
    };
    EXPECT_EQ(two(4, 8, 8), "");
    EXPECT_THAT(two(0, 4, 4), HasSubstr("overlaps"));
    EXPECT_THAT(two(2, 6, 6), HasSubstr("overlaps"));
    EXPECT_THAT(two(8, 12, 12), HasSubstr("gap"));
    EXPECT_THAT(two(4, 8, 9), HasSubstr("1 bytes follow"));
    EXPECT_THAT(two(4, 8, 7), HasSubstr("cut short"));
}

TEST(MappedFile, SaysWhatIsWrong) {
    const test::TemporaryFolder folder;
    const auto codeOf = [](const std::filesystem::path& path) {
        try {
            readSafetensors(path);
        } catch (const Exception& exception) {
            EXPECT_THAT(exception.what(), HasSubstr(path.string()));
            return exception.error().code;
        }
        return ErrorCode::internal;
    };
    EXPECT_EQ(codeOf(folder / "missing"), ErrorCode::notFound);
    EXPECT_EQ(codeOf(folder.path()), ErrorCode::badFormat);
    EXPECT_EQ(codeOf("/dev/zero"), ErrorCode::badFormat);
    writeFileAtomically(folder / "empty", "");
    EXPECT_EQ(codeOf(folder / "empty"), ErrorCode::badFormat);
}

}  // namespace
}  // namespace vitrine::formats
