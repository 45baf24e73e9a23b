// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/flips.h"

#include <algorithm>
#include <map>

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

std::optional<FlipList> flipList(const RunContent& first, const RunContent& second) {
    const auto counts = flippedPredictions(first, second);
    if (!counts) return std::nullopt;
    const auto& one = *first.accuracy("quantized");
    const auto& other = *second.accuracy("quantized");
    std::map<std::int64_t, std::int32_t> predicted;
    for (std::size_t i = 0; i < std::min(one.rows.size(), one.predictions.size()); ++i)
        predicted.emplace(one.rows[i], one.predictions[i]);
    FlipList list{counts->compared, {}};
    for (std::size_t i = 0; i < std::min(other.rows.size(), other.predictions.size()); ++i)
        if (const auto found = predicted.find(other.rows[i]);
            found != predicted.end() && found->second != other.predictions[i])
            list.flips.push_back({found->first, found->second, other.predictions[i]});
    std::stable_sort(list.flips.begin(), list.flips.end(), [](const Flip& a, const Flip& b) { return a.row < b.row; });
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
