// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "project/record.h"

/// The steps by which a run becomes part of a project; after a crash they can be repeated. The caller holds the project lock.
namespace vitrine::project {

/// Turns `runs/.tmp-<id>`, whose record is complete, into `runs/<id>`, without its working state.
void giveFinalName(const std::filesystem::path& project, const std::string& id);

/// Adds runs to the manifest on disk.
void listInManifest(const std::filesystem::path& project, const std::vector<RunRecord>& records);

/// The record in a run folder. Throws Exception(badFormat) with the file named, also when it is the record of another run.
RunRecord readRecord(const std::filesystem::path& runFolder, const std::string& id);

}  // namespace vitrine::project
