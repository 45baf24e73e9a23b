// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "project/edits.h"
#include "project/record.h"
#include "results/artefacts.h"

namespace vitrine::test {

/// A record with every field set to something that is not its default.
project::RunRecord sampleRecord();

/// One artefact of each kind, with infinities, NaN and values whose decimal form is long.
std::vector<results::Artefact> sampleArtefacts();

/// Edits in which nothing has its default value.
project::Edits sampleEdits();

}  // namespace vitrine::test
