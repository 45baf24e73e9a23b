// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/npz.h"

#include <cstring>
#include <string_view>

#include "formats/mapped_file.h"
#include "formats/memory_budget.h"
#include "formats/zip_archive.h"

namespace vitrine::test {
namespace {

/// The elements of a version 1 .npy file; empty when they are no little-endian 32-bit floats.
std::vector<float> floatsOf(std::string_view npy) {
    const std::size_t headerSize = static_cast<unsigned char>(npy.at(8)) + 256U * static_cast<unsigned char>(npy.at(9));
    const std::string_view header = npy.substr(10, headerSize), data = npy.substr(10 + headerSize);
    if (header.find("'<f4'") == std::string_view::npos) return {};
    std::vector<float> values(data.size() / sizeof(float));
    std::memcpy(values.data(), data.data(), values.size() * sizeof(float));
    return values;
}

}  // namespace

std::map<std::string, std::vector<float>> readNpz(const std::filesystem::path& path) {
    const formats::Bytes file = formats::mapFile(path);
    const formats::ZipArchive archive(file, path.string());
    formats::MemoryBudget budget(file.size, path.string());
    std::map<std::string, std::vector<float>> arrays;
    for (const auto& [name, entry] : archive.entries()) {
        const formats::Bytes content = archive.content(entry, budget);
        std::vector<float> values = floatsOf(content.text());
        if (!values.empty()) arrays[name.substr(0, name.size() - std::strlen(".npy"))] = std::move(values);
    }
    return arrays;
}

}  // namespace vitrine::test
