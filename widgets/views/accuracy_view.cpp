// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/accuracy_view.h"

#include <QFontInfo>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEvent>

#include "report/tables.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/report_table_paint.h"

namespace vitrine::widgets {

AccuracyView::AccuracyView(QWidget* parent) : View(parent), options_(AccuracyView::options()) {
    setObjectName(QStringLiteral("accuracyView"));
    setAccessibleName(tr("Accuracy"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
}

ParameterSchema AccuracyView::options() const {
    return {choiceOption("axis", "fit", {"fit", "full"}, tr("Axis: fit the intervals, or full from 0 to 100 %."))};
}

void AccuracyView::setInput(const ViewInput& input) {
    input_ = input;
    cards_ = accuracyCards(input_);
    focused_ = std::min(focused_, static_cast<int>(cards_.cards.size()) - 1);
    setAccessibleDescription(summary());
    update();
    Q_EMIT drawn();
}

void AccuracyView::setOptions(const ParameterSet& values) {
    options_ = values;
    update();
    Q_EMIT drawn();
}

report::Table AccuracyView::table() const {
    std::vector<results::Accuracy> rows;
    const bool isPair = input_.a && input_.b && input_.selection.mode != CompareMode::a && input_.selection.mode != CompareMode::b;
    for (const AccuracyCard& card : cards_.cards) {
        if (card.accuracy == nullptr) continue;
        results::Accuracy row = *card.accuracy;
        // Two runs have the same subjects: their ids tell them apart.
        if (isPair && row.subject != "float") row.subject += " " + (card.colour == &Theme::runB ? input_.b : input_.a)->record.id;
        rows.push_back(std::move(row));
    }
    return report::accuracyTable(rows);
}

QString AccuracyView::summary() const {
    QStringList parts;
    for (const AccuracyCard& card : cards_.cards) parts.append(cardText(card));
    if (cards_.difference) parts.append(differenceText(*cards_.difference) + (cards_.note.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(cards_.note)));
    return parts.isEmpty() ? QString() : parts.join(QStringLiteral(". ")) + QLatin1Char('.');
}

QString AccuracyView::emptyText() const {
    if (!input_.a && !input_.b) return noRunText(input_);
    const RunDataPtr& run = input_.a ? input_.a : input_.b;
    if (cards_.cards.empty() && !project::isComplete(run->record.state)) return tr("Accuracy is not measured yet. It follows when the network is quantized, where the run has evaluation images.");
    if (cards_.cards.empty()) return tr("Accuracy was not measured: the run had no evaluation images. Give some in a new run.");
    return {};
}

void AccuracyView::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    const QRectF box(QPointF(0, 0), size);
    if (const QString empty = emptyText(); !empty.isEmpty())
        paintEmptyText(painter, box, empty, figureFont(), theme);
    else
        paintAccuracyCards(painter, box, cards_, {figureFont(), theme, options_.text("axis") == "full", -1});
}

QSizeF AccuracyView::figureSizeMm() const { return {160, 22.0 + 24.0 * static_cast<double>(std::max<std::size_t>(cards_.cards.size(), 1))}; }

QSize AccuracyView::minimumSizeHint() const {
    const int em = QFontInfo(font()).pixelSize();
    return {30 * em, static_cast<int>(6 + 6 * cards_.cards.size()) * em};
}

void AccuracyView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::of(palette());
    if (const QString empty = emptyText(); !empty.isEmpty())
        paintEmptyText(painter, rect(), empty, font(), theme);
    else
        paintAccuracyCards(painter, rect(), cards_, {font(), theme, options_.text("axis") == "full", hasFocus() ? focused_ : -1});
}

void AccuracyView::read(int card) {
    const bool isOne = card >= 0 && card < static_cast<int>(cards_.cards.size());
    Q_EMIT readoutChanged(isOne ? cardText(cards_.cards[static_cast<std::size_t>(card)]) : QString());
}

void AccuracyView::mouseMoveEvent(QMouseEvent* event) {
    const auto boxes = cardBoxes(QRectF(rect()).adjusted(8, 8, -8, -4), cards_, font());
    int under = -1;
    for (std::size_t i = 0; i < boxes.size(); ++i)
        if (boxes[i].contains(event->position())) under = static_cast<int>(i);
    read(under);
}

void AccuracyView::leaveEvent(QEvent*) { read(-1); }

void AccuracyView::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(cards_.cards.size()) - 1;
    if (event->key() != Qt::Key_Up && event->key() != Qt::Key_Down) {
        View::keyPressEvent(event);
        return;
    }
    focused_ = std::clamp(focused_ + (event->key() == Qt::Key_Down ? 1 : -1), std::min(0, last), last);
    read(focused_);
    update();
}

void AccuracyView::focusOutEvent(QFocusEvent* event) {
    View::focusOutEvent(event);
    update();
}

void AccuracyView::changeEvent(QEvent* event) {
    View::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) update();
}

}  // namespace vitrine::widgets
