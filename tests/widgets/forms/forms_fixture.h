// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QWidget>
#include <memory>

#include "base/resources.h"
#include "support/temporary_folder.h"
#include "widgets/base/text.h"
#include "widgets/session/sample_runs.h"
#include "widgets/session/session.h"

namespace vitrine::widgets {

/// An open project that names the shipped network and one table of pictures for each use.
class OpenProject : public ::testing::Test {
  protected:
    void SetUp() override;

    project::Edits edits() const { return session_.study.edits(); }
    const project::RunDraft& draft() const { return session_.study.edits().draft; }
    std::filesystem::path modelPath() const { return resourcePath("sample") / "vit_sample.safetensors"; }
    std::filesystem::path tablePath() const { return pictures_.spec().calibration.path; }

    test::TemporaryFolder folder_;
    test::SampleRuns pictures_{8};
    Settings settings_{pathText(folder_ / "settings.ini")};
    Session session_{settings_};
};

template <typename Widget>
Widget* child(const QWidget& parent, const QString& name) {
    auto* found = parent.findChild<Widget*>(name);
    EXPECT_NE(found, nullptr) << toStd(name);
    return found;
}

}  // namespace vitrine::widgets
