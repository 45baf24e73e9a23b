// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

namespace vitrine::jobs {

/// What the user asked of a running job. Later entries win: a cancelled job cannot be paused again.
enum class Request { run, pause, leave, stopAndKeep, cancel };

/// The one object that the user's side and the working side of a job share. All members are thread safe.
class Control {
  public:
    /// `waitingChanged` is called on the working thread when it begins (true) and ends (false) to wait in safePoint().
    explicit Control(std::function<void(bool waiting)> waitingChanged = {});

    // The user's side.
    void pause();        ///< the work saves a checkpoint at its next safe point and waits
    void resume();       ///< undoes pause()
    void leave();        ///< the work saves a checkpoint at its next safe point and ends there, to be taken up another day
    void stopAndKeep();  ///< the work finishes early with the best so far
    void cancel();       ///< the work ends without a result, within 200 ms

    // The working side.
    Request request() const;

    /// To be called at least every 100 ms of work: throws Exception(stopped) once cancel() was called.
    void check() const;

    /// Whether to finish early with what there is. A loop asks it beside its own end condition, and acts on it. Throws as check() does.
    bool shouldFinish() const;

    /// Whether shouldFinish() was ever answered with true: the result is then not the full one.
    bool endedEarly() const;

    /// A point where the work can be left and taken up again. When a pause is asked for it calls `save` (which writes the
    /// checkpoint), then waits until resume(), leave(), stopAndKeep() or cancel(). Throws as check() does, and Exception(stopped)
    /// after saving once leave() was called.
    void safePoint(const std::function<void()>& save);

    /// Whether the work waits in safePoint() now.
    bool isPaused() const;

  private:
    void raise(Request request);

    std::function<void(bool)> waitingChanged_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Request request_ = Request::run;
    bool waiting_ = false;
    mutable bool endedEarly_ = false;
};

}  // namespace vitrine::jobs
