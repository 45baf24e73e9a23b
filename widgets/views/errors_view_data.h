// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <array>
#include <string>
#include <vector>

#include "report/run_pair.h"
#include "widgets/session/run_data.h"

/// Errors of one or two runs, site by site. Thread safe.
namespace vitrine::widgets {

using ErrorMetric = report::SiteMetric;

struct ErrorSeries {
    bool isB = false;
    bool accumulated = false;

    std::size_t index() const { return (isB ? 2U : 0U) + (accumulated ? 1U : 0U); }
};

/// A site and what the runs say of it.
struct ErrorRow {
    QString site, block;
    std::string role;
    std::array<const results::LayerErrors::Row*, 4> errors{};  ///< by ErrorSeries::index(); null where a run lacks it

    const results::LayerErrors::Row* of(const ErrorSeries& series) const { return errors[series.index()]; }
    bool isWeight() const { return role == "weight"; }
};

/// All sites that one of the runs has, in the order of the network; the second one's own sites stand behind the site that
/// precedes them there. The rows point into the runs. Either may be null.
std::vector<ErrorRow> errorRows(const report::RunContent* a, const report::RunContent* b);

/// An error as it is drawn.
struct ErrorValue {
    enum class Kind { absent, exact, number, broken };  ///< broken: not finite
    Kind kind = Kind::absent;
    double value = 0;  ///< SQNR in dB, 1 - cosine, MSE: of a number

    bool isNumber() const { return kind == Kind::number; }
};
ErrorValue errorValue(const results::LayerErrors::Row* row, ErrorMetric metric);

}  // namespace vitrine::widgets
