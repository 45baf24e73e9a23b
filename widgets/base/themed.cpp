// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/themed.h"

#include <QApplication>
#include <QEvent>
#include <optional>

#include "widgets/base/icons.h"

namespace vitrine::widgets {
namespace {

class ThemeFollower final : public QObject {
  public:
    ThemeFollower(QWidget* widget, std::function<void(const Theme&)> apply)
        : QObject(widget), apply_(std::move(apply)) {
        widget->installEventFilter(this);
        update();
    }

    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationPaletteChange) update();
        return false;
    }

  private:
    // A widget's own style sheet changes its palette: what counts is the application's.
    void update() {
        const Theme& theme = Theme::of(QApplication::palette());
        if (dark_ == theme.dark) return;
        dark_ = theme.dark;
        apply_(theme);
    }

    std::function<void(const Theme&)> apply_;
    std::optional<bool> dark_;
};

}  // namespace

void followTheme(QWidget* widget, std::function<void(const Theme&)> apply) {
    new ThemeFollower(widget, std::move(apply));
}

QLabel* headingLabel(const QString& text, QWidget* parent, double scale) {
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setBold(true);
    label->setFont(font);
    return label;
}

QLabel* mutedLabel(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    followTheme(label, [label](const Theme& theme) {
        label->setStyleSheet(QStringLiteral("color: %1;").arg(theme.mutedText.name()));
    });
    return label;
}

QLabel* iconLabel(const QString& iconName, int side, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setFixedSize(side, side);
    followTheme(label, [label, iconName, side](const Theme&) {
        label->setPixmap(icon(iconName).pixmap(QSize(side, side), label->devicePixelRatioF()));
    });
    return label;
}

void makePrimary(QPushButton* button) {
    button->setDefault(true);
    followTheme(button, [button](const Theme& theme) {
        button->setStyleSheet(QStringLiteral("QPushButton { background: %1; color: %2; border: 1px solid %1; "
                                             "border-radius: 4px; padding: 5px 16px; }"
                                             "QPushButton:hover { background: %3; border-color: %3; }"
                                             "QPushButton:focus { border-color: %4; }"
                                             "QPushButton:disabled { background: %5; color: %6; border-color: %5; }")
                                  .arg(theme.accent.name(), theme.onAccent.name(),
                                       theme.accent.lighter(theme.dark ? 108 : 115).name(), theme.text.name(),
                                       theme.raised.name(), theme.mutedText.name()));
    });
}

}  // namespace vitrine::widgets
