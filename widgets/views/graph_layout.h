// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

/// Layered drawing of directed acyclic graphs after Sugiyama, Tagawa and Toda (1981): ranks by longest paths, fewer crossings by
/// barycentres, coordinates after Brandes and Koepf (2001). No Qt type; the same problem gives the same drawing. Thread safe.
namespace vitrine::widgets {

/// A box to be placed. Lengths in any unit, used throughout. Edges come and go at its anchor, the middle of its main part; a box may
/// reach further to one side than to the other.
struct LayoutNode {
    double left = 20;   ///< from the anchor to the left end
    double right = 20;  ///< from the anchor to the right end
    double height = 30;
};

struct LayoutEdge {
    std::size_t from = 0, to = 0;  ///< indices of nodes
    bool spine = false;            ///< belongs to the line that is drawn straight, left of everything else
};

struct LayoutProblem {
    std::vector<LayoutNode> nodes;
    std::vector<LayoutEdge> edges;  ///< without cycles; several between the same nodes are allowed
    double nodeGap = 24;            ///< between boxes of a rank
    double lineGap = 14;            ///< between a box and a line that passes it
    double rankGap = 24;            ///< between ranks
};

struct LayoutPoint {
    double x = 0, y = 0;
    bool operator==(const LayoutPoint&) const = default;
};

struct LayoutResult {
    std::vector<LayoutPoint> nodes;               ///< the anchor's x and the upper edge's y
    std::vector<int> ranks;                       ///< of the nodes
    std::vector<std::vector<LayoutPoint>> edges;  ///< where an edge passes other ranks, downwards: two points for each of them
    double width = 0, height = 0;                 ///< everything lies within (0, 0) and this
    bool operator==(const LayoutResult&) const = default;
};

/// Places the nodes so that edges point down. Throws Exception(invalidArgument) for a cycle or an index out of range.
LayoutResult layoutGraph(const LayoutProblem& problem);

}  // namespace vitrine::widgets
