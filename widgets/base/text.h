// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

/// Between the texts of core, UTF-8, and those of Qt. Thread safe.
namespace vitrine::widgets {

QString toQt(std::string_view text);
QString pathText(const std::filesystem::path& path);
std::string toStd(const QString& text);
std::filesystem::path toPath(const QString& path);

/// The error as two sentences for people: what failed with what, and what to do.
QString errorText(const Error& error);

/// "1.2 s", "3 min 20 s", "2 h 5 min"; "less than a second" for shorter ones.
QString durationText(double seconds);
/// "4.8 MB", in powers of 1000.
QString bytesText(double bytes);
/// The number with a minus sign instead of a hyphen in front, as axes and differences have it.
QString withMinus(QString number);
/// A number with `decimals` places in the user's locale; never "−0.00".
QString decimalText(double value, int decimals);
/// A number with `digits` significant digits in the user's locale; scientific when very small or large.
QString numberText(double value, int digits = 4);
/// `one` for a count of 1; else `many`, with the count in the user's locale for its %1: counted(n, tr("1 site"), tr("%1 sites")).
QString counted(qint64 count, const QString& one, const QString& many);
/// "92.4 %"
QString percentText(double percent, int decimals = 1);
/// A UTC moment of a record ("2026-11-21T01:45:12Z") for people: "today 14:02", "21 Nov 2026".
QString momentText(std::string_view utc);

}  // namespace vitrine::widgets
