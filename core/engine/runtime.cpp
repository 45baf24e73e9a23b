// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/runtime.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <malloc.h>
#include <omp.h>
#include <sched.h>
#include <torch/version.h>

#include <algorithm>
#include <climits>
#include <cstdlib>

#include <hwy/targets.h>

namespace vitrine::engine {
namespace {

int usableProcessors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    return std::max(1, CPU_COUNT(&set));
}

/// A function of the BLAS library in use, which only OpenBLAS has.
template <typename Function>
Function* blasFunction(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

/// Keeps freed memory in the process: tensors of the same sizes come and go with every operation, and fetching their
/// pages from the system each time costs a tenth of a forward pass and more.
void keepFreedMemory() {
    ::mallopt(M_MMAP_MAX, 0);  // a threshold above 32 MiB would be refused silently
    ::mallopt(M_TRIM_THRESHOLD, INT_MAX);
    ::mallopt(M_TOP_PAD, 64 << 20);
}

}  // namespace

std::vector<std::string> configureRuntime(const RuntimeOptions& options) {
    keepFreedMemory();
    const int threads = options.threads > 0 ? options.threads : usableProcessors();
    at::set_num_threads(threads);
    ::omp_set_num_threads(threads);
    if (auto* setBlasThreads = blasFunction<void(int)>("openblas_set_num_threads")) setBlasThreads(threads);

    std::vector<std::string> warnings;
    if (const char* forced = std::getenv("OPENBLAS_CORETYPE"))
        warnings.push_back("OPENBLAS_CORETYPE=" + std::string(forced) +
                           " is set, so OpenBLAS does not choose the kernels of this processor; unset it unless you mean it");
    return warnings;
}

RuntimeInfo runtimeInfo() {
    RuntimeInfo info;
    info.torchVersion = TORCH_VERSION;
    auto* coreName = blasFunction<char*()>("openblas_get_corename");
    info.blas = coreName != nullptr ? "OpenBLAS " + std::string(coreName()) : "unknown";
    info.simd = hwy::TargetName(hwy::SupportedTargets() & -hwy::SupportedTargets());
    info.threads = at::get_num_threads();
    info.devices = {"cpu"};
    const int gpus = at::globalContext().hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0;
    for (int i = 0; i < gpus; ++i) info.devices.push_back("cuda:" + std::to_string(i));
    return info;
}

}  // namespace vitrine::engine
