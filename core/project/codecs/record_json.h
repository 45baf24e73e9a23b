// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/record.h"

namespace vitrine {
class Fields;
}

namespace vitrine::project {

/// What run.json holds, with its format number.
nlohmann::json toJson(const RunRecord& record);
/// Throws Exception(badFormat) that names the field, or unsupported for a newer format.
RunRecord recordFromJson(const nlohmann::json& document);

nlohmann::json toJson(const RunSummary& summary);
RunSummary summaryFrom(const Fields& fields);

nlohmann::json toJson(const StoredPath& path);
StoredPath pathFrom(const Fields& fields);

nlohmann::json toJson(const InputRecord& input);
InputRecord inputFrom(const Fields& fields);

}  // namespace vitrine::project
