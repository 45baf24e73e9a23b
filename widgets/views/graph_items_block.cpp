// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <QFontMetricsF>
#include <algorithm>
#include <limits>

#include "report/tables.h"
#include "widgets/base/text.h"
#include "widgets/views/graph_items_badge.h"
#include "widgets/views/graph_items_style.h"

namespace vitrine::widgets {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(vitrine::widgets::GraphView)
};

}  // namespace

namespace diagram {
namespace {

/// The site of a block with the lowest SQNR in a run; null without any.
const results::LayerErrors::Row* lowestOf(const DiagramItem& item, const RunFacts& run, const DiagramLook& look) {
    const results::LayerErrors::Row* lowest = nullptr;
    for (const std::string& site : item.sites) {
        const auto* row = look.errorOf(&run, site);
        if (row == nullptr || row->quantizer == "float" || row->sqnrDb >= report::kExactDb) continue;
        if (lowest == nullptr || row->sqnrDb < lowest->sqnrDb) lowest = row;
    }
    return lowest;
}

struct Strip {
    const RunFacts* run;
    QString name;
    QColor colour;
};

std::vector<Strip> stripsOf(const DiagramLook& look, const Theme& theme) {
    if (look.main() == nullptr) return {};
    const bool both = look.a != nullptr && look.b != nullptr && look.mode != CompareMode::a && look.mode != CompareMode::b;
    if (!both) return {{look.main(), {}, {}}};
    return {{look.a, QStringLiteral("A"), theme.runA}, {look.b, QStringLiteral("B"), theme.runB}};
}

void paintStrip(QPainter& painter, const QRectF& box, const DiagramItem& item, const Strip& strip, const DiagramLook& look, const Theme& theme) {
    const double pitch = std::min(kDot + kDotGap, box.width() / std::max<double>(1, static_cast<double>(item.sites.size())));
    double x = box.right() - pitch * static_cast<double>(item.sites.size());
    if (!strip.name.isEmpty()) {
        painter.setFont(titleFont());
        painter.setPen(strip.colour);
        painter.drawText(QRectF(x - 20, box.top(), 14, box.height()), Qt::AlignRight | Qt::AlignVCenter, strip.name);
    }
    for (const std::string& site : item.sites) {
        const QRectF bar(x + kDotGap, box.top(), std::max(1.0, pitch - kDotGap), box.height());
        paintErrorBar(painter, bar, look.errorOf(strip.run, site), theme);
        if (site == look.site) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(theme.highlight, 2));
            painter.drawRect(bar.adjusted(-2, -2, 2, 2));
        }
        x += pitch;
    }
}

}  // namespace

void paintBlock(QPainter& painter, const DiagramItem& item, const DiagramLook& look, const Theme& theme) {
    const QRectF inner = item.box.adjusted(kPadding, kInset, -kPadding, -kInset);
    const auto write = [&](double top, const QFont& font, const QColor& colour, const QString& text, double width) {
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(QRectF(inner.left(), inner.top() + top, width, kLine), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         QFontMetricsF(font).elidedText(text, Qt::ElideRight, width + 0.5));
    };
    const double half = inner.width() * 0.48;
    write(0, titleFont(), theme.text, item.title, half);
    write(kLine, textFont(), theme.mutedText, item.name, half);
    write(2 * kLine, detailFont(), theme.mutedText, item.detail, half);

    const auto strips = stripsOf(look, theme);
    const QRectF side(inner.left() + half, inner.top(), inner.width() - half, inner.height());
    if (strips.empty()) {
        painter.setFont(textFont());
        painter.setPen(theme.mutedText);
        painter.drawText(side, Qt::AlignRight | Qt::AlignVCenter, countOfSites(item.sites.size()));
        return;
    }
    const bool both = strips.size() == 2;
    const double height = both ? (side.height() - 6) / 2 : 24;
    for (std::size_t i = 0; i < strips.size(); ++i)
        paintStrip(painter, QRectF(side.left() + 24, side.top() + static_cast<double>(i) * (height + 6), side.width() - 24, height), item, strips[i], look,
                   theme);
    if (both) return;
    if (const auto* lowest = lowestOf(item, *strips[0].run, look)) {
        const QString text = Words::tr("lowest %1: %2").arg(sqnrText(lowest->sqnrDb), shortName(lowest->site, item.id));
        painter.setFont(detailFont());
        painter.setPen(theme.text);
        const QRectF line(side.left(), side.bottom() - kLine, side.width(), kLine);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                         QFontMetricsF(detailFont()).elidedText(text, Qt::ElideMiddle, line.width() + 0.5));
    }
}

}  // namespace diagram

