// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/run_book.h"

#include <algorithm>
#include <utility>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

constexpr qsizetype kStored = 8;

auto place(std::vector<results::ArtefactPtr>& artefacts, const std::string& id) {
    return std::find_if(artefacts.begin(), artefacts.end(), [&](const results::ArtefactPtr& one) { return one->id == id; });
}

}  // namespace

RunDataPtr RunBook::find(const QString& id) {
    if (const auto live = live_.find(id); live != live_.end()) {
        if (!live->content) live->content = std::make_shared<const report::RunContent>(report::RunContent{live->record, live->artefacts});
        return live->content;
    }
    const auto stored = stored_.constFind(id);
    if (stored == stored_.cend()) return nullptr;
    touch(id);
    return *stored;
}

void RunBook::keep(const QString& id, RunDataPtr run) {
    stored_.insert(id, std::move(run));
    touch(id);
    while (asked_.size() > kStored) stored_.remove(asked_.takeFirst());
}

void RunBook::touch(const QString& id) {
    asked_.removeOne(id);
    asked_.append(id);
}

void RunBook::forget(const QString& id) {
    stored_.remove(id);
    asked_.removeOne(id);
}

void RunBook::clear() {
    stored_.clear();
    asked_.clear();
    live_.clear();
}

void RunBook::tell(const project::RunRecord& record) {
    const QString id = toQt(record.id);
    auto live = live_.find(id);
    if (live == live_.end()) {
        live = live_.insert(id, {});
        if (const RunDataPtr known = stored_.value(id)) live->artefacts = known->artefacts;  // it is resumed
    }
    live->record = record;
    live->content = nullptr;
}

void RunBook::tell(const QString& id, const results::ArtefactPtr& artefact) {
    const auto live = live_.find(id);
    if (live == live_.end()) return;
    const auto known = place(live->artefacts, artefact->id);
    if (known == live->artefacts.end())
        live->artefacts.push_back(artefact);
    else
        *known = artefact;
    live->content = nullptr;
}

void RunBook::adopt(const QString& id, const std::vector<results::ArtefactPtr>& artefacts) {
    const auto live = live_.find(id);
    if (live == live_.end()) return;
    std::vector<results::ArtefactPtr> all;
    for (const results::ArtefactPtr& artefact : artefacts)
        if (place(live->artefacts, artefact->id) == live->artefacts.end()) all.push_back(artefact);
    all.insert(all.end(), live->artefacts.begin(), live->artefacts.end());
    live->artefacts = std::move(all);
    live->content = nullptr;
}

void RunBook::end(const QString& id) { live_.remove(id); }

}  // namespace vitrine::widgets
