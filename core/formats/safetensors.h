// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/host_tensor.h"
#include "formats/bytes.h"

namespace vitrine::formats {

using Metadata = std::map<std::string, std::string>;

/// The content of a safetensors file.
struct SafetensorsFile {
    TensorMap tensors;
    Metadata metadata;  ///< the text entries of "__metadata__"
};

/// Parses a safetensors container. The tensors share `bytes`; only a tensor whose place is not aligned for its element
/// type is copied. Header values are checked before any memory is taken for them: at most 100 MB of strict UTF-8 JSON
/// that begins with "{", no name twice, at most 64 dimensions, sizes that match the shapes, and data that the tensors
/// cover without hole, overlap or remainder. Unknown keys of a tensor's entry are ignored, as the reference does.
/// `where` names the file in errors. Throws Exception(badFormat), tooLarge for a header above the limit, unsupported
/// for an element type that DType lacks. Format: https://github.com/huggingface/safetensors#format
SafetensorsFile parseSafetensors(const Bytes& bytes, const std::string& where);

/// Maps a safetensors file into memory; tensors are read from disk when they are touched. Throws as parseSafetensors
/// and mapFile do.
SafetensorsFile readSafetensorsFile(const std::filesystem::path& path);

/// The tensors of readSafetensorsFile.
TensorMap readSafetensors(const std::filesystem::path& path);

/// Writes a safetensors file atomically (see writeFileAtomically), with the same bytes for the same content: metadata
/// first, then tensors with larger elements before smaller ones and by name, so that every tensor is aligned; data
/// starts at a multiple of 8. Throws Exception(invalidArgument) when a name is no UTF-8 or is "__metadata__" or a
/// tensor's bytes do not match its shape, tooLarge when the header would exceed the format's limit, ioFailure when the
/// disk refuses.
void writeSafetensors(const std::filesystem::path& path, const TensorMap& tensors, const Metadata& metadata = {});

}  // namespace vitrine::formats
