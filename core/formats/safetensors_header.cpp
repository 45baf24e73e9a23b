// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/safetensors_header.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <vector>

#include "base/error.h"
#include "formats/bytes.h"

namespace vitrine::formats {
namespace {

constexpr std::size_t kMostDimensions = 64;
constexpr int kDeepest = 32;  // of values under unknown keys, which are skipped
constexpr std::string_view kMetadataKey = "__metadata__";

std::optional<DType> dtypeNamed(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(DType::boolean); ++i)
        if (dtypeName(static_cast<DType>(i)) == name) return static_cast<DType>(i);
    return std::nullopt;
}

/// Receives the events of the JSON parser, which itself does not recurse, and fills a header.
class HeaderHandler : public nlohmann::json_sax<nlohmann::json> {
  public:
    explicit HeaderHandler(const std::string& where) : where_(where) {}

    SafetensorsHeader take() { return std::move(header_); }

    bool null() override { return unexpected("null"); }
    bool boolean(bool) override { return unexpected("a truth value"); }
    bool number_integer(number_integer_t) override { return unexpected("a negative number"); }
    bool number_float(number_float_t, const string_t&) override {
        return unexpected("a number that is no integer in range");
    }
    bool binary(binary_t&) override { return unexpected("binary data"); }

    bool number_unsigned(number_unsigned_t value) override {
        if (depth_ == 3 && field_ == Field::shape) return addDimension(value);
        if (depth_ == 3 && field_ == Field::offsets) return addOffset(value);
        return unexpected("a number");
    }

    bool string(string_t& value) override {
        if (depth_ == 2 && inMetadata_) return addMetadata(value);
        if (depth_ == 2 && field_ == Field::dtype) return setDType(value);
        return unexpected("a text");
    }

    bool key(string_t& name) override {
        if (depth_ == 1) return beginEntry(name);
        if (depth_ == 2) return beginField(name);
        return true;
    }

    bool start_object(std::size_t) override {
        if (depth_ >= 2) unexpected("an object");
        return deeper();
    }
    bool start_array(std::size_t) override {
        if (depth_ < 2) reject("the header or an entry is a list instead of an object");
        if (depth_ != 2 || (field_ != Field::shape && field_ != Field::offsets)) unexpected("a list");
        return deeper();
    }
    bool end_array() override { return shallower(); }
    bool end_object() override {
        if (depth_ == 2 && !inMetadata_) finishEntry();
        return shallower();
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
        reject("the header is not valid JSON at byte " + std::to_string(position) + " (" + error.what() + ")");
    }

  private:
    enum class Field { unknown, dtype, shape, offsets };

    [[noreturn]] void reject(const std::string& what) const { fail(ErrorCode::badFormat, what, where_); }
    [[noreturn]] void rejectEntry(const std::string& what) const { reject("tensor " + inQuotes(name_) + ": " + what); }

    /// Any value that was not expected: ignored under an unknown key, an error elsewhere.
    bool unexpected(const std::string& kind) const {
        if (depth_ == 0) reject("the header is " + kind + " instead of an object");
        if (depth_ == 1) reject("entry " + inQuotes(name_) + " is " + kind + " instead of an object");
        if (inMetadata_) reject("\"__metadata__\" holds " + kind + "; only texts are allowed");
        if (field_ != Field::unknown) rejectEntry(inQuotes(fieldName_) + " holds " + kind);
        return true;
    }

    bool deeper() {
        if (++depth_ > kDeepest) reject("the header is nested more than " + std::to_string(kDeepest) + " deep");
        return true;
    }
    bool shallower() {
        --depth_;
        return true;
    }

    bool beginEntry(const std::string& name) {
        name_ = name;
        fieldName_.clear();
        field_ = Field::unknown;
        inMetadata_ = name == kMetadataKey;
        seen_.clear();
        offsets_.clear();
        entry_ = {};
        if (header_.entries.contains(name) || (inMetadata_ && metadataSeen_))
            reject("the name " + inQuotes(name) + " occurs twice");
        metadataSeen_ = metadataSeen_ || inMetadata_;
        return true;
    }

    bool beginField(const std::string& name) {
        fieldName_ = name;
        if (inMetadata_) return true;
        field_ = name == "dtype"          ? Field::dtype
                 : name == "shape"        ? Field::shape
                 : name == "data_offsets" ? Field::offsets
                                          : Field::unknown;
        if (field_ == Field::unknown) return true;
        if (!seen_.insert(field_).second) rejectEntry(inQuotes(name) + " occurs twice");
        return true;
    }

    bool addMetadata(std::string& value) {
        if (!header_.metadata.emplace(fieldName_, std::move(value)).second)
            reject("\"__metadata__\" holds " + inQuotes(fieldName_) + " twice");
        return true;
    }

    bool setDType(const std::string& name) {
        const std::optional<DType> dtype = dtypeNamed(name);
        if (!dtype)
            fail(ErrorCode::unsupported,
                 "tensor " + inQuotes(name_) + " has the unknown element type " + inQuotes(name), where_,
                 "convert it to F32, F16 or BF16");
        entry_.dtype = *dtype;
        return true;
    }

    bool addDimension(std::uint64_t size) {
        if (entry_.shape.size() == kMostDimensions)
            rejectEntry("has more than " + std::to_string(kMostDimensions) + " dimensions");
        if (size > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            rejectEntry("has a dimension of " + std::to_string(size));
        entry_.shape.push_back(static_cast<std::int64_t>(size));
        return true;
    }

    bool addOffset(std::uint64_t offset) {
        if (offsets_.size() == 2) rejectEntry("\"data_offsets\" must be two numbers");
        offsets_.push_back(offset);
        return true;
    }

    void finishEntry() {
        if (seen_.size() != 3) rejectEntry("needs \"dtype\", \"shape\" and \"data_offsets\"");
        if (offsets_.size() != 2) rejectEntry("\"data_offsets\" must be two numbers");
        entry_.begin = offsets_[0];
        entry_.end = offsets_[1];
        header_.entries.emplace(std::move(name_), std::move(entry_));
    }

    const std::string& where_;
    SafetensorsHeader header_;
    int depth_ = 0;
    std::string name_;
    bool inMetadata_ = false;
    bool metadataSeen_ = false;
    Field field_ = Field::unknown;
    std::string fieldName_;
    std::set<Field> seen_;
    SafetensorsEntry entry_;
    std::vector<std::uint64_t> offsets_;
};

}  // namespace

SafetensorsHeader parseSafetensorsHeader(std::string_view json, const std::string& where) {
    if (json.empty() || json.front() != '{') fail(ErrorCode::badFormat, "the header does not begin with \"{\"", where);
    // The JSON parser takes a NUL byte for the end of its input.
    if (json.find('\0') != std::string_view::npos) fail(ErrorCode::badFormat, "the header holds a NUL byte", where);
    HeaderHandler handler(where);
    nlohmann::json::sax_parse(json.begin(), json.end(), &handler);
    return handler.take();
}

}  // namespace vitrine::formats
