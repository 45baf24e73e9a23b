// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/site_facts.h"

#include <QLocale>
#include <array>
#include <charconv>
#include <cmath>

#include "report/tables.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(vitrine::widgets::sites)
};

/// The number before " bit" in a quantizer's description.
std::optional<int> bitsIn(std::string_view description) {
    const std::size_t end = description.find(" bit");
    if (end == std::string_view::npos) return std::nullopt;
    const std::size_t space = description.rfind(' ', end - 1);
    const std::size_t begin = space == std::string_view::npos ? 0 : space + 1;
    int bits = 0;
    const auto parsed = std::from_chars(description.data() + begin, description.data() + end, bits);
    if (parsed.ec != std::errc() || parsed.ptr != description.data() + end) return std::nullopt;
    return bits;
}

QString kindText(const QString& id) {
    if (id == QLatin1String("uniform")) return Words::tr("Uniform");
    if (id == QLatin1String("log2")) return Words::tr("Logarithmic (base 2)");
    if (id == QLatin1String("log_sqrt2")) return Words::tr("Logarithmic (base √2)");
    QString text = id;
    text.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

/// "Uniform", "symmetric", "one scale per channel".
QStringList quantizerParts(std::string_view description) {
    const QStringList words = toQt(description).split(QLatin1Char(' '));
    QStringList parts{kindText(words.front())};
    if (words.contains(QStringLiteral("symmetric"))) parts << Words::tr("symmetric");
    const qsizetype per = words.indexOf(QStringLiteral("per"));
    parts << (per > 0 && per + 1 < words.size() ? Words::tr("one scale per %1").arg(words[per + 1]) : Words::tr("one scale"));
    return parts;
}

}  // namespace

std::string_view SiteFacts::quantizer() const {
    if (local != nullptr) return local->quantizer;
    return accumulated != nullptr ? std::string_view(accumulated->quantizer) : std::string_view();
}

std::optional<int> SiteFacts::bits() const {
    if (interval != nullptr && interval->bits > 0) return interval->bits;
    return bitsIn(quantizer());
}

RunFacts::RunFacts(RunDataPtr run) : run_(std::move(run)) {
    if (!run_) return;
    double least = report::kExactDb;
    if (const auto* errors = run_->errors("local"))
        for (const auto& row : errors->rows) {
            sites_[row.site].local = &row;
            if (row.quantizer == "float" || !(row.sqnrDb < least)) continue;
            least = row.sqnrDb;
            lowest_ = row.site;
        }
    if (const auto* errors = run_->errors("accumulated"))
        for (const auto& row : errors->rows) sites_[row.site].accumulated = &row;
    if (const auto* intervals = run_->intervals())
        for (const auto& row : intervals->rows) sites_[row.site].interval = &row;
}

SiteFacts RunFacts::of(const std::string& site) const {
    const auto found = sites_.find(site);
    return found == sites_.end() ? SiteFacts{} : found->second;
}

ErrorGrade gradeOf(const results::LayerErrors::Row* row) {
    if (row == nullptr || std::isnan(row->sqnrDb)) return ErrorGrade::unknown;
    if (row->quantizer == "float") return ErrorGrade::notQuantized;
    if (row->sqnrDb >= report::kExactDb) return ErrorGrade::exact;
    if (row->sqnrDb >= kSmallErrorDb) return ErrorGrade::small;
    return row->sqnrDb < kLargeErrorDb ? ErrorGrade::large : ErrorGrade::medium;
}

QString gradeText(ErrorGrade grade) {
    switch (grade) {
        case ErrorGrade::unknown: return Words::tr("not measured");
        case ErrorGrade::notQuantized: return Words::tr("float");
        case ErrorGrade::exact: return Words::tr("exact");
        case ErrorGrade::small: return Words::tr("small error");
        case ErrorGrade::medium: return Words::tr("medium error");
        case ErrorGrade::large: return Words::tr("large error");
    }
    return {};
}

QColor gradeColour(ErrorGrade grade, const Theme& theme) {
    switch (grade) {
        case ErrorGrade::exact:
        case ErrorGrade::small: return theme.good;
        case ErrorGrade::medium: return theme.warning;
        case ErrorGrade::large: return theme.bad;
        case ErrorGrade::unknown:
        case ErrorGrade::notQuantized: break;
    }
    return theme.mutedText;
}

