// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "widgets/views/figures.h"

namespace vitrine::desktop {

/// What the command line of the desktop program asks for.
struct CommandLine {
    enum class Mode {
        window,      ///< the window, with `files`
        listViews,   ///< print the views and their options
        render,      ///< draw one figure: `render`
        renderList,  ///< draw those of a file: `list`
    };
    Mode mode = Mode::window;
    QStringList files;  ///< projects, networks, images
    bool resetLayout = false;
    widgets::RenderRequest render;
    QString list;
};

/// The parsed command line, or the exit code with which the program ends: help and version were printed, or what is
/// wrong with it.
struct ParsedCommandLine {
    CommandLine line;
    std::optional<int> exitCode;
};
ParsedCommandLine parseCommandLine(int argc, const char* const* argv);

}  // namespace vitrine::desktop
