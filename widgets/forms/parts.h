// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>
#include <QString>
#include <QToolButton>

#include "widgets/base/theme.h"

/// Small parts of which forms are made, so that they look alike. They follow changes of the theme. UI thread.
namespace vitrine::widgets {

enum class Tone { plain, muted, accent, good, warning, bad };
QColor toneColour(const Theme& theme, Tone tone);

/// A text in the colour of its tone.
class ToneLabel : public QLabel {
    Q_OBJECT
  public:
    explicit ToneLabel(Tone tone, const QString& text = {}, QWidget* parent = nullptr);
    void setTone(Tone tone);

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void recolour();
    Tone tone_;
};

/// A word in a rounded frame.
class Badge : public QWidget {
    Q_OBJECT
  public:
    Badge(Tone tone, const QString& text, QWidget* parent = nullptr);
    void setContent(Tone tone, const QString& text);
    QString text() const { return text_; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    QFont smallFont() const;
    Tone tone_;
    QString text_;
};

/// An icon and a wrapping text: an error, a warning or a hint beside what it is about. Hidden while the text is empty.
class Notice : public QWidget {
    Q_OBJECT
  public:
    explicit Notice(QWidget* parent = nullptr);
    void setContent(Tone tone, const QString& text);
    QString text() const { return text_->text(); }

  private:
    class Mark;
    Mark* mark_;
    ToneLabel* text_;
};

/// A flat button with an icon; `text` is the tool tip and the accessible name.
QToolButton* iconButton(const QString& iconName, const QString& text, QWidget* parent = nullptr);
QLabel* sectionLabel(const QString& text, QWidget* parent = nullptr);  ///< bold
/// A thin line between sections.
QFrame* ruleLine(QWidget* parent = nullptr);
/// The wheel scrolls the page instead of changing a value that merely lies under the pointer.
void ignoreWheelWithoutFocus(QWidget* widget);

}  // namespace vitrine::widgets
