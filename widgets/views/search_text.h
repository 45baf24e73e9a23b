// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "results/artefacts.h"

/// Words about searches. Thread safe.
namespace vitrine::widgets {

/// "Average weight bits 4.80 of 5.00 allowed", "Size 2.4 MB".
QString searchBudgetText(const results::SearchHistory::Budget& budget);
/// "4.80 bits", "2.4 MB", "1.2e+09".
QString searchAmountText(const results::SearchHistory::Budget& budget, double value);

}  // namespace vitrine::widgets
