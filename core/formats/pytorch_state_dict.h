// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/pickle.h"

namespace vitrine::formats {

/// The part of a pickle that holds the weights.
struct StateDict {
    std::vector<std::pair<std::string_view, PickleValue>>
        tensors;                                  ///< in the order of the file; names are UTF-8 and differ
    std::map<std::string, std::string> metadata;  ///< plain values beside it
    std::vector<std::string> warnings;
};

/// Finds the state_dict of a checkpoint: a dictionary with tensors under a usual name ("model", "state_dict", ...),
/// else the top level itself when it has tensors, else the one dictionary with tensors one level below. Throws
/// Exception(badFormat) saying what was found instead, or (unsupported) when several dictionaries have equal claims.
StateDict findStateDict(const Pickle& pickle, const std::string& where);

}  // namespace vitrine::formats
