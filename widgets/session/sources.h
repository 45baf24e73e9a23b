// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "data/dataset.h"
#include "project/record.h"
#include "widgets/session/run_data.h"

/// What runs were made from, read at once: by the open study on its threads, and for drawing without a window. Thread safe.
namespace vitrine::widgets {

/// The input of a run with this role ("model", "calibration", "evaluation"); null when it has none.
const project::InputRecord* inputOf(const project::RunRecord& record, std::string_view role);

/// A network with its sites. `overrides`: texts by id of models::overrideSchema(). Throws what models::loadModel throws.
NetworkPtr loadNetwork(const std::filesystem::path& path, const std::map<std::string, std::string>& overrides);
/// The overrides that a run was made with.
std::map<std::string, std::string> overridesOf(const project::RunRecord& record);

/// A picture of a set, at most `side` pixels wide and high; null for a row that is not there. Throws what decoding throws.
QImage smallPicture(const data::ImageSet& set, qint64 row, int side);

}  // namespace vitrine::widgets