namespace {

struct LegendEntry {
    enum class Mark { none, bar, dashed, spine, fold, warning, letter };
    Mark mark;
    QString text;
    ErrorGrade grade = ErrorGrade::unknown;
    QColor colour = {};
    QString letter = {};
};

std::vector<LegendEntry> legendOf(const Diagram& drawing, const DiagramLook& look, const Theme& theme) {
    using Mark = LegendEntry::Mark;
    std::vector<LegendEntry> entries;
    if (look.main() != nullptr && look.mode == CompareMode::difference && look.b != nullptr && !drawing.wholeNetwork) {
        entries.push_back({Mark::none, look.accumulated ? Words::tr("SQNR of B − A, everything before quantized too") : Words::tr("SQNR of B − A, each quantizer alone")});
        entries.push_back({Mark::letter, Words::tr("B is better"), {}, theme.good, QStringLiteral("▲")});
        entries.push_back({Mark::letter, Words::tr("A is better"), {}, theme.bad, QStringLiteral("▼")});
    } else if (look.main() != nullptr) {
        entries.push_back({Mark::none, look.accumulated ? Words::tr("SQNR, everything before quantized too") : Words::tr("SQNR of each quantizer alone")});
        entries.push_back({Mark::bar, Words::tr("small error, %1 dB or more").arg(kSmallErrorDb), ErrorGrade::small});
        entries.push_back({Mark::bar, Words::tr("medium error"), ErrorGrade::medium});
        entries.push_back({Mark::bar, Words::tr("large error, below %1 dB").arg(kLargeErrorDb), ErrorGrade::large});
        if (drawing.wholeNetwork) entries.push_back({Mark::none, Words::tr("higher bars: larger errors, 40 to 0 dB")});
        const bool marks = !drawing.wholeNetwork && (look.mode == CompareMode::a || look.mode == CompareMode::b);
        if (marks) entries.push_back({Mark::warning, Words::tr("worth a look")});
    }
    const bool runs = look.a != nullptr && look.b != nullptr && (look.mode == CompareMode::overlay || look.mode == CompareMode::difference);
    if (runs) {
        entries.push_back({Mark::letter, look.titleA, {}, theme.runA, QStringLiteral("A")});
        entries.push_back({Mark::letter, look.titleB, {}, theme.runB, QStringLiteral("B")});
    }
    if (look.shortLegend && !entries.empty()) return entries;
    if (!drawing.wholeNetwork) entries.push_back({Mark::dashed, look.main() != nullptr ? Words::tr("in float, or not measured") : Words::tr("place of a quantizer")});
    entries.push_back({Mark::spine, Words::tr("residual stream")});
    const bool folds = std::any_of(drawing.lines.begin(), drawing.lines.end(), [](const DiagramLine& line) { return !line.folded.isEmpty(); });
    if (folds) entries.push_back({Mark::fold, Words::tr("operations folded into the line")});
    return entries;
}

constexpr double kLegendLine = 20;
constexpr double kMarkWidth = 23;
constexpr double kEntryGap = 18;

double entryWidth(const LegendEntry& entry) {
    return (entry.mark == LegendEntry::Mark::none ? 0 : kMarkWidth) + diagram::textWidth(diagram::textFont(), entry.text);
}

/// Upper left corners of the entries within `width`, line by line.
std::vector<QPointF> legendPlaces(const std::vector<LegendEntry>& entries, double width) {
    std::vector<QPointF> places;
    double x = 0, y = 0;
    for (const LegendEntry& entry : entries) {
        const double own = entryWidth(entry);
        if (x > 0 && x + own > width) {
            x = 0;
            y += kLegendLine;
        }
        places.emplace_back(x, y);
        x += own + kEntryGap;
    }
    return places;
}

void paintMark(QPainter& painter, const QRectF& box, const LegendEntry& entry, const Theme& theme) {
    using Mark = LegendEntry::Mark;
    const QPointF middle = box.center();
    switch (entry.mark) {
        case Mark::none: break;
        case Mark::bar: 
            painter.setPen(Qt::NoPen);
            painter.setBrush(gradeColour(entry.grade, theme));
            painter.drawRect(QRectF(middle.x() - 4, middle.y() - 6, 8, 12));
            break;
        case Mark::dashed:
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(theme.axis, 1.4, Qt::DashLine));
            painter.drawRoundedRect(QRectF(middle.x() - 8, middle.y() - 5, 16, 10), 3, 3);
            break;
        case Mark::spine:
            painter.setPen(QPen(theme.mutedText, 3));
            painter.drawLine(middle - QPointF(8, 0), middle + QPointF(8, 0));
            break;
        case Mark::fold: diagram::paintFoldMark(painter, middle, theme); break;
        case Mark::warning:
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme.bad);
            painter.drawEllipse(middle, 7, 7);
            painter.setFont(diagram::titleFont());
            painter.setPen(theme.surface);
            painter.drawText(box, Qt::AlignCenter, QStringLiteral("!"));
            break;
        case Mark::letter:
            painter.setFont(diagram::titleFont());
            painter.setPen(entry.colour);
            painter.drawText(box, Qt::AlignCenter, entry.letter);
            break;
    }
}

}  // namespace

double legendHeight(const Diagram& drawing, const DiagramLook& look, double width) {
    const auto places = legendPlaces(legendOf(drawing, look, Theme::day()), width);
    return places.empty() ? 0 : places.back().y() + kLegendLine;
}

void paintLegend(QPainter& painter, const QRectF& box, const Diagram& drawing, const DiagramLook& look, const Theme& theme) {
    painter.setRenderHint(QPainter::Antialiasing);
    const auto entries = legendOf(drawing, look, theme);
    const auto places = legendPlaces(entries, box.width());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        QRectF line(box.topLeft() + places[i], QSizeF(entryWidth(entries[i]) + 1, kLegendLine));
        if (entries[i].mark != LegendEntry::Mark::none) {
            paintMark(painter, QRectF(line.left() - 2, line.top(), kMarkWidth, kLegendLine), entries[i], theme);
            line.adjust(kMarkWidth, 0, 0, 0);
        }
        painter.setFont(diagram::textFont());
        painter.setPen(entries[i].mark == LegendEntry::Mark::none ? theme.text : theme.mutedText);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, entries[i].text);
    }
}

}  // namespace vitrine::widgets
