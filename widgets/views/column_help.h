// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "report/document.h"

namespace vitrine::widgets {

/// What the numbers of a column are, in one or two sentences; empty where the title says all. Thread safe.
QString columnHelp(const report::Column& column);

}  // namespace vitrine::widgets
