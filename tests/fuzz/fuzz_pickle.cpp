// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as the pickle of a checkpoint, wrapped in a sound archive: the fuzzer need not guess the directory of a
// zip.
#include <cstdint>

#include "base/error.h"
#include "fixtures/pytorch_files.h"
#include "formats/pytorch_checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vitrine;
    const std::string pickle(reinterpret_cast<const char*>(data), size);
    const std::string file =
        test::zipFile(test::checkpointFiles(pickle, {std::string(24, '\1'), std::string(8, '\1')}));
    try {
        const auto checkpoint =
            formats::parsePytorchCheckpoint(formats::Bytes::copyOf(std::as_bytes(std::span(file))), "fuzz");
        volatile std::uint8_t sum = 0;
        for (const auto& [name, tensor] : checkpoint.tensors)
            for (const std::byte byte : tensor.view()) sum = sum + std::to_integer<std::uint8_t>(byte);
    } catch (const Exception&) {
    }
    return 0;
}
