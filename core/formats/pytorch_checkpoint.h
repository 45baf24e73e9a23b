// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "formats/bytes.h"
#include "formats/checkpoint.h"

namespace vitrine::formats {

/// Whether `bytes` begin as the files of torch.save do: a zip archive, or a binary pickle.
bool looksLikePytorch(const Bytes& bytes);

/// Reads the tensors of a file that torch.save wrote, in the zip format (1.6 and later) or the one before. Nothing in
/// the file is executed (see parsePickle), and beyond the file itself the loader takes no more memory than MemoryBudget
/// allows. The tensors are those of a plain state_dict, or of the state_dict under "model", "state_dict" and the like;
/// when there are several, the first in the order of pytorch_state_dict.cpp is taken and the warnings say so. Tensors
/// share `bytes` where they can. Checksums that do not match are a warning, because PyTorch can be told not to write
/// them. Throws Exception naming `where`: badFormat when the file is damaged or holds no state_dict, unsupported for
/// TorchScript, whole modules, foreign Python objects, big-endian files and tensors that are not dense, tooLarge.
Checkpoint parsePytorchCheckpoint(const Bytes& bytes, const std::string& where);

}  // namespace vitrine::formats
