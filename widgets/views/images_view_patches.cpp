// SPDX-License-Identifier: GPL-3.0-or-later
// What ImagesView shows of the patches of a large image.
#include <QLocale>

#include "graph/graph.h"
#include "widgets/base/text.h"
#include "widgets/views/images_view.h"

namespace vitrine::widgets {

std::vector<std::string> ImagesView::patchBlocks() const {
    std::vector<std::string> names{"last"};
    if (input_.network && input_.network->graph)
        for (const graph::Block& block : input_.network->graph->blocks)
            if (block.kind == graph::BlockKind::transformer) names.push_back(block.id);
    return names;
}

PatchMapKind ImagesView::mapKind() const {
    const std::string& kind = options_.text("map");
    if (kind == "none") return PatchMapKind::none;
    if (kind == "features") return PatchMapKind::features;
    if (kind == "attention") return PatchMapKind::attention;
    return kind == "class_attention" ? PatchMapKind::classAttention : PatchMapKind::pixels;
}

analysis::PatchRequest ImagesView::patchRequest(const ImagesShown& shown) const {
    return {runOf(shown)->record.id, shown.step(), static_cast<std::int64_t>(image_), options_.text("network") == "quantized"};
}

const RunDataPtr& ImagesView::runOf(const ImagesShown& shown) const { return shown.isB ? input_.b : input_.a; }

QString ImagesView::noteOf(const analysis::PatchMaps& maps, const ImagesShown& shown) const {
    const auto pixels = [](std::int64_t width, std::int64_t height) {
        const QLocale locale;
        return tr("%1 × %2").arg(locale.toString(static_cast<qlonglong>(width)), locale.toString(static_cast<qlonglong>(height)));
    };
    if (maps.width >= shown.images->width && maps.height >= shown.images->height)
        return tr("Computed on the image in full size, %1 pixels.").arg(pixels(maps.width, maps.height));
    return tr("Computed on the picture kept of this step: %1 of %2 pixels, enlarged.").arg(pixels(maps.width, maps.height), pixels(shown.images->width, shown.images->height));
}

void ImagesView::takeKnown(const analysis::PatchMaps& maps, const ImagesShown& shown, ImagesLarge::Content& content) const {
    content.note = noteOf(maps, shown);
    for (const analysis::PatchBlock& block : maps.blocks) {
        if (block.block != (content.block.empty() ? maps.blocks.back().block : content.block)) continue;
        content.rows = block.output.rows;  // networks with stages have smaller grids farther on
        content.columns = block.output.columns;
        if (content.map == PatchMapKind::attention && block.attention.empty()) content.note = tr("This block attends within windows, or has too many patches.");
        if (content.map == PatchMapKind::classAttention && block.classAttention.empty()) content.note = tr("This block has no class token.");
    }
}

void ImagesView::takePatches(ImagesLarge::Content& content) {
    patchesMissing_.clear();
    const bool isOfNetwork = content.map != PatchMapKind::none && content.map != PatchMapKind::pixels;
    if (!isLarge() || !isOfNetwork) return;
    if (const std::string& block = options_.text("block"); block != "last") content.block = block;
    for (const ImagesShown& shown : content.shown) {
        const analysis::PatchRequest request = patchRequest(shown);
        const auto known = input_.patches.known.find(request);
        content.patches.push_back(known == input_.patches.known.end() ? nullptr : known->second);
        if (content.patches.back()) {
            takeKnown(*content.patches.back(), shown, content);
        } else if (request.quantized && !project::isComplete(runOf(shown)->record.state)) {
            content.note = tr("The quantized network can look at this image when the run is finished; the float one can now. Until then: pixels.");
        } else if (const auto failure = input_.patches.failures.find(request); failure != input_.patches.failures.end()) {
            content.note = failure->second;
            asked_.clear();  // it may be asked for again once the failure is taken away
        } else {
            content.note = tr("The network's view of this image is being computed. Until then: pixels.");
            patchesMissing_.push_back(request);
        }
    }
    if (patchesMissing_.empty() || patchesMissing_ == asked_ || playTimer_.isActive()) return;
    asked_ = patchesMissing_;
    // Not from within setInput(): whoever answers calls it again.
    QMetaObject::invokeMethod(
        this, [this, missing = patchesMissing_] { for (const analysis::PatchRequest& request : missing) Q_EMIT patchMapsAsked(request); }, Qt::QueuedConnection);
}

}  // namespace vitrine::widgets
