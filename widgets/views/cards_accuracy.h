// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QPainter>
#include <QRectF>
#include <QString>
#include <optional>
#include <vector>

#include "widgets/views/view.h"

/// Accuracies as cards with one axis, apart from the widget that shows them. UI thread.
namespace vitrine::widgets {

/// One network on the evaluation images.
struct AccuracyCard {
    QString name;                        ///< "Float", "Quantized A"
    QString run;                         ///< the run's name, or empty
    QColor Theme::*colour = nullptr;
    const results::Accuracy* accuracy = nullptr;  ///< of a run in the input; null: not measured
    std::optional<double> change;        ///< points of top-1 against the float network
    QString state;                       ///< "so far 320 of 1 000 images", or why there is nothing; may be empty

    bool hasTop1() const { return accuracy != nullptr && accuracy->count > 0; }
};

struct AccuracyCards {
    std::vector<AccuracyCard> cards;
    std::optional<double> difference;  ///< points of top-1, B - A, where both are shown
    QString note;                      ///< why the difference may mislead; may be empty
};

/// The networks that `input` asks for by its mode. Empty when no run has been measured or will be.
AccuracyCards accuracyCards(const ViewInput& input);

/// "▼ −43.90 points, below float"
QString changeText(double points, const QString& below, const QString& above, const QString& same);
QString differenceText(double points);  ///< B against A
QString cardText(const AccuracyCard& card);  ///< all of it in one line

struct AccuracyLook {
    QFont font;
    const Theme& theme;
    bool fullAxis = false;  ///< 0 to 100 %, else the range of the intervals
    int focused = -1;       ///< index of a card, or none
};
/// Draws the cards into `box`, one below the other, with their axis below them.
void paintAccuracyCards(QPainter& painter, const QRectF& box, const AccuracyCards& cards, const AccuracyLook& look);
/// The box of each card in the same drawing.
std::vector<QRectF> cardBoxes(const QRectF& box, const AccuracyCards& cards, const QFont& font);

}  // namespace vitrine::widgets
