// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as the description beside a checkpoint: it gives hints or warnings, and never an error.
#include <cstdint>
#include <cstdlib>
#include <fstream>

#include "models/hints.h"
#include "support/temporary_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vitrine;
    static const test::TemporaryFolder folder;
    std::ofstream file(folder / "net.json", std::ios::binary);
    file.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    file.close();
    const models::FoundHints found = models::hintsBeside(folder / "net.safetensors");
    if (found.hints.imageSize && (*found.hints.imageSize)[0] < 1) std::abort();
    return 0;
}
