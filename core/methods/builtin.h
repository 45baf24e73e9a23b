// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "methods/method.h"

namespace vitrine::methods {

/// The methods, one function each: what the registry lists.
const Method& baseline();
const Method& clampvit();
const Method& cptv();
const Method& noise();
const Method& psaq();
const Method& psaq2();
const Method& repq();

}  // namespace vitrine::methods
