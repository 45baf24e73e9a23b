// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/site_range.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace vitrine::analysis {
namespace {

/// One bound of every scale, shaped to broadcast against `like`.
at::Tensor bounds(const quant::Encoding& encoding, double quant::Interval::*bound, const at::Tensor& like) {
    std::vector<float> values;
    for (std::size_t i = 0; i < encoding.scale.size(); ++i)
        values.push_back(static_cast<float>(quant::interval(encoding, i).*bound));
    std::vector<std::int64_t> shape(static_cast<std::size_t>(like.dim()), 1);
    if (values.size() > 1) shape[static_cast<std::size_t>(encoding.axis)] = static_cast<std::int64_t>(values.size());
    return at::tensor(values).reshape(shape).to(like.device());
}

std::int64_t countOutside(const at::Tensor& value, const quant::Encoding& encoding) {
    const at::Tensor below = value.lt(bounds(encoding, &quant::Interval::low, value));
    const at::Tensor above = value.gt(bounds(encoding, &quant::Interval::high, value));
    return below.logical_or(above).sum().item<std::int64_t>();
}

}  // namespace

void SiteRange::add(const at::Tensor& value, const quant::Encoding* encoding) {
    counts_.add(value);
    if (encoding != nullptr) outside_ += countOutside(value, *encoding);
}

results::Intervals::Row SiteRange::row(const graph::Site& site, const quant::Encoding* encoding) const {
    results::Intervals::Row row{.site = site.id, .role = std::string(graph::roleName(site.role)),
                                .minimum = counts_.minimum(), .maximum = counts_.maximum(),
                                .lowQuantile = counts_.quantile(0.001), .highQuantile = counts_.quantile(0.999),
                                .low = counts_.minimum(), .high = counts_.maximum()};
    if (encoding == nullptr) return row;
    row.bits = encoding->bits;
    row.low = std::numeric_limits<double>::max();
    row.high = std::numeric_limits<double>::lowest();
    for (std::size_t i = 0; i < encoding->scale.size(); ++i) {
        const quant::Interval interval = quant::interval(*encoding, i);
        row.low = std::min(row.low, interval.low);
        row.high = std::max(row.high, interval.high);
    }
    if (counts_.count() > 0) row.clippedFraction = static_cast<double>(outside_) / static_cast<double>(counts_.count());
    if (encoding->scale.size() == 1 && encoding->bits <= 8) row.levels = quant::levels(*encoding, 0);
    return row;
}

}  // namespace vitrine::analysis
