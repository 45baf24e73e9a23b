// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/observers.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "quant/channel_rows.h"
#include "quant/element_kernels.h"
#include "quant/quantiles.h"

namespace vitrine::quant {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"minmax", "ema", "percentile", "omse", "ptf"};

Ranges minMaxOf(const at::Tensor& rows) {
    Ranges ranges;
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        const float* row = rows.data_ptr<float>() + i * rows.size(1);
        const auto [low, high] = std::minmax_element(row, row + rows.size(1));
        ranges.low.push_back(*low);
        ranges.high.push_back(*high);
    }
    return ranges;
}

/// Quantiles 1 - p and p of each row; the rows are reordered.
Ranges quantilesOf(at::Tensor rows, double percentile) {
    const std::array<double, 2> probabilities = {1.0 - percentile, percentile};
    Ranges ranges;
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        float* row = rows.data_ptr<float>() + i * rows.size(1);
        const auto bounds = quantiles({row, static_cast<std::size_t>(rows.size(1))}, probabilities);
        ranges.low.push_back(bounds[0]);
        ranges.high.push_back(bounds[1]);
    }
    return ranges;
}

void requireFinite(const at::Tensor& rows) {
    if (!rows.isfinite().all().item<bool>())
        fail(ErrorCode::badFormat, "the values to quantize are not finite", {}, "look for NaN or infinite values in the network");
}

/// What all observers share: a running range for each scale.
class RangeObserver : public Observer {
  public:
    RangeObserver(ObserverKind kind, const QuantizerSpec& spec, std::int64_t axis, const ObserverOptions& options)
        : kind_(kind), spec_(spec), axis_(axis), options_(options) {}

    void update(const at::Tensor& batch) override {
        const at::Tensor rows = channelRows(batch, spec_, axis_);
        requireFinite(rows);
        const Ranges current = kind_ == ObserverKind::percentile ? quantilesOf(rows.clone(), options_.percentile) : minMaxOf(rows);
        if (ranges_.low.empty()) {
            ranges_ = current;
            return;
        }
        for (std::size_t i = 0; i < current.low.size(); ++i) merge(i, current.low[i], current.high[i]);
    }

    Encoding encoding() const override {
        if (ranges_.low.empty()) fail(ErrorCode::invalidArgument, "a quantizer was calibrated on no values");
        return encodeRanges(spec_, axis_, ranges_, options_.zeroPoint);
    }

  protected:
    const Ranges& ranges() const { return ranges_; }
    const QuantizerSpec& spec() const { return spec_; }
    std::int64_t axis() const { return axis_; }
    const ObserverOptions& options() const { return options_; }

  private:
    void merge(std::size_t i, float low, float high) {
        if (kind_ == ObserverKind::ema || kind_ == ObserverKind::percentile) {
            const auto rate = static_cast<float>(options_.rate);
            ranges_.low[i] += rate * (low - ranges_.low[i]);
            ranges_.high[i] += rate * (high - ranges_.high[i]);
        } else {
            ranges_.low[i] = std::min(ranges_.low[i], low);
            ranges_.high[i] = std::max(ranges_.high[i], high);
        }
    }

    ObserverKind kind_;
    QuantizerSpec spec_;
    std::int64_t axis_;
    ObserverOptions options_;
    Ranges ranges_;
};

/// First pass: min-max. Second pass: the squared error of every candidate for every scale, so that all batches count (FQ-ViT's code
/// looks at the last one only).
class CandidateObserver : public RangeObserver {
  public:
    using RangeObserver::RangeObserver;

    int passes() const override { return 2; }

