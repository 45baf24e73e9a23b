// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/graph_items_badge.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/graph_items_style.h"

namespace vitrine::widgets::diagram {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(vitrine::widgets::GraphView)
};

/// "4 bit log √2", "8 bit uniform"
QString shortQuantizer(const SiteFacts& facts) {
    const std::string_view quantizer = facts.quantizer();
    if (quantizer == "float") return Words::tr("float");
    const QString bits = bitsText(facts);
    const QString kind = toQt(quantizer.substr(0, quantizer.find(' ')));
    if (kind == QLatin1String("uniform")) return (quantizer.find("symmetric") == std::string_view::npos ? Words::tr("%1 uniform") : Words::tr("%1 symmetric")).arg(bits);
    if (kind == QLatin1String("log_sqrt2")) return Words::tr("%1 log √2").arg(bits);
    if (kind == QLatin1String("log2")) return Words::tr("%1 log 2").arg(bits);
    QString other = kind;
    return bits + QLatin1Char(' ') + other.replace(QLatin1Char('_'), QLatin1Char(' '));
}

/// One line of a badge: a mark of the run, what the quantizer is, how large its error is.
struct BadgeLine {
    QString run;
    QColor runColour;
    QString quantizer;
    QString error;
    QColor errorColour;
};

BadgeLine lineOf(const std::string& site, const RunFacts& run, const DiagramLook& look, const Theme& theme) {
    const SiteFacts facts = run.of(site);
    const auto* error = look.errorOf(&run, site);
    const ErrorGrade grade = gradeOf(error);
    BadgeLine line{{}, {}, facts.known() ? shortQuantizer(facts) : Words::tr("not measured"), {}, gradeColour(grade, theme)};
    if (error != nullptr && grade != ErrorGrade::notQuantized) line.error = sqnrText(error->sqnrDb);
    return line;
}

BadgeLine differenceLine(const std::string& site, const DiagramLook& look, const Theme& theme) {
    const SiteFacts before = look.a->of(site), after = look.b->of(site);
    BadgeLine line{{}, {}, bitsText(after), {}, theme.mutedText};
    if (bitsText(before) != bitsText(after)) line.quantizer = Words::tr("%1 → %2").arg(before.bits() ? QString::number(*before.bits()) : bitsText(before), bitsText(after));
    const auto *a = look.errorOf(look.a, site), *b = look.errorOf(look.b, site);
    const auto isNumber = [](const results::LayerErrors::Row* row) {
        const ErrorGrade grade = gradeOf(row);
        return grade == ErrorGrade::small || grade == ErrorGrade::medium || grade == ErrorGrade::large;
    };
    if (!isNumber(a) || !isNumber(b)) return line;
    const double difference = b->sqnrDb - a->sqnrDb;
    line.error = Words::tr("%1 %2 dB").arg(arrowText(std::abs(difference) < 0.05 ? 0 : difference), signedText(difference, 1));
    if (std::abs(difference) >= 0.05) line.errorColour = difference > 0 ? theme.good : theme.bad;
    return line;
}

std::vector<BadgeLine> badgeLines(const Badge& badge, const DiagramLook& look, const Theme& theme) {
    if (look.main() == nullptr || !badge.quantizable) return {{{}, {}, badge.idle, {}, theme.mutedText}};
    if (look.mode == CompareMode::difference && look.a != nullptr && look.b != nullptr) return {differenceLine(badge.site, look, theme)};
    if (!look.showsBoth()) return {lineOf(badge.site, *look.main(), look, theme)};
    std::vector<BadgeLine> lines{lineOf(badge.site, *look.a, look, theme), lineOf(badge.site, *look.b, look, theme)};
    lines[0].run = QStringLiteral("A");
    lines[0].runColour = theme.runA;
    lines[1].run = QStringLiteral("B");
    lines[1].runColour = theme.runB;
    return lines;
}

void paintBadgeLine(QPainter& painter, QRectF box, const BadgeLine& line, const Theme& theme) {
    if (!line.run.isEmpty()) {
        painter.setFont(titleFont());
        painter.setPen(line.runColour);
        painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, line.run);
        box.adjust(textWidth(titleFont(), line.run) + 5, 0, 0, 0);
    }
    const double right = line.error.isEmpty() ? 0 : textWidth(textFont(), line.error) + 6;
    painter.setFont(textFont());
    painter.setPen(theme.text);
    const double room = box.width() - right;
    painter.drawText(QRectF(box.left(), box.top(), room, box.height()), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     QFontMetricsF(textFont()).elidedText(line.quantizer, Qt::ElideRight, room + 0.5));
    painter.setPen(line.errorColour);
    painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, line.error);
}

