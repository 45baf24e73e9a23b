// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "methods/method_info.h"

namespace vitrine::methods {

/// The descriptors of the methods, one function each: what the registry lists and what each method's info() returns.
MethodInfo baselineInfo();
MethodInfo clampvitInfo();
MethodInfo cptvInfo();
MethodInfo noiseInfo();
MethodInfo psaqInfo();
MethodInfo psaq2Info();
MethodInfo repqInfo();

}  // namespace vitrine::methods
