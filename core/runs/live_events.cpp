// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/live_events.h"

#include <chrono>
#include <memory>
#include <utility>

namespace vitrine::runs {
namespace {

constexpr double kArtefactInterval = 0.2;
constexpr double kRecordInterval = 0.05;
constexpr double kShare = 0.02;
constexpr double kAdvance = 0.005;  // seconds that may be spent at the beginning

double monotonicSeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

LiveEvents::LiveEvents(RunEvents events, Clock clock)
    : events_(std::move(events)), clock_(clock ? std::move(clock) : Clock(monotonicSeconds)), began_(clock_()) {}

bool LiveEvents::isDue(const std::string& id) const {
    const double now = clock_();
    const auto last = told_.find(id);
    if (last != told_.end() && now - last->second < kArtefactInterval) return false;
    return spent_ <= kAdvance + kShare * (now - began_);
}

void LiveEvents::deliver(const results::ArtefactPtr& artefact) {
    heldBack_.erase(artefact->id);
    events_.artefact(artefact);
    told_[artefact->id] = clock_();
}

void LiveEvents::show(results::ArtefactPtr artefact) {
    if (!events_.artefact) return;
    if (!isDue(artefact->id)) {
        std::string id = artefact->id;
        heldBack_[std::move(id)] = std::move(artefact);
        return;
    }
    const double begin = clock_();
    deliver(artefact);
    spent_ += clock_() - begin;
}

void LiveEvents::show(const std::string& id, const Make& make) {
    if (!events_.artefact || !isDue(id)) return;
    const double begin = clock_();
    deliver(std::make_shared<const results::Artefact>(make()));
    spent_ += clock_() - begin;
}

void LiveEvents::showNow(const results::ArtefactPtr& artefact) {
    if (events_.artefact) deliver(artefact);
}

void LiveEvents::catchUp() {
    const auto held = std::exchange(heldBack_, {});
    for (const auto& [id, artefact] : held) deliver(artefact);
}

void LiveEvents::tell(const project::RunRecord& record) {
    if (!events_.recordChanged || (recordTold_ && clock_() - *recordTold_ < kRecordInterval)) return;
    tellLast(record);
}

void LiveEvents::tellLast(const project::RunRecord& record) {
    if (!events_.recordChanged) return;
    events_.recordChanged(record);
    recordTold_ = clock_();
}

}  // namespace vitrine::runs
