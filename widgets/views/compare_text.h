// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "widgets/views/view.h"

/// Words that views of two runs share. Thread safe.
namespace vitrine::widgets {

/// The run's name for people; its id where it has none, "A" or "B" without a run.
QString titleOfA(const ViewInput& input);
QString titleOfB(const ViewInput& input);
/// What to do when a run is missing; empty when both are there.
QString missingRunText(const ViewInput& input);
/// Why there is neither run.
QString noRunText(const ViewInput& input);

/// With sign, "+1.25" or "−1.25"; "0.00" without.
QString signedText(double value, int decimals);
/// `digits` significant digits in the user's locale; scientific when very small or large.
QString significantText(double value, int digits);
/// "▲" for more, "▼" for less, "=" for neither.
QString arrowText(double difference);

/// Entries of a view's options().
ParameterSpec choiceOption(const std::string& id, const std::string& value, std::vector<std::string> choices, const QString& help);
ParameterSpec switchOption(const std::string& id, bool value, const QString& help);
ParameterSpec countOption(const std::string& id, std::int64_t value, std::int64_t minimum, std::int64_t maximum, const QString& help);

}  // namespace vitrine::widgets
