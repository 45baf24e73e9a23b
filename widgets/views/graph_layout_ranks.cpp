// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/graph_layout_ranks.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"

namespace vitrine::widgets::layout {
namespace {

constexpr int kSweeps = 12;

/// Topological order, by index where it is free. Throws for a cycle.
std::vector<std::size_t> sortedNodes(const LayoutProblem& problem) {
    std::vector<std::vector<std::size_t>> readers(problem.nodes.size());
    std::vector<std::size_t> missing(problem.nodes.size(), 0);
    for (const LayoutEdge& edge : problem.edges) {
        if (edge.from >= problem.nodes.size() || edge.to >= problem.nodes.size())
            fail(ErrorCode::invalidArgument, "An edge of the drawing ends at no node");
        readers[edge.from].push_back(edge.to);
        ++missing[edge.to];
    }
    std::vector<std::size_t> order;
    for (std::size_t node = 0; node < missing.size(); ++node)
        if (missing[node] == 0) order.push_back(node);
    for (std::size_t done = 0; done < order.size(); ++done)
        for (const std::size_t reader : readers[order[done]])
            if (--missing[reader] == 0) order.push_back(reader);
    if (order.size() != problem.nodes.size()) fail(ErrorCode::invalidArgument, "The graph to be drawn has a cycle");
    return order;
}

/// The mean position of `neighbours`, or the place's own where it has none.
double barycentre(const std::vector<Place>& places, const std::vector<std::size_t>& neighbours, std::size_t own) {
    if (neighbours.empty()) return static_cast<double>(own);
    double sum = 0;
    for (const std::size_t neighbour : neighbours) sum += static_cast<double>(places[neighbour].position);
    return sum / static_cast<double>(neighbours.size());
}

void numberRank(Layers& layers, const std::vector<std::size_t>& rank) {
    for (std::size_t position = 0; position < rank.size(); ++position) layers.places[rank[position]].position = position;
}

void sortRank(Layers& layers, std::vector<std::size_t>& rank, bool byAbove) {
    std::vector<std::pair<double, std::size_t>> keyed;
    for (const std::size_t place : rank) {
        const Place& at = layers.places[place];
        const double key = at.spine ? -1 : barycentre(layers.places, byAbove ? at.above : at.below, at.position);
        keyed.emplace_back(key, place);
    }
    std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::transform(keyed.begin(), keyed.end(), rank.begin(), [](const auto& entry) { return entry.second; });
    numberRank(layers, rank);
}

/// Pairs of pieces at two neighbours of a rank that cross.
std::size_t crossingsBetween(const Layers& layers, std::size_t left, std::size_t right) {
    std::size_t count = 0;
    const auto add = [&](const std::vector<std::size_t>& ofLeft, const std::vector<std::size_t>& ofRight) {
        for (const std::size_t a : ofLeft)
            for (const std::size_t b : ofRight) count += layers.places[a].position > layers.places[b].position ? 1 : 0;
    };
    add(layers.places[left].above, layers.places[right].above);
    add(layers.places[left].below, layers.places[right].below);
    return count;
}

/// Exchanges neighbours in a rank as long as that removes crossings.
void exchangeNeighbours(Layers& layers) {
    bool better = true;
    for (int round = 0; better && round < kSweeps; ++round) {
        better = false;
        for (auto& rank : layers.ranks)
            for (std::size_t i = 0; i + 1 < rank.size(); ++i) {
                if (layers.places[rank[i]].spine) continue;
                if (crossingsBetween(layers, rank[i], rank[i + 1]) <= crossingsBetween(layers, rank[i + 1], rank[i])) continue;
                std::swap(rank[i], rank[i + 1]);
                numberRank(layers, rank);
                better = true;
            }
    }
}

}  // namespace

std::vector<int> rankNodes(const LayoutProblem& problem) {
    const std::vector<std::size_t> order = sortedNodes(problem);
    std::vector<std::vector<std::size_t>> readers(problem.nodes.size()), sources(problem.nodes.size());
    for (const LayoutEdge& edge : problem.edges) {
        readers[edge.from].push_back(edge.to);
        sources[edge.to].push_back(edge.from);
    }
    std::vector<int> ranks(problem.nodes.size(), 0);
    for (const std::size_t node : order)
        for (const std::size_t reader : readers[node]) ranks[reader] = std::max(ranks[reader], ranks[node] + 1);
    // What the drawing's first node does not lead to hangs in the air: let it down to its readers.
    std::vector<char> reached(problem.nodes.size(), 0);
    if (!order.empty()) reached[order.front()] = 1;
    for (const std::size_t node : order)
        for (const std::size_t source : sources[node]) reached[node] = static_cast<char>(reached[node] | reached[source]);
    for (auto node = order.rbegin(); node != order.rend(); ++node) {
        if (reached[*node] != 0 || readers[*node].empty()) continue;
        int lowest = ranks[readers[*node].front()];
        for (const std::size_t reader : readers[*node]) lowest = std::min(lowest, ranks[reader]);
        ranks[*node] = lowest - 1;
    }
    return ranks;
}

Layers makeLayers(const LayoutProblem& problem, const std::vector<int>& ranks) {
    Layers layers;
    for (std::size_t node = 0; node < problem.nodes.size(); ++node) {
        Place place;
        place.left = problem.nodes[node].left;
        place.right = problem.nodes[node].right;
        place.rank = ranks[node];
        layers.places.push_back(place);
    }
    const auto connect = [&](std::size_t upper, std::size_t lower, bool spine) {
        layers.places[upper].below.push_back(lower);
        layers.places[lower].above.push_back(upper);
        if (!spine) return;
        layers.places[upper].spine = layers.places[lower].spine = true;
        layers.places[upper].spineBelow = lower;
        layers.places[lower].spineAbove = upper;
    };
    for (const LayoutEdge& edge : problem.edges) {
        layers.chains.emplace_back();
        std::size_t last = edge.from;
        for (int rank = ranks[edge.from] + 1; rank < ranks[edge.to]; ++rank) {
            Place place;
            place.dummy = true;
            place.rank = rank;
            layers.places.push_back(place);
            connect(last, layers.places.size() - 1, edge.spine);
            last = layers.places.size() - 1;
            layers.chains.back().push_back(last);
        }
        connect(last, edge.to, edge.spine);
    }
    const int last = ranks.empty() ? -1 : *std::max_element(ranks.begin(), ranks.end());
    layers.ranks.resize(static_cast<std::size_t>(last + 1));
    for (std::size_t place = 0; place < layers.places.size(); ++place)
        layers.ranks[static_cast<std::size_t>(layers.places[place].rank)].push_back(place);
    for (auto& rank : layers.ranks) {
        std::stable_sort(rank.begin(), rank.end(), [&](std::size_t a, std::size_t b) { return layers.places[a].spine && !layers.places[b].spine; });
        numberRank(layers, rank);
    }
    return layers;
}

std::size_t countCrossings(const Layers& layers) {
    std::size_t count = 0;
    for (const auto& rank : layers.ranks)
        for (std::size_t i = 0; i < rank.size(); ++i)
            for (std::size_t j = i + 1; j < rank.size(); ++j)
                for (const std::size_t a : layers.places[rank[i]].below)
                    for (const std::size_t b : layers.places[rank[j]].below)
                        count += layers.places[a].position > layers.places[b].position ? 1 : 0;
    return count;
}

void reduceCrossings(Layers& layers) {
    auto best = layers.ranks;
    std::size_t fewest = countCrossings(layers);
    for (int sweep = 0; sweep < kSweeps && fewest > 0; ++sweep) {
        if (sweep % 2 == 0)
            for (std::size_t rank = 1; rank < layers.ranks.size(); ++rank) sortRank(layers, layers.ranks[rank], true);
        else
            for (std::size_t rank = layers.ranks.size() - 1; rank-- > 0;) sortRank(layers, layers.ranks[rank], false);
        exchangeNeighbours(layers);
        if (const std::size_t count = countCrossings(layers); count < fewest) {
            fewest = count;
            best = layers.ranks;
        }
    }
    layers.ranks = best;
    for (const auto& rank : layers.ranks) numberRank(layers, rank);
}

}  // namespace vitrine::widgets::layout
