// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "quant/encoding.h"
#include "quant/range_encoding.h"
#include "quant/spec.h"

namespace vitrine::quant {

/// How the values of a site become a range (docs/methods.md 2). Ids: "minmax", "ema", "percentile", "omse", "ptf".
enum class ObserverKind {
    minMax,      ///< smallest and largest of all batches
    ema,         ///< the first batch's, then m <- m + rate (current - m)
    percentile,  ///< quantiles of each batch, averaged like `ema`
    omse,        ///< the shrunk min-max range with the least squared error over all batches
    ptf,         ///< per channel a power of two of one scale (docs/methods.md 2.6); for uniform specs with scales per channel
};
std::string_view observerName(ObserverKind kind);
std::optional<ObserverKind> observerFromName(std::string_view name);

struct ObserverOptions {
    double rate = 0.01;           ///< of ema and percentile (FQ-ViT)
    double percentile = 0.99999;  ///< upper one; the lower one is 1 minus it (FQ-ViT)
    int candidates = 90;          ///< of omse (FQ-ViT)
    double step = 0.01;           ///< of omse
    int factors = 4;              ///< of ptf: 2^0 ... 2^(factors-1) (FQ-ViT)
    ZeroPoint zeroPoint = ZeroPoint::free;
};

/// Collects statistics of one site batch by batch, in memory that does not grow with their number, and makes an encoding.
/// Not thread safe. Every function throws Exception(badFormat) when values are not finite.
class Observer {
  public:
    virtual ~Observer() = default;

    /// How often the data must be shown: omse and ptf look at the range first and at the errors then.
    virtual int passes() const { return 1; }

    /// Batches come in passes: update() for each batch, then endPass().
    virtual void update(const at::Tensor& batch) = 0;
    virtual void endPass() {}

    /// After the last pass. Throws Exception(invalidArgument) when nothing was observed.
    virtual Encoding encoding() const = 0;
};

/// `axis` is the dimension of the scales unless the spec says per tensor. Throws Exception(invalidArgument) when `ptf` is asked for
/// something else than a uniform spec with more than one scale.
std::unique_ptr<Observer> makeObserver(ObserverKind kind, const QuantizerSpec& spec, std::int64_t axis,
                                       const ObserverOptions& options = {});

}  // namespace vitrine::quant
