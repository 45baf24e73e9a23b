// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/batch_loader.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <numeric>
#include <thread>

namespace vitrine::data {
namespace {

/// A prepared picture is only normalised: one of the input's size, of which everything is kept, is not resampled either.
void fill(const formats::Image& picture, const ImageItem& item, const Preprocessing& preprocessing, std::span<float> target) {
    if (!item.prepared) return preprocess(picture, preprocessing, target);
    if (picture.width != preprocessing.width || picture.height != preprocessing.height)
        fail(ErrorCode::badFormat,
             "was prepared as an input of " + std::to_string(picture.width) + " x " + std::to_string(picture.height) + ", but the network takes " +
                 std::to_string(preprocessing.width) + " x " + std::to_string(preprocessing.height),
             item.name, "use images that were made for this network, or set the column prepared to 0");
    Preprocessing whole = preprocessing;
    whole.cropFraction = 1;
    preprocess(picture, whole, target);
}

/// `stopped` is asked before every picture; when it says yes the batch is given up.
std::optional<Batch> makeBatch(const ImageSet& images, const std::vector<std::int64_t>& indices,
                               const Preprocessing& preprocessing, OnUnreadable onUnreadable,
                               const std::function<bool()>& stopped) {
    const std::int64_t size = std::int64_t{preprocessing.channels} * preprocessing.height * preprocessing.width;
    Batch batch;
    std::vector<float> values(indices.size() * static_cast<std::size_t>(size));
    for (const std::int64_t index : indices) {
        if (stopped()) return {};
        const std::span<float> target(values.data() + batch.rows.size() * static_cast<std::size_t>(size),
                                      static_cast<std::size_t>(size));
        const ImageItem& item = images.item(index);
        try {
            fill(images.load(index), item, preprocessing, target);
        } catch (const Exception& error) {
            if (onUnreadable == OnUnreadable::stop) throw;
            batch.skipped.push_back(error.error());
            continue;
        }
        batch.labels.push_back(item.label);
        batch.rows.push_back(item.row);
    }
    values.resize(batch.rows.size() * static_cast<std::size_t>(size));
    batch.images =
        HostTensor::of(std::move(values), {static_cast<std::int64_t>(batch.rows.size()), preprocessing.channels,
                                           preprocessing.height, preprocessing.width});
    return batch;
}

}  // namespace

Batch loadBatch(const ImageSet& images, const std::vector<std::int64_t>& indices, const Preprocessing& preprocessing,
                OnUnreadable onUnreadable) {
    requireValid(preprocessing);
    return *makeBatch(images, indices, preprocessing, onUnreadable, [] { return false; });
}

/// Workers take the numbers of batches in order and put what they made, a batch or an exception, under that number; the
/// consumer takes the numbers in order too. Nobody starts a batch that is more than `ahead` before the consumer.
class BatchLoader::Pipeline {
  public:
    Pipeline(ImageSet images, Preprocessing preprocessing, LoaderOptions options)
        : images_(std::move(images)), preprocessing_(std::move(preprocessing)), options_(options) {
        requireValid(preprocessing_);
        if (options_.batchSize < 1 || options_.workers < 1 || options_.ahead < 1)
            fail(ErrorCode::invalidArgument, "batch size, threads and batches ahead must be 1 or more");
        batchCount_ = (images_.size() + options_.batchSize - 1) / options_.batchSize;
        const std::int64_t workers = std::min<std::int64_t>(options_.workers, batchCount_);
        try {
            for (std::int64_t i = 0; i < workers; ++i) workers_.emplace_back([this] { work(); });
        } catch (...) {
            stop();
            throw;
        }
    }
    ~Pipeline() { stop(); }
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    std::int64_t batchCount() const { return batchCount_; }

    std::optional<Batch> next() {
        std::unique_lock lock(mutex_);
        if (failure_) std::rethrow_exception(failure_);
        if (consumed_ == batchCount_) return {};
        changed_.wait(lock, [this] { return ready_.contains(consumed_); });
        Slot slot = std::move(ready_.extract(consumed_).mapped());
        failure_ = slot.failure;
        ++consumed_;
        changed_.notify_all();
        if (failure_) std::rethrow_exception(failure_);
        return std::move(slot.batch);
    }

  private:
    struct Slot {
        Batch batch;
        std::exception_ptr failure;
    };

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        changed_.notify_all();
        for (std::thread& worker : workers_) worker.join();
        workers_.clear();
    }

    /// The number of the next batch to make, or nothing when there is none left or the loader ends.
    std::optional<std::int64_t> claim() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock,
                      [this] { return stopped_ || claimed_ == batchCount_ || claimed_ < consumed_ + options_.ahead; });
        if (stopped_ || claimed_ == batchCount_) return {};
        return claimed_++;
    }

    void work() {
        while (const std::optional<std::int64_t> number = claim()) {
            Slot slot;
            try {
                const std::int64_t first = *number * options_.batchSize;
                std::vector<std::int64_t> indices(
                    static_cast<std::size_t>(std::min(options_.batchSize, images_.size() - first)));
                std::iota(indices.begin(), indices.end(), first);
                auto batch = makeBatch(images_, indices, preprocessing_, options_.onUnreadable,
                                       [this] { return stopped_.load(); });
                if (!batch) return;
                slot.batch = std::move(*batch);
            } catch (...) {
                slot.failure = std::current_exception();
            }
            {
                const std::lock_guard lock(mutex_);
                ready_.emplace(*number, std::move(slot));
            }
            changed_.notify_all();
        }
    }

    const ImageSet images_;
    const Preprocessing preprocessing_;
    const LoaderOptions options_;
    std::int64_t batchCount_ = 0;

    std::mutex mutex_;  // guards everything below but the threads
    std::condition_variable changed_;
    std::atomic<bool> stopped_{false};
    std::int64_t claimed_ = 0;
    std::int64_t consumed_ = 0;
    std::map<std::int64_t, Slot> ready_;
    std::exception_ptr failure_;
    std::vector<std::thread> workers_;
};

BatchLoader::BatchLoader(ImageSet images, Preprocessing preprocessing, LoaderOptions options)
    : pipeline_(std::make_unique<Pipeline>(std::move(images), std::move(preprocessing), options)) {}

BatchLoader::~BatchLoader() = default;

std::optional<Batch> BatchLoader::next() { return pipeline_->next(); }

std::int64_t BatchLoader::batchCount() const { return pipeline_->batchCount(); }

}  // namespace vitrine::data
