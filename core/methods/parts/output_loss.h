// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <string_view>

namespace vitrine::methods {

/// InfoNCE between two networks: row i of `queries` [N,D] shall be nearer to row i of `keys` than to the others.
///   S = q^ k^T / tau with rows of length 1,  loss = mean over rows of logsumexp_j S_ij - S_ii   (van den Oord et al. 2018)
/// At least 0, log N when all keys are equal. Differentiable. Throws Exception(invalidArgument) when the shapes differ, there are no
/// rows, or tau is not positive.
at::Tensor infoNce(const at::Tensor& queries, const at::Tensor& keys, double temperature);
/// The terms of its mean, [N].
at::Tensor infoNceTerms(const at::Tensor& queries, const at::Tensor& keys, double temperature);

/// How far outputs of a quantized network are from those of its float original.
enum class OutputLoss {
    contrastive,  ///< infoNce() times 2 tau, as in CPT-V's code (enyac-group/evol-q, utils.contrastive_loss)
    mse,          ///< mean squared error
    cosine,       ///< mean over rows of 1 - cosine
    kl,           ///< mean over rows of KL(softmax(float) || softmax(quantized))
};
OutputLoss outputLossFromName(std::string_view name);  ///< "contrastive", "mse", "cosine", "kl"; else Exception(invalidArgument)

/// The losses [N] of rows [N,D], in the precision of its inputs. Differentiable in `quantized`. Throws Exception(invalidArgument) like infoNce().
at::Tensor outputLosses(OutputLoss loss, const at::Tensor& quantized, const at::Tensor& floating, double temperature);
/// Their mean.
at::Tensor outputLoss(OutputLoss loss, const at::Tensor& quantized, const at::Tensor& floating, double temperature);

}  // namespace vitrine::methods