    void update(const at::Tensor& batch) override {
        if (candidates_.empty()) return RangeObserver::update(batch);
        const at::Tensor rows = channelRows(batch, spec(), axis());
        at::parallel_for(0, rows.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i)
                for (std::size_t k = 0; k < candidates_.size(); ++k)
                    errors_[k][static_cast<std::size_t>(i)] += kernels::squaredErrorRun(
                        rows.data_ptr<float>() + i * rows.size(1), rows.size(1), tables_[k], i);
        });
    }

    void endPass() override {
        if (!candidates_.empty() || ranges().low.empty()) return;
        for (Encoding& candidate : makeCandidates()) {
            tables_.emplace_back(candidate);
            errors_.emplace_back(candidate.scale.size());
            candidates_.push_back(std::move(candidate));
        }
    }

    Encoding encoding() const override {
        if (candidates_.empty()) return RangeObserver::encoding();
        Encoding result = candidates_.front();
        for (std::size_t i = 0; i < result.scale.size(); ++i) {
            std::size_t best = 0;
            for (std::size_t k = 1; k < candidates_.size(); ++k)
                if (errors_[k][i] < errors_[best][i]) best = k;
            result.scale[i] = candidates_[best].scale[i];
            if (!result.zeroPoint.empty()) result.zeroPoint[i] = candidates_[best].zeroPoint[i];
        }
        return result;
    }

  protected:
    /// Of equal error the first wins.
    virtual std::vector<Encoding> makeCandidates() const = 0;

  private:
    std::vector<Encoding> candidates_;
    std::vector<kernels::Table> tables_;
    std::vector<std::vector<double>> errors_;  ///< [candidate][scale]
};

class OmseObserver final : public CandidateObserver {
  public:
    using CandidateObserver::CandidateObserver;

  private:
    std::vector<Encoding> makeCandidates() const override {
        std::vector<Encoding> candidates;
        for (int k = 0; k < options().candidates; ++k) {
            const auto factor = static_cast<float>(1.0 - options().step * k);
            Ranges shrunk = ranges();
            for (float& low : shrunk.low) low *= factor;
            for (float& high : shrunk.high) high *= factor;
            candidates.push_back(encodeRanges(spec(), axis(), shrunk, options().zeroPoint));
        }
        return candidates;
    }
};

/// All channels share the zero point of the whole tensor's range and a scale up to powers of two.
class PowerOfTwoObserver final : public CandidateObserver {
  public:
    using CandidateObserver::CandidateObserver;

  private:
    std::vector<Encoding> makeCandidates() const override {
        const Ranges& channels = ranges();
        const std::size_t count = channels.low.size();
        const float low = *std::min_element(channels.low.begin(), channels.low.end());
        const float high = *std::max_element(channels.high.begin(), channels.high.end());
        const Ranges whole{.low = std::vector<float>(count, low), .high = std::vector<float>(count, high)};
        const Encoding widest = encodeRanges(spec(), axis(), whole, options().zeroPoint);
        std::vector<Encoding> candidates;
        for (int factor = 0; factor < options().factors; ++factor) {
            candidates.push_back(widest);
            for (float& scale : candidates.back().scale) scale = std::ldexp(scale, factor + 1 - options().factors);
        }
        return candidates;
    }
};

}  // namespace

std::string_view observerName(ObserverKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<ObserverKind> observerFromName(std::string_view name) {
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<ObserverKind>(found - kNames.begin());
}

std::unique_ptr<Observer> makeObserver(ObserverKind kind, const QuantizerSpec& spec, std::int64_t axis,
                                       const ObserverOptions& options) {
    if (kind == ObserverKind::omse) return std::make_unique<OmseObserver>(kind, spec, axis, options);
    if (kind == ObserverKind::ptf) {
        if (spec.kind != QuantizerKind::uniform || spec.granularity == Granularity::tensor || options.factors < 1)
            fail(ErrorCode::invalidArgument, "power-of-two factors need uniform quantizers with several scales", "ptf");
        return std::make_unique<PowerOfTwoObserver>(kind, spec, axis, options);
    }
    return std::make_unique<RangeObserver>(kind, spec, axis, options);
}

}  // namespace vitrine::quant
