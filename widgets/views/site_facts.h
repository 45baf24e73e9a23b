// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QCoreApplication>
#include <QString>
#include <QStringList>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "widgets/base/theme.h"
#include "widgets/session/run_data.h"

/// What a run says about a site, and the words for it: the same in the diagram, the model tree and the inspector. Thread safe.
namespace vitrine::widgets {

/// The rows of a site in the artefacts of one run; null where the run lacks them.
struct SiteFacts {
    const results::LayerErrors::Row* local = nullptr;        ///< the quantizer alone
    const results::LayerErrors::Row* accumulated = nullptr;  ///< with everything before it quantized
    const results::Intervals::Row* interval = nullptr;

    bool known() const { return local != nullptr || accumulated != nullptr || interval != nullptr; }
    /// "uniform 4 bit per channel", "float", or empty when it is not known.
    std::string_view quantizer() const;
    /// Absent for float and where it is not known.
    std::optional<int> bits() const;
};

/// The sites of a run by id. Keeps the run alive; cheap to move.
class RunFacts {
  public:
    RunFacts() = default;
    explicit RunFacts(RunDataPtr run);

    explicit operator bool() const { return run_ != nullptr; }
    const RunDataPtr& run() const { return run_; }
    SiteFacts of(const std::string& site) const;
    /// The site whose quantizer alone has the lowest SQNR; empty without errors.
    const std::string& lowest() const { return lowest_; }

  private:
    RunDataPtr run_;
    std::unordered_map<std::string, SiteFacts> sites_;
    std::string lowest_;
};

/// Classes of error for colours and words. Limits: kSmallErrorDb and kLargeErrorDb.
enum class ErrorGrade { unknown, notQuantized, exact, small, medium, large };
inline constexpr double kSmallErrorDb = 30;  ///< from here on the error is called small: a thousandth of the signal's power
inline constexpr double kLargeErrorDb = 15;  ///< below it is called large: more than 3 % of the signal's power

ErrorGrade gradeOf(const results::LayerErrors::Row* row);
QString gradeText(ErrorGrade grade);                    ///< "small error"
QColor gradeColour(ErrorGrade grade, const Theme& theme);

/// Share of clipped values from which on a site is marked, and SQNR below which it is.
inline constexpr double kMarkedClipping = 0.05;
inline constexpr double kMarkedDb = 10;
/// Why a site deserves a look, in words: "38 % of the values are clipped.", "SQNR 4.1 dB: the lowest of the network.". Often empty.
QStringList warningsOf(const SiteFacts& facts, bool lowest);

QString sqnrText(double db);                          ///< "19.4 dB", "exact"
QString quantizerText(std::string_view description);  ///< of "uniform 4 bit per channel": "Uniform, 4 bits, one scale per channel"
QString quantizerKindText(std::string_view description);  ///< the same without bits
QString bitsText(const SiteFacts& facts);             ///< "4 bit", "float", or empty
QString roleText(graph::Role role);                   ///< "After layer norm"
QString operationText(graph::Op op);                  ///< "Matrix product"
QString blockKindText(graph::BlockKind kind);         ///< "Transformer block"
QString shapeWords(const Shape& shape);               ///< "B × 65 × 128"
QString countText(std::int64_t count);                ///< "23.1 M", "512"
QString countOfSites(std::size_t count);               ///< "1 site", "12 sites"
/// `id` without the id of its block: "attn.qkv".
QString shortName(std::string_view id, std::string_view block);

}  // namespace vitrine::widgets
