// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/cards_accuracy.h"

#include <QCoreApplication>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::AccuracyView", text); }

std::int64_t imagesToMeasure(const report::RunContent& run) {
    for (const project::InputRecord& input : run.record.inputs)
        if (input.role == "evaluation") return input.images;
    return 0;
}

QString stateText(const report::RunContent& run, const results::Accuracy* accuracy) {
    const bool isRunning = run.record.state == project::RunState::running;
    const std::int64_t total = imagesToMeasure(run);
    if (accuracy == nullptr) {
        if (isRunning && total > 0) return translated("Not measured yet");
        return total > 0 ? translated("The run ended before it was measured") : translated("The run had no evaluation images");
    }
    const auto seen = static_cast<std::int64_t>(accuracy->rows.size());
    const QLocale locale;
    if (total > seen) {
        const QString text = isRunning ? translated("So far %1 of %2 images") : translated("Only %1 of %2 images");
        return text.arg(locale.toString(static_cast<qlonglong>(seen)), locale.toString(static_cast<qlonglong>(total)));
    }
    return accuracy->count == 0 ? translated("The images have no labels") : QString();
}

bool sameNumbers(const results::Accuracy* one, const results::Accuracy* other) {
    return one != nullptr && other != nullptr && one->count == other->count && one->top1 == other->top1 && one->data == other->data;
}

void addRun(AccuracyCards& cards, const ViewInput& input, bool isB) {
    const RunDataPtr& run = isB ? input.b : input.a;
    if (!run) return;
    const auto* floating = run->accuracy("float");
    const auto* quantized = run->accuracy("quantized");
    if (floating == nullptr && quantized == nullptr && imagesToMeasure(*run) == 0) return;
    const QString title = isB ? titleOfB(input) : titleOfA(input);
    const bool isKnown = !cards.cards.empty() && sameNumbers(cards.cards.front().accuracy, floating);
    if (floating != nullptr && !isKnown) {
        const QString name = cards.cards.empty() ? translated("Float") : translated("Float of B");
        cards.cards.push_back({name, {}, &Theme::floatData, floating, {}, stateText(*run, floating)});
    }
    AccuracyCard card{isB ? translated("Quantized B") : translated("Quantized A"), title, isB ? &Theme::runB : &Theme::runA, quantized, {},
                      stateText(*run, quantized)};
    if (card.hasTop1() && floating != nullptr && floating->count > 0) card.change = quantized->top1 - floating->top1;
    cards.cards.push_back(card);
}

constexpr double kAxisEms = 3.2;  ///< height of the axis
constexpr double kNoteEms = 2.2;  ///< height of the line with the difference
constexpr double kLeastCard = 5.6, kMostCard = 9.5;

/// Lengths that follow the font.
struct Metrics {
    double em;
    double text, axisLeft, axisRight, facts;  ///< x of the columns

    Metrics(const QRectF& box, const QFont& font) : em(QFontInfo(font).pixelSize()) {
        text = box.left() + 1.6 * em;
        facts = box.right() - 11 * em;
        axisLeft = text + std::clamp(box.width() * 0.29, 12.5 * em, 21 * em);
        axisRight = std::max(facts - 1.6 * em, axisLeft + em);
    }
};

struct Axis {
    double low = 0, high = 100, left = 0, right = 1;
    double x(double value) const { return left + (value - low) / (high - low) * (right - left); }
};

Axis axisFor(const AccuracyCards& cards, bool full, const Metrics& metrics) {
    Axis axis{0, 100, metrics.axisLeft, metrics.axisRight};
    if (full) return axis;
    double low = 100, high = 0;
    for (const AccuracyCard& card : cards.cards) {
        if (!card.hasTop1()) continue;
        low = std::min(low, card.accuracy->top1Low);
        high = std::max(high, card.accuracy->top1High);
    }
    if (low > high) return axis;
    const double margin = std::max(1.0, (high - low) * 0.12);
    axis.low = std::max(0.0, std::floor(low - margin));
    axis.high = std::min(100.0, std::ceil(high + margin));
    return axis;
}

double niceStep(double span) {
    const double least = span / 6;
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double step : {1.0, 2.0, 5.0, 10.0})
        if (step * power >= least) return step * power;
    return 10 * power;
}

QFont sized(const QFont& font, double pixels, QFont::Weight weight = QFont::Normal) {
    QFont result = font;
    result.setPixelSize(std::max(1, static_cast<int>(std::lround(pixels))));
    result.setWeight(weight);
    return result;
}

void drawLine(QPainter& painter, const QRectF& box, const QFont& font, const QColor& colour, const QString& text,
              Qt::Alignment alignment = Qt::AlignLeft) {
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(box, alignment | Qt::AlignVCenter | Qt::TextSingleLine, QFontMetricsF(font).elidedText(text, Qt::ElideRight, box.width() + 0.5));
}

