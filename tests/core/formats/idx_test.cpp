// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/idx.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <vector>

#include "base/error.h"
#include "support/reference_data.h"

namespace vitrine::formats {
namespace {

using Octets = std::vector<std::uint8_t>;

Octets idx(std::uint8_t type, const std::vector<std::uint32_t>& shape, std::size_t count) {
    Octets bytes{0, 0, type, static_cast<std::uint8_t>(shape.size())};
    for (const std::uint32_t size : shape)
        for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(size >> shift));
    for (std::size_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 7));
    return bytes;
}

Octets gzipped(const Octets& content) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    Octets out(content.size() + 1000);
    stream.next_in = const_cast<Bytef*>(content.data());
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

HostTensor parse(const Octets& bytes) { return parseIdx(std::as_bytes(std::span(bytes)), "test"); }

ErrorCode refusal(const Octets& bytes) {
    try {
        parse(bytes);
    } catch (const Exception& error) {
        return error.error().code;
    }
    ADD_FAILURE() << "was not refused";
    return ErrorCode::internal;
}

TEST(Idx, PlainAndCompressedAreTheSame) {
    const Octets content = idx(8, {3, 4, 5}, 60);
    for (const Octets& bytes : {content, gzipped(content)}) {
        const HostTensor tensor = parse(bytes);
        EXPECT_EQ(tensor.dtype, DType::u8);
        EXPECT_EQ(tensor.shape, (Shape{3, 4, 5}));
        EXPECT_EQ(tensor.as<std::uint8_t>()[59], static_cast<std::uint8_t>(59 * 7));
    }
    EXPECT_EQ(parse(idx(8, {0}, 0)).count(), 0);
}

TEST(Idx, EveryCutIsRefused) {
    const Octets plain = idx(8, {2, 3}, 6);
    for (std::size_t size = 0; size < plain.size(); ++size)
        EXPECT_EQ(refusal(Octets(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(size))),
                  ErrorCode::badFormat)
            << size;
    // The checksum and length at the end of a gzip file are read too.
    const Octets packed = gzipped(plain);
    for (std::size_t size = 0; size < packed.size(); ++size)
        EXPECT_EQ(refusal(Octets(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size))),
                  ErrorCode::badFormat)
            << size;
}

TEST(Idx, ClaimsThatTheFileCannotHoldTakeNoMemory) {
    EXPECT_EQ(refusal(idx(8, {0xffffffff, 0xffffffff, 0xffffffff}, 10)), ErrorCode::tooLarge);
    EXPECT_EQ(refusal(idx(8, {60000, 28, 28}, 10)), ErrorCode::tooLarge);
    EXPECT_EQ(refusal(gzipped(idx(8, {60000, 28, 28}, 10))), ErrorCode::tooLarge);
}

TEST(Idx, RefusesOtherTypesRanksAndTrailingData) {
    EXPECT_EQ(refusal(idx(13, {2}, 8)), ErrorCode::unsupported);
    EXPECT_EQ(refusal(idx(8, {}, 1)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(idx(8, std::vector<std::uint32_t>(9, 1), 1)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(idx(8, {2}, 3)), ErrorCode::badFormat);
    EXPECT_EQ(refusal({1, 2, 3, 4, 5, 6, 7, 8}), ErrorCode::badFormat);
}

TEST(Idx, ReadsTheMnistTestSet) {
    VITRINE_REQUIRE_REFERENCE("data/datasets/t10k-images-idx3-ubyte.gz");
    const HostTensor images = readIdx(test::referencePath("data/datasets/t10k-images-idx3-ubyte.gz"));
    const HostTensor labels = readIdx(test::referencePath("data/datasets/t10k-labels-idx1-ubyte.gz"));
    EXPECT_EQ(images.shape, (Shape{10000, 28, 28}));
    EXPECT_EQ(labels.shape, (Shape{10000}));
    const auto values = labels.as<std::uint8_t>();
    EXPECT_EQ(values[0], 7);
    std::array<int, 10> counts{};
    for (const std::uint8_t value : values) ++counts.at(value);
    EXPECT_EQ(counts[0], 980);
    EXPECT_EQ(counts[1], 1135);
}

}  // namespace
}  // namespace vitrine::formats
