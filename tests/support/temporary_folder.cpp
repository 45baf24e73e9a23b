// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/temporary_folder.h"

#include <stdlib.h>

#include <stdexcept>
#include <string>

namespace vitrine::test {

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "vitrine-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder at " + pattern);
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace vitrine::test
