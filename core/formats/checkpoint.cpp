// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/checkpoint.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "formats/mapped_file.h"
#include "formats/pytorch_checkpoint.h"
#include "formats/safetensors.h"

namespace vitrine::formats {
namespace {

/// Prefixes that wrappers put before every name: DistributedDataParallel, torch.compile, training scripts.
constexpr std::string_view kWrapperPrefixes[] = {"module.", "_orig_mod.", "model."};

struct KnownFormat {
    std::string_view start;
    std::string_view what;
    std::string_view remedy;
};

constexpr KnownFormat kOtherFormats[] = {
    {"version https://git-lfs", "is a pointer of Git LFS, not the file itself", "fetch the file with: git lfs pull"},
    {"<", "is a web page or another XML text", "the download probably failed: download the file again"},
    {"\x1f\x8b", "is compressed with gzip", "unpack it first"},
    {"\x89HDF", "is an HDF5 file", "convert it to safetensors"},
    {"\x93NUMPY", "is a NumPy array", "convert it to safetensors"},
};

bool looksLikeSafetensors(const Bytes& bytes) { return bytes.size > 8 && bytes.text()[8] == '{'; }

/// An ONNX file begins with the field ir_version and a small number, then another field.
bool looksLikeOnnx(const Bytes& bytes) {
    const std::string_view text = bytes.text();
    return text.size() > 3 && text[0] == '\x08' && text[1] > 0 && text[1] < 32 &&
           (text[2] == '\x12' || text[2] == '\x3a');
}

/// Throws when the content is of a format that people take for weights.
void refuseOtherFormats(const Bytes& bytes, const std::string& where) {
    for (const KnownFormat& format : kOtherFormats)
        if (bytes.text().starts_with(format.start))
            fail(ErrorCode::unsupported, std::string(format.what), where, std::string(format.remedy));
    if (looksLikeOnnx(bytes))
        fail(ErrorCode::unsupported, "is an ONNX model, not a file of weights", where,
             "choose a safetensors file or a PyTorch checkpoint");
}

Checkpoint fromSafetensors(const Bytes& bytes, const std::string& where) {
    SafetensorsFile file = parseSafetensors(bytes, where);
    return {std::move(file.tensors), std::move(file.metadata), {}};
}

Checkpoint parseByContent(const Bytes& bytes, const std::string& where) {
    if (bytes.size == 0) fail(ErrorCode::badFormat, "the file is empty", where, "copy or download it again");
    // Safetensors first: the length that it begins with may look like the start of another format.
    if (looksLikeSafetensors(bytes)) return fromSafetensors(bytes, where);
    if (looksLikePytorch(bytes)) return parsePytorchCheckpoint(bytes, where);
    refuseOtherFormats(bytes, where);
    if (where.ends_with(".safetensors")) return fromSafetensors(bytes, where);  // its reader says what is wrong
    fail(ErrorCode::badFormat, "is neither a safetensors file nor a PyTorch checkpoint", where,
         "choose a file written by safetensors or by torch.save(model.state_dict(), path)");
}

void stripPrefix(Checkpoint& checkpoint, std::string_view prefix) {
    const bool shared = !checkpoint.tensors.empty() &&
                        std::all_of(checkpoint.tensors.begin(), checkpoint.tensors.end(), [prefix](const auto& item) {
                            return item.first.size() > prefix.size() && item.first.starts_with(prefix);
                        });
    if (!shared) return;
    TensorMap renamed;
    for (auto& [name, tensor] : checkpoint.tensors) renamed.emplace(name.substr(prefix.size()), std::move(tensor));
    checkpoint.tensors = std::move(renamed);
    checkpoint.warnings.push_back("every tensor name began with " + inQuotes(prefix) + ": the prefix was removed");
}

}  // namespace

Checkpoint parseCheckpoint(const Bytes& bytes, const std::string& where) {
    Checkpoint checkpoint = parseByContent(bytes, where);
    for (const std::string_view prefix : kWrapperPrefixes) stripPrefix(checkpoint, prefix);
    return checkpoint;
}

Checkpoint loadCheckpoint(const std::filesystem::path& path) { return parseCheckpoint(mapFile(path), path.string()); }

}  // namespace vitrine::formats