QStringList warningsOf(const SiteFacts& facts, bool lowest) {
    QStringList warnings;
    if (facts.interval != nullptr && facts.interval->clippedFraction >= kMarkedClipping)
        warnings << Words::tr("%1 of the values are clipped.").arg(percentText(100 * facts.interval->clippedFraction, 1));
    const ErrorGrade grade = gradeOf(facts.local);
    const bool measured = grade == ErrorGrade::small || grade == ErrorGrade::medium || grade == ErrorGrade::large;
    if (lowest && measured)
        warnings << Words::tr("SQNR %1: the lowest of the network.").arg(sqnrText(facts.local->sqnrDb));
    else if (measured && facts.local->sqnrDb < kMarkedDb)
        warnings << Words::tr("SQNR %1: a large error.").arg(sqnrText(facts.local->sqnrDb));
    return warnings;
}

QString sqnrText(double db) {
    if (std::isnan(db)) return Words::tr("not a number");
    if (db >= report::kExactDb) return Words::tr("exact");
    const QString number = QLocale().toString(std::abs(db), 'f', 1);
    return (db <= -0.05 ? QStringLiteral("−") : QString()) + number + QChar(0x00a0) + QStringLiteral("dB");
}

QString quantizerText(std::string_view description) {
    if (description.empty()) return {};
    if (description == "float") return Words::tr("None, left in float");
    QStringList parts = quantizerParts(description);
    if (const auto bits = bitsIn(description)) parts.insert(parts.size() - 1, Words::tr("%1 bits").arg(*bits));
    return parts.join(QStringLiteral(", "));
}

QString quantizerKindText(std::string_view description) {
    if (description.empty() || description == "float") return quantizerText(description);
    return quantizerParts(description).join(QStringLiteral(", "));
}

QString bitsText(const SiteFacts& facts) {
    if (const auto bits = facts.bits()) return Words::tr("%1 bit").arg(*bits);
    return facts.quantizer() == "float" ? Words::tr("float") : QString();
}

QString roleText(graph::Role role) {
    switch (role) {
        case graph::Role::weight: return Words::tr("Weight");
        case graph::Role::patchInput: return Words::tr("Image");
        case graph::Role::postLayerNorm: return Words::tr("After layer norm");
        case graph::Role::query: return Words::tr("Query");
        case graph::Role::key: return Words::tr("Key");
        case graph::Role::value: return Words::tr("Value");
        case graph::Role::postSoftmax: return Words::tr("After softmax");
        case graph::Role::postGelu: return Words::tr("After GELU");
        case graph::Role::headInput: return Words::tr("Input of the head");
        case graph::Role::other: return Words::tr("Other activation");
    }
    return {};
}

QString operationText(graph::Op op) {
    constexpr std::array<const char*, graph::kOpCount> kNames = {
        QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Convolution"), QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Linear"),
        QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Matrix product"), QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Softmax"),
        QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Layer norm"), QT_TRANSLATE_NOOP("vitrine::widgets::sites", "GELU"),
        QT_TRANSLATE_NOOP("vitrine::widgets::sites", "ReLU"), QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Add"),
        QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Reshape"), QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Permute"),
        QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Expand"), QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Concatenate"),
        QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Slice"), QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Roll"),
        QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Pad"), QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Gather"),
        QT_TRANSLATE_NOOP("vitrine::widgets::sites", "Mean")};
    return Words::tr(kNames[static_cast<std::size_t>(op)]);
}

QString blockKindText(graph::BlockKind kind) {
    switch (kind) {
        case graph::BlockKind::embedding: return Words::tr("Embedding");
        case graph::BlockKind::transformer: return Words::tr("Transformer block");
        case graph::BlockKind::merging: return Words::tr("Patch merging");
        case graph::BlockKind::head: return Words::tr("Head");
    }
    return {};
}

QString shapeWords(const Shape& shape) {
    QStringList parts;
    for (const std::int64_t size : shape) parts << (size == graph::kBatch ? QStringLiteral("B") : QString::number(size));
    return parts.isEmpty() ? QStringLiteral("1") : parts.join(QStringLiteral(" × "));
}

QString countText(std::int64_t count) {
    const auto value = static_cast<double>(count);
    const QChar space(0x00a0);
    if (count >= 1'000'000'000) return numberText(value / 1e9, 3) + space + QLatin1Char('G');
    if (count >= 1'000'000) return numberText(value / 1e6, 3) + space + QLatin1Char('M');
    if (count >= 1'000) return numberText(value / 1e3, 3) + space + QLatin1Char('k');
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString countOfSites(std::size_t count) { return counted(static_cast<qint64>(count), Words::tr("1 site"), Words::tr("%1 sites")); }

QString shortName(std::string_view id, std::string_view block) {
    if (id.size() > block.size() + 1 && id.starts_with(block) && id[block.size()] == '.') id.remove_prefix(block.size() + 1);
    return toQt(id);
}

}  // namespace vitrine::widgets
