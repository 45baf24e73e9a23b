// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as the encodings of a quantized model, beside a sound file of tensors: refused with an Exception, or read,
// and then written and read again without a change.
#include <cstdint>
#include <cstdlib>
#include <fstream>

#include "base/error.h"
#include "fuzz/quantized_sample.h"
#include "support/temporary_folder.h"

namespace {

using namespace vitrine;

struct Folders {
    test::TemporaryFolder given, written;
    quant::QuantizedModel sample = test::quantizedSample();

    Folders() { quant::save(sample, given.path()); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folders folders;
    std::ofstream file(folders.given / "quantized.json", std::ios::binary);
    file.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    file.close();
    quant::QuantizedModel model;
    try {
        model = quant::load(folders.given.path(), folders.sample.graph);
    } catch (const Exception& exception) {
        if (exception.error().code == ErrorCode::internal) std::abort();
        return 0;
    }
    quant::save(model, folders.written.path());
    const auto again = quant::load(folders.written.path(), folders.sample.graph);
    if (again.encodings != model.encodings || again.rewritten != model.rewritten) std::abort();
    return 0;
}
