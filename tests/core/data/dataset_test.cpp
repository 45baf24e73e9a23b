// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "support/reference_data.h"
#include "support/temporary_folder.h"

namespace vitrine::data {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

void writePicture(const fs::path& path, std::uint8_t value) {
    fs::create_directories(path.parent_path());
    formats::writePng(path, {2, 1, std::vector<std::uint8_t>(6, value)});
}

std::vector<std::string> names(const ImageSet& images) {
    std::vector<std::string> list;
    for (std::int64_t i = 0; i < images.size(); ++i) list.push_back(images.item(i).name);
    return list;
}

std::vector<std::int64_t> labels(const ImageSet& images) {
    std::vector<std::int64_t> list;
    for (std::int64_t i = 0; i < images.size(); ++i) list.push_back(images.item(i).label);
    return list;
}

std::string refusedAt(const std::string& rows, std::int64_t count) {
    try {
        readRows(rows, count);
    } catch (const Exception& error) {
        return error.error().where.empty() ? "refused" : error.error().where;
    }
    return "not refused";
}

TEST(Dataset, TablesLookInTheirOwnFolderOrInARoot) {
    const test::TemporaryFolder folder;
    writePicture(folder / "pictures/a.png", 10);
    writePicture(folder / "other/pictures/a.png", 20);
    writeFileAtomically(folder / "set.csv", "file,label\npictures/a.png,4\nmissing.png,1\n");
    const ImageSet own = openTable(folder / "set.csv");
    EXPECT_THAT(labels(own), ElementsAre(4, 1));
    EXPECT_TRUE(own.hasLabels());
    EXPECT_EQ(own.load(0).rgb[0], 10);
    EXPECT_THROW(own.load(1), Exception);
    EXPECT_THROW(own.load(2), Exception);
    EXPECT_EQ(openTable(folder / "set.csv", folder / "other").load(0).rgb[0], 20);
    EXPECT_THROW(openTable(folder / "set.csv", {}, 4), Exception);
    EXPECT_NO_THROW(own.requireLabelsBelow(5));
    EXPECT_THROW(own.requireLabelsBelow(4), Exception);
}

TEST(Dataset, ClassFoldersAreNumberedByName) {
    const test::TemporaryFolder folder;
    writePicture(folder / "b/2.png", 1);
    writePicture(folder / "b/1.PNG", 2);
    writePicture(folder / "a/deep/er/x.png", 3);
    writePicture(folder / "c/.hidden/y.png", 4);
    writePicture(folder / "stray.png", 5);
    writeFileAtomically(folder / "b/notes.txt", "text");
    const ImageSet images = openFolder(folder.path());
    EXPECT_THAT(names(images), ElementsAre("a/deep/er/x.png", "b/1.PNG", "b/2.png"));
    EXPECT_THAT(labels(images), ElementsAre(0, 1, 1));
    EXPECT_THAT(images.classNames(), ElementsAre("a", "b", "c"));
    EXPECT_THAT(images.warnings(),
                ElementsAre(HasSubstr("1 pictures lie beside"), HasSubstr("c holds no picture"), HasSubstr("1 files")));
    EXPECT_EQ(images.load(2).rgb[0], 1);
}

TEST(Dataset, FlatFoldersHaveNoLabels) {
    const test::TemporaryFolder folder;
    EXPECT_THROW(openFolder(folder.path()), Exception);
    EXPECT_THROW(openFolder(folder / "none"), Exception);
    writePicture(folder / "b.png", 1);
    writePicture(folder / "a.png", 2);
    const ImageSet images = openImages(folder.path());
    EXPECT_THAT(names(images), ElementsAre("a.png", "b.png"));
    EXPECT_FALSE(images.hasLabels());
}

TEST(Dataset, IdxFilesFindTheirLabels) {
    const test::TemporaryFolder folder;
    const std::string header("\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02", 16);
    writeFileAtomically(folder / "t-images-idx3-ubyte", header + "abcd");
    EXPECT_FALSE(openImages(folder / "t-images-idx3-ubyte").hasLabels());
    writeFileAtomically(folder / "t-labels-idx1-ubyte", std::string("\0\0\x08\x01\0\0\0\x02\x07\x03", 10));
    const ImageSet images = openImages(folder / "t-images-idx3-ubyte");
    EXPECT_THAT(labels(images), ElementsAre(7, 3));
    const formats::Image second = images.load(1);
    EXPECT_EQ(second.width, 2);
    EXPECT_THAT(second.rgb, ElementsAre('c', 'c', 'c', 'd', 'd', 'd'));
    writeFileAtomically(folder / "t-labels-idx1-ubyte", std::string("\0\0\x08\x01\0\0\0\x01\x07", 9));
    EXPECT_THROW(openImages(folder / "t-images-idx3-ubyte"), Exception);
    EXPECT_THROW(openIdx(folder / "t-labels-idx1-ubyte"), Exception);
}

TEST(Dataset, ProceduralScenes) {
    const ImageSet images = proceduralSet(3, 20, 12);
    EXPECT_EQ(images.size(), 12);
    EXPECT_EQ(images.item(1).label, 1);
    EXPECT_EQ(images.item(1).row, 21);
    EXPECT_EQ(images.load(1), render(makeScene(3, 21)));
    EXPECT_EQ(images.classNames().size(), 10u);
}

TEST(Dataset, SelectionsKeepTheirRows) {
    const ImageSet images = proceduralSet(3, 0, 30).select({25, 4, 4});
    EXPECT_THAT(names(images), ElementsAre("25", "4", "4"));
    EXPECT_EQ(images.item(0).row, 25);
    EXPECT_EQ(images.load(0), render(makeScene(3, 25)));
    EXPECT_THROW(images.select({3}), Exception);
    EXPECT_EQ(ImageSet().size(), 0);
    EXPECT_EQ(ImageSet().select({}).size(), 0);
    EXPECT_THROW(ImageSet().item(0), Exception);
}

TEST(Rows, RangesAndFiles) {
    const test::TemporaryFolder folder;
    EXPECT_THAT(readRows("3-5", 6), ElementsAre(3, 4, 5));
    EXPECT_THAT(readRows("0", 1), ElementsAre(0));
    for (const char* text : {"3-6", "5-3", "6", "0-99999999999"}) EXPECT_EQ(refusedAt(text, 6), "refused") << text;
    EXPECT_EQ(refusedAt("0", 0), "refused");
    const std::string file = (folder / "rows.txt").string();
    EXPECT_EQ(refusedAt(file, 6), file);
    writeFileAtomically(file, "5\r\n\n 0 \n2");
    EXPECT_THAT(readRows(file, 6), ElementsAre(5, 0, 2));
    EXPECT_EQ(refusedAt(file, 5), file + " line 1");
    for (const char* bad : {"1\nx", "1\n-1", "1\n1.5", "1\n0-3"}) {
        writeFileAtomically(file, bad);
        EXPECT_EQ(refusedAt(file, 6), file + " line 2") << bad;
    }
    writeFileAtomically(file, "\n");
    EXPECT_EQ(refusedAt(file, 6), file);
}

TEST(Dataset, ReferenceTablesReportTheirPictures) {
    VITRINE_REQUIRE_REFERENCE("golden/bad/csv_directory.csv");
    EXPECT_THROW(openTable(test::referencePath("golden/bad/csv_directory.csv")).load(0), Exception);
    const ImageSet missing = openTable(test::referencePath("golden/bad/csv_missing_image.csv"));
    EXPECT_THROW(missing.load(0), Exception);
    EXPECT_EQ(missing.load(1).width, 32);
    EXPECT_EQ(openTable(test::referencePath("golden/bad/csv_header_only.csv")).size(), 0);
}

}  // namespace
}  // namespace vitrine::data
