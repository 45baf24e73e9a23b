// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/compare_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <cmath>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::compare", text); }

QString titleOf(const RunDataPtr& run, const QString& title, const QString& letter) {
    if (!title.isEmpty()) return title;
    return run && !run->record.id.empty() ? toQt(run->record.id) : letter;
}

ParameterSpec optionOf(const std::string& id, ParameterType type, ParameterValue value, const QString& help) {
    return {.id = id, .type = type, .defaultValue = std::move(value), .help = toStd(help)};
}

}  // namespace

QString titleOfA(const ViewInput& input) { return titleOf(input.a, input.titleA, QStringLiteral("A")); }
QString titleOfB(const ViewInput& input) { return titleOf(input.b, input.titleB, QStringLiteral("B")); }

QString noRunText(const ViewInput& input) {
    const bool onlyB = input.selection.runA.isEmpty() && !input.selection.runB.isEmpty();
    const QString& known = onlyB ? input.noRunB : input.noRunA;
    return known.isEmpty() ? translated("No run is chosen. Select one in the list of runs.") : known;
}

QString missingRunText(const ViewInput& input) {
    if (!input.a) return input.noRunA.isEmpty() ? noRunText({}) : input.noRunA;
    if (!input.b) return input.noRunB.isEmpty() ? translated("This view compares two runs. Choose a second one as B.") : input.noRunB;
    return {};
}

QString signedText(double value, int decimals) {
    const double unit = std::pow(10.0, decimals);
    const double rounded = std::round(value * unit) / unit;
    const QString text = QLocale().toString(std::abs(rounded), 'f', decimals);
    if (rounded == 0 || std::isnan(rounded)) return text;
    return (rounded < 0 ? QStringLiteral("−") : QStringLiteral("+")) + text;
}

QString significantText(double value, int digits) {
    const double magnitude = std::abs(value);
    if (!(magnitude >= 1e-3 && magnitude < 1)) return numberText(value, digits);
    const int zeros = -static_cast<int>(std::floor(std::log10(magnitude))) - 1;  // behind the point
    return decimalText(value, digits + zeros);
}

QString arrowText(double difference) {
    if (difference > 0) return QStringLiteral("▲");
    return difference < 0 ? QStringLiteral("▼") : QStringLiteral("=");
}

ParameterSpec choiceOption(const std::string& id, const std::string& value, std::vector<std::string> choices, const QString& help) {
    ParameterSpec spec = optionOf(id, ParameterType::choice, value, help);
    spec.choices = std::move(choices);
    return spec;
}

ParameterSpec switchOption(const std::string& id, bool value, const QString& help) {
    return optionOf(id, ParameterType::boolean, value, help);
}

ParameterSpec countOption(const std::string& id, std::int64_t value, std::int64_t minimum, std::int64_t maximum, const QString& help) {
    ParameterSpec spec = optionOf(id, ParameterType::integer, value, help);
    spec.minimum = static_cast<double>(minimum);
    spec.maximum = static_cast<double>(maximum);
    return spec;
}

}  // namespace vitrine::widgets
