// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/control.h"

#include <utility>

#include "base/error.h"

namespace vitrine::jobs {
namespace {

[[noreturn]] void failCancelled() { fail(ErrorCode::stopped, "cancelled by the user"); }

}  // namespace

Control::Control(std::function<void(bool waiting)> waitingChanged) : waitingChanged_(std::move(waitingChanged)) {}

void Control::raise(Request request) {
    {
        const std::lock_guard lock(mutex_);
        if (request <= request_) return;
        request_ = request;
    }
    changed_.notify_all();
}

void Control::pause() { raise(Request::pause); }
void Control::leave() { raise(Request::leave); }
void Control::stopAndKeep() { raise(Request::stopAndKeep); }
void Control::cancel() { raise(Request::cancel); }

void Control::resume() {
    {
        const std::lock_guard lock(mutex_);
        if (request_ != Request::pause) return;
        request_ = Request::run;
    }
    changed_.notify_all();
}

Request Control::request() const {
    const std::lock_guard lock(mutex_);
    return request_;
}

void Control::check() const {
    if (request() == Request::cancel) failCancelled();
}

bool Control::shouldFinish() const {
    const std::lock_guard lock(mutex_);
    if (request_ == Request::cancel) failCancelled();  // it must not end as one that was kept
    if (request_ != Request::stopAndKeep) return false;
    endedEarly_ = true;
    return true;
}

bool Control::endedEarly() const {
    const std::lock_guard lock(mutex_);
    return endedEarly_;
}

void Control::safePoint(const std::function<void()>& save) {
    check();
    const Request asked = request();
    if (asked != Request::pause && asked != Request::leave) return;
    save();
    if (asked == Request::pause) {
        if (waitingChanged_) waitingChanged_(true);
        {
            std::unique_lock lock(mutex_);
            waiting_ = true;
            changed_.wait(lock, [this] { return request_ != Request::pause; });
            waiting_ = false;
        }
        if (waitingChanged_) waitingChanged_(false);
    }
    check();
    if (request() == Request::leave) fail(ErrorCode::stopped, "left by the user, to be resumed");
}

bool Control::isPaused() const {
    const std::lock_guard lock(mutex_);
    return waiting_;
}

}  // namespace vitrine::jobs
