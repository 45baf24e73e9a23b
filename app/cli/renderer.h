// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "report/document.h"

namespace vitrine::cli {

/// The program that draws figures: $VITRINE_RENDERER where it is set, else `vitrine` beside this program. Nothing where
/// there is none. Throws Exception(notFound) when $VITRINE_RENDERER names no file.
std::optional<std::filesystem::path> rendererProgram();

/// What the renderer made of a list of figures.
struct Drawings {
    std::map<std::string, std::string> svg;  ///< by the id of the figure; those that it drew
    std::string complaint;                   ///< the first line that it said of the others; may be empty
    std::string output;                      ///< everything that it said
};

/// Draws figures of a project by calling `program --render-list FILE` once. FILE is a JSON list of
///     {"project", "run", "against", "view", "site", "options", "width_mm", "height_mm", "out"}
/// where "options" is an object and "out" the SVG file to write; what cannot be drawn leaves no file. The program needs
/// no display. It is killed when the user interrupts, which throws Exception(stopped), when this process dies, and when
/// it takes longer than a minute and ten seconds for each figure. Throws Exception(ioFailure) when it cannot be
/// started.
Drawings drawFigures(const std::filesystem::path& program, const std::filesystem::path& project,
                     const std::vector<report::Figure*>& figures);

}  // namespace vitrine::cli
