// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/parts.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <algorithm>

#include "widgets/base/icons.h"

namespace vitrine::widgets {
namespace {

constexpr int kNoticeIcon = 16;

const Theme& applicationTheme() { return Theme::of(QApplication::palette()); }

class WheelGuard final : public QObject {
  public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override {
        auto* widget = qobject_cast<QWidget*>(watched);
        if (event->type() != QEvent::Wheel || widget == nullptr || widget->hasFocus()) return false;
        event->ignore();
        return true;
    }
};

QString noticeIcon(Tone tone) {
    if (tone == Tone::bad) return QStringLiteral("error");
    if (tone == Tone::warning) return QStringLiteral("warning");
    return tone == Tone::good ? QStringLiteral("check") : QStringLiteral("info");
}

/// The icon in the colour of the tone instead of that of the text.
QPixmap tinted(const QString& name, int side, qreal ratio, const QColor& colour) {
    QPixmap picture = icon(name).pixmap(QSize(side, side), ratio);
    QPainter painter(&picture);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(QRect(QPoint(), QSize(side, side) * 4), colour);
    return picture;
}

}  // namespace

QColor toneColour(const Theme& theme, Tone tone) {
    switch (tone) {
        case Tone::plain:
            return theme.text;
        case Tone::muted:
            return theme.mutedText;
        case Tone::accent:
            return theme.accent;
        case Tone::good:
            return theme.good;
        case Tone::warning:
            return theme.warning;
        case Tone::bad:
            return theme.bad;
    }
    return theme.text;
}

ToneLabel::ToneLabel(Tone tone, const QString& text, QWidget* parent) : QLabel(text, parent), tone_(tone) {
    setTextFormat(Qt::PlainText);
    recolour();
}

void ToneLabel::setTone(Tone tone) {
    tone_ = tone;
    recolour();
}

void ToneLabel::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationPaletteChange) recolour();
}

void ToneLabel::recolour() {
    const QColor colour = toneColour(applicationTheme(), tone_);
    if (palette().color(QPalette::Active, QPalette::WindowText) == colour) return;
    QPalette changed;
    changed.setColor(QPalette::WindowText, colour);
    setPalette(changed);
}

Badge::Badge(Tone tone, const QString& text, QWidget* parent) : QWidget(parent), tone_(tone), text_(text) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Badge::setContent(Tone tone, const QString& text) {
    tone_ = tone;
    text_ = text;
    updateGeometry();
    update();
}

QFont Badge::smallFont() const {
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    return small;
}

QSize Badge::sizeHint() const {
    const QFontMetrics metrics(smallFont());
    return {metrics.horizontalAdvance(text_) + 12, metrics.height() + 4};
}

void Badge::paintEvent(QPaintEvent*) {
    const QColor colour = toneColour(applicationTheme(), tone_);
    QColor fill = colour;
    fill.setAlphaF(0.1f);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1));
    painter.setBrush(fill);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2);
    painter.setFont(smallFont());
    painter.drawText(rect(), Qt::AlignCenter, text_);
}

/// The icon, drawn anew at whatever scale the screen has.
class Notice::Mark final : public QWidget {
  public:
    explicit Mark(QWidget* parent) : QWidget(parent) { setFixedSize(kNoticeIcon, kNoticeIcon + 2); }
    Tone tone = Tone::muted;

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        const qreal ratio = painter.device()->devicePixelRatioF() * painter.worldTransform().m11();
        painter.drawPixmap(QRect(0, 1, kNoticeIcon, kNoticeIcon),
                           tinted(noticeIcon(tone), kNoticeIcon, std::max(1.0, ratio), toneColour(applicationTheme(), tone)));
    }
};

Notice::Notice(QWidget* parent) : QWidget(parent), mark_(new Mark(this)), text_(new ToneLabel(Tone::muted, {}, this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 2, 0, 2);
    layout->setSpacing(6);
    text_->setWordWrap(true);
    layout->addWidget(mark_, 0, Qt::AlignTop);
    layout->addWidget(text_, 1);
    hide();
}

void Notice::setContent(Tone tone, const QString& text) {
    mark_->tone = tone;
    mark_->update();
    text_->setText(text);
    text_->setTone(tone);
    setAccessibleName(text);
    setVisible(!text.isEmpty());
}

QToolButton* iconButton(const QString& iconName, const QString& text, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setAutoRaise(true);
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

QLabel* sectionLabel(const QString& text, QWidget* parent) {
    auto* label = new ToneLabel(Tone::plain, text, parent);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    return label;
}

QFrame* ruleLine(QWidget* parent) {
    auto* line = new QFrame(parent);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    line->setFixedHeight(1);
    return line;
}

void ignoreWheelWithoutFocus(QWidget* widget) {
    widget->setFocusPolicy(Qt::StrongFocus);
    widget->installEventFilter(new WheelGuard(widget));
}

}  // namespace vitrine::widgets
