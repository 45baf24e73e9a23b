// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/document.h"
#include "report/run_content.h"

namespace vitrine::report {

/// What the user wrote about runs, by run id: project::Edits::runs.
using RunNotes = std::map<std::string, project::RunNote>;

/// One row per run: what the user calls it, method, bits, accuracy, costs, time, and the first line of its note.
Table figureTable(const std::vector<project::RunSummary>& runs, const RunNotes& notes = {});

/// Columns of these ids in which all rows agree are said once in the table's note instead; CSV and JSON keep them.
void shareColumns(Table& table, const std::vector<std::string_view>& ids);

/// The parameters, seeds and methods in which the runs differ: one column per run; a run of a method without such a
/// parameter has an unknown cell.
Table parameterDifferences(const std::vector<RunContent>& runs);

/// SQNR of every site, one column per run, and for two runs their difference (second minus first).
Table siteComparison(const std::vector<RunContent>& runs);

/// Whether both runs were evaluated on the same image set.
bool sameImages(const RunContent& first, const RunContent& second);

/// How two quantized networks differ in what they predict.
struct Flips {
    std::int64_t compared = 0;  ///< images that both were evaluated on
    std::int64_t flipped = 0;   ///< of them, those with another arg-max
};
/// Absent when the runs were not evaluated on the same image set.
std::optional<Flips> flippedPredictions(const RunContent& first, const RunContent& second);

}  // namespace vitrine::report
