// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/sources.h"

#include <algorithm>

#include "graph/sites.h"
#include "models/model.h"

namespace vitrine::widgets {

const project::InputRecord* inputOf(const project::RunRecord& record, std::string_view role) {
    const auto found = std::find_if(record.inputs.begin(), record.inputs.end(), [&](const auto& input) { return input.role == role; });
    return found == record.inputs.end() ? nullptr : &*found;
}

NetworkPtr loadNetwork(const std::filesystem::path& path, const std::map<std::string, std::string>& overrides) {
    ParameterSet values{models::overrideSchema()};
    for (const auto& [id, text] : overrides) values.setText(id, text);
    models::LoadedModel model = models::loadModel(path, models::overridesFrom(values));
    std::vector<graph::Site> sites = graph::findSites(*model.graph);
    return std::make_shared<const Network>(Network{std::move(model.graph), std::move(sites), std::move(model.warnings)});
}

std::map<std::string, std::string> overridesOf(const project::RunRecord& record) {
    std::map<std::string, std::string> overrides;
    for (const project::ParameterRecord& override : record.modelOverrides) overrides[override.id] = parameterText(override.value);
    return overrides;
}

QImage smallPicture(const data::ImageSet& set, qint64 row, int side) {
    if (row < 0 || row >= set.size()) return {};
    const formats::Image image = set.load(row);
    const QImage whole(image.rgb.data(), image.width, image.height, qsizetype{3} * image.width, QImage::Format_RGB888);
    if (whole.width() <= side && whole.height() <= side) return whole.copy();
    return whole.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

}  // namespace vitrine::widgets
