// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/output_loss.h"

#include <ATen/ATen.h>

#include <string>

#include "base/error.h"

namespace vitrine::methods {
namespace {

at::Tensor rowsOfLengthOne(const at::Tensor& rows) { return rows / rows.norm(2, {1}, true).clamp_min(1e-12); }

void requireSameRows(const at::Tensor& one, const at::Tensor& other) {
    if (one.dim() != 2 || one.sizes() != other.sizes() || one.size(0) == 0)
        fail(ErrorCode::invalidArgument, "the rows of both networks do not fit each other", "loss");
}

}  // namespace

at::Tensor infoNceTerms(const at::Tensor& queries, const at::Tensor& keys, double temperature) {
    requireSameRows(queries, keys);
    if (!(temperature > 0)) fail(ErrorCode::invalidArgument, "must be positive", "temperature");
    const at::Tensor similarity = rowsOfLengthOne(queries).matmul(rowsOfLengthOne(keys).t()) / temperature;
    return similarity.logsumexp({1}) - similarity.diagonal();
}

at::Tensor infoNce(const at::Tensor& queries, const at::Tensor& keys, double temperature) {
    return infoNceTerms(queries, keys, temperature).mean();
}

OutputLoss outputLossFromName(std::string_view name) {
    if (name == "contrastive") return OutputLoss::contrastive;
    if (name == "mse") return OutputLoss::mse;
    if (name == "cosine") return OutputLoss::cosine;
    if (name == "kl") return OutputLoss::kl;
    fail(ErrorCode::invalidArgument, "there is no such loss", std::string(name), "take contrastive, mse, cosine or kl");
}

at::Tensor outputLosses(OutputLoss loss, const at::Tensor& quantized, const at::Tensor& floating, double temperature) {
    requireSameRows(quantized, floating);
    switch (loss) {
        case OutputLoss::contrastive: return infoNceTerms(quantized, floating, temperature) * (2 * temperature);
        case OutputLoss::mse: return (quantized - floating).square().mean({1});
        case OutputLoss::cosine: return 1 - (rowsOfLengthOne(quantized) * rowsOfLengthOne(floating)).sum({1});
        case OutputLoss::kl: break;
    }
    const at::Tensor target = floating.log_softmax(1);
    return (target.exp() * (target - quantized.log_softmax(1))).sum({1});
}

at::Tensor outputLoss(OutputLoss loss, const at::Tensor& quantized, const at::Tensor& floating, double temperature) {
    return outputLosses(loss, quantized, floating, temperature).mean();
}

}  // namespace vitrine::methods
