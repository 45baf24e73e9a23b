// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThreadPool>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

#include "widgets/base/background.h"

namespace vitrine::widgets {

/// Work on threads of its own, begun in the order of asking; results come back on the UI thread. With one thread the work may
/// share what is not thread safe. Everything crosses threads under one mutex. UI thread.
class Worker : public QObject {
  public:
    explicit Worker(int threads);
    ~Worker() override;  ///< drops reads that have not begun and waits for the rest

    /// A read is of use only while what it was asked for is open: drop() makes it void. A write is always done and its result
    /// always delivered.
    enum class Kind { read, write };

    /// Calls `work` on a thread, then `done(Outcome<T>)` on the UI thread, where T is what `work` returns. Both are copyable.
    template <typename Work, typename Done>
    void run(Kind kind, Work work, Done done) {
        using T = std::invoke_result_t<Work&>;
        submit(kind, [work = std::move(work), done = std::move(done)]() mutable -> Delivery {
            auto outcome = std::make_shared<Outcome<T>>(attempt<T>(work));
            return [outcome = std::move(outcome), done = std::move(done)]() mutable { done(std::move(*outcome)); };
        });
    }

    /// Reads that were asked for so far: those that have not begun are not begun, of the others nothing is delivered.
    void drop();

  protected:
    bool event(QEvent* event) override;

  private:
    using Delivery = std::function<void()>;
    using Task = std::function<Delivery()>;
    struct Asked {
        Kind kind = Kind::read;
        std::uint64_t generation = 0;
        Task task;
    };
    struct Finished {
        Kind kind = Kind::read;
        std::uint64_t generation = 0;
        Delivery deliver;
    };
    class Turn;

    template <typename T, typename Work>
    static Outcome<T> attempt(Work& work) {
        try {
            return work();
        } catch (const std::exception& exception) {
            return describe(exception);
        }
    }

    void submit(Kind kind, Task task);
    void takeTurn();  // on a thread of the pool

    QThreadPool pool_;
    std::unique_ptr<Turn> turn_;
    std::mutex mutex_;
    std::deque<Asked> asked_;         // under mutex_
    std::vector<Finished> finished_;  // under mutex_
    bool woken_ = false;              // under mutex_: the UI thread was told to collect
    std::uint64_t generation_ = 0;
};

}  // namespace vitrine::widgets
