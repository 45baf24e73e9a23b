// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "base/parameters.h"
#include "project/record.h"
#include "report/document.h"
#include "results/artefacts.h"

/// Artefacts and parameters as tables: the one place that chooses their columns, for HTML, CSV, JSON and terminals
/// alike.
namespace vitrine::report {

inline constexpr double kExactDb = 999;  ///< SQNR that results::LayerErrors writes for no error at all

Table errorTable(const results::LayerErrors& errors);
Table intervalTable(const results::Intervals& intervals);
Table scopeTable(const results::Scope& scope);
Table accuracyTable(const std::vector<results::Accuracy>& accuracies);
/// One row per image: data row, predicted class.
Table predictionTable(const results::Accuracy& accuracy);
/// One row per bin and site.
Table histogramTable(const results::Histograms& histograms);
Table traceTable(const results::Trace& trace);
/// One row per candidate of a search.
Table searchTable(const results::SearchHistory& history);
/// One row per image: label, prediction, confidence, every term at its last step.
Table syntheticTable(const results::SyntheticImages& images);
Table ownTable(const results::Table& table);

/// The table of any artefact, with its id and title.
Table artefactTable(const results::Artefact& artefact);

/// Every parameter of a run with its value, whether it was changed, and where its default comes from.
Table parameterTable(const std::vector<project::ParameterRecord>& parameters);
/// The schema itself: key, type, default, range, provenance, help.
Table schemaTable(const ParameterSchema& schema);

/// The `count` rows of `errors` with the lowest SQNR, lowest first; sites without error are left out.
results::LayerErrors weakestSites(const results::LayerErrors& errors, std::size_t count);

}  // namespace vitrine::report
