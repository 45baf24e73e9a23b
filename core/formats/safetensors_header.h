// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/host_tensor.h"

namespace vitrine::formats {

/// What a safetensors header says of one tensor; `begin` and `end` count from the start of the data.
struct SafetensorsEntry {
    DType dtype = DType::f32;
    Shape shape;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

struct SafetensorsHeader {
    std::map<std::string, SafetensorsEntry> entries;
    std::map<std::string, std::string> metadata;
};

/// Parses the JSON of a safetensors header without recursion and without building a document. Checks the syntax and
/// types; ranges are the caller's to check. Throws Exception(badFormat, unsupported) naming `where`.
SafetensorsHeader parseSafetensorsHeader(std::string_view json, const std::string& where);

}  // namespace vitrine::formats
