// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "report/document.h"

namespace vitrine::report {

/// A table for a terminal: a header line, a rule, then aligned rows; numbers to the right. Lines end without blanks.
std::string toText(const Table& table);

/// Sections for a terminal: titles, facts as "label  value  detail" lines, tables as above. Figures are left out.
std::string toText(const std::vector<Section>& sections);

/// Characters that a terminal shows for a UTF-8 text (code points without combining ones; wide scripts count one).
std::size_t displayWidth(const std::string& text);

}  // namespace vitrine::report
