// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/figures_sources.h"

#include <algorithm>

#include "data/dataset.h"
#include "models/model.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

const project::InputRecord* inputOf(const project::RunRecord& record, std::string_view role) {
    const auto found = std::find_if(record.inputs.begin(), record.inputs.end(), [&](const auto& input) { return input.role == role; });
    return found == record.inputs.end() ? nullptr : &*found;
}

QImage picture(const data::ImageSet& set, qint64 row, int side) {
    if (row < 0 || row >= set.size()) return {};
    const formats::Image image = set.load(row);
    const QImage whole(image.rgb.data(), image.width, image.height, qsizetype{3} * image.width, QImage::Format_RGB888);
    if (whole.width() <= side && whole.height() <= side) return whole.copy();
    return whole.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

}  // namespace

NetworkPtr readNetwork(const project::Project& project, const project::RunRecord& record) {
    const project::InputRecord* input = inputOf(record, "model");
    if (input == nullptr) fail(ErrorCode::notFound, "the run does not say which network it quantized", record.id);
    ParameterSet overrides{models::overrideSchema()};
    for (const project::ParameterRecord& override : record.modelOverrides) overrides.setText(override.id, parameterText(override.value));
    models::LoadedModel model = models::loadModel(project.locate(input->path), models::overridesFrom(overrides));
    std::vector<graph::Site> sites = graph::findSites(*model.graph);
    return std::make_shared<const Network>(Network{std::move(model.graph), std::move(sites), std::move(model.warnings)});
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
            return picture(*set, row, side);
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
