// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <set>

#include "widgets/views/graph_layout_ranks.h"

namespace vitrine::widgets::layout {
namespace {

using Piece = std::pair<std::size_t, std::size_t>;  ///< upper and lower place

/// Pieces that must not be straightened: they cross one between two dummies.
std::set<Piece> conflicts(const Layers& layers) {
    std::set<Piece> found;
    const auto inner = [&](const Piece& piece) { return layers.places[piece.first].dummy && layers.places[piece.second].dummy; };
    for (const auto& rank : layers.ranks) {
        std::vector<Piece> pieces;
        for (const std::size_t upper : rank)
            for (const std::size_t lower : layers.places[upper].below) pieces.emplace_back(upper, lower);
        for (const Piece& a : pieces)
            for (const Piece& b : pieces) {
                if (inner(a) || !inner(b)) continue;
                const auto over = layers.places[a.first].position < layers.places[b.first].position;
                const auto under = layers.places[a.second].position < layers.places[b.second].position;
                const bool apart = a.first != b.first && a.second != b.second;
                if (apart && over != under) found.insert(a);
            }
    }
    return found;
}

/// One of the four ways to look at the ranks: from above or below, from the left or the right.
struct Side {
    bool fromBelow = false;
    bool fromRight = false;
};

struct Gaps {
    double node = 0, line = 0;
};

class Alignment {
  public:
    Alignment(const Layers& layers, Side side, const std::set<Piece>& forbidden)
        : layers_(layers), side_(side), forbidden_(forbidden), root_(layers.places.size()), next_(layers.places.size()) {
        std::iota(root_.begin(), root_.end(), std::size_t{0});
        std::iota(next_.begin(), next_.end(), std::size_t{0});
        ranks_ = layers.ranks;
        if (side.fromBelow) std::reverse(ranks_.begin(), ranks_.end());
        if (side.fromRight)
            for (auto& rank : ranks_) std::reverse(rank.begin(), rank.end());
        for (const auto& rank : ranks_) alignRank(rank);
    }

    std::vector<double> compact(Gaps gaps) const;

  private:
    long position(std::size_t place) const {
        const Place& at = layers_.places[place];
        const auto forward = static_cast<long>(at.position);
        return side_.fromRight ? static_cast<long>(layers_.ranks[static_cast<std::size_t>(at.rank)].size()) - 1 - forward : forward;
    }

    std::vector<std::size_t> candidates(std::size_t place) const {
        const Place& at = layers_.places[place];
        const std::size_t spine = side_.fromBelow ? at.spineBelow : at.spineAbove;
        if (spine != Place::kNoPlace) return {spine};
        std::vector<std::size_t> neighbours = side_.fromBelow ? at.below : at.above;
        if (neighbours.empty()) return {};
        std::sort(neighbours.begin(), neighbours.end(), [&](std::size_t a, std::size_t b) { return position(a) < position(b); });
        neighbours.erase(std::unique(neighbours.begin(), neighbours.end()), neighbours.end());
        const std::size_t last = neighbours.size() - 1;
        if (last % 2 == 0) return {neighbours[last / 2]};
        return {neighbours[last / 2], neighbours[last / 2 + 1]};
    }

    bool mayAlign(std::size_t place, std::size_t neighbour) const {
        const Place& other = layers_.places[neighbour];
        const std::size_t partner = side_.fromBelow ? other.spineAbove : other.spineBelow;
        if (partner != Place::kNoPlace && partner != place) return false;
        return !forbidden_.contains(side_.fromBelow ? Piece{place, neighbour} : Piece{neighbour, place});
    }

    void alignRank(const std::vector<std::size_t>& rank) {
        long taken = -1;
        for (const std::size_t place : rank)
            for (const std::size_t neighbour : candidates(place)) {
                if (next_[place] != place || position(neighbour) <= taken || !mayAlign(place, neighbour)) continue;
                next_[neighbour] = place;
                root_[place] = root_[neighbour];
                next_[place] = root_[place];
                taken = position(neighbour);
            }
    }

