// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/site_range.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace vitrine::analysis {
namespace {

/// The bounds of every scale as floats, like the values.
struct Bounds {
    explicit Bounds(const quant::Encoding& encoding) {
        for (std::size_t i = 0; i < encoding.scale.size(); ++i) {
            const quant::Interval interval = quant::interval(encoding, i);
            low.push_back(static_cast<float>(interval.low));
            high.push_back(static_cast<float>(interval.high));
        }
    }
    std::vector<float> low, high;
};

/// `outer` times, one after the other, `inner` values of each scale.
std::int64_t countOutside(const float* data, std::int64_t outer, std::int64_t inner, const Bounds& bounds) {
    std::int64_t outside = 0;
    for (std::int64_t block = 0; block < outer; ++block) {
        for (std::size_t scale = 0; scale < bounds.low.size(); ++scale, data += inner) {
            const float low = bounds.low[scale], high = bounds.high[scale];
            for (std::int64_t i = 0; i < inner; ++i)
                outside += static_cast<std::int64_t>((data[i] < low) | (data[i] > high));
        }
    }
    return outside;
}

std::int64_t countOutside(const at::Tensor& value, const quant::Encoding& encoding) {
    const at::Tensor host = value.cpu().contiguous();
    const bool perTensor = encoding.granularity == quant::Granularity::tensor;
    const std::int64_t outer =
        perTensor ? 1 : c10::multiply_integers(host.sizes().slice(0, static_cast<std::size_t>(encoding.axis)));
    const auto scales = static_cast<std::int64_t>(encoding.scale.size());
    return countOutside(host.data_ptr<float>(), outer, host.numel() / std::max<std::int64_t>(1, outer * scales),
                        Bounds(encoding));
}

}  // namespace

void SiteRange::add(const at::Tensor& value, const quant::Encoding* encoding) {
    counts_.add(value);
    if (encoding != nullptr) outside_ += countOutside(value, *encoding);
}

results::Intervals::Row SiteRange::row(const graph::Site& site, const quant::Encoding* encoding) const {
    results::Intervals::Row row{.site = site.id,
                                .role = std::string(graph::roleName(site.role)),
                                .minimum = counts_.minimum(),
                                .maximum = counts_.maximum(),
                                .lowQuantile = counts_.quantile(0.001),
                                .highQuantile = counts_.quantile(0.999),
                                .low = counts_.minimum(),
                                .high = counts_.maximum()};
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
