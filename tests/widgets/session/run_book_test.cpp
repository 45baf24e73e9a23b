// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/run_book.h"

#include <gtest/gtest.h>

namespace vitrine::widgets {
namespace {

const QString kRun = QStringLiteral("r0001-repq");

project::RunRecord record() {
    project::RunRecord record;
    record.id = "r0001-repq";
    return record;
}

results::ArtefactPtr trace(const std::string& id, std::vector<double> y) {
    return std::make_shared<const results::Artefact>(results::Artefact{id, id, results::Trace{id, "", "", {}, std::move(y)}});
}

TEST(RunBook, KeepsTheNewestEight) {
    RunBook book;
    for (int i = 0; i < 9; ++i) {
        book.keep(QString::number(i), std::make_shared<const report::RunContent>());
        book.find(QStringLiteral("0"));
    }
    EXPECT_NE(book.find(QStringLiteral("0")), nullptr);
    EXPECT_EQ(book.find(QStringLiteral("1")), nullptr);
    EXPECT_NE(book.find(QStringLiteral("8")), nullptr);
}

TEST(RunBook, LiveRunsGrowByReplacement) {
    RunBook book;
    book.tell(record());
    const RunDataPtr before = book.find(kRun);
    ASSERT_NE(before, nullptr);
    EXPECT_EQ(book.find(kRun), before);
    book.tell(kRun, trace("loss", {1}));
    book.tell(kRun, trace("loss", {1, 2}));
    EXPECT_TRUE(before->artefacts.empty());
    ASSERT_NE(payload<results::Trace>(book.find(kRun), "loss"), nullptr);
    EXPECT_EQ(payload<results::Trace>(book.find(kRun), "loss")->y.size(), 2u);
    EXPECT_EQ(book.find(kRun)->artefacts.size(), 1u);
}

TEST(RunBook, LiveRunsStay) {
    RunBook book;
    book.tell(record());
    for (int i = 0; i < 20; ++i) book.keep(QString::number(i), std::make_shared<const report::RunContent>());
    EXPECT_NE(book.find(kRun), nullptr);
    book.end(kRun);
    EXPECT_EQ(book.find(kRun), nullptr);
}

TEST(RunBook, AResumedRunKeepsWhatItHad) {
    RunBook book;
    book.tell(record());
    book.tell(kRun, trace("loss", {9}));
    book.adopt(kRun, {trace("loss", {1}), trace("old", {2})});
    EXPECT_EQ(payload<results::Trace>(book.find(kRun), "loss")->y.front(), 9);
    EXPECT_EQ(payload<results::Trace>(book.find(kRun), "old")->y.front(), 2);
}

}  // namespace
}  // namespace vitrine::widgets
