// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/zip_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures/pytorch_files.h"

namespace vitrine::formats {
namespace {

using test::zipFile;
using test::ZipFixture;
using ::testing::HasSubstr;

Bytes bytesOf(const std::string& text) { return Bytes::copyOf(std::as_bytes(std::span(text))); }

/// Reads every entry; gives the error, or "".
std::string errorOf(const std::string& file) {
    try {
        const ZipArchive archive(bytesOf(file), "memory");
        MemoryBudget budget(file.size(), "memory");
        for (const auto& [name, entry] : archive.entries()) archive.content(entry, budget);
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().where, "memory");
        return exception.what();
    }
    return "";
}

TEST(ZipArchive, GivesTheContentOfStoredAndDeflatedEntries) {
    const std::string text(1000, 'x');
    for (const bool zip64 : {false, true}) {
        const std::string file =
            zipFile({{.name = "a", .content = "abc"}, {.name = "b/c", .content = text, .deflate = true}}, zip64);
        const ZipArchive archive(bytesOf(file), "memory");
        MemoryBudget budget(file.size(), "memory");
        EXPECT_EQ(archive.content(*archive.find("a"), budget).text(), "abc");
        EXPECT_EQ(archive.content(*archive.find("b/c"), budget).text(), text);
        EXPECT_EQ(archive.find("b"), nullptr);
        EXPECT_EQ(crc32Of(archive.content(*archive.find("b/c"), budget).view()), archive.find("b/c")->checksum);
    }
}

TEST(ZipArchive, AcceptsACommentAndAnEmptyArchive) {
    std::string file = zipFile({{.name = "a", .content = "abc"}});
    file[file.size() - 2] = 5;
    EXPECT_EQ(errorOf(file + "hello"), "");
    EXPECT_THAT(errorOf(file + "hell"), HasSubstr("cut short"));
    EXPECT_EQ(errorOf(zipFile({})), "");
    EXPECT_EQ(errorOf(zipFile({{.name = "empty", .content = ""}, {.name = "none", .content = "", .deflate = true}})),
              "");
}

TEST(ZipArchive, RefusesLies) {
    const auto error = [](ZipFixture entry) {
        return errorOf(zipFile({std::move(entry), {.name = "other", .content = "12345678"}}));
    };
    EXPECT_EQ(error({.name = "a", .content = "abc"}), "");
    EXPECT_THAT(error({.name = "a", .content = "abc", .size = 4}), HasSubstr("claims two sizes"));
    EXPECT_THAT(error({.name = "a", .content = "abc", .size = 0x7fffffff, .storedSize = 0x7fffffff}),
                HasSubstr("does not have"));
    EXPECT_THAT(error({.name = "a", .content = "abc", .size = 0xffffffff, .storedSize = 0xffffffff}),
                HasSubstr("zip64"));
    EXPECT_THAT(error({.name = "a", .content = "abc", .size = 10, .storedSize = 10}), HasSubstr("overlap"));
    EXPECT_THAT(error({.name = "a", .content = "abc", .offset = 1}), HasSubstr("outside"));
    EXPECT_THAT(error({.name = "a", .content = "abc", .offset = 0xfffffff0}), HasSubstr("outside"));
    EXPECT_THAT(error({.name = "a", .content = "abc", .localName = "b"}), HasSubstr("another name"));
    EXPECT_THAT(error({.name = "other", .content = "abc"}), HasSubstr("occurs twice"));
    EXPECT_THAT(error({.name = "a", .content = "abc", .method = 12}), HasSubstr("compression method 12"));
    EXPECT_THAT(error({.name = "a", .content = "abc", .flags = 1}), HasSubstr("encrypted"));
    EXPECT_THAT(error({.name = "a", .content = "abc", .method = 8}), HasSubstr("damaged"));
}

TEST(ZipArchive, InflatesExactlyTheClaimedSize) {
    const std::string text(100'000, 'x');
    const auto error = [&text](std::uint32_t size) {
        return errorOf(zipFile({{.name = "a", .content = text, .deflate = true, .size = size}}));
    };
    EXPECT_EQ(error(100'000), "");
    EXPECT_THAT(error(99'999), HasSubstr("compressed content"));
    EXPECT_THAT(error(100'001), HasSubstr("compressed content"));
    EXPECT_THAT(error(0), HasSubstr("compressed content"));
    EXPECT_THAT(error(0xfffffffe), HasSubstr("more memory"));
}

TEST(ZipArchive, RefusesALyingDirectory) {
    const std::string good = zipFile({{.name = "a", .content = "abc"}});
    const auto changed = [&good](std::size_t fromEnd, char value) {
        std::string file = good;
        file[file.size() - fromEnd] = value;
        return errorOf(file);
    };
    EXPECT_THAT(changed(12, 2), HasSubstr("more entries"));   // entry count
    EXPECT_THAT(changed(9, 0x7f), HasSubstr("outside"));      // directory size
    EXPECT_THAT(changed(3, 0x7f), HasSubstr("outside"));      // directory offset
    EXPECT_THAT(changed(6, 1), HasSubstr("corrupt"));         // directory offset, slightly wrong
    EXPECT_THAT(changed(18, 1), HasSubstr("several files"));  // number of this part
}

}  // namespace
}  // namespace vitrine::formats
