// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "widgets/base/text.h"
#include "widgets/session/sources.h"
#include "widgets/session/study_private.h"

namespace vitrine::widgets {
namespace {

constexpr qsizetype kNetworks = 6;

QString keyOf(const project::StoredPath& path) { return toQt(path.relative) + u'\n' + toQt(path.absolute); }

QString keyOf(const project::InputRecord& input) { return keyOf(input.path) + u'\n' + keyOf(input.root); }

}  // namespace

QString NetworkSource::key() const {
    QString text = keyOf(path);
    for (const auto& [id, value] : overrides) text += u'\n' + toQt(id) + u'=' + toQt(value);
    return text;
}

NetworkPtr Study::network(const QString& modelName) {
    const std::string wanted = toStd(modelName);
    const auto entry = std::find_if(edits_.models.begin(), edits_.models.end(), [&](const auto& model) { return model.name == wanted; });
    if (entry == edits_.models.end()) return nullptr;
    return d_->findOrLoad({entry->path, entry->overrides}, [](NetworkWaiters& all) -> QSet<QString>& { return all.models; }, modelName);
}

NetworkPtr Study::networkOf(const QString& run) {
    const RunDataPtr content = this->run(run);
    const project::InputRecord* input = content ? inputOf(content->record, "model") : nullptr;
    if (input == nullptr) return nullptr;
    const NetworkSource source{input->path, overridesOf(content->record)};
    return d_->findOrLoad(source, [](NetworkWaiters& all) -> QSet<QString>& { return all.runs; }, run);
}

NetworkPtr Study::Private::findOrLoad(const NetworkSource& source, const std::function<QSet<QString>&(NetworkWaiters&)>& waiters,
                                      const QString& waiter) {
    if (NetworkPtr known = find(source)) return known;
    const QString key = source.key();
    if (const auto failed = networks.failed.find(key); failed != networks.failed.end()) {
        waiters(*failed).insert(waiter);
        return nullptr;
    }
    const bool coming = networks.coming.contains(key);
    waiters(networks.coming[key]).insert(waiter);
    if (!coming) load(source);
    return nullptr;
}

NetworkPtr Study::Private::find(const NetworkSource& source) {
    const QString key = source.key();
    const auto known = networks.known.constFind(key);
    if (known == networks.known.cend()) return nullptr;
    networks.asked.removeOne(key);
    networks.asked.append(key);
    return *known;
}

// Where a path leads is for the project to say, on its thread; reading the network is not.
void Study::Private::load(const NetworkSource& source) {
    const QString key = source.key();
    io.run(
        Worker::Kind::read, [store = store, path = source.path] { return store->open().locate(path); },
        [this, key, overrides = source.overrides](const Outcome<std::filesystem::path>& place) {
            if (const auto* error = std::get_if<Error>(&place)) return lostNetwork(key, *error);
            background.run(
                Worker::Kind::read, [path = std::get<std::filesystem::path>(place), overrides] { return loadNetwork(path, overrides); },
                [this, key](const Outcome<NetworkPtr>& outcome) {
                    if (const auto* error = std::get_if<Error>(&outcome)) return lostNetwork(key, *error);
                    arrived(key, *valueOf(outcome));
                });
        });
}

void Study::Private::lostNetwork(const QString& key, const Error& error) {
    const NetworkWaiters waiters = networks.coming.take(key);
    networks.failed.insert(key, waiters);
    tellOnce(networks.told, key, error);
    tell(waiters);
}

void Study::Private::tell(const NetworkWaiters& waiters) {
    for (const QString& name : waiters.models) Q_EMIT study.networkChanged(name);
    for (const QString& id : waiters.runs) Q_EMIT study.runChanged(id);
}

bool Study::isNetworkLost(const QString& modelName) const {
    return std::any_of(d_->networks.failed.begin(), d_->networks.failed.end(), [&](const NetworkWaiters& waiters) { return waiters.models.contains(modelName); });
}

bool Study::isNetworkOfLost(const QString& run) const {
    return std::any_of(d_->networks.failed.begin(), d_->networks.failed.end(), [&](const NetworkWaiters& waiters) { return waiters.runs.contains(run); });
}

// What fails again and again for the same reason is news once.
void Study::Private::tellOnce(QHash<QString, std::string>& told, const QString& key, const Error& error) {
    if (std::exchange(told[key], error.text()) != error.text()) Q_EMIT study.failed(error);
}

void Study::retrySources() {
    if (d_->opened) d_->retry();
}

void Study::Private::retry() {
    const auto networksBefore = std::exchange(networks.failed, {});
    const auto imagesBefore = std::exchange(pictures.failed, {});
    for (const NetworkWaiters& waiters : networksBefore) tell(waiters);
    for (const QSet<QString>& waiters : imagesBefore)
        for (const QString& id : waiters) Q_EMIT study.runChanged(id);
}

void Study::Private::arrived(const QString& key, const NetworkPtr& network) {
    const NetworkWaiters waiters = networks.coming.take(key);
    networks.told.remove(key);
    networks.known.insert(key, network);
    networks.asked.append(key);
    while (networks.asked.size() > kNetworks) networks.known.remove(networks.asked.takeFirst());
    tell(waiters);
}

/// The set that holds the evaluation images of a run, or null while it is being opened; then the run is told.
ImageSetPtr Study::Private::images(const QString& run) {
    const RunDataPtr content = study.run(run);
    const project::InputRecord* input = content ? inputOf(content->record, "evaluation") : nullptr;
    if (input == nullptr) return nullptr;
    const QString key = keyOf(*input);
    if (const ImageSetPtr known = pictures.sets.value(key)) return known;
    if (const auto failed = pictures.failed.find(key); failed != pictures.failed.end()) {
        failed->insert(run);
        return nullptr;
    }
    const bool begun = pictures.runs.contains(key);
    pictures.runs[key].insert(run);
    if (!begun) openImages(key, *input);
    return nullptr;
}

void Study::Private::openImages(const QString& key, const project::InputRecord& input) {
    using Places = std::pair<std::filesystem::path, std::filesystem::path>;
    io.run(
        Worker::Kind::read,
        [store = store, input] {
            const project::Project& project = store->open();
            return Places(project.locate(input.path), input.root.empty() ? std::filesystem::path() : project.locate(input.root));
        },
        [this, key](const Outcome<Places>& places) {
            if (const auto* error = std::get_if<Error>(&places)) return lostImages(key, *error);
            background.run(
                Worker::Kind::read,
                [places = std::get<Places>(places)] {
                    return ImageSetPtr(std::make_shared<const data::ImageSet>(data::openImages(places.first, places.second)));
                },
                [this, key](const Outcome<ImageSetPtr>& outcome) {
                    if (const auto* error = std::get_if<Error>(&outcome)) return lostImages(key, *error);
                    arrived(key, *valueOf(outcome));
                });
        });
}

void Study::Private::lostImages(const QString& key, const Error& error) {
    pictures.failed.insert(key, pictures.runs.take(key));
    pictures.wanted.remove(key);
    tellOnce(pictures.told, key, error);
}

void Study::Private::arrived(const QString& key, const ImageSetPtr& set) {
    const QSet<QString> runs = pictures.runs.take(key);
    const QList<PictureShelf::Wanted> wanted = pictures.wanted.take(key);
    pictures.told.remove(key);
    pictures.sets.insert(key, set);
    for (const PictureShelf::Wanted& one : wanted) decode(set, key, one);
    for (const QString& id : runs) Q_EMIT study.runChanged(id);
}

QImage Study::thumbnail(const QString& run, qint64 row, int side) {
    const RunDataPtr content = this->run(run);
    const project::InputRecord* input = content ? inputOf(content->record, "evaluation") : nullptr;
    if (input == nullptr || row < 0 || side < 1) return {};
    const QString key = keyOf(*input);
    const PictureShelf::Wanted wanted{run, row, side};
    if (const ImageSetPtr set = d_->images(run)) {
        const QString picture = QStringLiteral("%1\n%2\n%3").arg(key).arg(row).arg(side);
        if (const QImage* known = d_->pictures.pictures.object(picture)) return *known;
        d_->decode(set, key, wanted);
    } else if (!d_->pictures.failed.contains(key)) {
        d_->pictures.wanted[key].append(wanted);
    }
    return {};
}

void Study::Private::decode(const ImageSetPtr& set, const QString& key, const PictureShelf::Wanted& wanted) {
    const QString picture = QStringLiteral("%1\n%2\n%3").arg(key).arg(wanted.row).arg(wanted.side);
    if (wanted.row >= set->size() || pictures.decoding.contains(picture)) return;
    pictures.decoding.insert(picture);
    background.run(
        Worker::Kind::read, [set, row = wanted.row, side = wanted.side] { return smallPicture(*set, row, side); },
        [this, picture, wanted](const Outcome<QImage>& outcome) {
            // A picture that cannot be decoded stays in `decoding`, so that it is tried and told once.
            if (const auto* error = std::get_if<Error>(&outcome)) {
                Q_EMIT study.warned(errorText(*error));
                return;
            }
            pictures.decoding.remove(picture);
            const QImage& image = std::get<QImage>(outcome);
            pictures.pictures.insert(picture, new QImage(image), std::max<qsizetype>(1, image.sizeInBytes() >> 10));
            Q_EMIT study.thumbnailReady(wanted.run, wanted.row);
        });
}

QStringList Study::classNames(const QString& run) {
    QStringList names;
    if (const ImageSetPtr set = d_->images(run))
        for (const std::string& name : set->classNames()) names.append(toQt(name));
    return names;
}

int Study::label(const QString& run, qint64 row) {
    const ImageSetPtr set = d_->images(run);
    if (!set || row < 0 || row >= set->size()) return -1;
    return static_cast<int>(set->item(row).label);
}

}  // namespace vitrine::widgets
