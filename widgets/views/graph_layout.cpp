// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/graph_layout.h"

#include <algorithm>

#include "widgets/views/graph_layout_ranks.h"

namespace vitrine::widgets {

LayoutResult layoutGraph(const LayoutProblem& problem) {
    LayoutResult result;
    result.ranks = layout::rankNodes(problem);
    layout::Layers layers = layout::makeLayers(problem, result.ranks);
    layout::reduceCrossings(layers);
    const std::vector<double> columns = layout::placeColumns(layers, problem.nodeGap, problem.lineGap);

    std::vector<double> tops, heights;
    for (const auto& rank : layers.ranks) {
        double height = 0;
        for (const std::size_t place : rank)
            if (place < problem.nodes.size()) height = std::max(height, problem.nodes[place].height);
        tops.push_back(tops.empty() ? 0 : tops.back() + heights.back() + problem.rankGap);
        heights.push_back(height);
    }
    for (std::size_t node = 0; node < problem.nodes.size(); ++node) {
        const auto rank = static_cast<std::size_t>(result.ranks[node]);
        result.nodes.push_back({columns[node], tops[rank] + (heights[rank] - problem.nodes[node].height) / 2});
    }
    for (const auto& chain : layers.chains) {
        auto& line = result.edges.emplace_back();
        for (const std::size_t dummy : chain) {
            const auto rank = static_cast<std::size_t>(layers.places[dummy].rank);
            line.push_back({columns[dummy], tops[rank]});
            line.push_back({columns[dummy], tops[rank] + heights[rank]});
        }
    }
    for (std::size_t place = 0; place < columns.size(); ++place)
        result.width = std::max(result.width, columns[place] + layers.places[place].right);
    if (!tops.empty()) result.height = tops.back() + heights.back();
    return result;
}

}  // namespace vitrine::widgets
