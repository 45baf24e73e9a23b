// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace vitrine::formats {

/// An 8-bit RGB picture: rows from top to bottom, pixels from left to right, three bytes a pixel, no padding.
struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;  ///< width * height * 3 bytes

    friend bool operator==(const Image&, const Image&) = default;
};

/// The largest picture that is decoded, in pixels; what claims more is refused by its header, before memory is taken.
inline constexpr std::int64_t kMaximumPixels = 100'000'000;

/// The largest picture file that is read, in bytes.
inline constexpr std::size_t kMaximumImageFile = std::size_t{256} << 20;

/// Reads a PNG, JPEG, BMP or WebP file, told apart by content (the extension does not matter), as eight-bit RGB:
/// - grey becomes three equal channels; palettes are looked up; transparency is dropped, not blended;
/// - of 16-bit values the upper byte is kept, for grey as for colour (Pillow clips 16-bit grey at 255 instead);
/// - CMYK JPEGs are converted as Pillow does;
/// - the EXIF orientation is ignored, as torchvision's ImageFolder and timm do.
/// A picture that is cut short or damaged is refused, also where a decoder could guess the rest, for instance a JPEG
/// without its end marker.
///
/// Throws Exception(notFound, ioFailure), Exception(badFormat) for what is damaged, cut short or no picture,
/// Exception(unsupported) for formats that are not read (GIF, TIFF and others), and Exception(tooLarge) above
/// kMaximumPixels or when so few bytes cannot hold so many pixels. Writes nothing to the standard streams.
/// Safe to call from several threads.
Image readImage(const std::filesystem::path& path);

/// The same for a file's bytes; `name` stands in the errors.
Image decodeImage(std::span<const std::byte> bytes, const std::string& name);

/// The bytes of a PNG file. Throws Exception(invalidArgument) when the picture is empty or its size does not fit.
std::vector<std::uint8_t> encodePng(const Image& image);

/// Writes a PNG, replacing the file atomically. Throws Exception(invalidArgument, ioFailure).
void writePng(const std::filesystem::path& path, const Image& image);

}  // namespace vitrine::formats
