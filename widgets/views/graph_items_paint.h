// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QRectF>
#include <optional>
#include <set>
#include <string>

#include "widgets/base/theme.h"
#include "widgets/session/selection.h"
#include "widgets/views/graph_items.h"
#include "widgets/views/site_facts.h"

/// How the diagram looks. UI thread.
namespace vitrine::widgets {

/// A place in the drawing: an item, or one of its weights.
struct DiagramSpot {
    std::size_t item = 0;
    std::optional<std::size_t> weight;

    bool operator==(const DiagramSpot&) const = default;
};

/// What the boxes say, apart from the network itself.
struct DiagramLook {
    const RunFacts* a = nullptr;  ///< null: no run
    const RunFacts* b = nullptr;
    CompareMode mode = CompareMode::a;
    bool accumulated = false;     ///< errors with everything before a site quantized, instead of those of its quantizer alone
    std::string site;             ///< selected
    std::string block;            ///< selected
    std::set<std::string> marked;  ///< sites that stand out beside it
    std::optional<DiagramSpot> hovered, focused;
    QString titleA, titleB;
    bool shortLegend = false;     ///< errors and runs alone, where there is little room

    /// The error that is shown of a site in a run; null when it is not known.
    const results::LayerErrors::Row* errorOf(const RunFacts* run, const std::string& site) const;
    /// Whether both runs are shown side by side.
    bool showsBoth() const { return mode == CompareMode::overlay && a != nullptr && b != nullptr; }
    /// The run that is shown alone, or the first of two.
    const RunFacts* main() const { return mode == CompareMode::b && b != nullptr ? b : a; }
};

/// Draws what meets `visible`, in the drawing's own units.
void paintDiagram(QPainter& painter, const Diagram& diagram, const DiagramLook& look, const Theme& theme, const QRectF& visible);

/// Height of the legend when it may be `width` wide.
double legendHeight(const Diagram& diagram, const DiagramLook& look, double width);
void paintLegend(QPainter& painter, const QRectF& box, const Diagram& diagram, const DiagramLook& look, const Theme& theme);

}  // namespace vitrine::widgets
