// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "runs/run.h"

namespace vitrine::runs {

/// Tells what a run finds while it works, without slowing it: each artefact at most five times a second, and all telling
/// together (making the artefacts included) about 2 % of the time. Use it on the working thread only.
class LiveEvents {
  public:
    using Clock = std::function<double()>;  ///< seconds since any fixed moment, never falling
    using Make = std::function<results::Artefact()>;

    /// Without a `clock` it takes the monotonic one.
    explicit LiveEvents(RunEvents events, Clock clock = {});

    /// The newest form of an artefact: now, or, when it was told just before, in catchUp() unless a newer one comes.
    void show(results::ArtefactPtr artefact);
    /// What is known so far of an artefact that comes whole later. `make` is called only when it is told now.
    void show(const std::string& id, const Make& make);
    /// The whole artefact, at once.
    void showNow(const results::ArtefactPtr& artefact);
    /// Tells what show() held back.
    void catchUp();

    /// The record, unless it was told less than 50 ms ago.
    void tell(const project::RunRecord& record);
    void tellLast(const project::RunRecord& record);

  private:
    bool isDue(const std::string& id) const;
    void deliver(const results::ArtefactPtr& artefact);

    RunEvents events_;
    Clock clock_;
    double began_;
    double spent_ = 0;  ///< on telling what may be left out
    std::map<std::string, double> told_;                   ///< when, by artefact
    std::map<std::string, results::ArtefactPtr> heldBack_;
    std::optional<double> recordTold_;
};

}  // namespace vitrine::runs
