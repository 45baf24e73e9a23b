// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <functional>

#include "widgets/base/theme.h"

/// Small parts of which start page, dialogs and bars are made, so that they look alike. UI thread.
namespace vitrine::widgets {

/// Calls `apply` now and whenever the application's theme changes, as long as `widget` lives.
void followTheme(QWidget* widget, std::function<void(const Theme&)> apply);

QLabel* headingLabel(const QString& text, QWidget* parent, double scale = 1.25);  ///< larger and bold
QLabel* mutedLabel(const QString& text, QWidget* parent);                         ///< secondary text, wraps
QLabel* iconLabel(const QString& iconName, int side, QWidget* parent);

/// The one button of a page that is the next step: filled with the accent colour.
void makePrimary(QPushButton* button);

}  // namespace vitrine::widgets
