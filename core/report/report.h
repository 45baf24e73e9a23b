// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "report/comparison.h"
#include "report/document.h"
#include "report/run_content.h"

namespace vitrine::report {

/// A report on runs of a project: each run with everything that is known about it, and for several runs first their
/// comparison. Figures are named and left without drawings, which fillFigures() brings.
Document studyReport(const project::Project& project, const std::vector<RunContent>& runs);

/// Draws a figure: the text of an SVG file, or nothing when it cannot. The window's is views and a painter, that of the
/// command line the files of a renderer beside it.
using FigureSource = std::function<std::optional<std::string>(const Figure&)>;

/// Asks `source` for every figure of the document, in reading order, and keeps the drawings that may stand in a page
/// (embeddableSvg()). Returns one line for each drawing that was refused. Lets exceptions of `source` through.
std::vector<std::string> fillFigures(Document& document, const FigureSource& source);

/// The sections that compare runs with each other.
std::vector<Section> comparisonSections(const std::vector<RunContent>& runs, const RunNotes& notes = {});

}  // namespace vitrine::report
