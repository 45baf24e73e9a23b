// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QMetaObject>
#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <cstdint>
#include <exception>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.h"

/// Work off the UI thread. Results come back on the UI thread, unless whoever asked is gone.
namespace vitrine::widgets {

/// What came out: the value, or why there is none.
template <typename T>
using Outcome = std::variant<T, Error>;

/// The value of an outcome, or null.
template <typename T>
const T* valueOf(const Outcome<T>& outcome) {
    return std::get_if<T>(&outcome);
}

/// Runs `work` on a thread of `pool`, then `done(Outcome<T>)` on the UI thread, where T is what `work` returns (not void).
/// `done` is dropped when `context` was destroyed meanwhile. Neither `work` nor what it holds may touch widgets. To be
/// called on the UI thread; whoever owns `pool` waits for it before the application object goes.
template <typename Work, typename Done>
void inBackground(QThreadPool& pool, QObject* context, Work work, Done done) {
    using T = std::invoke_result_t<Work&>;
    pool.start([context = QPointer<QObject>(context), work = std::move(work), done = std::move(done)]() mutable {
        auto outcome = [&]() -> Outcome<T> {
            try {
                return work();
            } catch (const std::exception& exception) {
                return describe(exception);
            }
        }();
        // The pointer to `context` is only looked at on the UI thread, where `context` lives and dies.
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [context = std::move(context), outcome = std::move(outcome), done = std::move(done)]() mutable {
                if (context) done(std::move(outcome));
            },
            Qt::QueuedConnection);
    });
}

/// Drops results that a newer request has overtaken: `const auto ticket = requests.next();` before the work, `if
/// (!requests.isLatest(ticket)) return;` in `done`. UI thread only.
class RequestCounter {
  public:
    std::uint64_t next() { return ++latest_; }
    bool isLatest(std::uint64_t ticket) const { return ticket == latest_; }

  private:
    std::uint64_t latest_ = 0;
};

}  // namespace vitrine::widgets
