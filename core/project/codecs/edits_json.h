// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/edits.h"

namespace vitrine {
class Fields;
}

namespace vitrine::project {

/// {"name", "notes", "models": [...], "image_sets": [...], "run_notes": {id: {...}}, "draft": {...}}
nlohmann::json toJson(const Edits& edits);

/// The reverse; keys behind "notes" may be absent, and keys that are not known are passed over. Throws
/// Exception(badFormat) that names the field.
Edits editsFrom(const Fields& fields);

}  // namespace vitrine::project
