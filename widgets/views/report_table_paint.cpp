// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/report_table_paint.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "report/number_text.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"

namespace vitrine::widgets {
namespace {

constexpr double kPadding = 8;      ///< left and right of a cell's content
constexpr double kBarLength = 56;   ///< of the longest bar
constexpr double kBarGap = 8;
constexpr double kPillPadding = 6;
constexpr double kMark = 9;         ///< side of a run's mark in a header
constexpr double kFigureFont = 12;  ///< pixels
constexpr std::size_t kMeasuredRows = 200;  ///< that decide the width of a column
constexpr double kFigureRow = 22;
constexpr double kFigureHeader = 26;

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::ReportTable", text); }

QColor toneColour(CellLook::Tone tone, const Theme& theme) {
    switch (tone) {
        case CellLook::Tone::muted:
            return theme.mutedText;
        case CellLook::Tone::good:
            return theme.good;
        case CellLook::Tone::bad:
            return theme.bad;
        case CellLook::Tone::plain:
        case CellLook::Tone::strong:
            break;
    }
    return theme.text;
}

bool standsRight(const report::Column& column) { return report::isNumeric(column); }

void paintPill(QPainter& painter, const QRectF& box, const CellPaint& cell, const QFont& font, const Theme& theme) {
    const QFontMetricsF metrics(font);
    const double width = std::min(box.width(), metrics.horizontalAdvance(cell.text) + 2 * kPillPadding);
    const QRectF pill(box.left(), box.center().y() - metrics.height() / 2 - 1, width, metrics.height() + 2);
    const QColor colour = toneColour(cell.tone, theme);
    QColor line = cell.tone == CellLook::Tone::plain || cell.tone == CellLook::Tone::muted ? theme.border : colour;
    painter.setPen(QPen(line, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(pill.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setPen(colour);
    painter.drawText(pill, Qt::AlignCenter, metrics.elidedText(cell.text, Qt::ElideRight, width - kPillPadding));
}

void paintBar(QPainter& painter, const QRectF& box, double share, const Theme& theme) {
    const double height = std::min(10.0, box.height() * 0.5);
    const QRectF track(box.left(), box.center().y() - height / 2, kBarLength, height);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.grid);
    painter.drawRect(track);
    painter.setBrush(theme.runA);
    painter.drawRect(QRectF(track.left(), track.top(), std::max(1.0, kBarLength * share), height));
}

void paintHeader(QPainter& painter, const QRectF& box, const report::Column& column, const QFont& font, const Theme& theme) {
    const auto colour = runColour(column, theme);
    const double mark = colour ? kMark + 5 : 0;
    const QFontMetricsF metrics(font);
    const QString text = metrics.elidedText(headerText(column), Qt::ElideRight, box.width() - 2 * kPadding - mark + 0.5);
    const double width = metrics.horizontalAdvance(text) + mark;
    const double left = standsRight(column) ? box.right() - kPadding - width : box.left() + kPadding;
    if (colour) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(*colour);
        painter.drawRoundedRect(QRectF(left, box.center().y() - kMark / 2, kMark, kMark), 2, 2);
    }
    painter.setFont(font);
    painter.setPen(theme.mutedText);
    painter.drawText(QRectF(left + mark, box.top(), width - mark + 2, box.height()), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text);
}

QFont headerFontOf(QFont font) {
    font.setWeight(QFont::DemiBold);
    return font;
}

/// The widths that the shown columns want for their first `rows` rows.
std::vector<double> wantedWidths(const report::Table& table, const std::vector<std::size_t>& shown, const CellLooks& looks, std::size_t rows) {
    const QFont font = figureFont(kFigureFont), headerFont = headerFontOf(font);
    std::vector<double> widths;
    for (const std::size_t c : shown) {
        const report::Column& column = table.columns[c];
        double wanted = QFontMetricsF(headerFont).horizontalAdvance(headerText(column)) + 2 * kPadding + (runColour(column, Theme::day()) ? kMark + 6 : 1);
        for (std::size_t r = 0; r < rows; ++r) {
            const CellLook look = looks ? looks(r, c) : CellLook{};
            const QString text = look.text.isEmpty() ? shownText(table.rows[r][c], column) : look.text;
            wanted = std::max(wanted, cellWidth(column, text, look.tone == CellLook::Tone::strong ? headerFont : font));
        }
        widths.push_back(wanted);
    }
    return widths;
}

/// The same, cut to fit into `width`.
std::vector<double> fittedWidths(std::vector<double> widths, double width) {
    double sum = 0;
    for (const double each : widths) sum += each;
    if (sum > width) {
        // Long texts give way first: columns wider than a fair share are cut to one limit, so that numbers stay whole.
        double limit = width;
        for (int step = 0; step < 120 && sum > width; ++step) {
            limit *= 0.97;
            sum = 0;
            for (const double each : widths) sum += std::min(each, limit);
        }
        for (double& each : widths) each = std::min(each, limit);
    }
    return widths;
}

}  // namespace

QFont figureFont(double pixels) {
    QFont font(QStringLiteral("DejaVu Sans"));
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(pixels))));
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

