// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/reference_data.h"

#include <cstdlib>

namespace vitrine::test {

std::filesystem::path referencePath(const std::string& relative) {
    const char* chosen = std::getenv("VITRINE_REFERENCE_DATA");
    return std::filesystem::path(chosen != nullptr ? chosen : VITRINE_REFERENCE_DEFAULT) / relative;
}

}  // namespace vitrine::test
