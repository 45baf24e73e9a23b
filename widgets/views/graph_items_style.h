// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QString>

/// Sizes and fonts of the diagram, shared by its arrangement and its painting. Units of 1/96 inch at zoom 1.
namespace vitrine::widgets::diagram {

inline constexpr double kMargin = 20;        ///< around everything
inline constexpr double kPadding = 9;        ///< inside boxes, left and right
inline constexpr double kLine = 16;          ///< height of a line of text
inline constexpr double kInset = 5;          ///< inside boxes, above and below
inline constexpr double kCorner = 5;
inline constexpr double kCircle = 24;        ///< diameter of an addition
inline constexpr double kWeightGap = 22;     ///< between an operation and its weight
inline constexpr double kNodeGap = 22;
inline constexpr double kLineGap = 18;
inline constexpr double kRankGap = 26;
inline constexpr double kBlockWidth = 440;
inline constexpr double kDot = 11;           ///< a site in the box of a block
inline constexpr double kDotGap = 3;
inline constexpr double kArrow = 7;

QFont titleFont();   ///< operations
QFont textFont();    ///< names, values
QFont detailFont();  ///< shapes
double textWidth(const QFont& font, const QString& text);

/// Size of a quantizer's box.
double badgeWidth(bool twoRuns);
double badgeHeight(bool named, bool twoRuns);

}  // namespace vitrine::widgets::diagram