    double separation(std::size_t left, std::size_t right, Gaps gaps) const {
        const Place &a = layers_.places[left], &b = layers_.places[right];
        const double gap = a.dummy || b.dummy ? gaps.line : gaps.node;
        return side_.fromRight ? a.left + gap + b.right : a.right + gap + b.left;
    }

    const Layers& layers_;
    Side side_;
    const std::set<Piece>& forbidden_;
    std::vector<std::size_t> root_, next_;
    std::vector<std::vector<std::size_t>> ranks_;
};

std::vector<double> Alignment::compact(Gaps gaps) const {
    struct Wall {
        std::size_t column;
        double distance;
    };
    const std::size_t count = root_.size();
    std::vector<std::vector<Wall>> rightOf(count);
    std::vector<std::size_t> missing(count, 0);
    for (const auto& rank : ranks_)
        for (std::size_t i = 0; i + 1 < rank.size(); ++i) {
            rightOf[root_[rank[i]]].push_back({root_[rank[i + 1]], separation(rank[i], rank[i + 1], gaps)});
            ++missing[root_[rank[i + 1]]];
        }
    std::vector<std::size_t> order;
    for (std::size_t place = 0; place < count; ++place)
        if (root_[place] == place && missing[place] == 0) order.push_back(place);
    std::vector<double> x(count, 0);
    for (std::size_t done = 0; done < order.size(); ++done)
        for (const Wall& wall : rightOf[order[done]]) {
            x[wall.column] = std::max(x[wall.column], x[order[done]] + wall.distance);
            if (--missing[wall.column] == 0) order.push_back(wall.column);
        }
    for (auto column = order.rbegin(); column != order.rend(); ++column) {
        double limit = std::numeric_limits<double>::infinity();
        for (const Wall& wall : rightOf[*column]) limit = std::min(limit, x[wall.column] - wall.distance);
        if (limit < std::numeric_limits<double>::infinity()) x[*column] = std::max(x[*column], limit);
    }
    std::vector<double> result(count);
    for (std::size_t place = 0; place < count; ++place) result[place] = side_.fromRight ? -x[root_[place]] : x[root_[place]];
    return result;
}

/// Left and right end of everything.
std::pair<double, double> extent(const Layers& layers, const std::vector<double>& x) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t place = 0; place < x.size(); ++place) {
        low = std::min(low, x[place] - layers.places[place].left);
        high = std::max(high, x[place] + layers.places[place].right);
    }
    return {low, high};
}

}  // namespace

std::vector<double> placeColumns(const Layers& layers, double nodeGap, double lineGap) {
    if (layers.places.empty()) return {};
    const std::set<Piece> forbidden = conflicts(layers);
    constexpr std::array<Side, 4> kSides{{{false, false}, {false, true}, {true, false}, {true, true}}};
    std::array<std::vector<double>, 4> drafts;
    std::size_t narrowest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < 4; ++i) {
        drafts[i] = Alignment(layers, kSides[i], forbidden).compact({nodeGap, lineGap});
        const auto [low, high] = extent(layers, drafts[i]);
        if (high - low >= least) continue;
        least = high - low;
        narrowest = i;
    }
    const auto [low, high] = extent(layers, drafts[narrowest]);
    for (std::size_t i = 0; i < 4; ++i) {
        const auto [ownLow, ownHigh] = extent(layers, drafts[i]);
        const double shift = kSides[i].fromRight ? high - ownHigh : low - ownLow;
        for (double& x : drafts[i]) x += shift;
    }
    std::vector<double> columns(layers.places.size());
    for (std::size_t place = 0; place < columns.size(); ++place) {
        std::array<double, 4> four{drafts[0][place], drafts[1][place], drafts[2][place], drafts[3][place]};
        std::sort(four.begin(), four.end());
        columns[place] = (four[1] + four[2]) / 2;
    }
    const double left = extent(layers, columns).first;
    for (double& x : columns) x -= left;
    return columns;
}

}  // namespace vitrine::widgets::layout
