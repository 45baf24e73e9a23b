// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "formats/bytes.h"

namespace vitrine::formats {

/// The content of a file, mapped into memory and read only when touched. The map lives as long as any copy of the
/// result.
///
/// Replacing the file by rename, as Vitrine's own writers do, leaves the map intact. A program that shortens the file
/// in place while it is mapped takes the pages away, and the operating system then ends us with SIGBUS: this cannot be
/// prevented without copying. Callers check every range against `size`, which is the size when the file was opened.
///
/// Throws Exception(notFound) when there is no such file, badFormat for a folder or a device, ioFailure otherwise.
Bytes mapFile(const std::filesystem::path& path);

}  // namespace vitrine::formats
