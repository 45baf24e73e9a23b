// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "analysis/value_counts.h"
#include "graph/sites.h"
#include "quant/encoding.h"
#include "results/artefacts.h"

namespace vitrine::analysis {

/// The range of the values of one site beside the range that its quantizer covers, over batches.
class SiteRange {
  public:
    /// `encoding` is null where the site stays in float; it must be the same for every batch.
    void add(const at::Tensor& value, const quant::Encoding* encoding);

    /// Quantiles are right to 0.8 % (see ValueCounts). A site in float has 0 bits and covers the range of its data.
    results::Intervals::Row row(const graph::Site& site, const quant::Encoding* encoding) const;

  private:
    ValueCounts counts_;
    std::int64_t outside_ = 0;
};

}  // namespace vitrine::analysis
