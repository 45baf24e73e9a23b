// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace vitrine {

/// A file or folder that Vitrine ships, such as "sample". Looked for in $VITRINE_RESOURCES when that is set, else
/// beside the program: ../share/vitrine of an installation, or the folder `resources` of the source tree around a build
/// folder. Throws Exception(notFound) that names the places. Thread safe.
std::filesystem::path resourcePath(const std::filesystem::path& relative);

}  // namespace vitrine
