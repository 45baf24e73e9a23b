// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/recognition.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "base/resources.h"
#include "data/procedural.h"
#include "formats/image.h"
#include "project/project.h"
#include "support/reference_data.h"
#include "support/temporary_folder.h"
#include "widgets/base/text.h"
#include "widgets/session/sample_runs.h"

namespace vitrine::widgets {
namespace {

namespace fs = std::filesystem;

QString factOf(const Recognition& found, const QString& name) {
    for (const auto& [key, value] : found.facts)
        if (key == name) return value;
    return {};
}

std::string errorOf(const Recognition& found) { return found.error ? found.error->text() : std::string(); }

TEST(Recognitions, ANetworkSaysWhatItIs) {
    const Recognition found = recognise(resourcePath("sample") / "vit_sample.safetensors");
    ASSERT_TRUE(found.isUsable()) << errorOf(found);
    EXPECT_EQ(found.kind, InputKind::model);
    EXPECT_EQ(found.name, "vit_sample");
    EXPECT_FALSE(factOf(found, QStringLiteral("Family")).isEmpty());
    EXPECT_FALSE(factOf(found, QStringLiteral("Sites")).isEmpty());
}

TEST(Recognitions, WhatTheUserSaysOfANetworkCounts) {
    const fs::path path = resourcePath("sample") / "vit_sample.safetensors";
    const Recognition wrong = recognise(path, {.overrides = {{"model.heads", "7"}}});
    EXPECT_TRUE(wrong.error.has_value());
    const Recognition senseless = recognise(path, {.overrides = {{"model.heads", "many"}}});
    ASSERT_TRUE(senseless.error.has_value());
    EXPECT_EQ(senseless.error->code, ErrorCode::invalidArgument);
}

TEST(Recognitions, TablesAndFoldersOfPictures) {
    const test::SampleRuns pictures(8);
    const fs::path table = pictures.spec().calibration.path;
    const Recognition found = recognise(table);
    ASSERT_TRUE(found.isUsable()) << errorOf(found);
    EXPECT_EQ(found.kind, InputKind::images);
    EXPECT_TRUE(found.isTable);
    EXPECT_EQ(found.images, 8);
    EXPECT_EQ(found.samples.size(), 6);
    const Recognition elsewhere = recognise(table, {.root = "/nowhere"});
    EXPECT_FALSE(elsewhere.isUsable());
    EXPECT_TRUE(elsewhere.isTable) << "the folder of the pictures can be told";
    fs::create_directory(table.parent_path() / "calibration");
    formats::writePng(table.parent_path() / "calibration" / "a.png", data::render(data::makeScene(1, 1)));
    const Recognition folder = recognise(table.parent_path() / "calibration");
    ASSERT_TRUE(folder.isUsable()) << errorOf(folder);
    EXPECT_EQ(folder.images, 1);
    EXPECT_EQ(folder.role, project::ImageRole::calibration);
    EXPECT_FALSE(folder.isTable);
}

TEST(Recognitions, TheFolderOfThePicturesOfATableIsFound) {
    const test::TemporaryFolder folder;
    for (const char* place : {"far/pictures", "near/list", "near/other"}) fs::create_directories(folder / place);
    formats::writePng(folder / "far/pictures/a.png", data::render(data::makeScene(1, 1)));
    const fs::path table = folder / "near/list.csv";
    writeFileAtomically(table, "file,label\na.png,0\n");
    EXPECT_FALSE(recognise(table).isUsable());
    const Recognition dropped = recognise(table, {.beside = {table, folder / "far/pictures"}});
    ASSERT_TRUE(dropped.isUsable()) << errorOf(dropped);
    EXPECT_EQ(dropped.root, folder / "far/pictures");
    formats::writePng(folder / "near/other/a.png", data::render(data::makeScene(1, 1)));
    EXPECT_EQ(recognise(table).root, folder / "near/other");
    formats::writePng(folder / "near/list/a.png", data::render(data::makeScene(1, 1)));
    EXPECT_EQ(recognise(table).root, folder / "near/list") << "the one of its own name";
    formats::writePng(folder / "near/a.png", data::render(data::makeScene(1, 1)));
    EXPECT_TRUE(recognise(table).root.empty()) << "its own folder";
}

TEST(Recognitions, AProjectByFolderOrManifest) {
    const test::TemporaryFolder folder;
    project::Project::create(folder / "study", "x");
    for (const fs::path& path : {folder / "study", folder / "study/study.vitrine"}) {
        const Recognition found = recognise(path);
        EXPECT_EQ(found.kind, InputKind::project);
        EXPECT_EQ(found.path.filename(), "study");
        EXPECT_TRUE(found.isUsable());
    }
}

TEST(Recognitions, AFolderWithOneCheckpointIsThatNetwork) {
    const test::TemporaryFolder folder;
    fs::create_directory(folder / "vit_from_a_hub");
    fs::copy_file(resourcePath("sample") / "vit_sample.safetensors", folder / "vit_from_a_hub/model.safetensors");
    const Recognition found = recognise(folder / "vit_from_a_hub");
    ASSERT_TRUE(found.isUsable()) << errorOf(found);
    EXPECT_EQ(found.kind, InputKind::model);
    EXPECT_EQ(found.name, "vit_from_a_hub");
    EXPECT_EQ(found.path.filename(), "model.safetensors");
}

TEST(Recognitions, MissingEmptyAndForeignThingsHaveARemedy) {
    const test::TemporaryFolder folder;
    writeFileAtomically(folder / "notes.md", "not a network");
    writeFileAtomically(folder / "empty.csv", "");
    fs::create_directory(folder / "nothing");
    formats::writePng(folder / "one.png", data::render(data::makeScene(1, 1)));
    for (const char* name : {"gone.pth", "notes.md", "empty.csv", "nothing", "one.png"}) {
        const Recognition found = recognise(folder / name);
        EXPECT_FALSE(found.isUsable()) << name;
        ASSERT_TRUE(found.error.has_value()) << name;
        EXPECT_FALSE(found.error->remedy.empty()) << name << ": " << errorOf(found);
    }
}

TEST(Recognitions, MalformedFilesNeverBecomeInputs) {
    VITRINE_REQUIRE_REFERENCE("golden/bad");
    int checked = 0;
    for (const auto& entry : fs::directory_iterator(test::referencePath("golden/bad"))) {
        const std::string name = entry.path().filename().string();
        const Recognition found = recognise(entry.path());  // must end, in a value, for every file
        ++checked;
        EXPECT_TRUE(found.isUsable() || found.error.has_value()) << name;
        if (found.error) {
            EXPECT_NE(found.error->code, ErrorCode::internal) << name << ": " << errorOf(found);
        }
        for (const char* family :
             {"pth_evil", "pth_truncated", "st_truncated", "st_zero", "onnx_", "img_", "csv_header_only", "csv_utf16", "off_"})
            EXPECT_FALSE(name.starts_with(family) && found.isUsable()) << name;
    }
    EXPECT_GT(checked, 100);
}

TEST(Recognitions, InputsAreAddedUnderFreeNames) {
    project::Edits edits;
    edits.models = {{.name = "vit"}};
    edits.draft.method = "repq";
    addInputs(edits, "/study",
              {{.kind = InputKind::model, .path = "/m/vit.pth", .name = "vit", .hints = {.overrides = {{"model.heads", "3"}}}},
               {.kind = InputKind::images, .path = "/d/train", .name = "train", .role = project::ImageRole::calibration, .images = 5},
               {.kind = InputKind::images, .path = "/d/all", .name = "all", .role = project::ImageRole::any}});
    ASSERT_EQ(edits.models.size(), 2u);
    EXPECT_EQ(edits.models[1].name, "vit 2");
    EXPECT_EQ(edits.models[1].path.relative, "../m/vit.pth");
    EXPECT_EQ(edits.models[1].overrides.at("model.heads"), "3");
    EXPECT_EQ(edits.imageSets[0].images, 5);
    EXPECT_EQ(edits.draft.model, "vit 2");
    EXPECT_EQ(edits.draft.calibration, "train");
    EXPECT_EQ(edits.draft.evaluation, "all");
    project::requireStorable(edits);
}

}  // namespace
}  // namespace vitrine::widgets
