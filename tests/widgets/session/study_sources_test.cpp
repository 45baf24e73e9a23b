// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QSignalSpy>

#include "jobs/job.h"
#include "project/project.h"
#include "widgets/base/text.h"
#include "widgets/session/sample_runs.h"
#include "widgets/session/study.h"

namespace vitrine::widgets {
namespace {

class StudySources : public ::testing::Test {
  protected:
    void SetUp() override {
        jobs::Job job("run", [this](jobs::JobContext& context) { runs::execute(sample_.spec("baseline"), context); });
        job.start();
        job.wait();
        ASSERT_EQ(job.state(), jobs::JobState::finished);
        study_.open(sample_.projectText());
        ASSERT_TRUE(test::waitFor([&] { return study_.isOpen(); }));
        run_ = toQt(study_.runs().at(0).id);
    }

    test::SampleRuns sample_{8};
    Study study_;
    QString run_;
};

TEST_F(StudySources, NetworkOfARun) {
    ASSERT_TRUE(test::waitFor([&] { return study_.networkOf(run_) != nullptr; }));
    EXPECT_FALSE(study_.networkOf(run_)->sites.empty());
    EXPECT_EQ(study_.networkOf(run_)->graph->info.classes, 10);
}

TEST_F(StudySources, NetworkOfTheProject) {
    QSignalSpy changed(&study_, &Study::networkChanged), failed(&study_, &Study::failed);
    study_.edit(QStringLiteral("add model"), [&](project::Edits& edits) {
        edits.models.push_back({"sample", {{}, sample_.spec().model.string()}, {}});
        edits.models.push_back({"missing", {{}, "/no/such/file"}, {}});
    });
    EXPECT_EQ(study_.network(QStringLiteral("unknown")), nullptr);
    EXPECT_EQ(study_.network(QStringLiteral("sample")), nullptr);
    EXPECT_EQ(study_.network(QStringLiteral("sample")), nullptr);
    ASSERT_TRUE(test::waitFor([&] { return changed.count() == 1; }));
    EXPECT_NE(study_.network(QStringLiteral("sample")), nullptr);
    EXPECT_EQ(study_.network(QStringLiteral("missing")), nullptr);
    ASSERT_TRUE(test::waitFor([&] { return failed.count() == 1; }));
    EXPECT_EQ(study_.network(QStringLiteral("missing")), nullptr);  // tried and told once
    EXPECT_FALSE(test::waitFor([&] { return failed.count() > 1; }, 1));
}

TEST_F(StudySources, WhatWasMissingIsFoundWhenItIsThere) {
    QSignalSpy changed(&study_, &Study::networkChanged), failed(&study_, &Study::failed);
    const auto late = sample_.project() / "late.safetensors";
    study_.edit(QStringLiteral("add model"), [&](project::Edits& edits) { edits.models.push_back({"late", {{}, late.string()}, {}}); });
    const QString name = QStringLiteral("late");
    // Who looks asks again whenever it is told.
    QObject::connect(&study_, &Study::networkChanged, &study_, [&] { study_.network(name); });
    study_.network(name);
    ASSERT_TRUE(test::waitFor([&] { return failed.count() == 1; }));
    EXPECT_TRUE(study_.isNetworkLost(name));
    EXPECT_EQ(changed.count(), 1) << "who waits is told that it does not come";
    changed.clear();
    study_.retrySources();
    ASSERT_EQ(changed.count(), 1);
    EXPECT_FALSE(test::waitFor([&] { return failed.count() > 1; }, 1)) << "the same failure is told once";
    std::filesystem::copy_file(sample_.spec().model, late);
    study_.retrySources();
    EXPECT_TRUE(test::waitFor([&] { return study_.network(name) != nullptr; }));
    EXPECT_FALSE(study_.isNetworkLost(name));
}

TEST_F(StudySources, PicturesAndLabels) {
    QSignalSpy ready(&study_, &Study::thumbnailReady);
    ASSERT_TRUE(test::waitFor([&] { return study_.run(run_) != nullptr; }));
    EXPECT_TRUE(study_.thumbnail(run_, 3, 32).isNull());
    EXPECT_TRUE(study_.thumbnail(run_, 3, 32).isNull());
    ASSERT_TRUE(test::waitFor([&] { return ready.count() > 0; }));
    EXPECT_EQ(study_.thumbnail(run_, 3, 32).size(), QSize(32, 32));
    EXPECT_TRUE(study_.thumbnail(run_, 99, 32).isNull());
    EXPECT_EQ(study_.label(run_, 3), 3);
    EXPECT_EQ(study_.label(run_, 99), -1);
    EXPECT_TRUE(study_.classNames(run_).isEmpty());
    EXPECT_FALSE(test::waitFor([&] { return ready.count() > 1; }, 1));
}

TEST_F(StudySources, ClosingWhileLoadingLosesNothing) {
    test::waitFor([&] { return study_.run(run_) != nullptr; });
    study_.networkOf(run_);
    study_.thumbnail(run_, 0, 32);
    study_.close();
    study_.open(sample_.projectText());
    ASSERT_TRUE(test::waitFor([&] { return study_.isOpen() && study_.networkOf(run_) != nullptr; }));
}

}  // namespace
}  // namespace vitrine::widgets
