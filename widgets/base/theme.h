// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>
#include <vector>

class QApplication;

namespace vitrine::widgets {

/// The colours of everything that is drawn. Texts keep a contrast of 4.5:1 against `window` and `surface`, marks 3:1.
/// `series` and the runs' colours are told apart with the common colour vision deficiencies; meaning never rests on colour alone.
struct Theme {
    bool dark = false;
    QColor window;     ///< behind panels
    QColor surface;    ///< behind plots, tables and fields
    QColor raised;     ///< cards, tool bars, headers
    QColor text;
    QColor mutedText;  ///< units, hints, secondary labels
    QColor border;
    QColor grid;       ///< lines of plots
    QColor axis;
    QColor accent;     ///< the one thing to press, focus, progress
    QColor onAccent;   ///< text on `accent`
    QColor selection;  ///< behind what is selected
    QColor highlight;  ///< around the selected site in plots and diagrams
    QColor good, warning, bad;
    QColor runA, runB;
    QColor floatData;      ///< values before quantization
    QColor quantizedData;  ///< values after it
    std::vector<QColor> series;      ///< eight
    std::vector<QColor> sequential;  ///< dark to light (light theme: light to dark), for maps; nine stops

    static const Theme& day();    ///< light
    static const Theme& night();  ///< dark
    /// The theme that `palette` was made from, or the one nearest to it: what a widget draws with (`Theme::of(palette())`).
    static const Theme& of(const QPalette& palette);

    QPalette palette() const;
    const QColor& seriesColour(std::size_t index) const { return series[index % series.size()]; }
};

/// Line style and marker that go with seriesColour(), so that series differ without colour too.
Qt::PenStyle seriesPenStyle(std::size_t index);

enum class ThemeChoice { system, light, dark };

/// Gives the application style, palette and style sheet. `system` follows the desktop's palette and its changes.
void applyTheme(QApplication& application, ThemeChoice choice);
ThemeChoice themeChoice();  ///< what applyTheme() was last called with

}  // namespace vitrine::widgets
