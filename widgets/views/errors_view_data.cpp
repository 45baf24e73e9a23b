// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/errors_view_data.h"

#include <cmath>
#include <list>
#include <unordered_map>

#include "report/tables.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {

std::vector<ErrorRow> errorRows(const report::RunContent* a, const report::RunContent* b) {
    std::list<ErrorRow> rows;
    std::unordered_map<std::string, std::list<ErrorRow>::iterator> known;
    const auto add = [&](const report::RunContent* run, const ErrorSeries& series) {
        const auto* errors = run == nullptr ? nullptr : run->errors(series.accumulated ? "accumulated" : "local");
        if (errors == nullptr) return;
        auto behind = rows.begin();
        for (const auto& row : errors->rows) {
            auto [found, isNew] = known.try_emplace(row.site, rows.end());
            if (isNew) found->second = rows.insert(behind, ErrorRow{toQt(row.site), toQt(row.block), row.role, {}});
            found->second->errors[series.index()] = &row;
            behind = std::next(found->second);
        }
    };
    for (const bool isB : {false, true})
        for (const bool accumulated : {false, true}) add(isB ? b : a, {isB, accumulated});
    return {std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end())};
}

ErrorValue errorValue(const results::LayerErrors::Row* row, ErrorMetric metric) {
    if (row == nullptr) return {};
    const double value = metric == ErrorMetric::sqnr ? row->sqnrDb : (metric == ErrorMetric::cosine ? 1 - row->cosine : row->mse);
    const bool isExact = metric == ErrorMetric::sqnr ? value >= report::kExactDb : value <= 0;
    if (std::isnan(value) || (std::isinf(value) && !isExact)) return {ErrorValue::Kind::broken, 0};
    if (isExact) return {ErrorValue::Kind::exact, 0};
    return {ErrorValue::Kind::number, value};
}

}  // namespace vitrine::widgets
