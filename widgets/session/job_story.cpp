// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/job_story.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("JobStory", text); }

bool endsEarly(jobs::JobState state) { return jobs::isOver(state) && state != jobs::JobState::finished; }

}  // namespace

QString JobStory::endOfStage(const JobItem& item, int index) const {
    const QString& title = item.stages[index];
    const auto done = std::find_if(item.stagesDone.begin(), item.stagesDone.end(),
                                   [&](const project::StageRecord& stage) { return toQt(stage.title) == title; });
    if (done != item.stagesDone.end()) return translated("%1: finished after %2").arg(title, durationText(done->seconds));
    // Of stages that were too short to be seen nobody knows the time.
    const bool watched = std::max(stage_, 0) == index && item.stage == index + 1;
    if (!watched) return translated("%1: finished").arg(title);
    return translated("%1: finished after %2").arg(title, durationText(item.progress.elapsedSeconds - since_));
}

QStringList JobStory::next(const JobItem& item) {
    QStringList lines;
    if (item.run.isEmpty() || item.stages.isEmpty()) return lines;
    if (!begun_) lines.append((resumed_ ? translated("%1: goes on") : translated("%1: begun")).arg(item.title));
    begun_ = true;
    if (item.stage <= stage_ || endsEarly(item.state)) return lines;
    const bool goesOn = resumed_ && stage_ < 0;
    for (int index = std::max(stage_, 0); index < item.stage && !goesOn; ++index) lines.append(endOfStage(item, index));
    if (item.stage < item.stages.size()) lines.append(translated("%1: begun").arg(item.stages[item.stage]));
    stage_ = item.stage;
    since_ = item.progress.elapsedSeconds;
    return lines;
}

QStringList JobStory::ending(const JobItem& item, bool asked) {
    const QString time = durationText(item.progress.elapsedSeconds);
    const auto line = [&](const char* text) { return translated(text).arg(item.title, time); };
    QStringList lines;
    if (const QString result = resultText(item.figures); !result.isEmpty()) lines.append(result);
    switch (item.state) {
        case jobs::JobState::finished: lines.append(line(QT_TRANSLATE_NOOP("JobStory", "%1: finished after %2"))); break;
        case jobs::JobState::kept: lines.append(line(QT_TRANSLATE_NOOP("JobStory", "%1: stopped after %2, results kept"))); break;
        case jobs::JobState::cancelled:
            return {asked ? line(QT_TRANSLATE_NOOP("JobStory", "%1: ended after %2")) : line(QT_TRANSLATE_NOOP("JobStory", "%1: cancelled after %2"))};
        case jobs::JobState::failed: return {line(QT_TRANSLATE_NOOP("JobStory", "%1: failed after %2"))};
        case jobs::JobState::queued:
        case jobs::JobState::running:
        case jobs::JobState::paused: return {};
    }
    return lines;
}

QString resultText(const project::RunFigures& figures) {
    QStringList parts;
    if (figures.top1) {
        const QString top1 = percentText(*figures.top1, 2);
        if (figures.floatTop1) {
            const double lost = *figures.floatTop1 - *figures.top1;
            const QString points = QLocale().toString(std::abs(lost), 'f', 2), floating = percentText(*figures.floatTop1, 2);
            parts.append(std::abs(lost) < 0.005 ? translated("Top-1 %1, as float").arg(top1)
                         : lost > 0             ? translated("Top-1 %1, %2 points below float (%3)").arg(top1, points, floating)
                                                : translated("Top-1 %1, %2 points above float (%3)").arg(top1, points, floating));
        } else {
            parts.append(translated("Top-1 %1").arg(top1));
        }
    }
    if (figures.sizeBytes && *figures.sizeBytes > 0) parts.append(bytesText(*figures.sizeBytes));
    return parts.join(QStringLiteral("  \u00B7  "));
}

}  // namespace vitrine::widgets
