// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace vitrine::test {

/// The arrays of 32-bit floats in a NumPy .npz file, flattened, by name without ".npy"; others are left out.
std::map<std::string, std::vector<float>> readNpz(const std::filesystem::path& path);

}  // namespace vitrine::test