QString shownText(const report::Cell& cell, const report::Column& column) {
    if (std::holds_alternative<std::monostate>(cell)) return column.format == report::Format::label ? QString() : QStringLiteral("–");
    if (const auto* text = std::get_if<std::string>(&cell)) return toQt(*text);
    const QLocale locale;
    const auto* whole = std::get_if<std::int64_t>(&cell);
    const bool isReal = column.format == report::Format::fixed || column.format == report::Format::significant;
    if (whole != nullptr && !isReal) return withMinus(locale.toString(static_cast<qlonglong>(*whole)));
    const double number = *report::cellNumber(cell);
    if (number >= column.exactFrom) return translated("exact");
    if (column.format == report::Format::integer && std::abs(number) < 1e15) return withMinus(locale.toString(static_cast<qlonglong>(std::llround(number))));
    if (column.format == report::Format::fixed && std::isfinite(number)) return decimalText(number, column.digits);
    return significantText(number, column.format == report::Format::significant ? column.digits : 4);
}

QString headerText(const report::Column& column) {
    const QString title = toQt(column.title);
    return column.unit.empty() ? title : QStringLiteral("%1 (%2)").arg(title, toQt(column.unit));
}

std::optional<QColor> runColour(const report::Column& column, const Theme& theme) {
    if (column.id == "a") return theme.runA;
    if (column.id == "b") return theme.runB;
    return std::nullopt;
}

std::vector<double> barShares(const report::Table& table, std::size_t column) {
    const report::Column& described = table.columns[column];
    if (described.bar == report::Bar::none) return {};
    const bool logarithmic = described.bar == report::Bar::logarithmic;
    std::vector<double> places;
    double least = 0, most = 0;
    bool any = false;
    for (const auto& row : table.rows) {
        const auto number = report::cellNumber(row[column]);
        double place = std::numeric_limits<double>::quiet_NaN();
        if (number && std::isfinite(*number) && *number < described.exactFrom && *number >= 0 && (!logarithmic || *number > 0)) {
            place = logarithmic ? std::log10(*number) : *number;
            least = any ? std::min(least, place) : place;
            most = any ? std::max(most, place) : place;
            any = true;
        }
        places.push_back(place);
    }
    const double low = logarithmic ? least - 1 : 0;
    for (double& place : places) place = std::isnan(place) ? -1 : (most > low ? (place - low) / (most - low) : 0);
    return places;
}

double cellWidth(const report::Column& column, const QString& text, const QFont& font) {
    double width = QFontMetricsF(font).horizontalAdvance(text) + 2 * kPadding;
    if (column.bar != report::Bar::none) width += kBarLength + kBarGap;
    if (column.format == report::Format::label && !text.isEmpty()) width += 2 * kPillPadding;
    return width + 1;
}

