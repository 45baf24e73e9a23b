// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/job_bridge.h"

#include <unistd.h>

#include <QCoreApplication>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <utility>

namespace vitrine::widgets {
namespace {

constexpr double kLookInterval = 1.0;  // seconds

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

double processMemory() {
    std::ifstream file("/proc/self/statm");
    double total = 0, resident = 0;
    file >> total >> resident;
    return file ? resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) : 0;
}

// Called under mutex_.
void JobBridge::wake() {
    if (!std::exchange(woken_, true)) QCoreApplication::postEvent(receiver_, new QEvent(kNews));
}

void JobBridge::tell(Key job, jobs::JobState state) {
    const std::lock_guard lock(mutex_);
    mail_.jobs[job].state = state;
    wake();
}

void JobBridge::tell(Key job, const jobs::ProgressReport& progress) {
    const std::lock_guard lock(mutex_);
    News& news = mail_.jobs[job];
    news.progress = progress;
    if (now() - lastLook_ >= kLookInterval) {
        lastLook_ = now();
        news.memoryBytes = processMemory();
    }
    wake();
}

void JobBridge::tell(jobs::JobId owner, const project::RunRecord& record) {
    const std::lock_guard lock(mutex_);
    mail_.results[owner].record = record;
    wake();
}

void JobBridge::tell(jobs::JobId owner, const results::ArtefactPtr& artefact) {
    const std::lock_guard lock(mutex_);
    std::vector<results::ArtefactPtr>& artefacts = mail_.results[owner].artefacts;
    const auto known = std::find_if(artefacts.begin(), artefacts.end(), [&](const auto& one) { return one->id == artefact->id; });
    if (known == artefacts.end())
        artefacts.push_back(artefact);
    else
        *known = artefact;
    wake();
}

JobBridge::Mail JobBridge::take() {
    const std::lock_guard lock(mutex_);
    woken_ = false;
    return std::exchange(mail_, {});
}

}  // namespace vitrine::widgets
