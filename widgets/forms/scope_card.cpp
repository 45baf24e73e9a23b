// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/scope_card.h"

#include <QApplication>
#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "graph/sites.h"
#include "widgets/base/text.h"
#include "widgets/base/theme.h"
#include "widgets/forms/parameter_text.h"

namespace vitrine::widgets {
namespace {

constexpr int kPad = 10, kGap = 8, kBar = 6, kRoom = 40;  // pixels; kRoom: of the numbers

QString roleText(const std::string& name) {
    const auto role = graph::roleFromName(name);
    return role ? roleTitle(*role) : readableTitle(name);
}

/// "log_sqrt2 4 bit" in the words of the form.
QString quantizerWords(const std::string& description) {
    QString text = toQt(description);
    return text.replace(QStringLiteral("log_sqrt2"), readableWords("log_sqrt2"));
}

}  // namespace

ScopeCard::ScopeCard(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("scopeCard"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    tell();
}

void ScopeCard::setScope(const quant::ScopeCard& scope) {
    lines_.clear();
    quantized_ = total_ = 0;
    for (const auto& row : scope.rows) {
        // Lines of one role stand together, where its first one does.
        const QString role = roleText(row.role);
        const auto last = std::find_if(lines_.rbegin(), lines_.rend(), [&](const Line& line) { return line.role == role; });
        const bool inFloat = row.description == "float";
        lines_.insert(last == lines_.rend() ? lines_.end() : last.base(), {role, quantizerWords(row.description), row.sites, inFloat});
        total_ += row.sites;
        if (!inFloat) quantized_ += row.sites;
    }
    tell();
}

void ScopeCard::setFigures(const std::optional<project::RunFigures>& figures) {
    figures_.clear();
    if (figures) {
        if (figures->averageWeightBits && figures->averageActivationBits)
            figures_.append(tr("Average bits: weights %1, activations %2")
                                .arg(QLocale().toString(*figures->averageWeightBits, 'f', 2), QLocale().toString(*figures->averageActivationBits, 'f', 2)));
        QStringList costs;
        if (figures->sizeBytes) costs.append(tr("Size: %1").arg(bytesText(*figures->sizeBytes)));
        if (figures->bops) costs.append(tr("Bit operations for an image: %1 G").arg(numberText(*figures->bops / 1e9, 3)));
        if (!costs.isEmpty()) figures_.append(costs.join(QStringLiteral("  ·  ")));
    }
    tell();
}

void ScopeCard::setEmptyText(const QString& text) {
    empty_ = text;
    tell();
}

QString ScopeCard::summary() const {
    if (total_ == 0) return empty_;
    const QLocale locale;
    const auto number = [&](std::size_t count) { return locale.toString(static_cast<qulonglong>(count)); };
    if (quantized_ == total_) return tr("All %1 sites are quantized").arg(number(total_));
    return tr("%1 of %2 sites quantized, %3 in float").arg(number(quantized_), number(total_), number(total_ - quantized_));
}

void ScopeCard::tell() {
    QStringList spoken{summary()};
    for (const Line& line : lines_) spoken.append(tr("%1: %2, %3 sites").arg(line.role, line.quantizer).arg(line.sites));
    spoken.append(figures_);
    setAccessibleName(tr("What is quantized"));
    setAccessibleDescription(spoken.join(QStringLiteral(". ")));
    updateGeometry();
    update();
}

int ScopeCard::lineHeight() const { return fontMetrics().height() + 6; }

int ScopeCard::headHeight() const {
    const int line = fontMetrics().height();
    if (total_ == 0) return line + kPad;
    return line + kGap + kBar + kGap + (figures_.isEmpty() ? 0 : static_cast<int>(figures_.size()) * (line + 2) + 4);
}

QSize ScopeCard::sizeHint() const { return {440, 2 * kPad + headHeight() + static_cast<int>(lines_.size()) * lineHeight()}; }

QSize ScopeCard::minimumSizeHint() const { return {220, sizeHint().height()}; }

void ScopeCard::resizeEvent(QResizeEvent*) { update(); }

int ScopeCard::columnOfRoles() const {
    int widest = 0;
    for (const Line& line : lines_) widest = std::max(widest, fontMetrics().horizontalAdvance(line.role));
    return std::min(widest, width() * 2 / 5);
}

void ScopeCard::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::of(QApplication::palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.border);
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    paintHead(painter);
    int top = kPad + headHeight();
    for (const Line& line : lines_) {
        paintLine(painter, line, top);
        top += lineHeight();
    }
}

void ScopeCard::paintHead(QPainter& painter) const {
    const Theme& theme = Theme::of(QApplication::palette());
    const int line = fontMetrics().height(), room = width() - 2 * kPad;
    QFont head = font();
    head.setBold(total_ > 0);
    painter.setFont(head);
    painter.setPen(total_ > 0 ? theme.text : theme.mutedText);
    painter.drawText(QRect(kPad, kPad, room, line), Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(head).elidedText(summary(), Qt::ElideRight, room));
    painter.setFont(font());
    if (total_ == 0) return;
    // One bar for the whole network: its filled part is quantized.
    const QRectF bar(kPad, kPad + line + kGap, room, kBar);
    const double share = static_cast<double>(quantized_) / static_cast<double>(total_);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.border);
    painter.drawRoundedRect(bar, kBar / 2.0, kBar / 2.0);
    painter.setBrush(theme.quantizedData);
    if (share > 0)
        painter.drawRoundedRect(QRectF(bar.topLeft(), QSizeF(std::max<double>(kBar, bar.width() * share), kBar)), kBar / 2.0, kBar / 2.0);
    painter.setPen(theme.mutedText);
    int top = kPad + line + 2 * kGap + kBar - 2;
    for (const QString& figure : figures_) {
        painter.drawText(QRect(kPad, top, room, line), Qt::AlignLeft, fontMetrics().elidedText(figure, Qt::ElideRight, room));
        top += line + 2;
    }
}

