// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/search_text.h"

#include <QCoreApplication>
#include <QLocale>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::SearchView", text); }

QString measureText(const results::SearchHistory::Budget& budget) {
    if (budget.measure == "weight_bits") return translated("average weight bits");
    if (budget.measure == "weight_bits_by_macs") return translated("weight bits by operations");
    if (budget.measure == "size") return translated("size");
    if (budget.measure == "bops") return translated("bit operations");
    return toQt(budget.measure);
}

}  // namespace

QString searchBudgetText(const results::SearchHistory::Budget& budget) {
    const auto amount = [&](double value) {
        if (budget.unit == "bytes") return bytesText(value);
        return budget.unit == "bits" ? decimalText(value, 2) : numberText(value, 4);  // "bits" is in the name of an average
    };
    const QString used = amount(budget.used);
    if (!budget.allowed) return translated("%1 %2, no limit").arg(measureText(budget), used);
    return translated("%1 %2 of %3 allowed").arg(measureText(budget), used, amount(*budget.allowed));
}

}  // namespace vitrine::widgets