void paintAxis(QPainter& painter, const QRectF& box, double cardsBottom, const Axis& axis, const AccuracyLook& look, double em) {
    const QFont small = sized(look.font, 0.9 * em);
    const double step = niceStep(axis.high - axis.low);
    for (double value = std::ceil(axis.low / step) * step; value <= axis.high + 1e-9; value += step) {
        painter.setPen(QPen(look.theme.grid, 1));
        painter.drawLine(QPointF(axis.x(value), box.top()), QPointF(axis.x(value), cardsBottom));
        drawLine(painter, QRectF(axis.x(value) - 3 * em, cardsBottom + 0.2 * em, 6 * em, 1.2 * em), small, look.theme.mutedText,
                 QLocale().toString(value, 'g', 4), Qt::AlignHCenter);
    }
    drawLine(painter, QRectF(axis.left - 6 * em, cardsBottom + 1.5 * em, axis.right - axis.left + 12 * em, 1.3 * em), small,
             look.theme.mutedText, translated("Top-1 with its 95 % interval (%)"), Qt::AlignHCenter);
}

void paintInterval(QPainter& painter, const AccuracyCard& card, double y, const Axis& axis, double em, const Theme& theme) {
    const QColor colour = theme.*card.colour;
    const double low = axis.x(card.accuracy->top1Low), high = axis.x(card.accuracy->top1High), middle = axis.x(card.accuracy->top1);
    painter.setPen(QPen(colour, 2.5));
    painter.drawLine(QPointF(low, y), QPointF(high, y));
    for (const double end : {low, high}) painter.drawLine(QPointF(end, y - 0.45 * em), QPointF(end, y + 0.45 * em));
    painter.setPen(QPen(theme.surface, 1.5));
    painter.setBrush(colour);
    painter.drawEllipse(QPointF(middle, y), 0.36 * em, 0.36 * em);
}

QString timeText(double seconds) {
    return seconds < 1 ? translated("%1 s").arg(decimalText(seconds, 2)) : durationText(seconds);
}

QStringList factTexts(const AccuracyCard& card) {
    const results::Accuracy& accuracy = *card.accuracy;
    const QLocale locale;
    QStringList facts;
    if (card.hasTop1()) facts.append(translated("Top-5  %1").arg(percentText(accuracy.top5, 2)));
    if (accuracy.fidelity) facts.append(translated("Fidelity  %1").arg(percentText(*accuracy.fidelity, 2)));
    if (accuracy.divergence) facts.append(translated("Divergence  %1 nats").arg(significantText(*accuracy.divergence, 3)));
    const auto images = static_cast<qlonglong>(std::max<std::int64_t>(accuracy.count, static_cast<std::int64_t>(accuracy.rows.size())));
    facts.append(translated("%1 images, %2").arg(locale.toString(images), timeText(accuracy.seconds)));
    return facts;
}

void paintCard(QPainter& painter, const QRectF& box, const AccuracyCard& card, const Axis& axis, const Metrics& m, const AccuracyLook& look) {
    const Theme& theme = look.theme;
    const double em = m.em;
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.*card.colour);
    painter.drawRoundedRect(QRectF(box.left() + 0.4 * em, box.top() + 0.7 * em, 0.35 * em, box.height() - 1.4 * em), 2, 2);

    const double width = axis.left - m.text - em, top = box.center().y() - 2.35 * em;
    const QFont bold = sized(look.font, em, QFont::DemiBold), plain = sized(look.font, em), small = sized(look.font, 0.92 * em);
    drawLine(painter, QRectF(m.text, top, width, 1.4 * em), bold, theme.text, card.name);
    const double nameWidth = QFontMetricsF(bold).horizontalAdvance(card.name) + 0.6 * em;
    if (width - nameWidth > 3 * em)
        drawLine(painter, QRectF(m.text + nameWidth, top, width - nameWidth, 1.4 * em), plain, theme.mutedText, card.run);
    const QString value = card.hasTop1() ? percentText(card.accuracy->top1, 2) : QStringLiteral("–");
    drawLine(painter, QRectF(m.text, top + 1.4 * em, width, 2.1 * em), sized(look.font, 1.75 * em, QFont::DemiBold), theme.text, value);
    const QRectF below(m.text, top + 3.5 * em, width, 1.3 * em);
    if (!card.state.isEmpty())
        drawLine(painter, below, small, card.accuracy == nullptr ? theme.mutedText : theme.warning, card.state);
    else if (card.change) {
        QString text = changeText(*card.change, translated("%1 points, below float"), translated("%1 points, above float"), translated("as float"));
        if (QFontMetricsF(small).horizontalAdvance(text) > width) text = changeText(*card.change, translated("%1 points"), translated("%1 points"), translated("as float"));
        drawLine(painter, below, small, *card.change < 0 ? theme.bad : (*card.change > 0 ? theme.good : theme.mutedText), text);
    } else
        drawLine(painter, below, small, theme.mutedText, translated("before quantization"));

    if (card.hasTop1()) paintInterval(painter, card, box.center().y(), axis, em, theme);
    if (card.accuracy == nullptr) return;
    const QStringList facts = factTexts(card);
    double y = box.center().y() - 0.7 * em * static_cast<double>(facts.size());
    for (const QString& fact : facts) {
        drawLine(painter, QRectF(m.facts, y, box.right() - m.facts - 0.6 * em, 1.4 * em), small, theme.text, fact);
        y += 1.4 * em;
    }
}

}  // namespace

