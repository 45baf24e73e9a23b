// SPDX-License-Identifier: GPL-3.0-or-later
// Runs under the thread sanitizer too.
#include "data/batch_loader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

namespace vitrine::data {
namespace {

Preprocessing tiny(int channels = 3) {
    Preprocessing preprocessing;
    preprocessing.channels = channels;
    preprocessing.width = preprocessing.height = 8;
    preprocessing.cropFraction = 1.0;
    preprocessing.mean.assign(static_cast<std::size_t>(channels), 0.0f);
    preprocessing.standardDeviation.assign(static_cast<std::size_t>(channels), 1.0f);
    return preprocessing;
}

formats::Image grey(std::int64_t value) {
    return {8, 8, std::vector<std::uint8_t>(8 * 8 * 3, static_cast<std::uint8_t>(value))};
}

/// Pictures whose value is their row; those in `broken` cannot be read.
ImageSet numbered(std::int64_t count, std::vector<std::int64_t> broken = {}) {
    std::vector<ImageItem> items;
    for (std::int64_t row = 0; row < count; ++row) items.push_back({std::to_string(row), row % 3, row});
    return ImageSet(std::move(items), [broken](const ImageItem& item) {
        for (const std::int64_t row : broken)
            if (row == item.row) fail(ErrorCode::badFormat, "is broken", item.name);
        return grey(item.row);
    });
}

LoaderOptions options(std::int64_t batchSize, int workers, OnUnreadable onUnreadable = OnUnreadable::stop) {
    LoaderOptions options;
    options.batchSize = batchSize;
    options.workers = workers;
    options.onUnreadable = onUnreadable;
    return options;
}

TEST(BatchLoader, DeliversEveryPictureInOrder) {
    for (const int workers : {1, 4}) {
        BatchLoader loader(numbered(23), tiny(), options(4, workers));
        EXPECT_EQ(loader.batchCount(), 6);
        std::int64_t row = 0;
        while (const auto batch = loader.next()) {
            const auto count = static_cast<std::int64_t>(batch->rows.size());
            EXPECT_EQ(batch->images.shape, (Shape{count, 3, 8, 8}));
            for (std::int64_t i = 0; i < count; ++i, ++row) {
                EXPECT_EQ(batch->rows[static_cast<std::size_t>(i)], row);
                EXPECT_EQ(batch->labels[static_cast<std::size_t>(i)], row % 3);
                EXPECT_FLOAT_EQ(batch->images.as<float>()[static_cast<std::size_t>(i * 192)],
                                static_cast<float>(row) / 255.0f);
            }
        }
        EXPECT_EQ(row, 23);
        EXPECT_FALSE(loader.next());
    }
}

TEST(BatchLoader, OneChannelNetworks) {
    BatchLoader loader(numbered(2), tiny(1), options(8, 2));
    const auto batch = loader.next();
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->images.shape, (Shape{2, 1, 8, 8}));
    EXPECT_FLOAT_EQ(batch->images.as<float>()[64], 1.0f / 255.0f);
}

TEST(BatchLoader, PreparedPicturesAreOnlyNormalised) {
    formats::Image ramp = grey(0);
    for (std::size_t i = 0; i < ramp.rgb.size(); ++i) ramp.rgb[i] = static_cast<std::uint8_t>(7 * i);
    const auto set = [&ramp](bool prepared) {
        return ImageSet({{"ramp", 0, 0, prepared}}, [ramp](const ImageItem&) { return ramp; });
    };
    Preprocessing cropping = tiny();
    cropping.cropFraction = 0.5;
    const Batch whole = loadBatch(set(true), {0}, cropping);
    for (std::int64_t pixel = 0; pixel < 64; ++pixel)
        EXPECT_FLOAT_EQ(whole.images.as<float>()[static_cast<std::size_t>(pixel)],
                        static_cast<float>(ramp.rgb[static_cast<std::size_t>(3 * pixel)]) / 255.0f);
    EXPECT_FALSE(std::ranges::equal(loadBatch(set(false), {0}, cropping).images.as<float>(), whole.images.as<float>()));

    cropping.width = cropping.height = 16;
    try {
        loadBatch(set(true), {0}, cropping);
        ADD_FAILURE() << "a picture of another size";
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().where, "ramp");
        EXPECT_NE(exception.error().what.find("8 x 8, but the network takes 16 x 16"), std::string::npos);
    }
}

