// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/image.h"

/// What stands between a file and OpenCV's decoders. OpenCV takes damaged JPEGs for whole ones and its codecs complain
/// on the standard error stream, so every file is checked here first. Internal to this room.
namespace vitrine::formats {

/// Throws Exception(badFormat) when a side is not positive, Exception(tooLarge) when there are more than
/// kMaximumPixels.
void requireImageSize(std::int64_t width, std::int64_t height, const std::string& name);

/// Throws Exception(tooLarge) when a picture of that size cannot come from a file of `fileBytes`: real ones are packed
/// less than 2048 to one. Small pictures always pass.
void requireJustified(std::int64_t width, std::int64_t height, std::size_t fileBytes, const std::string& name);

/// Decodes a JPEG. Straight through libjpeg, whose warnings tell damaged pictures from whole ones.
Image decodeJpeg(std::span<const std::byte> bytes, const std::string& name);

/// Checks a PNG as a whole - chunks, checksums, size, compressed data, row filters - and returns an equivalent file
/// that holds only the chunks that make the RGB picture, so that no decoder has anything to object to.
std::vector<std::uint8_t> checkedPng(std::span<const std::byte> bytes, const std::string& name);

}  // namespace vitrine::formats
