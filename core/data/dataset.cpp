// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/dataset.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/files.h"
#include "formats/bytes.h"

namespace vitrine::data {
namespace {

std::string rangeText(std::int64_t count) {
    return count == 0 ? "there are no rows" : "the rows are 0 to " + std::to_string(count - 1);
}

std::optional<std::int64_t> parseNumber(std::string_view text) {
    std::int64_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || text[0] == '-' || result.ec != std::errc() || result.ptr != text.data() + text.size())
        return {};
    return value;
}

struct Range {
    std::int64_t first = 0;
    std::int64_t last = 0;
};

/// "a-b" or "a".
std::optional<Range> parseRange(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto first = parseNumber(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parseNumber(text.substr(dash + 1));
    if (!first || !last) return {};
    return Range{*first, *last};
}

std::vector<std::int64_t> rowsInFile(const std::filesystem::path& path, std::int64_t count) {
    const std::string text = readTextFile(path);
    std::vector<std::int64_t> rows;
    std::int64_t line = 0;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        std::string_view field(text.data() + start, end - start);
        start = end + 1;
        ++line;
        while (!field.empty() && (field.back() == '\r' || field.back() == ' ' || field.back() == '\t'))
            field.remove_suffix(1);
        while (!field.empty() && (field.front() == ' ' || field.front() == '\t')) field.remove_prefix(1);
        if (field.empty()) continue;
        const auto row = parseNumber(field);
        const std::string where = path.string() + " line " + std::to_string(line);
        if (!row)
            fail(ErrorCode::badFormat, formats::inQuotes(field) + " is no row number", where,
                 "write one number a line");
        if (*row >= count)
            fail(ErrorCode::badFormat, "row " + std::to_string(*row) + " does not exist: " + rangeText(count), where);
        rows.push_back(*row);
    }
    if (rows.empty()) fail(ErrorCode::badFormat, "names no row", path.string(), "write one number a line");
    return rows;
}

}  // namespace

ImageSet::ImageSet(std::vector<ImageItem> items, Decoder decoder, std::vector<std::string> classNames,
                   std::vector<std::string> warnings)
    : state_(std::make_shared<const State>(
          State{std::move(items), std::move(decoder), std::move(classNames), std::move(warnings)})) {}

const ImageItem& ImageSet::item(std::int64_t index) const {
    if (index < 0 || index >= size())
        fail(ErrorCode::invalidArgument, "picture " + std::to_string(index) + " does not exist: " + rangeText(size()));
    return state_->items[static_cast<std::size_t>(index)];
}

formats::Image ImageSet::load(std::int64_t index) const {
    const ImageItem& wanted = item(index);
    return state_->decoder(wanted);
}

const std::vector<std::string>& ImageSet::classNames() const {
    static const std::vector<std::string> none;
    return state_ ? state_->classNames : none;
}

const std::vector<std::string>& ImageSet::warnings() const {
    static const std::vector<std::string> none;
    return state_ ? state_->warnings : none;
}

bool ImageSet::hasLabels() const {
    return !state_ || std::all_of(state_->items.begin(), state_->items.end(),
                                  [](const ImageItem& each) { return each.label != kUnlabelled; });
}

ImageSet ImageSet::select(const std::vector<std::int64_t>& indices) const {
    if (!state_ && indices.empty()) return *this;
    std::vector<ImageItem> items;
    items.reserve(indices.size());
    for (const std::int64_t index : indices) items.push_back(item(index));
    return ImageSet(std::move(items), state_->decoder, state_->classNames, state_->warnings);
}

void ImageSet::requireLabelsBelow(std::int64_t classCount) const {
    for (std::int64_t i = 0; i < size(); ++i)
        if (item(i).label >= classCount)
            fail(ErrorCode::badFormat,
                 "the label " + std::to_string(item(i).label) + " is none of the " + std::to_string(classCount) +
                     " classes of the network",
                 item(i).name);
}

std::vector<std::int64_t> readRows(const std::string& text, std::int64_t count) {
    const auto range = parseRange(text);
    if (!range) return rowsInFile(text, count);
    if (range->first > range->last || range->last >= count)
        fail(ErrorCode::invalidArgument, "the rows " + text + " cannot be taken: " + rangeText(count));
    std::vector<std::int64_t> rows;
    for (std::int64_t row = range->first; row <= range->last; ++row) rows.push_back(row);
    return rows;
}

}  // namespace vitrine::data
