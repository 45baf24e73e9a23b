// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/resources.h"

#include <cstdlib>
#include <system_error>
#include <vector>

#include "base/error.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

constexpr int kBuildDepth = 6;  ///< of a test: build/<preset>/tests/widgets/<room> is five folders below the sources; one to spare

std::vector<fs::path> resourceFolders() {
    if (const char* chosen = std::getenv("VITRINE_RESOURCES"); chosen != nullptr && *chosen != '\0') return {chosen};
    std::error_code ignored;
    fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    std::vector<fs::path> folders{folder.parent_path() / "share" / "vitrine"};
    for (int level = 0; level < kBuildDepth && folder.has_relative_path(); ++level) {
        folder = folder.parent_path();
        folders.push_back(folder / "resources");
    }
    return folders;
}

}  // namespace

fs::path resourcePath(const fs::path& relative) {
    std::string places;
    for (const fs::path& folder : resourceFolders()) {
        std::error_code ignored;
        if (fs::exists(folder / relative, ignored)) return folder / relative;
        places += (places.empty() ? "" : ", ") + folder.string();
    }
    fail(ErrorCode::notFound, "a file that comes with Vitrine is missing", relative.string(),
         "set VITRINE_RESOURCES to the folder 'resources' of its sources; looked in " + places);
}

}  // namespace vitrine
