// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/theme.h"

#include <QApplication>
#include <QStyle>

#include "widgets/base/style.h"

namespace vitrine::widgets {
namespace {

QColor hex(unsigned rgb) { return QColor(QRgb(0xff000000u | rgb)); }

/// Series colours: the set of Okabe and Ito (2008), darkened or lightened to stand out from the surface by 3:1.
Theme makeDay() {
    Theme theme;
    theme.dark = false;
    theme.window = hex(0xf3f4f6);
    theme.surface = hex(0xffffff);
    theme.raised = hex(0xe9ebef);
    theme.text = hex(0x1b1f27);
    theme.mutedText = hex(0x596171);
    theme.border = hex(0xc9cdd6);
    theme.grid = hex(0xe5e7ec);
    theme.axis = hex(0x7b8290);
    theme.accent = hex(0x1f5fbf);
    theme.onAccent = hex(0xffffff);
    theme.selection = hex(0xd5e3fa);
    theme.highlight = hex(0xb0247c);
    theme.good = hex(0x14784a);
    theme.warning = hex(0x955800);
    theme.bad = hex(0xb3261e);
    theme.runA = hex(0x1f5fbf);
    theme.runB = hex(0xbf5700);
    theme.floatData = hex(0x6b7383);
    theme.quantizedData = hex(0x1f5fbf);
    theme.series = {hex(0x1f5fbf), hex(0xbf5700), hex(0x0b7f5f), hex(0xb0478c),
                    hex(0x8a6d00), hex(0x2b86b8), hex(0x7a4fc0), hex(0x4d5563)};
    theme.sequential = {hex(0xf2f6fc), hex(0xd8e5f6), hex(0xb5cfee), hex(0x8ab3e2), hex(0x5f95d3),
                        hex(0x3d78c0), hex(0x275ca3), hex(0x17437f), hex(0x0b2c58)};
    return theme;
}

Theme makeNight() {
    Theme theme;
    theme.dark = true;
    theme.window = hex(0x1b1e24);
    theme.surface = hex(0x14161b);
    theme.raised = hex(0x262a32);
    theme.text = hex(0xe6e9ef);
    theme.mutedText = hex(0xa2aab8);
    theme.border = hex(0x3b414c);
    theme.grid = hex(0x2a2e37);
    theme.axis = hex(0x828a99);
    theme.accent = hex(0x6aa5f8);
    theme.onAccent = hex(0x0c1422);
    theme.selection = hex(0x213b60);
    theme.highlight = hex(0xff7ac2);
    theme.good = hex(0x57c98f);
    theme.warning = hex(0xf0b24a);
    theme.bad = hex(0xff8a80);
    theme.runA = hex(0x6aa5f8);
    theme.runB = hex(0xf5a04c);
    theme.floatData = hex(0x9aa3b2);
    theme.quantizedData = hex(0x6aa5f8);
    theme.series = {hex(0x6aa5f8), hex(0xf5a04c), hex(0x3fc79a), hex(0xe28ac4),
                    hex(0xd9c04a), hex(0x6cc6ee), hex(0xb69bf5), hex(0xb4bcc9)};
    theme.sequential = {hex(0x14202f), hex(0x17304f), hex(0x1c4372), hex(0x255a96), hex(0x3574b7),
                        hex(0x5290d0), hex(0x7aade3), hex(0xa9cbf1), hex(0xdbe9fb)};
    return theme;
}

ThemeChoice chosen = ThemeChoice::system;

/// What palettes cannot say: boxes and buttons that stand out in the dark, quiet frames, flat tool bars, tabs with a line below the current one.
QString styleSheet(const Theme& theme) {
    QString sheet = QStringLiteral(R"(
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 4px; }
QMainWindow::separator { background: @border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: @accent; }
QToolBar { background: @window; border: none; border-bottom: 1px solid @border; spacing: 4px; padding: 3px 6px; }
QStatusBar { background: @window; border-top: 1px solid @border; }
QStatusBar::item { border: none; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; button-layout: 3; }
QDockWidget::title { background: @raised; padding: 5px 8px; text-align: left; }
QTabBar::tab { background: transparent; color: @muted; padding: 6px 12px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:focus { color: @accent; }
QTabBar::close-button { image: url(:/icons/style-close-@name.svg); subcontrol-position: right; padding: 1px; border-radius: 3px; }
QTabBar::close-button:hover { background: @border; }
QDockWidget { titlebar-close-icon: url(:/icons/style-close-@name.svg); titlebar-normal-icon: url(:/icons/style-float-@name.svg); }
QDockWidget::close-button, QDockWidget::float-button { border: none; border-radius: 3px; padding: 1px; background: transparent; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: @border; }
QCheckBox::indicator, QListView::indicator { width: 14px; height: 14px; border: 1px solid @axis; border-radius: 3px; background: @surface; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus, QListView::indicator:hover { border-color: @accent; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: @accent; border-color: @accent; image: url(:/icons/style-check-@name.svg); }
QCheckBox::indicator:disabled { border-color: @border; background: @window; }
QCheckBox::indicator:checked:disabled, QListView::indicator:checked:disabled { border-color: @axis; background: @axis; }
QTabWidget::pane { border: none; border-top: 1px solid @border; }
QHeaderView::section { background: @raised; color: @muted; padding: 4px 6px; border: none; border-right: 1px solid @border; border-bottom: 1px solid @border; }
QAbstractScrollArea { border: 1px solid @border; }
QScrollArea { border: none; }
QPlainTextEdit[readOnly="false"] { border: 1px solid @axis; border-radius: 2px; }
QPlainTextEdit[readOnly="false"]:focus { border-color: @accent; }
)");
    sheet.replace(QStringLiteral("@name"), theme.dark ? QStringLiteral("night") : QStringLiteral("day"));
    const std::pair<const char*, QColor> names[] = {{"@window", theme.window}, {"@surface", theme.surface},  {"@raised", theme.raised},
                                                    {"@border", theme.border}, {"@text", theme.text},        {"@muted", theme.mutedText},
                                                    {"@axis", theme.axis},     {"@accent", theme.accent}};
    for (const auto& [name, colour] : names) sheet.replace(QLatin1String(name), colour.name());
    return sheet;
}

/// The theme nearest to the desktop's palette. Giving up our own palette for a moment brings that one to light.
const Theme& systemTheme(QApplication& application) {
    application.setPalette(QPalette());
    return Theme::of(application.palette());
}

}  // namespace

const Theme& Theme::day() {
    static const Theme theme = makeDay();
    return theme;
}

const Theme& Theme::night() {
    static const Theme theme = makeNight();
    return theme;
}

const Theme& Theme::of(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::Window).lightness() < 128 ? night() : day();
}

QPalette Theme::palette() const {
    QPalette result;
    result.setColor(QPalette::Window, window);
    result.setColor(QPalette::WindowText, text);
    result.setColor(QPalette::Base, surface);
    result.setColor(QPalette::AlternateBase, dark ? surface.lighter(125) : hex(0xf8f9fb));
    result.setColor(QPalette::Text, text);
    result.setColor(QPalette::PlaceholderText, mutedText);
    result.setColor(QPalette::Button, raised);
    result.setColor(QPalette::ButtonText, text);
    result.setColor(QPalette::BrightText, bad);
    result.setColor(QPalette::ToolTipBase, raised);
    result.setColor(QPalette::ToolTipText, text);
    result.setColor(QPalette::Highlight, selection);
    result.setColor(QPalette::HighlightedText, text);
    result.setColor(QPalette::Link, accent);
    result.setColor(QPalette::LinkVisited, accent);
    result.setColor(QPalette::Light, dark ? raised.lighter(120) : hex(0xffffff));
    result.setColor(QPalette::Midlight, raised);
    result.setColor(QPalette::Mid, border);
    result.setColor(QPalette::Dark, dark ? hex(0x0d0f12) : hex(0xa9afbb));
    result.setColor(QPalette::Shadow, dark ? hex(0x000000) : hex(0x8d93a0));
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        result.setColor(QPalette::Disabled, role, dark ? hex(0x6f7785) : hex(0x8d93a0));
    return result;
}

Qt::PenStyle seriesPenStyle(std::size_t index) {
    constexpr Qt::PenStyle kStyles[] = {Qt::SolidLine, Qt::DashLine, Qt::DashDotLine, Qt::DotLine};
    return kStyles[index % 4];
}

void applyTheme(QApplication& application, ThemeChoice choice) {
    chosen = choice;
    application.setStyle(new FieldStyle);
    const Theme& theme = choice == ThemeChoice::system ? systemTheme(application)
                         : choice == ThemeChoice::dark ? Theme::night()
                                                       : Theme::day();
    application.setPalette(theme.palette());
    application.setStyleSheet(styleSheet(theme));
}

ThemeChoice themeChoice() { return chosen; }

}  // namespace vitrine::widgets
