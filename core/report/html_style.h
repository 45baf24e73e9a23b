// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace vitrine::report {

/// The style sheet of HTML reports.
std::string_view htmlStyle();

}  // namespace vitrine::report
