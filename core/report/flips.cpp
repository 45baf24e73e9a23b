// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/flips.h"

#include <algorithm>
#include <utility>

#include "report/comparison.h"

namespace vitrine::report {

std::string_view flipKindName(FlipKind kind) {
    switch (kind) {
        case FlipKind::lost:
            return "lost";
        case FlipKind::gained:
            return "gained";
        case FlipKind::bothWrong:
            return "both_wrong";
        case FlipKind::unlabelled:
            break;
    }
    return "unlabelled";
}

namespace {

using Predicted = std::pair<std::int64_t, std::int32_t>;  ///< data row, class

/// By row, each row once: of several predictions of one image the first counts.
std::vector<Predicted> predictionsByRow(const results::Accuracy& accuracy) {
    std::vector<Predicted> list;
    const std::size_t count = std::min(accuracy.rows.size(), accuracy.predictions.size());
    list.reserve(count);
    for (std::size_t i = 0; i < count; ++i) list.emplace_back(accuracy.rows[i], accuracy.predictions[i]);
    const auto isBefore = [](const Predicted& a, const Predicted& b) { return a.first < b.first; };
    if (!std::is_sorted(list.begin(), list.end(), isBefore)) std::stable_sort(list.begin(), list.end(), isBefore);
    list.erase(std::unique(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.first == b.first; }), list.end());
    return list;
}

}  // namespace

std::optional<FlipList> flipList(const RunContent& first, const RunContent& second) {
    const auto* one = first.accuracy("quantized");
    const auto* other = second.accuracy("quantized");
    if (one == nullptr || other == nullptr || !sameImages(first, second)) return std::nullopt;
    const auto ones = predictionsByRow(*one), others = predictionsByRow(*other);
    FlipList list;
    for (auto a = ones.begin(), b = others.begin(); a != ones.end() && b != others.end();) {
        if (a->first == b->first) {
            ++list.compared;
            if (a->second != b->second) list.flips.push_back({a->first, a->second, b->second});
        }
        const bool isBehind = a->first <= b->first, isAhead = b->first <= a->first;
        if (isBehind) ++a;
        if (isAhead) ++b;
    }
    return list;
}

FlipKind flipKind(const Flip& flip, std::int64_t label) {
    if (label < 0) return FlipKind::unlabelled;
    if (flip.first == label) return FlipKind::lost;
    return flip.second == label ? FlipKind::gained : FlipKind::bothWrong;
}

Table flipTable(const std::vector<Flip>& flips, const FlipNames& names) {
    Table table{
        "flips",
        "Images with another prediction",
        {{"row", "Data row", "", Format::integer},
         {"kind", "Change", "", Format::label},
         {"label", "True class", "", Format::integer},
         {"label_name", "Name"},
         {"prediction_a", "Prediction A", "", Format::integer},
         {"prediction_a_name", "Name"},
         {"prediction_b", "Prediction B", "", Format::integer},
         {"prediction_b_name", "Name"}},
        {},
        "lost: A is right and B wrong; gained: A is wrong and B right; both_wrong: each is wrong in its own way."};
    const auto nameOf = [&](std::int64_t classId) -> Cell {
        const std::string name = names.className && classId >= 0 ? names.className(classId) : std::string();
        return name.empty() ? Cell() : Cell(name);
    };
    for (const Flip& flip : flips) {
        const std::int64_t label = names.label ? names.label(flip.row) : -1;
        table.rows.push_back({flip.row, std::string(flipKindName(flipKind(flip, label))),
                              label < 0 ? Cell() : Cell(label), nameOf(label), std::int64_t{flip.first},
                              nameOf(flip.first), std::int64_t{flip.second}, nameOf(flip.second)});
    }
    return table;
}

}  // namespace vitrine::report
