// SPDX-License-Identifier: GPL-3.0-or-later
// Prints the peak memory of evaluating a DeiT-B at batch 32 whose weights lie in a mapped file, as a checkpoint's do.
#include <ATen/ATen.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "core/engine/networks.h"
#include "engine/engine.h"
#include "engine/runtime.h"
#include "formats/mapped_file.h"
#include "support/temporary_folder.h"

namespace vitrine {
namespace {

constexpr std::int64_t kBatch = 32;
constexpr std::uintmax_t kFileBytes = 400'000'000;  // DeiT-B has 346 MB

/// Hands out consecutive pieces of a mapped file of zeros.
test::ParameterSource parametersOf(const formats::Bytes& file) {
    return [file, offset = std::size_t{0}](const Shape& shape, double, double) mutable {
        HostTensor tensor;
        tensor.shape = shape;
        tensor.byteCount = static_cast<std::size_t>(elementCount(shape)) * sizeof(float);
        tensor.bytes = file.part(offset, tensor.byteCount).data;
        offset += tensor.byteCount;
        return tensor;
    };
}

/// A line of /proc/self/status.
std::string statusLine(const std::string& key) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key)) return line;
    return key + ": unknown";
}

}  // namespace
}  // namespace vitrine

int main() {
    using namespace vitrine;
    engine::configureRuntime({.threads = 1});
    const test::TemporaryFolder folder;
    std::ofstream(folder / "weights").close();
    std::filesystem::resize_file(folder / "weights", kFileBytes);
    std::cout << "libraries: " << statusLine("VmHWM") << '\n';
    const engine::Network network(test::makeVit(test::kDeitBase, parametersOf(formats::mapFile(folder / "weights"))));
    std::cout << "packed:    " << statusLine("VmHWM") << '\n';
    engine::forward(network, at::zeros({kBatch, 3, 224, 224}));
    std::cout << "evaluated: " << statusLine("VmHWM") << '\n';
    return 0;
}
