// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/json_fields.h"
#include "results/artefacts.h"

namespace vitrine::project {

/// Sheets are PNG files in base64: lossless, and part of the one file that is replaced, copied and packed as a whole.
nlohmann::json syntheticImagesJson(const results::SyntheticImages& images);

/// Throws Exception(badFormat) that names the field, also for sheets that are no PNG of the stated grid and for terms that are not as
/// long as the steps and images.
results::SyntheticImages syntheticImagesFrom(const Fields& data);

}  // namespace vitrine::project
