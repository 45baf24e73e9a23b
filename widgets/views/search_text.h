// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "results/artefacts.h"

/// Words about searches. Thread safe.
namespace vitrine::widgets {

/// "average weight bits 4.80 of 5.00 allowed", "size 2.4 MB, no limit".
QString searchBudgetText(const results::SearchHistory::Budget& budget);

}  // namespace vitrine::widgets
