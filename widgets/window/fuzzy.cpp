// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/fuzzy.h"

#include <limits>
#include <vector>

namespace vitrine::widgets {
namespace {

constexpr int kImpossible = std::numeric_limits<int>::min() / 2;
constexpr int kMatch = 4;
constexpr int kNeighbour = 8;
constexpr int kWordStart = 10;
constexpr int kFirst = 6;
constexpr int kGap = 1;  ///< lost for each character between two matches, up to kMostGap
constexpr int kMostGap = 6;
constexpr qsizetype kLongest = 200;  ///< longer texts are cut: the table below has pattern x text cells

bool startsWord(const QString& text, qsizetype at) {
    if (at == 0) return true;
    const QChar before = text[at - 1], here = text[at];
    return !before.isLetterOrNumber() || (before.isLower() && here.isUpper());
}

int ownScore(const QString& text, qsizetype at) {
    return kMatch + (at == 0 ? kFirst : 0) + (startsWord(text, at) ? kWordStart : 0);
}

}  // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString& pattern, const QString& text) {
    QString wanted = pattern.toCaseFolded();
    wanted.remove(QLatin1Char(' '));
    const qsizetype rows = wanted.size(), columns = std::min(text.size(), kLongest);
    if (rows == 0) return FuzzyMatch{};
    if (rows > columns) return std::nullopt;
    // best[i][j]: the best score with wanted[i] matched at text[j]; from[i][j]: where wanted[i - 1] was matched then.
    const auto cell = [columns](qsizetype i, qsizetype j) { return static_cast<std::size_t>(i * columns + j); };
    std::vector<int> best(static_cast<std::size_t>(rows * columns), kImpossible);
    std::vector<int> from(best.size(), -1);
    for (qsizetype i = 0; i < rows; ++i) {
        for (qsizetype j = i; j < columns; ++j) {
            if (text[j].toCaseFolded() != wanted[i]) continue;
            if (i == 0) {
                best[cell(i, j)] = ownScore(text, j) - static_cast<int>(std::min<qsizetype>(j, kMostGap)) * kGap;
                continue;
            }
            for (qsizetype k = i - 1; k < j; ++k) {
                const int before = best[cell(i - 1, k)];
                if (before == kImpossible) continue;
                const auto gap = static_cast<int>(std::min<qsizetype>(j - k - 1, kMostGap));
                const int score = before + ownScore(text, j) + (gap == 0 ? kNeighbour : -gap * kGap);
                if (score > best[cell(i, j)]) {
                    best[cell(i, j)] = score;
                    from[cell(i, j)] = static_cast<int>(k);
                }
            }
        }
    }
    qsizetype last = -1;
    for (qsizetype j = 0; j < columns; ++j)
        if (best[cell(rows - 1, j)] != kImpossible &&
            (last < 0 || best[cell(rows - 1, j)] > best[cell(rows - 1, last)]))
            last = j;
    if (last < 0) return std::nullopt;
    FuzzyMatch match;
    match.score = best[cell(rows - 1, last)];
    for (qsizetype i = rows - 1, j = last; i >= 0; --i) {
        match.positions.prepend(static_cast<int>(j));
        j = from[cell(i, j)];
    }
    return match;
}

}  // namespace vitrine::widgets
