// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "report/document.h"
#include "report/run_content.h"

/// Images on which two quantized networks disagree. Thread safe.
namespace vitrine::report {

/// What a changed prediction means; `unlabelled` where the true class is not known.
enum class FlipKind {
    lost,       ///< the first is right, the second wrong
    gained,     ///< the first is wrong, the second right
    bothWrong,  ///< both are wrong, each in its own way
    unlabelled
};
std::string_view flipKindName(FlipKind kind);  ///< "lost", "gained", "both_wrong", "unlabelled"

struct Flip {
    std::int64_t row = 0;    ///< data row of the image
    std::int32_t first = 0;  ///< predicted classes
    std::int32_t second = 0;

    bool operator==(const Flip&) const = default;
};

struct FlipList {
    std::int64_t compared = 0;  ///< images that both were evaluated on
    std::vector<Flip> flips;    ///< ascending by row
};

/// Absent when a run has no predictions, or the runs were not evaluated on the same image set.
std::optional<FlipList> flipList(const RunContent& first, const RunContent& second);

/// `label` is the true class, or negative when it is not known.
FlipKind flipKind(const Flip& flip, std::int64_t label);

/// How to name rows and classes. Both may be empty functions; a negative label and an empty name mean "not known".
struct FlipNames {
    std::function<std::int64_t(std::int64_t row)> label;
    std::function<std::string(std::int64_t classId)> className;
};
/// One row per image: data row, kind, true class and both predictions, each as number and name.
Table flipTable(const std::vector<Flip>& flips, const FlipNames& names);

}  // namespace vitrine::report
