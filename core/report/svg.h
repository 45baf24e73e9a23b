// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vitrine::report {

inline constexpr std::size_t kMaximumSvg = std::size_t{16} << 20;  ///< bytes of one drawing

/// An SVG file as an element that can stand inside an HTML page. Nothing that it does not know gets through: elements
/// for shapes, text, gradients, clips and pictures; no scripts, styles of a whole page, animations, links or handlers
/// of events; references only to ids of the drawing itself, and pictures only as PNG or JPEG inside it. It is written
/// anew: without the declarations around it, without comments, name spaces and classes, and with `idPrefix` before
/// every id and reference, so that several drawings can share a page. Throws Exception(badFormat) that says what is
/// wrong, and tooLarge.
std::string embeddableSvg(std::string_view text, std::string_view idPrefix);

}  // namespace vitrine::report
