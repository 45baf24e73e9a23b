// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "formats/bytes.h"

namespace vitrine::formats {

/// The bytes of a pickle, read from front to back; every read is checked against the end.
class PickleReader {
  public:
    PickleReader(std::string_view bytes, const std::string& where) : bytes_(bytes), where_(where) {}

    std::size_t position() const { return position_; }

    [[noreturn]] void damaged(const std::string& what) const {
        fail(ErrorCode::badFormat, "its pickle is damaged at byte " + std::to_string(position_) + ": " + what, where_,
             "copy or download the file again, or save it again with torch.save");
    }

    /// The next `count` bytes, or Exception(badFormat).
    std::string_view take(std::uint64_t count) {
        if (count > bytes_.size() - position_) damaged("it ends too early");
        const std::string_view part = bytes_.substr(position_, count);
        position_ += count;
        return part;
    }

    template <typename T>
    T number() {
        return readLittleEndian<T>(reinterpret_cast<const std::byte*>(take(sizeof(T)).data()));
    }

    /// The bytes up to the next line feed, which is passed.
    std::string_view line() {
        const std::size_t end = bytes_.find('\n', position_);
        if (end == std::string_view::npos) damaged("a line does not end");
        const std::string_view text = take(end - position_);
        ++position_;
        return text;
    }

  private:
    std::string_view bytes_;
    const std::string& where_;
    std::size_t position_ = 0;
};

}  // namespace vitrine::formats
