// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/host_tensor.h"
#include "data/dataset.h"
#include "data/preprocess.h"

namespace vitrine::data {

/// Pictures that are ready for a network.
struct Batch {
    HostTensor images;                 ///< f32 [pictures, channels, height, width]
    std::vector<std::int64_t> labels;  ///< of each picture, or kUnlabelled
    std::vector<std::int64_t> rows;    ///< ImageItem::row of each picture
    std::vector<Error> skipped;        ///< pictures that could not be read (OnUnreadable::skip)
};

/// What happens to a picture that is missing or damaged.
enum class OnUnreadable {
    stop,  ///< its error ends the loading
    skip,  ///< the batch goes without it and reports it in Batch::skipped
};

struct LoaderOptions {
    std::int64_t batchSize = 32;  ///< 1 or more; the last batch may be smaller
    int workers = 2;              ///< threads that decode, 1 or more
    int ahead = 3;                ///< batches that may be ready before they are asked for, 1 or more
    OnUnreadable onUnreadable = OnUnreadable::stop;
};

/// One batch, made in the calling thread, of the pictures at `indices` of the set. Throws as next() does.
Batch loadBatch(const ImageSet& images, const std::vector<std::int64_t>& indices, const Preprocessing& preprocessing,
                OnUnreadable onUnreadable = OnUnreadable::stop);

/// Walks a set from front to end once, decoding in threads ahead of the consumer. The batches do not depend on the
/// number of threads. One consumer at a time; it may stop and destroy the loader at any moment, which waits at most for
/// the pictures that are being decoded.
class BatchLoader {
  public:
    /// Throws Exception(invalidArgument) on impossible options.
    BatchLoader(ImageSet images, Preprocessing preprocessing, LoaderOptions options = {});
    ~BatchLoader();
    BatchLoader(const BatchLoader&) = delete;
    BatchLoader& operator=(const BatchLoader&) = delete;

    /// The next batch, or nothing at the end. A batch may be empty when all of its pictures were skipped. Throws what
    /// the decoding of a picture threw (OnUnreadable::stop), and from then on the same again.
    std::optional<Batch> next();

    std::int64_t batchCount() const;

  private:
    class Pipeline;
    std::unique_ptr<Pipeline> pipeline_;
};

}  // namespace vitrine::data
