// SPDX-License-Identifier: GPL-3.0-or-later
// Any names and shapes of tensors as a network: either a sound graph, or an Exception. A line "NAME 4 3 16 16" is a
// tensor of zeros, a line "@KEY VALUE" metadata.
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "formats/checkpoint.h"
#include "formats/tensor_size.h"
#include "graph/sites.h"
#include "models/model.h"

namespace {

using namespace vitrine;

constexpr std::size_t kLargestTensor = std::size_t{16} << 20;  // bytes; all tensors share them

/// The text up to `separator`, which is removed with it.
std::string_view takeUntil(std::string_view& text, char separator) {
    const std::string_view part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

std::int64_t sizeOf(std::string_view text) {
    std::int64_t size = 0;
    std::from_chars(text.data(), text.data() + text.size(), size);
    return size;
}

formats::Checkpoint checkpointOf(std::string_view text) {
    static const std::shared_ptr<const std::byte> zeros(new std::byte[kLargestTensor](),
                                                        [](const std::byte* bytes) { delete[] bytes; });
    formats::Checkpoint checkpoint;
    while (!text.empty()) {
        std::string_view line = takeUntil(text, '\n');
        const std::string name(takeUntil(line, ' '));
        if (name.starts_with('@')) {
            checkpoint.metadata[name.substr(1)] = line;
            continue;
        }
        HostTensor tensor{.bytes = zeros};
        while (!line.empty()) tensor.shape.push_back(sizeOf(takeUntil(line, ' ')));
        const auto bytes = formats::tensorByteCount(tensor.dtype, tensor.shape);
        if (!bytes || *bytes > kLargestTensor) continue;  // no loader hands on more than its file holds
        tensor.byteCount = *bytes;
        checkpoint.tensors[name] = tensor;
    }
    return checkpoint;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto checkpoint = checkpointOf({reinterpret_cast<const char*>(data), size});
    try {
        const models::LoadedModel model = models::buildModel(checkpoint);
        graph::validate(*model.graph);
        if (graph::findSites(*model.graph).empty()) std::abort();
    } catch (const Exception& exception) {
        if (exception.error().code == ErrorCode::internal) std::abort();
    }
    return 0;
}
