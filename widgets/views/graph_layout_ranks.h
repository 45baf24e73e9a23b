// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "widgets/views/graph_layout.h"

/// The steps of layoutGraph(), for it alone.
namespace vitrine::widgets::layout {

/// A node of the problem, or the place where a long edge passes a rank.
struct Place {
    double left = 0, right = 0;
    bool dummy = false;
    int rank = 0;
    std::size_t position = 0;              ///< in its rank
    std::vector<std::size_t> above, below;  ///< neighbours in the ranks before and behind
    std::size_t spineAbove = kNoPlace;      ///< the neighbour along the spine
    std::size_t spineBelow = kNoPlace;
    bool spine = false;

    static constexpr std::size_t kNoPlace = static_cast<std::size_t>(-1);
};

struct Layers {
    std::vector<Place> places;                    ///< the nodes of the problem first
    std::vector<std::vector<std::size_t>> ranks;  ///< places from left to right
    std::vector<std::vector<std::size_t>> chains; ///< the dummies of each edge, downwards
};

/// Longest-path ranks; what nothing leads to stands just above its readers.
std::vector<int> rankNodes(const LayoutProblem& problem);
/// Cuts long edges into pieces between neighbouring ranks.
Layers makeLayers(const LayoutProblem& problem, const std::vector<int>& ranks);
/// Orders each rank so that few pieces cross; the spine comes first.
void reduceCrossings(Layers& layers);
/// Pairs of pieces that cross.
std::size_t countCrossings(const Layers& layers);
/// The x of each place: no overlaps, long edges and the spine straight.
std::vector<double> placeColumns(const Layers& layers, double nodeGap, double lineGap);

}  // namespace vitrine::widgets::layout