void paintCell(QPainter& painter, const QRectF& box, const CellPaint& cell, const QFont& font, const Theme& theme) {
    QRectF content = box.adjusted(kPadding, 0, -kPadding, 0);
    if (content.width() <= 0) return;
    painter.save();
    QFont own = font;
    if (cell.tone == CellLook::Tone::strong) own.setWeight(QFont::DemiBold);
    painter.setFont(own);
    if (cell.column.format == report::Format::label) {
        if (!cell.text.isEmpty()) paintPill(painter, content, cell, own, theme);
        painter.restore();
        return;
    }
    if (cell.column.bar != report::Bar::none && content.width() > kBarLength * 1.5) {
        if (cell.bar >= 0) paintBar(painter, content, cell.bar, theme);
        content.setLeft(content.left() + kBarLength + kBarGap);
    }
    painter.setPen(toneColour(cell.tone, theme));
    const bool isIdentifier = cell.column.format == report::Format::identifier;
    const QString text = QFontMetricsF(own).elidedText(cell.text, isIdentifier ? Qt::ElideMiddle : Qt::ElideRight, content.width() + 0.5);
    painter.drawText(content, Qt::AlignVCenter | Qt::TextSingleLine | (standsRight(cell.column) ? Qt::AlignRight : Qt::AlignLeft), text);
    painter.restore();
}

void paintTable(QPainter& painter, const QSizeF& size, const report::Table& table, const CellLooks& looks, const Theme& theme) {
    const QFont font = figureFont(kFigureFont), headerFont = headerFontOf(font);
    const QRectF page(QPointF(0, 0), size);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(page, theme.surface);
    const auto shown = report::shownColumns(table);
    const auto room = static_cast<std::size_t>(std::max(0.0, std::floor((size.height() - kFigureHeader) / kFigureRow)));
    const bool allFit = table.rows.size() <= room;
    const std::size_t rows = allFit ? table.rows.size() : (room == 0 ? 0 : room - 1);
    const auto widths = fittedWidths(wantedWidths(table, shown, looks, std::min(rows, kMeasuredRows)), size.width());
    double x = 0;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const report::Column& column = table.columns[shown[i]];
        const auto shares = barShares(table, shown[i]);
        const QRectF header(x, 0, widths[i], kFigureHeader);
        paintHeader(painter, header, column, headerFont, theme);
        for (std::size_t r = 0; r < rows; ++r) {
            const CellLook look = looks ? looks(r, shown[i]) : CellLook{};
            const QString text = look.text.isEmpty() ? shownText(table.rows[r][shown[i]], column) : look.text;
            const QRectF box(x, kFigureHeader + kFigureRow * static_cast<double>(r), widths[i], kFigureRow);
            paintCell(painter, box, {column, text, look.tone, shares.empty() ? -1 : shares[r]}, font, theme);
        }
        x += widths[i];
    }
    const auto line = [&](double y, const QColor& colour) {
        painter.setPen(QPen(colour, 1));
        painter.drawLine(QPointF(0, y), QPointF(std::min(x, size.width()), y));
    };
    line(kFigureHeader, theme.axis);
    for (std::size_t r = 1; r <= rows; ++r) line(kFigureHeader + kFigureRow * static_cast<double>(r), theme.grid);
    if (!allFit) {
        painter.setFont(font);
        painter.setPen(theme.mutedText);
        painter.drawText(QRectF(kPadding, size.height() - kFigureRow, size.width(), kFigureRow), Qt::AlignVCenter | Qt::AlignLeft,
                         translated("and %1 more rows").arg(table.rows.size() - rows));
    }
    painter.restore();
}

QSizeF tableSizeMm(const report::Table& table, const CellLooks& looks) {
    constexpr double kMillimetre = 96 / 25.4;
    double width = 0;
    for (const double each : wantedWidths(table, report::shownColumns(table), looks, std::min(table.rows.size(), kMeasuredRows))) width += each;
    const double height = kFigureHeader + kFigureRow * static_cast<double>(std::max<std::size_t>(table.rows.size(), 2)) + 2;
    return {std::clamp(std::ceil(width / kMillimetre), 120.0, 260.0), std::min(480.0, height / kMillimetre)};
}

void paintEmptyText(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const Theme& theme) {
    painter.save();
    painter.fillRect(box, theme.surface);
    painter.setFont(font);
    painter.setPen(theme.mutedText);
    const double width = std::min(box.width() - 32, 460.0);
    painter.drawText(QRectF(box.center().x() - width / 2, box.top(), width, box.height()), Qt::AlignCenter | Qt::TextWordWrap, text);
    painter.restore();
}

}  // namespace vitrine::widgets
