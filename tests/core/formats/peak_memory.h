// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace vitrine::test {

/// Runs `work` in a process of its own, with a time limit, and gives by how many bytes its peak memory exceeds ours; -1
/// when it crashed, hung or threw anything but an Exception.
long peakGrowth(const std::function<void()>& work);

}  // namespace vitrine::test
