// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/figures_sources.h"

#include "data/dataset.h"
#include "runs/patch_analysis.h"
#include "widgets/base/text.h"
#include "widgets/session/sources.h"

namespace vitrine::widgets {

NetworkPtr readNetwork(const project::Project& project, const project::RunRecord& record) {
    const project::InputRecord* input = inputOf(record, "model");
    if (input == nullptr) fail(ErrorCode::notFound, "the run does not say which network it quantized", record.id);
    return loadNetwork(project.locate(input->path), overridesOf(record));
}

analysis::PatchMapsPtr readPatchMaps(const project::Project& project, const analysis::PatchRequest& request) {
    jobs::Control control;
    jobs::Progress progress;
    jobs::JobContext context{control, progress};
    return std::make_shared<const analysis::PatchMaps>(runs::patchMaps(project.folder(), request, context));
}

ImageSource readImages(const project::Project& project, const project::RunRecord& record) {
    const project::InputRecord* input = inputOf(record, "evaluation");
    if (input == nullptr) return {};
    std::shared_ptr<const data::ImageSet> set;
    try {
        set = std::make_shared<const data::ImageSet>(
            data::openImages(project.locate(input->path), input->root.empty() ? std::filesystem::path() : project.locate(input->root)));
    } catch (const Exception&) {
        return {};  // the drawing says what there is to say without its pictures
    }
    ImageSource source;
    source.thumbnail = [set](const QString&, qint64 row, int side) {
        try {
            return smallPicture(*set, row, side);
        } catch (const Exception&) {
            return QImage();
        }
    };
    source.classNames = [set](const QString&) {
        QStringList names;
        for (const std::string& name : set->classNames()) names.append(toQt(name));
        return names;
    };
    source.label = [set](const QString&, qint64 row) { return row < 0 || row >= set->size() ? -1 : static_cast<int>(set->item(row).label); };
    return source;
}

}  // namespace vitrine::widgets
