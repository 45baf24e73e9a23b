// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace vitrine::test {

/// A file or folder of the reference data (real weights, golden tensors), which is not part of the repository.
/// The root is $VITRINE_REFERENCE_DATA, else the folder `shared` beside the checkout.
std::filesystem::path referencePath(const std::string& relative);

}  // namespace vitrine::test

/// Ends the test as skipped, saying which reference file is absent.
#define VITRINE_REQUIRE_REFERENCE(relative)                                                            \
    if (!std::filesystem::exists(::vitrine::test::referencePath(relative)))                            \
    GTEST_SKIP() << "reference data absent: " << ::vitrine::test::referencePath(relative).string()     \
                 << " (set VITRINE_REFERENCE_DATA to the folder that holds it)"
