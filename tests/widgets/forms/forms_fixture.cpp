// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/forms_fixture.h"

#include "project/project.h"

namespace vitrine::widgets {

void OpenProject::SetUp() {
    project::Project project = project::Project::create(folder_ / "study", "Forms");
    project::Edits edits = project.edits();
    edits.models.push_back({.name = "vit", .path = project.store(modelPath())});
    edits.imageSets.push_back({.name = "calib", .role = project::ImageRole::calibration, .path = project.store(tablePath()), .images = 8});
    edits.imageSets.push_back({.name = "val", .role = project::ImageRole::evaluation, .path = project.store(tablePath()), .images = 8});
    project.setEdits(edits);
    session_.study.open(pathText(folder_ / "study"));
    ASSERT_TRUE(test::waitFor([&] { return session_.study.isOpen(); }));
}

}  // namespace vitrine::widgets
