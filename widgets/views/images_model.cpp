// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/images_model.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::ImagesView", text); }

std::vector<std::size_t> orderOf(const ImagesShown& shown, ImageSort sort) {
    std::vector<std::size_t> order(shown.images->images.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto& images = shown.images->images;
    const auto by = [&](auto key) { std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); }); };
    switch (sort) {
        case ImageSort::order: break;
        case ImageSort::label: by([&](std::size_t i) { return images[i].label; }); break;
        case ImageSort::confidence: by([&](std::size_t i) { return images[i].confidence; }); break;
        case ImageSort::loss: by([&](std::size_t i) {
            const double loss = shown.loss(i).value_or(0);
            return std::isfinite(loss) ? -loss : -1e300;
        }); break;
        case ImageSort::mistaken: by([&](std::size_t i) { return images[i].label >= 0 && images[i].label != images[i].prediction ? 0 : 1; }); break;
    }
    return order;
}

}  // namespace

QImage ImagesShown::picture() const {
    const results::SyntheticImages::Sheet& held = images->sheets[sheet];
    const auto width = static_cast<int>(images->columns * held.tileWidth), height = static_cast<int>(images->rows * held.tileHeight);
    if (static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3 > held.rgb.size()) return {};
    return {held.rgb.data(), width, height, qsizetype{3} * width, QImage::Format_RGB888};
}

QRect ImagesShown::tile(std::size_t image) const {
    const results::SyntheticImages::Sheet& held = images->sheets[sheet];
    const auto index = static_cast<std::int64_t>(image);
    if (index >= images->columns * images->rows) return {};
    return {static_cast<int>(index % images->columns * held.tileWidth), static_cast<int>(index / images->columns * held.tileHeight), static_cast<int>(held.tileWidth),
            static_cast<int>(held.tileHeight)};
}

std::optional<std::size_t> ImagesShown::notedStep() const {
    const auto& steps = images->steps;
    if (steps.empty()) return std::nullopt;
    const auto behind = std::lower_bound(steps.begin(), steps.end(), step());
    if (behind == steps.end()) return steps.size() - 1;
    if (behind == steps.begin() || *behind - step() <= step() - *(behind - 1)) return static_cast<std::size_t>(behind - steps.begin());
    return static_cast<std::size_t>(behind - steps.begin()) - 1;
}

std::optional<double> ImagesShown::loss(std::size_t image) const {
    const auto at = notedStep();
    if (!at || images->terms.empty()) return std::nullopt;
    double sum = 0;
    for (const auto& term : images->terms)
        if (*at < term.values.size() && image < term.values[*at].size() && std::isfinite(term.values[*at][image])) sum += term.weight * term.values[*at][image];
    return sum;
}

const results::SyntheticImages* syntheticImages(const RunDataPtr& run) {
    if (!run) return nullptr;
    for (const auto& artefact : run->artefacts)
        if (const auto* images = std::get_if<results::SyntheticImages>(&artefact->payload)) return images;
    return nullptr;
}

QString imageText(const ImagesShown& shown, std::size_t image, const ImageClassNamer& namer) {
    const QLocale locale;
    QStringList parts{translated("Image %1").arg(locale.toString(static_cast<qlonglong>(image)))};
    if (image < shown.images->images.size()) {
        const auto& held = shown.images->images[image];
        if (held.label >= 0) parts.append(translated("asked for: %1").arg(namer(held.label)));
        if (held.prediction >= 0) parts.append(translated("predicted: %1, %2").arg(namer(held.prediction), percentText(100 * held.confidence)));
    }
    if (const auto loss = shown.loss(image)) parts.append(translated("loss %1").arg(significantText(*loss, 4)));
    return parts.join(QStringLiteral("  "));
}

void ImagesModel::setContent(Content content) {
    std::vector<std::size_t> order = content.shown.empty() ? std::vector<std::size_t>{} : orderOf(content.shown.front(), content.sort);
    const bool isSame = order == order_;
    if (!isSame) beginResetModel();
    content_ = std::move(content);
    order_ = std::move(order);
    if (!isSame)
        endResetModel();
    else if (!order_.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

int ImagesModel::rowOf(std::size_t image) const {
    const auto found = std::find(order_.begin(), order_.end(), image);
    return found == order_.end() ? -1 : static_cast<int>(found - order_.begin());
}

int ImagesModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(order_.size()); }

QVariant ImagesModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole && role != Qt::ToolTipRole) return {};
    QStringList lines;
    for (const ImagesShown& shown : content_.shown) {
        const QString text = imageText(shown, imageAt(index.row()), content_.namer);
        lines.append(content_.shown.size() == 1 ? text : (shown.isB ? translated("B: ") : translated("A: ")) + text);
    }
    return lines.join(QStringLiteral("\n")).replace(QStringLiteral("  "), QStringLiteral(", "));
}

}  // namespace vitrine::widgets
