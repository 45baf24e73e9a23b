// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/host_tensor.h"
#include "formats/bytes.h"

namespace vitrine::formats {

/// The weights of a network as a file holds them.
struct Checkpoint {
    TensorMap tensors;  ///< contiguous, in row-major order
    std::map<std::string, std::string>
        metadata;                       ///< safetensors metadata, or the plain values beside a state_dict ("epoch")
    std::vector<std::string> warnings;  ///< what was decided or skipped, one sentence each
};

/// Reads weights from a file whose format is recognised by its content: safetensors, or what torch.save writes (zip
/// archive or the format before PyTorch 1.6). A prefix "module.", "_orig_mod." or "model." that every name has, as
/// wrappers leave it, is removed and said in the warnings. Throws Exception naming the file and the cause, see
/// parseSafetensors and parsePytorchCheckpoint; for other known formats it says which it is.
Checkpoint loadCheckpoint(const std::filesystem::path& path);

/// Same for a file in memory; the tensors share `bytes`. `where` names it in errors.
Checkpoint parseCheckpoint(const Bytes& bytes, const std::string& where);

}  // namespace vitrine::formats
