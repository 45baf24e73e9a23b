// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/inspector_encodings.h"

#include "project/layout.h"
#include "quant/quantized_model.h"
#include "widgets/base/background.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {

const quant::Encoding* StoredEncodings::find(const std::string& site) const {
    if (!encodings) return nullptr;
    const auto found = encodings->find(site);
    return found == encodings->end() ? nullptr : &found->second;
}

EncodingShelf::EncodingShelf(Study& study, QObject* parent) : QObject(parent), study_(study) {
    connect(&study, &Study::closed, this, [this] {
        ++project_;
        known_.clear();
    });
}

StoredEncodings EncodingShelf::of(const QString& run) {
    if (run.isEmpty()) return {};
    const RunDataPtr content = study_.run(run);
    if (!content) return {nullptr, tr("being read")};
    if (!project::isComplete(content->record.state)) return {nullptr, tr("known when the run is finished")};
    const NetworkPtr network = study_.networkOf(run);
    if (!known_.contains(run)) {
        if (!network) return {nullptr, tr("being read")};
        known_.insert(run, {nullptr, tr("being read")});
        read(run, network);
    }
    return known_.value(run);
}

void EncodingShelf::read(const QString& run, const NetworkPtr& network) {
    const std::filesystem::path folder = project::runModelFolder(project::completeFolder(toPath(study_.folder()), toStd(run)));
    inBackground(
        study_.pool(), this,
        [folder, graph = network->graph] { return std::make_shared<const Encodings>(quant::load(folder, graph).encodings); },
        [this, run, project = project_](const Outcome<std::shared_ptr<const Encodings>>& outcome) {
            if (project != project_) return;
            const auto* encodings = valueOf(outcome);
            known_.insert(run, encodings != nullptr ? StoredEncodings{*encodings, {}} : StoredEncodings{nullptr, tr("the run holds none that can be read")});
            Q_EMIT changed();
        });
}

}  // namespace vitrine::widgets