QString changeText(double points, const QString& below, const QString& above, const QString& same) {
    const double rounded = std::round(points * 100) / 100;
    if (rounded == 0) return QStringLiteral("= ") + same;
    const QString amount = decimalText(std::abs(rounded), 2);
    return arrowText(rounded) + QLatin1Char(' ') + (rounded < 0 ? below : above).arg(signedText(rounded, 2).left(1) + amount);
}

QString differenceText(double points) {
    return translated("B − A: ") + changeText(points, translated("%1 points, B is worse"), translated("%1 points, B is better"), translated("0 points, both alike"));
}

QString cardText(const AccuracyCard& card) {
    QString text = card.run.isEmpty() ? card.name : QStringLiteral("%1, %2").arg(card.name, card.run);
    if (card.hasTop1())
        text += translated(": top-1 %1 (95 %: %2 to %3), ")
                    .arg(percentText(card.accuracy->top1, 2), percentText(card.accuracy->top1Low, 1), percentText(card.accuracy->top1High, 1));
    else
        text += QStringLiteral(": ");
    if (card.accuracy != nullptr) text += factTexts(card).join(QStringLiteral(", "));
    if (!card.state.isEmpty()) text += (card.accuracy == nullptr ? QString() : QStringLiteral("; ")) + card.state;
    return text;
}

AccuracyCards accuracyCards(const ViewInput& input) {
    AccuracyCards cards;
    const CompareMode mode = input.selection.mode;
    if (mode != CompareMode::b || !input.b) addRun(cards, input, false);
    if (mode != CompareMode::a) addRun(cards, input, true);
    if (mode == CompareMode::a || mode == CompareMode::b || !input.a || !input.b) return cards;
    const auto* a = input.a->accuracy("quantized");
    const auto* b = input.b->accuracy("quantized");
    if (a == nullptr || b == nullptr || a->count == 0 || b->count == 0) return cards;
    cards.difference = b->top1 - a->top1;
    if (a->data != b->data || a->count != b->count) cards.note = translated("not over the same images");
    return cards;
}

std::vector<QRectF> cardBoxes(const QRectF& box, const AccuracyCards& cards, const QFont& font) {
    const double em = QFontInfo(font).pixelSize();
    const auto count = static_cast<double>(std::max<std::size_t>(cards.cards.size(), 1));
    const double below = kAxisEms * em + (cards.difference ? kNoteEms * em : 0);
    const double height = std::min(kMostCard * em, std::max(kLeastCard * em, (box.height() - below) / count));
    // Cards that cannot fill the height stand in the middle of it.
    const double top = box.top() + std::max(0.0, (box.height() - below - height * count) / 2);
    std::vector<QRectF> boxes;
    for (std::size_t i = 0; i < cards.cards.size(); ++i)
        boxes.emplace_back(box.left(), top + height * static_cast<double>(i), box.width(), height);
    return boxes;
}

void paintAccuracyCards(QPainter& painter, const QRectF& box, const AccuracyCards& cards, const AccuracyLook& look) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(box, look.theme.surface);
    const QRectF content = box.adjusted(8, 8, -8, -4);
    const Metrics metrics(content, look.font);
    const Axis axis = axisFor(cards, look.fullAxis, metrics);
    const auto boxes = cardBoxes(content, cards, look.font);
    if (boxes.empty()) {
        painter.restore();
        return;
    }
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (static_cast<int>(i) == look.focused) painter.fillRect(boxes[i], look.theme.selection);
        painter.setPen(QPen(look.theme.border, 1));
        if (i > 0) painter.drawLine(boxes[i].topLeft(), boxes[i].topRight());
    }
    const QRectF all(boxes.front().topLeft(), boxes.back().bottomRight());
    painter.setPen(QPen(look.theme.border, 1));
    painter.drawLine(all.bottomLeft(), all.bottomRight());
    paintAxis(painter, all, all.bottom(), axis, look, metrics.em);
    for (std::size_t i = 0; i < boxes.size(); ++i) paintCard(painter, boxes[i], cards.cards[i], axis, metrics, look);
    if (cards.difference) {
        const QRectF line(metrics.text, all.bottom() + kAxisEms * metrics.em, content.right() - metrics.text, 1.5 * metrics.em);
        const QColor colour = *cards.difference < 0 ? look.theme.bad : (*cards.difference > 0 ? look.theme.good : look.theme.text);
        const QString note = cards.note.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(cards.note);
        drawLine(painter, line, sized(look.font, metrics.em, QFont::DemiBold), colour, differenceText(*cards.difference) + note);
    }
    painter.restore();
}

}  // namespace vitrine::widgets