/// The sign that the site deserves a look.
void paintWarning(QPainter& painter, const QPointF& middle, const Theme& theme) {
    painter.setPen(QPen(theme.surface, 1.5));
    painter.setBrush(theme.bad);
    painter.drawEllipse(middle, 7, 7);
    painter.setFont(titleFont());
    painter.setPen(theme.surface);
    painter.drawText(QRectF(middle.x() - 7, middle.y() - 7, 14, 14), Qt::AlignCenter, QStringLiteral("!"));
}

bool isMarked(const std::string& site, const DiagramLook& look) {
    const bool single = look.mode == CompareMode::a || look.mode == CompareMode::b;
    const RunFacts* run = look.main();
    return single && run != nullptr && !warningsOf(run->of(site), run->lowest() == site).isEmpty();
}

}  // namespace

QPen badgePen(const Badge& badge, const DiagramLook& look, const Theme& theme) {
    if (!badge.quantizable) return QPen(theme.border, 1);
    const RunFacts* run = look.main();
    const ErrorGrade grade = run != nullptr ? gradeOf(look.errorOf(run, badge.site)) : ErrorGrade::unknown;
    const bool solid = grade != ErrorGrade::unknown && grade != ErrorGrade::notQuantized;
    if (look.showsBoth() || look.mode == CompareMode::difference) return QPen(theme.axis, 1.2, solid ? Qt::SolidLine : Qt::DashLine);
    return QPen(solid ? gradeColour(grade, theme) : theme.axis, 1.4, solid ? Qt::SolidLine : Qt::DashLine);
}

void paintBadge(QPainter& painter, const QRectF& box, const Badge& badge, const DiagramLook& look, const QPen& pen, const Theme& theme) {
    const bool selected = !look.site.empty() && badge.site == look.site;
    painter.setPen(pen);
    painter.setBrush(selected ? theme.selection : (badge.quantizable ? theme.surface : theme.window));
    painter.drawRoundedRect(box, kCorner, kCorner);
    QRectF line = box.adjusted(kPadding, kInset - 1, -kPadding, 0);
    line.setHeight(kLine);
    if (!badge.name.isEmpty()) {
        painter.setFont(textFont());
        painter.setPen(theme.mutedText);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         QFontMetricsF(textFont()).elidedText(badge.name, Qt::ElideMiddle, line.width() + 0.5));
        line.translate(0, kLine);
    }
    const auto lines = badgeLines(badge, look, theme);
    // A single line in a box that has room for two stands in the middle of that room.
    const double room = box.bottom() - (kInset - 1) - line.top();
    line.translate(0, std::max(0.0, (room - kLine * static_cast<double>(lines.size())) / 2));
    for (const BadgeLine& one : lines) {
        paintBadgeLine(painter, line, one, theme);
        line.translate(0, kLine);
    }
    if (badge.quantizable && isMarked(badge.site, look)) paintWarning(painter, box.topRight() + QPointF(-3, 1), theme);
}

void paintErrorBar(QPainter& painter, const QRectF& box, const results::LayerErrors::Row* error, const Theme& theme) {
    constexpr double kFlatDb = 40, kLowest = 0.12;
    const ErrorGrade grade = gradeOf(error);
    const bool measured = grade != ErrorGrade::unknown && grade != ErrorGrade::notQuantized;
    const double share = measured ? std::clamp(1 - error->sqnrDb / kFlatDb, kLowest, 1.0) : 0.25;
    const QRectF bar = box.adjusted(0, box.height() * (1 - share), 0, 0);
    const QColor colour = gradeColour(grade, theme);
    painter.setPen(measured ? QPen(Qt::NoPen) : QPen(colour, 1));
    painter.setBrush(measured ? QBrush(colour) : QBrush(Qt::NoBrush));
    painter.drawRect(measured ? bar : bar.adjusted(0.5, 0, -0.5, -0.5));
}

void paintFoldMark(QPainter& painter, const QPointF& middle, const Theme& theme) {
    constexpr double kReach = 4.5;
    painter.setPen(QPen(theme.axis, 1.4));
    painter.setBrush(theme.surface);
    painter.drawPolygon(QPolygonF({middle + QPointF(0, -kReach), middle + QPointF(kReach, 0), middle + QPointF(0, kReach), middle + QPointF(-kReach, 0)}));
}

}  // namespace vitrine::widgets::diagram
