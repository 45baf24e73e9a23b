// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/accuracy.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "base/error.h"
#include "data/batch_loader.h"
#include "data/metrics.h"
#include "engine/tensors.h"
#include "runs/image_data.h"

namespace vitrine::runs {
namespace {

/// Counts and predictions of one network over batches.
class Tally {
  public:
    Tally(std::string subject, const LabelledImages& set) : size_(set.images.size()) {
        accuracy_.subject = std::move(subject);
        accuracy_.data = set.name;
    }

    void add(const at::Tensor& logits, const data::Batch& batch) {
        const at::Tensor host = logits.to(at::kCPU, at::kFloat).contiguous();
        const std::int64_t classes = host.size(1);
        const std::span<const float> values(host.data_ptr<float>(), static_cast<std::size_t>(host.numel()));
        counts_.add(values, batch.labels, classes);
        for (std::size_t k = 0; k < batch.rows.size(); ++k) {
            const auto row = values.subspan(k * static_cast<std::size_t>(classes), static_cast<std::size_t>(classes));
            accuracy_.predictions.push_back(static_cast<std::int32_t>(data::argMax(row)));
            accuracy_.rows.push_back(batch.rows[k]);
        }
    }

    void addDivergence(const at::Tensor& logits, const at::Tensor& original) {
        const at::Tensor ours = logits.to(at::kCPU, at::kFloat).contiguous(), theirs = original.to(at::kCPU, at::kFloat).contiguous();
        const auto classes = static_cast<std::size_t>(ours.size(1));
        for (std::int64_t k = 0; k < ours.size(0); ++k)
            divergence_ += data::divergence({theirs[k].data_ptr<float>(), classes}, {ours[k].data_ptr<float>(), classes});
        compared_ += ours.size(0);
    }

    void report(jobs::Progress& progress, std::int64_t seen) const {
        progress.update(static_cast<double>(seen) / static_cast<double>(std::max<std::int64_t>(size_, 1)),
                        std::to_string(seen) + " of " + std::to_string(size_) + " images");
    }

    const results::Accuracy& result(double seconds) {
        const data::Interval interval = data::wilsonInterval(counts_.top1Hits, counts_.count);
        accuracy_.count = counts_.count;
        accuracy_.top1 = counts_.top1();
        accuracy_.top5 = counts_.top5();
        accuracy_.top1Low = 100 * interval.low;
        accuracy_.top1High = 100 * interval.high;
        accuracy_.seconds = seconds;
        const double divergence = compared_ == 0 ? 0 : divergence_ / static_cast<double>(compared_);
        if (compared_ > 0 && std::isfinite(divergence)) accuracy_.divergence = divergence;
        return accuracy_;
    }

    std::int64_t counted() const { return counts_.count; }

  private:
    std::int64_t size_;
    data::Accuracy counts_;
    double divergence_ = 0;  // sum over compared_ images
    std::int64_t compared_ = 0;
    results::Accuracy accuracy_;
};

/// Which of the images from `first` on are among kDivergenceImages that lie evenly in the set.
std::vector<std::int64_t> comparedOf(std::int64_t first, std::int64_t count, std::int64_t size) {
    const std::int64_t wanted = std::min(size, kDivergenceImages);
    std::vector<std::int64_t> chosen;
    for (std::int64_t i = 0; i < count; ++i)
        if ((first + i + 1) * wanted / size > (first + i) * wanted / size) chosen.push_back(i);
    return chosen;
}

}  // namespace

MeasuredAccuracy measureAccuracy(const MeasuredNetwork& subject, const LabelledImages& set, jobs::Control& control, jobs::Progress& progress,
                                 const WatchAccuracy& watch) {
    const at::NoGradGuard noGradients;
    const engine::Network& network = subject.network;
    engine::Hooks hooks = subject.hooks, originalHooks;
    hooks.checkpoint = originalHooks.checkpoint = [&control] { control.check(); };
    data::BatchLoader loader(set.images, preprocessingOf(network.graph().info),
                             {.batchSize = set.batch, .onUnreadable = data::OnUnreadable::skip});
    MeasuredAccuracy measured;
    Tally tally(subject.name, set);
    std::optional<Error> firstError;
    std::chrono::duration<double> time{};
    std::int64_t seen = 0;
    while (auto batch = loader.next()) {
        control.safePoint([] {});
        if (control.shouldFinish()) {
            measured.complete = false;
            break;
        }
        for (const Error& error : batch->skipped) {
            if (!firstError) firstError = error;
            measured.warnings.push_back("left out: " + error.text());
        }
        const std::vector<std::int64_t> compared = comparedOf(seen, static_cast<std::int64_t>(batch->rows.size()), set.images.size());
        seen += static_cast<std::int64_t>(batch->rows.size() + batch->skipped.size());
        if (!batch->rows.empty()) {
            const auto begin = std::chrono::steady_clock::now();
            const at::Tensor images = engine::toTorch(batch->images).to(network.device());
            const at::Tensor logits = engine::forward(network, images, hooks);
            tally.add(logits, *batch);
            time += std::chrono::steady_clock::now() - begin;
            if (subject.original != nullptr && !compared.empty()) {
                const at::Tensor rows = at::tensor(compared, at::kLong).to(network.device());
                tally.addDivergence(logits.index_select(0, rows), engine::forward(*subject.original, images.index_select(0, rows), originalHooks));
            }
        }
        tally.report(progress, seen);
        if (watch && tally.counted() > 0) watch(tally.result(time.count()));
    }
    if (tally.counted() == 0 && firstError) throw Exception(*firstError);
    measured.accuracy = tally.result(time.count());
    progress.finish();
    return measured;
}

double fidelity(const results::Accuracy& quantized, const results::Accuracy& floating) {
    // Both walked the same set, so the shorter one, stopped early, is a beginning of the other.
    const std::size_t count = std::min(quantized.predictions.size(), floating.predictions.size());
    const std::vector<std::int64_t> ours(quantized.predictions.begin(), quantized.predictions.begin() + static_cast<std::ptrdiff_t>(count));
    const std::vector<std::int64_t> theirs(floating.predictions.begin(), floating.predictions.begin() + static_cast<std::ptrdiff_t>(count));
    return data::agreement(ours, theirs);
}

}  // namespace vitrine::runs