TEST(BatchLoader, AnErrorComesInItsPlaceAndStays) {
    BatchLoader loader(numbered(20, {9}), tiny(), options(4, 3));
    EXPECT_TRUE(loader.next());
    EXPECT_TRUE(loader.next());
    for (int i = 0; i < 2; ++i) {
        try {
            loader.next();
            ADD_FAILURE() << "the broken picture was not reported";
        } catch (const Exception& error) {
            EXPECT_EQ(error.error().where, "9");
        }
    }
}

TEST(BatchLoader, SkippedPicturesAreReported) {
    BatchLoader loader(numbered(8, {0, 5, 4, 6, 7}), tiny(), options(4, 2, OnUnreadable::skip));
    const auto first = loader.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->rows, (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(first->images.shape[0], 3);
    EXPECT_FLOAT_EQ(first->images.as<float>()[0], 1.0f / 255.0f);
    ASSERT_EQ(first->skipped.size(), 1u);
    EXPECT_EQ(first->skipped[0].where, "0");
    const auto second = loader.next();
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->rows.empty());
    EXPECT_EQ(second->skipped.size(), 4u);
    EXPECT_FALSE(loader.next());
}

TEST(BatchLoader, NeverRunsFarAhead) {
    std::atomic<int> decoded{0};
    std::vector<ImageItem> items(100, ImageItem{"x", 0, 0});
    LoaderOptions few = options(1, 4);
    few.ahead = 2;
    BatchLoader loader(ImageSet(items,
                                [&decoded](const ImageItem&) {
                                    ++decoded;
                                    return grey(1);
                                }),
                       tiny(), few);
    for (int consumed = 1; consumed <= 50; ++consumed) {
        ASSERT_TRUE(loader.next());
        EXPECT_LE(decoded.load(), consumed + 2);
    }
}

TEST(BatchLoader, MayBeDestroyedAtAnyMoment) {
    constexpr int kBatch = 200, kWorkers = 3;
    for (int taken = 0; taken < 3; ++taken) {
        std::atomic<int> decoded{0};
        {
            const std::vector<ImageItem> items(10'000, ImageItem{"x", 0, 0});
            const auto slowly = [&decoded](const ImageItem&) {
                ++decoded;
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
                return grey(1);
            };
            BatchLoader loader(ImageSet(items, slowly), tiny(), options(kBatch, kWorkers));
            for (int i = 0; i < taken; ++i) loader.next();
        }
        EXPECT_LT(decoded.load(), (taken + kWorkers) * kBatch);  // the batches under way were given up
    }
}

TEST(BatchLoader, RefusesNonsense) {
    EXPECT_THROW(BatchLoader(numbered(1), tiny(), options(0, 1)), Exception);
    EXPECT_THROW(BatchLoader(numbered(1), tiny(), options(1, 0)), Exception);
    Preprocessing wrong = tiny();
    wrong.channels = 1;
    EXPECT_THROW(BatchLoader(numbered(1), wrong), Exception);
    BatchLoader empty(ImageSet{}, tiny());
    EXPECT_FALSE(empty.next());
}

TEST(BatchLoader, SingleBatchesAreTheSame) {
    const ImageSet images = numbered(6);
    const Batch batch = loadBatch(images, {5, 2}, tiny());
    EXPECT_EQ(batch.rows, (std::vector<std::int64_t>{5, 2}));
    EXPECT_FLOAT_EQ(batch.images.as<float>()[192], 2.0f / 255.0f);
    EXPECT_THROW(loadBatch(images, {6}, tiny()), Exception);
}

}  // namespace
}  // namespace vitrine::data
