// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "report/document.h"

namespace vitrine::report {

/// A table as CSV (RFC 4180: CRLF, fields with commas, quotes or line breaks quoted): one header record of column ids,
/// then one record per row. Numbers in full precision with a decimal point; unknown cells are empty.
std::string toCsv(const Table& table);

}  // namespace vitrine::report
