// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/job_stages.h"

#include <QCoreApplication>
#include <algorithm>
#include <string_view>

#include "methods/method_info.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

constexpr std::string_view kSeparator = " / ";

const methods::MethodInfo* infoOf(const std::string& method) {
    const auto& all = methods::allMethods();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& info) { return info.id == method; });
    return found == all.end() ? nullptr : &*found;
}

QString text(const char* source) { return QCoreApplication::translate("JobStages", source); }

bool evaluates(const runs::RunSpec& spec) { return !spec.evaluation.path.empty(); }

}  // namespace

QStringList stageTitles(const runs::RunSpec& spec) {
    const methods::MethodInfo* info = infoOf(spec.method);
    if (info == nullptr) return {};
    QStringList titles{text(QT_TRANSLATE_NOOP("JobStages", "Load"))};
    if (spec.synthetic) titles.append(text(QT_TRANSLATE_NOOP("JobStages", "Make calibration images")));
    for (const methods::StageInfo& stage : info->stages) titles.append(toQt(stage.title));
    if (evaluates(spec)) titles.append(text(QT_TRANSLATE_NOOP("JobStages", "Measure accuracy")));
    if (!spec.calibration.path.empty() || spec.synthetic) titles.append(text(QT_TRANSLATE_NOOP("JobStages", "Analyse layers")));
    return titles;
}

// The paths of progress are those of runs::execute().
int stageIndex(const runs::RunSpec& spec, const std::string& progressStage) {
    const methods::MethodInfo* info = infoOf(spec.method);
    if (info == nullptr) return -1;
    const std::string_view path = progressStage;
    const std::string_view first = path.substr(0, path.find(kSeparator));
    const int made = spec.synthetic ? 1 : 0;
    const int methodStages = made + static_cast<int>(info->stages.size());
    if (first.starts_with("load")) return 0;
    if (first == "make images") return made;
    if (first.starts_with("evaluate")) return 1 + methodStages;
    if (first == "analyse") return 1 + methodStages + (evaluates(spec) ? 1 : 0);
    if (first != info->title) return -1;
    const std::string_view rest = path.substr(std::min(path.size(), first.size() + kSeparator.size()));
    for (std::size_t i = 0; i < info->stages.size(); ++i)
        if (rest.starts_with(info->stages[i].title)) return 1 + made + static_cast<int>(i);
    return 1 + made;
}

}  // namespace vitrine::widgets
