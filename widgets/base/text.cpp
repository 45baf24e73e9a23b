// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <cmath>

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::text", text); }

/// "1.50e−5"
QString scientificText(double value, int digits) {
    const QStringList parts = QString::number(value, 'e', digits - 1).split(QLatin1Char('e'));
    return QLocale().toString(parts[0].toDouble(), 'f', digits - 1) + QLatin1Char('e') + withMinus(QString::number(parts[1].toInt()));
}

}  // namespace

QString toQt(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

QString pathText(const std::filesystem::path& path) { return toQt(std::string_view(path.string())); }

std::string toStd(const QString& text) { return text.toStdString(); }

std::filesystem::path toPath(const QString& path) { return std::filesystem::path(path.toStdString()); }

QString errorText(const Error& error) { return toQt(error.text()); }

QString durationText(double seconds) {
    const QLocale locale;
    if (!std::isfinite(seconds)) return QStringLiteral("–");
    if (seconds < 1) return translated("less than a second");
    if (seconds < 10) return translated("%1 s").arg(locale.toString(seconds, 'f', 1));
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (whole < 60) return translated("%1 s").arg(whole);
    if (whole < 3600) return translated("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return translated("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
}

QString bytesText(double bytes) {
    const QStringList units{QStringLiteral("B"), QStringLiteral("kB"), QStringLiteral("MB"), QStringLiteral("GB"), QStringLiteral("TB")};
    qsizetype unit = 0;
    while (std::abs(bytes) >= 999.5 && unit + 1 < units.size()) {
        bytes /= 1000;
        ++unit;
    }
    const int decimals = unit == 0 || std::abs(bytes) >= 99.95 ? 0 : (std::abs(bytes) >= 9.995 ? 1 : 2);
    return decimalText(bytes, decimals) + QChar(0x00a0) + units[unit];
}

QString withMinus(QString number) {
    if (number.startsWith(QLatin1Char('-'))) number[0] = QChar(u'\u2212');
    return number;
}

QString decimalText(double value, int decimals) {
    if (!std::isfinite(value)) return numberText(value, decimals);
    const double unit = std::pow(10.0, decimals);
    const bool isNone = std::round(value * unit) == 0;
    return withMinus(QLocale().toString(isNone ? 0.0 : value, 'f', decimals));
}

QString numberText(double value, int digits) {
    if (std::isnan(value)) return translated("not a number");
    if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    const double magnitude = std::abs(value);
    const QLocale locale;
    if (value == 0) return locale.toString(0);
    if (magnitude < 1e-3 || magnitude >= 1e6) return withMinus(scientificText(value, digits));
    const int whole = static_cast<int>(std::floor(std::log10(magnitude))) + 1;  // digits before the point; zeros behind it count down
    return withMinus(locale.toString(value, 'f', std::max(0, digits - whole)));
}

QString percentText(double percent, int decimals) {
    return decimalText(percent, decimals) + QChar(0x00a0) + QLatin1Char('%');
}

QString counted(qint64 count, const QString& one, const QString& many) { return count == 1 ? one : many.arg(QLocale().toString(count)); }

QString momentText(std::string_view utc) {
    const QDateTime moment = QDateTime::fromString(toQt(utc), Qt::ISODate).toLocalTime();
    if (!moment.isValid()) return QStringLiteral("–");
    const QLocale locale;
    const qint64 days = moment.date().daysTo(QDate::currentDate());
    // The C locale and some others have seconds in their short format.
    QString format = locale.timeFormat(QLocale::ShortFormat);
    for (const QLatin1String seconds : {QLatin1String(":ss"), QLatin1String(".ss"), QLatin1String(":s")}) format.remove(seconds);
    const QString time = locale.toString(moment.time(), format);
    if (days == 0) return translated("today %1").arg(time);
    if (days == 1) return translated("yesterday %1").arg(time);
    return locale.toString(moment.date(), QStringLiteral("d MMM yyyy"));
}

}  // namespace vitrine::widgets
