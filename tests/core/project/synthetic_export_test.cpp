// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/synthetic_export.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "formats/csv.h"
#include "formats/image.h"
#include "support/temporary_folder.h"

namespace vitrine::project {
namespace {

/// Three images of 2 x 1 pixels in a grid of 2 x 2.
results::SyntheticImages three() {
    results::SyntheticImages images{.method = "noise", .width = 4, .height = 2, .columns = 2, .rows = 2, .images = {{5, 5, 0.9}, {-1, 3, 0.5}, {1, 2, 0.4}}};
    results::SyntheticImages::Sheet sheet{7, 2, 1, {}};
    for (std::uint8_t i = 0; i < 24; ++i) sheet.rgb.push_back(i);
    images.sheets.push_back(sheet);
    return images;
}

TEST(SyntheticExport, WritesPicturesAndAnImageSet) {
    const test::TemporaryFolder dir;
    const ExportedImages written = exportSyntheticImages(three(), 0, dir.path() / "set");
    EXPECT_EQ(written.count, 3);
    EXPECT_TRUE(written.shrunk);
    EXPECT_EQ(readTextFile(written.table), "file,label,asked,prediction,prepared\r\nimage-0000.png,5,5,5,0\r\nimage-0001.png,3,,3,0\r\nimage-0002.png,1,1,2,0\r\n");
    EXPECT_EQ(formats::readLabelledTable(written.table).rows.size(), 3u);
    const formats::Image second = formats::readImage(dir.path() / "set" / "image-0001.png");
    EXPECT_EQ(second.rgb, (std::vector<std::uint8_t>{6, 7, 8, 9, 10, 11}));
    const formats::Image third = formats::readImage(dir.path() / "set" / "image-0002.png");
    EXPECT_EQ(third.rgb.front(), 12);
}

TEST(SyntheticExport, WritesFullSizeWhereTheRunKeptIt) {
    const test::TemporaryFolder dir;
    std::vector<std::uint8_t> planes(3 * 3 * 2 * 4);
    for (std::size_t i = 0; i < planes.size(); ++i) planes[i] = static_cast<std::uint8_t>(i);
    saveWholeImages(dir.path() / "run", HostTensor::of(planes, {3, 3, 2, 4}));
    const std::filesystem::path whole = wholeImagesPath(dir.path() / "run");
    const ExportedImages written = exportSyntheticImages(three(), 0, dir.path() / "set", whole);
    EXPECT_EQ(written.count, 3);
    EXPECT_EQ(written.width, 4);
    EXPECT_FALSE(written.shrunk);
    for (const formats::LabelledRow& row : formats::readLabelledTable(written.table).rows) EXPECT_TRUE(row.prepared);
    const formats::Image second = formats::readImage(dir.path() / "set" / "image-0001.png");
    EXPECT_EQ(second.width, 4);
    EXPECT_EQ((std::vector<std::uint8_t>{second.rgb.begin(), second.rgb.begin() + 3}), (std::vector<std::uint8_t>{24, 32, 40}));
    // Earlier sheets, other images and runs without the file: as the sheet holds them.
    results::SyntheticImages more = three();
    more.sheets.push_back(more.sheets.front());
    EXPECT_TRUE(exportSyntheticImages(more, 0, dir.path() / "earlier", whole).shrunk);
    EXPECT_TRUE(exportSyntheticImages(three(), 0, dir.path() / "none", dir.path() / "absent").shrunk);
    more.images.pop_back();
    EXPECT_TRUE(exportSyntheticImages(more, 1, dir.path() / "other", whole).shrunk);
    EXPECT_THROW(saveWholeImages(dir.path() / "run", HostTensor::of(planes, {9, 2, 4})), Exception);
}

TEST(SyntheticExport, RefusesWhatItCannotWrite) {
    const test::TemporaryFolder dir;
    EXPECT_THROW(exportSyntheticImages(three(), 1, dir.path() / "a"), Exception);
    results::SyntheticImages nameless = three();
    nameless.images[1].prediction = -1;
    EXPECT_THROW(exportSyntheticImages(nameless, 0, dir.path() / "b"), Exception);
    EXPECT_FALSE(std::filesystem::exists(dir.path() / "b"));
    exportSyntheticImages(three(), 0, dir.path() / "c");
    EXPECT_THROW(exportSyntheticImages(three(), 0, dir.path() / "c"), Exception);  // not empty any more
}

}  // namespace
}  // namespace vitrine::project
