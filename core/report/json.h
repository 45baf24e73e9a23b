// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/document.h"

namespace vitrine::report {

/// A table as a list of objects, one per row, keyed by column id. Unknown cells and numbers that JSON lacks are null.
nlohmann::json rowsToJson(const Table& table);

}  // namespace vitrine::report
