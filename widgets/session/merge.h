// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "project/edits.h"

namespace vitrine::widgets {

/// `theirs` with what changed from `base` to `ours`. Where both changed the same thing, ours wins. Models, image sets and runs are
/// merged by name and id, the note of a run field by field, everything else as a whole.
project::Edits merged(const project::Edits& base, const project::Edits& ours, const project::Edits& theirs);

}  // namespace vitrine::widgets
