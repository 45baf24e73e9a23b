// SPDX-License-Identifier: GPL-3.0-or-later
// What ImagesView shows of the patches of a large image.
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
    return {(shown.isB ? input_.b : input_.a)->record.id, static_cast<std::int64_t>(shown.sheet), static_cast<std::int64_t>(image_), options_.text("network") == "quantized"};
}

void ImagesView::takePatches(ImagesLarge::Content& content) {
    const bool isOfNetwork = content.map != PatchMapKind::none && content.map != PatchMapKind::pixels;
    if (!isLarge() || !isOfNetwork) return;
    if (const std::string& block = options_.text("block"); block != "last") content.block = block;
    std::vector<analysis::PatchRequest> missing;
    for (const ImagesShown& shown : content.shown) {
        const analysis::PatchRequest request = patchRequest(shown);
        const auto known = input_.patches.known.find(request);
        content.patches.push_back(known == input_.patches.known.end() ? nullptr : known->second);
        if (const analysis::PatchMapsPtr& maps = content.patches.back()) {
            for (const analysis::PatchBlock& block : maps->blocks) {
                if (block.block != (content.block.empty() ? maps->blocks.back().block : content.block)) continue;
                content.rows = block.output.rows;  // networks with stages have smaller grids farther on
                content.columns = block.output.columns;
                const bool lacks = content.map == PatchMapKind::attention ? block.attention.empty() : content.map == PatchMapKind::classAttention && block.classAttention.empty();
                if (lacks) content.note = content.map == PatchMapKind::attention ? tr("This block attends within windows, or has too many patches.") : tr("This block has no class token.");
            }
            if (maps->enlarged && content.note.isEmpty()) content.note = tr("Computed on the picture that the run kept, enlarged to what the network takes.");
            continue;
        }
        // The pictures of a run that works still change places.
        if (!project::isComplete((shown.isB ? input_.b : input_.a)->record.state)) {
            content.note = tr("The network's view can be computed when the run is finished. Until then: pixels.");
            continue;
        }
        if (const auto failure = input_.patches.failures.find(request); failure != input_.patches.failures.end()) {
            content.note = failure->second;
            asked_.clear();  // it may be asked for again once the failure is taken away
        } else {
            content.note = tr("The network's view of this image is being computed. Until then: pixels.");
            missing.push_back(request);
        }
    }
    if (missing.empty() || missing == asked_ || playTimer_.isActive()) return;
    asked_ = missing;
    // Not from within setInput(): whoever answers calls it again.
    QMetaObject::invokeMethod(
        this, [this, missing] { for (const analysis::PatchRequest& request : missing) Q_EMIT patchMapsAsked(request); }, Qt::QueuedConnection);
}

}  // namespace vitrine::widgets
