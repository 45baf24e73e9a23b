// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "jobs/job.h"
#include "project/edits.h"

namespace vitrine::runs {

/// What of a project goes into its copy.
enum class CopyContent {
    project,    ///< what lies in its folder; networks and images stay where they are
    andInputs,  ///< also the networks and images that it refers to, so that the folder can be given away
};

struct ProjectCopy {
    std::int64_t files = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> left;  ///< what did not come along, in words: inputs that are gone, runs that are being written
};

/// Copies the project in `from` into the new folder `to`, with `edits` as what its user wrote. Paths in the manifest and in the
/// records of runs lead from the copy to the same inputs, or to those in its folder "inputs". Complete and interrupted runs come
/// along; what is being written, locks and recovery files do not. `to` appears at once when everything is there. Stopping and failing
/// leave nothing behind. Throws Exception(invalidArgument) when `to` exists or lies in `from`, notFound when there is no project, stopped when
/// cancelled, ioFailure. Any thread; slow.
ProjectCopy copyProject(const std::filesystem::path& from, const std::filesystem::path& to, const project::Edits& edits, CopyContent content,
                        jobs::JobContext& context);

}  // namespace vitrine::runs