void ScopeCard::paintLine(QPainter& painter, const Line& line, int top) const {
    const Theme& theme = Theme::of(QApplication::palette());
    const int height = lineHeight(), roles = columnOfRoles(), count = std::min(kRoom, width() / 8);
    const int mark = kPad + roles + kGap, right = width() - kPad - count;
    painter.setPen(theme.text);
    painter.drawText(QRect(kPad, top, roles, height), Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(line.role, Qt::ElideRight, roles));
    // A filled mark is a quantizer, an open one is float: the word beside it says the same.
    const QRectF dot(mark, top + (height - 9) / 2.0, 9, 9);
    painter.setPen(QPen(line.inFloat ? theme.floatData : theme.quantizedData, 1.5));
    painter.setBrush(line.inFloat ? Qt::NoBrush : QBrush(theme.quantizedData));
    painter.drawEllipse(dot.adjusted(0.75, 0.75, -0.75, -0.75));
    painter.setPen(line.inFloat ? theme.mutedText : theme.text);
    const int left = mark + 9 + 6;
    painter.drawText(QRect(left, top, right - left - 4, height), Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(line.quantizer, Qt::ElideRight, right - left - 4));
    painter.setPen(theme.mutedText);
    painter.drawText(QRect(right, top, count, height), Qt::AlignRight | Qt::AlignVCenter,
                     QLocale().toString(static_cast<qulonglong>(line.sites)));
}

bool ScopeCard::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = help->y() < kPad + headHeight() ? -1 : (help->y() - kPad - headHeight()) / lineHeight();
    if (index >= 0 && index < static_cast<int>(lines_.size())) {
        const Line& line = lines_[static_cast<std::size_t>(index)];
        QToolTip::showText(help->globalPos(), tr("%1: %2, %3 sites").arg(line.role, line.quantizer).arg(line.sites), this);
    } else {
        QToolTip::showText(help->globalPos(), tr("Filled: quantized. Open: left in float. The numbers at the right count sites. Averages count float as 32 bits: weights by their "
                              "parameters, activations by their elements. The size leaves out scales and zero points. A method that chooses widths by itself ends elsewhere."), this);
    }
    return true;
}

}  // namespace vitrine::widgets
