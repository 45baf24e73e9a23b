// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/background.h"

#include <gtest/gtest.h>

#include <QTest>
#include <QThread>
#include <memory>

namespace vitrine::widgets {
namespace {

TEST(Background, WorksElsewhereAndAnswersHere) {
    QThreadPool pool;
    QObject context;
    QThread* worker = nullptr;
    QThread* answered = nullptr;
    int result = 0;
    inBackground(
        pool, &context,
        [&worker] {
            worker = QThread::currentThread();
            return 42;
        },
        [&](const Outcome<int>& outcome) {
            answered = QThread::currentThread();
            result = *valueOf(outcome);
        });
    ASSERT_TRUE(QTest::qWaitFor([&] { return answered != nullptr; }));
    EXPECT_EQ(result, 42);
    EXPECT_EQ(answered, QThread::currentThread());
    EXPECT_NE(worker, answered);
}

TEST(Background, ExceptionsArriveAsErrors) {
    QThreadPool pool;
    QObject context;
    std::optional<Error> error;
    inBackground(
        pool, &context, []() -> int { fail(ErrorCode::notFound, "is not there", "a.png", "look elsewhere"); },
        [&](const Outcome<int>& outcome) { error = std::get<Error>(outcome); });
    ASSERT_TRUE(QTest::qWaitFor([&] { return error.has_value(); }));
    EXPECT_EQ(error->code, ErrorCode::notFound);
    EXPECT_EQ(error->where, "a.png");
}

TEST(Background, NothingIsDeliveredToWhoIsGone) {
    QThreadPool pool;
    auto context = std::make_unique<QObject>();
    bool delivered = false;
    inBackground(
        pool, context.get(), [] { return 1; }, [&](const Outcome<int>&) { delivered = true; });
    pool.waitForDone();  // the answer is queued now
    context.reset();
    QTest::qWait(20);
    EXPECT_FALSE(delivered);
}

TEST(Background, OvertakenRequestsAreKnown) {
    RequestCounter requests;
    const auto first = requests.next();
    const auto second = requests.next();
    EXPECT_FALSE(requests.isLatest(first));
    EXPECT_TRUE(requests.isLatest(second));
}

}  // namespace
}  // namespace vitrine::widgets
