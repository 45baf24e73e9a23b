// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace vitrine::engine {

struct RuntimeOptions {
    int threads = 0;  ///< intra-operation threads; 0 = as many as the process may use
};

/// Sets up the process: thread counts, allocator thresholds (mallopt), OpenCV threads. Call once at the start of main(),
/// before any other thread runs. Returns warnings for the user ("OPENBLAS_CORETYPE is set ...").
std::vector<std::string> configureRuntime(const RuntimeOptions& options = {});

struct RuntimeInfo {
    std::string torchVersion;
    std::string blas;       ///< kernel set that OpenBLAS chose, or "unknown"
    std::string simd;       ///< instruction set of our own kernels
    int threads = 1;
    std::vector<std::string> devices;  ///< "cpu", "cuda:0", ...
};
RuntimeInfo runtimeInfo();

}  // namespace vitrine::engine
