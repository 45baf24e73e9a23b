// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSizeF>
#include <QString>
#include <QStringList>

#include "base/error.h"
#include "widgets/views/view.h"

/// Views as files and as figures of reports. Needs a QGuiApplication (offscreen will do). UI thread, but for writeFile().
namespace vitrine::widgets {

enum class FigureFormat { svg, pdf, png };
std::optional<FigureFormat> figureFormatOf(const QString& fileName);  ///< by its extension

struct FigureOptions {
    QSizeF sizeMm{160, 90};
    double scale = 2;  ///< pixels of a PNG per 1/96 inch
    const Theme* theme = &Theme::day();
    QString title;     ///< of PDF and SVG documents
};

/// The view as the bytes of a file. The same input gives the same bytes. Throws Exception(invalidArgument) for a size that is not positive or
/// above 2 m, and tooLarge for more than 200 million pixels.
QByteArray figure(View& view, FigureFormat format, const FigureOptions& options);
/// The view's table as CSV: what `vitrine-cli export` writes for the same artefact, byte for byte.
QByteArray figureCsv(const View& view);

/// What to draw without a window.
struct RenderRequest {
    QString project;
    QString run;
    QString view;      ///< id
    QString against;   ///< run B, or empty
    QString site;      ///< to select; empty: the view chooses
    CompareMode mode = CompareMode::overlay;  ///< with a run B
    QStringList options;  ///< "log=true"
    FigureOptions figure{.sizeMm = {}};  ///< a side that is not given is as long as is good for the view
    QString out;       ///< file; its extension says the format (csv too)
};
/// Reads the project, draws and writes the file. Throws Exception that names what is wrong: unknown run, view or option, a view that has
/// nothing to draw (with its emptyText()).
void render(const RenderRequest& request);

/// Several at once, each project and run read once. Returns the errors, by index of the request.
std::vector<std::pair<std::size_t, Error>> renderAll(const std::vector<RenderRequest>& requests);
/// The requests in a JSON file: [{"project","run","against","view","site","options","width_mm","height_mm","out"}]. "options" is an
/// object, {"reference": "local"}; "against" and "site" may be empty.
std::vector<RenderRequest> readRenderList(const QString& file);

}  // namespace vitrine::widgets
