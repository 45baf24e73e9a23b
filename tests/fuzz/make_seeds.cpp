// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the small seed files of the checkpoint, model and quantized model fuzzers: make_fuzz_seeds FOLDER makes
// FOLDER/{safetensors,pytorch,pickle,model,quantized}.
#include <filesystem>
#include <iostream>

#include "base/files.h"
#include "core/models/tiny_networks.h"
#include "fixtures/pytorch_files.h"
#include "formats/safetensors.h"
#include "fuzz/quantized_sample.h"

namespace {

namespace fs = std::filesystem;
using namespace vitrine;
using test::TensorFixture;

void writeSafetensorsSeeds(const fs::path& folder) {
    fs::create_directories(folder);
    const TensorMap tensors = {{"w", HostTensor::of<float>({0, 1, 2, 3, 4, 5}, {2, 3})},
                               {"flags", HostTensor::of<std::uint8_t>({1, 0, 1}, {3})},
                               {"empty", HostTensor::of<double>({}, {0, 2})},
                               {"scalar", HostTensor::of<std::int64_t>({-1}, {})}};
    formats::writeSafetensors(folder / "plain", tensors);
    formats::writeSafetensors(folder / "metadata", {{"w", tensors.at("w")}}, {{"format", "pt"}, {"note", "\"é\""}});
    formats::writeSafetensors(folder / "none", {});
}

std::string trainingPickle() {
    test::PickleWriter writer;
    writer.raw("}(").text("model").stateDict({{"module.w", {.sizes = {2, 3}, .strides = {3, 1}, .count = 6}}});
    writer.text("args").global("argparse", "Namespace").raw(")R}b").text("epoch").integer(3);
    return writer.text("rate").raw("G?\xf0").raw(std::string(6, '\0')).raw("u").stop();
}

void writePytorchSeeds(const fs::path& root) {
    fs::create_directories(root / "pytorch");
    fs::create_directories(root / "pickle");
    const TensorFixture matrix = {.sizes = {2, 3}, .strides = {3, 1}, .count = 6};
    const TensorFixture transposed = {.sizes = {3, 2}, .strides = {1, 3}, .count = 6};
    const TensorFixture integers = {.sizes = {1}, .strides = {1}, .count = 1, .key = "1", .storage = "LongStorage"};
    const std::string plain =
        test::PickleWriter().stateDict({{"w", matrix}, {"t", transposed}, {"i", integers}}).stop();
    const std::vector<std::string> storages = {std::string(24, '\1'), std::string(8, '\1')};
    std::vector<test::ZipFixture> files = test::checkpointFiles(plain, storages);
    writeFileAtomically(root / "pytorch" / "zip", test::zipFile(files));
    writeFileAtomically(root / "pytorch" / "zip64", test::zipFile(files, true));
    for (test::ZipFixture& file : files) file.deflate = true;
    writeFileAtomically(root / "pytorch" / "deflated", test::zipFile(files));
    writeFileAtomically(root / "pytorch" / "legacy",
                        test::legacyFile(plain, {{"0", 6, storages[0]}, {"1", 1, storages[1]}}));
    writeFileAtomically(root / "pytorch" / "training",
                        test::zipFile(test::checkpointFiles(trainingPickle(), storages)));
    writeFileAtomically(root / "pickle" / "plain", plain);
    writeFileAtomically(root / "pickle" / "training", trainingPickle());
}

void writeModelSeeds(const fs::path& folder) {
    fs::create_directories(folder);
    const auto write = [&folder](const char* name, const formats::Checkpoint& checkpoint, std::string text) {
        for (const auto& [id, tensor] : checkpoint.tensors) {
            text += id;
            for (const std::int64_t size : tensor.shape) text += ' ' + std::to_string(size);
            text += '\n';
        }
        writeFileAtomically(folder / name, text);
    };
    write("vit", test::randomCheckpoint(test::TinyVit{}), "@num_heads 3\n@img 12x8\n");
    write("distilled", test::randomCheckpoint(test::TinyVit{.distilled = true}),
          "@num_heads 3\n@img 12x8\n@pool mean\n");
    write("swin", test::randomCheckpoint(test::TinySwin{}), "@img 26x22\n");
}

void writeQuantizedSeeds(const fs::path& folder) {
    fs::create_directories(folder);
    quant::save(test::quantizedSample(), folder);
    fs::remove(folder / "quantized.safetensors");  // the fuzzer writes it itself
    fs::rename(folder / "quantized.json", folder / "sample");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: make_fuzz_seeds FOLDER\n";
        return 2;
    }
    const fs::path root = argv[1];
    writeSafetensorsSeeds(root / "safetensors");
    writePytorchSeeds(root);
    writeModelSeeds(root / "model");
    writeQuantizedSeeds(root / "quantized");
}
