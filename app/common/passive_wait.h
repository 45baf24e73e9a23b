// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace vitrine {

/// OpenMP reads its waiting policy before main() does: starts the program again with the one that we want, unless the
/// environment names one. Threads that spin while they wait make a program on a busy machine many times slower. To be
/// called first in main(); where starting again fails the program goes on as it is.
void waitPassively(char** argv);

}  // namespace vitrine
