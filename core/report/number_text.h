// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "report/document.h"

/// Numbers as text for people; independent of the locale.
namespace vitrine::report {

std::string fixedText(double value, int decimals);
/// Scientific below 1e-3 and from 1e6 on: "0.0123", "4.56e-7". Infinity and NaN are spelled out.
std::string significantText(double value, int digits);
/// Groups of three digits from 10000 on: "5 717 416", with narrow no-break spaces.
std::string integerText(std::int64_t value);
std::string percentText(double percent);                      ///< "82.83 %", with a no-break space
std::string bytesText(double bytes);                          ///< "22.9 MB", in powers of 1000
std::string operationsText(double operations);                ///< "1.26 G"
std::string durationText(double seconds);                     ///< "0.8 s", "3 min 05 s", "2 h 10 min"
std::string ratioText(double numerator, double denominator);  ///< "7.9x"; "" when the denominator is 0

/// A cell as a column prints it; an unknown one is "–".
std::string cellText(const Cell& cell, const Column& column);

/// The same value in full, for CSV: shortest digits that read back equal; an unknown cell is "".
std::string exactText(const Cell& cell);

/// The number in a cell, or nullopt for text and unknown ones.
std::optional<double> cellNumber(const Cell& cell);

}  // namespace vitrine::report
