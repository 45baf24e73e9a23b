// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "report/document.h"

namespace vitrine::report {

/// The document as one HTML file: styles inline, light and dark by the reader's preference, a print style, nothing
/// loaded from elsewhere and no script (its content policy forbids both). Tables carry captions and header scopes; a
/// long table scrolls under its head on the screen and is printed whole. Figures without a drawing are left out, and so are drawings
/// that embeddableSvg() refuses.
std::string toHtml(const Document& document);

/// `text` with &, <, >, " and ' replaced by entities, and control characters by U+FFFD.
std::string escapeHtml(std::string_view text);

}  // namespace vitrine::report
