// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <optional>

namespace vitrine::widgets {

/// How well a text matches what was typed.
struct FuzzyMatch {
    int score = 0;         ///< higher is better; comparable for one pattern only
    QList<int> positions;  ///< of the matched characters in the text
};

/// Matches when the characters of `pattern` occur in `text` in their order, whatever their case and whatever stands
/// between them; spaces in the pattern only separate words. Beginnings of words and neighbouring characters count more.
/// An empty pattern matches everything with score 0.
std::optional<FuzzyMatch> fuzzyMatch(const QString& pattern, const QString& text);

}  // namespace vitrine::widgets
