// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "results/artefacts.h"

namespace vitrine::project {

/// {"format": 1, "id": ..., "title": ..., "kind": "layer_errors", "data": {...}}. Numbers survive exactly; infinities and
/// NaN are the texts "inf", "-inf" and "nan".
nlohmann::json toJson(const results::Artefact& artefact);

/// The reverse. Throws Exception(badFormat) that names the field, or unsupported for a kind or format of a newer version.
results::Artefact artefactFromJson(const nlohmann::json& document);

}  // namespace vitrine::project
