// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/procedural.h"
#include "formats/image.h"

namespace vitrine::data {

inline constexpr std::int64_t kUnlabelled = -1;

/// One picture of a set, before it is decoded.
struct ImageItem {
    std::string name;                  ///< relative path, or "17" for a picture without a file; for messages and tables
    std::int64_t label = kUnlabelled;  ///< class, or kUnlabelled
    std::int64_t row = 0;              ///< 0-based place in the source that the set was opened from; selections keep it
    bool prepared = false;             ///< a network's input already, such as a synthetic image: neither resized nor cropped
};

/// A list of pictures with labels that are decoded when asked for. Immutable and cheap to copy; safe to use from
/// several threads.
class ImageSet {
  public:
    /// Decodes a picture; called from several threads at once.
    using Decoder = std::function<formats::Image(const ImageItem&)>;

    ImageSet() = default;
    ImageSet(std::vector<ImageItem> items, Decoder decoder, std::vector<std::string> classNames = {},
             std::vector<std::string> warnings = {});

    std::int64_t size() const { return state_ ? static_cast<std::int64_t>(state_->items.size()) : 0; }
    /// Throws Exception(invalidArgument) on an index out of range, as load() does.
    const ImageItem& item(std::int64_t index) const;
    /// Throws what formats::readImage throws.
    formats::Image load(std::int64_t index) const;

    const std::vector<std::string>& classNames() const;  ///< by class; empty when the source does not name them
    const std::vector<std::string>& warnings() const;    ///< what was odd when the set was opened
    bool hasLabels() const;                              ///< every item has one; true for an empty set

    /// The items at the given indices, in that order. Throws Exception(invalidArgument) on an index out of range.
    ImageSet select(const std::vector<std::int64_t>& indices) const;

    /// Throws Exception(badFormat) naming the first item whose label is not below `classCount`.
    void requireLabelsBelow(std::int64_t classCount) const;

  private:
    struct State {
        std::vector<ImageItem> items;
        Decoder decoder;
        std::vector<std::string> classNames;
        std::vector<std::string> warnings;
    };
    std::shared_ptr<const State> state_;
};

/// Pictures listed in a table (see formats/csv.h), looked up in `root`, by default the table's folder. A listed file
/// that is missing is reported when it is loaded. Throws what formats::readLabelledTable throws.
ImageSet openTable(const std::filesystem::path& table, const std::filesystem::path& root = {},
                   std::optional<std::int64_t> classCount = {});

/// Pictures in a folder. When it holds folders these are the classes, numbered in the order of their names, with all
/// pictures below them; otherwise its own pictures, without labels. The order is that of the paths, byte by byte. Files
/// count as pictures by their extension (png, jpg, jpeg, bmp, webp); others are skipped with a warning, hidden ones
/// without. Throws Exception(notFound), Exception(badFormat) when there is no picture at all.
ImageSet openFolder(const std::filesystem::path& folder);

/// Pictures and labels in the format of MNIST; without a labels file the pictures have no labels.
/// Throws what formats::readIdx throws, and Exception(badFormat) when the shapes or counts do not fit.
ImageSet openIdx(const std::filesystem::path& images, const std::filesystem::path& labels = {});

/// What the command line accepts: a folder, an idx file of pictures (a name with `images-idx3`, the labels beside it
/// under the name with `labels-idx1`), or else a table. `root` is for tables. Throws Exception(notFound) when there is
/// no such path.
ImageSet openImages(const std::filesystem::path& path, const std::filesystem::path& root = {},
                    std::optional<std::int64_t> classCount = {});

/// Scenes `first`.. of the procedural set. Throws Exception(invalidArgument) on a negative number.
ImageSet proceduralSet(std::uint64_t seed, std::int64_t first, std::int64_t count, const SceneOptions& options = {});

/// The rows that `text` names among `count`: "a-b" (both included), "a", or the path of a file with one number a line.
/// Numbers count from 0. Throws Exception(invalidArgument) on a range that does not fit, Exception(badFormat) with file
/// and line on a bad number, Exception(notFound) when there is no such file.
std::vector<std::int64_t> readRows(const std::string& text, std::int64_t count);

}  // namespace vitrine::data
