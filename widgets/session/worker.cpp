// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/worker.h"

#include <QCoreApplication>
#include <QEvent>
#include <QRunnable>
#include <algorithm>

namespace vitrine::widgets {

// One object for all turns: only the number of turns goes through Qt's queue, what there is to do through ours.
class Worker::Turn : public QRunnable {
  public:
    explicit Turn(Worker& worker) : worker_(worker) { setAutoDelete(false); }
    void run() override { worker_.takeTurn(); }

  private:
    Worker& worker_;
};

// The threads stay until ~Worker() waits for them. The end of one that Qt lets go while it idles is ordered with the pool's by
// Qt's own lock alone, which the thread sanitizer does not see.
Worker::Worker(int threads) : turn_(std::make_unique<Turn>(*this)) {
    pool_.setMaxThreadCount(threads);
    pool_.setExpiryTimeout(-1);
}

Worker::~Worker() {
    drop();
    pool_.waitForDone();
}

void Worker::submit(Kind kind, Task task) {
    {
        const std::lock_guard lock(mutex_);
        asked_.push_back({kind, generation_, std::move(task)});
    }
    pool_.start(turn_.get());
}

void Worker::takeTurn() {
    Asked next;
    {
        const std::lock_guard lock(mutex_);
        if (asked_.empty()) return;  // it was dropped
        next = std::move(asked_.front());
        asked_.pop_front();
    }
    Delivery deliver = next.task();
    next.task = nullptr;
    const std::lock_guard lock(mutex_);
    finished_.push_back({next.kind, next.generation, std::move(deliver)});
    if (!std::exchange(woken_, true)) QCoreApplication::postEvent(this, new QEvent(QEvent::User));
}

bool Worker::event(QEvent* event) {
    if (event->type() != QEvent::User) return QObject::event(event);
    std::vector<Finished> finished;
    {
        const std::lock_guard lock(mutex_);
        finished.swap(finished_);
        woken_ = false;
    }
    // Looked at one by one: what is delivered may drop the rest.
    for (Finished& one : finished)
        if (one.kind == Kind::write || one.generation == generation_) one.deliver();
    return true;
}

void Worker::drop() {
    const std::lock_guard lock(mutex_);
    ++generation_;
    asked_.erase(std::remove_if(asked_.begin(), asked_.end(), [](const Asked& one) { return one.kind == Kind::read; }), asked_.end());
}

}  // namespace vitrine::widgets
