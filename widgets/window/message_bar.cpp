// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/message_bar.h"

#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>
#include <algorithm>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/base/themed.h"

namespace vitrine::widgets {
namespace {

constexpr int kMostRows = 4;

QString iconOf(Message::Level level) {
    switch (level) {
        case Message::Level::information:
            return QStringLiteral("info");
        case Message::Level::good:
            return QStringLiteral("check");
        case Message::Level::warning:
            return QStringLiteral("warning");
        case Message::Level::error:
            return QStringLiteral("error");
    }
    return {};
}

QColor colourOf(Message::Level level, const Theme& theme) {
    switch (level) {
        case Message::Level::information:
            return theme.accent;
        case Message::Level::good:
            return theme.good;
        case Message::Level::warning:
            return theme.warning;
        case Message::Level::error:
            return theme.bad;
    }
    return theme.accent;
}

QString levelText(Message::Level level) {
    switch (level) {
        case Message::Level::information:
            return MessageBar::tr("Note");
        case Message::Level::good:
            return MessageBar::tr("Done");
        case Message::Level::warning:
            return MessageBar::tr("Warning");
        case Message::Level::error:
            return MessageBar::tr("Error");
    }
    return {};
}

QString plainText(const Message& message) {
    return message.text.isEmpty() ? message.title : message.title + QLatin1Char('\n') + message.text;
}

QString keyOf(const Message& message) { return message.key.isEmpty() ? message.title : message.key; }

}  // namespace

class MessageBar::Row final : public QFrame {
  public:
    Row(const Message& message, MessageBar* bar) : QFrame(bar), key(keyOf(message)), text(plainText(message)) {
        setObjectName(QStringLiteral("message"));
        setAccessibleName(levelText(message.level) + QStringLiteral(": ") + text);
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(12, 6, 8, 6);
        layout->setSpacing(10);
        auto* mark = iconLabel(iconOf(message.level), 18, this);
        mark->setToolTip(levelText(message.level));
        layout->addWidget(mark, 0, Qt::AlignTop);
        layout->addLayout(makeTexts(message), 1);
        addButtons(message, bar, layout);
        followTheme(this, [this, level = message.level](const Theme& theme) {
            setStyleSheet(QStringLiteral("QFrame#message { background: %1; border: none; border-left: 4px solid %2; "
                                         "border-bottom: 1px solid %3; }")
                              .arg(theme.raised.name(), colourOf(level, theme).name(), theme.border.name()));
        });
        if (message.seconds > 0) QTimer::singleShot(message.seconds * 1000, this, [this, bar] { bar->take(this); });
    }

    const QString key;
    const QString text;

  private:
    QLayout* makeTexts(const Message& message) {
        auto* texts = new QVBoxLayout;
        texts->setSpacing(2);
        auto* title = new QLabel(message.title, this);
        title->setTextInteractionFlags(Qt::TextSelectableByMouse);
        title->setTextFormat(Qt::PlainText);
        title->setWordWrap(true);
        texts->addWidget(title);
        if (!message.text.isEmpty()) {
            auto* detail = mutedLabel(message.text, this);
            detail->setTextFormat(Qt::PlainText);
            detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
            texts->addWidget(detail);
        }
        return texts;
    }

    void addButtons(const Message& message, MessageBar* bar, QHBoxLayout* layout) {
        for (const MessageAction& action : message.actions) {
            auto* button = new QPushButton(action.text, this);
            connect(button, &QPushButton::clicked, this, [this, bar, run = action.run] {
                // The row is gone when `run` shows another message.
                const auto keep = run;
                bar->take(this);
                if (keep) keep();
            });
            layout->addWidget(button, 0, Qt::AlignVCenter);
        }
        if (message.level == Message::Level::error || message.level == Message::Level::warning)
            addToolButton(QStringLiteral("copy"), tr("Copy message"), layout,
                          [this] { QGuiApplication::clipboard()->setText(text); });
        addToolButton(QStringLiteral("close"), tr("Dismiss message"), layout, [this, bar] { bar->take(this); });
    }

    template <typename Do>
    void addToolButton(const QString& iconName, const QString& name, QHBoxLayout* layout, Do act) {
        auto* button = new QToolButton(this);
        button->setAutoRaise(true);
        button->setIcon(icon(iconName));
        button->setToolTip(name);
        button->setAccessibleName(name);
        connect(button, &QToolButton::clicked, this, act);
        layout->addWidget(button, 0, Qt::AlignVCenter);
    }
};

MessageBar::MessageBar(QWidget* parent) : QFrame(parent), layout_(new QVBoxLayout(this)) {
    setObjectName(QStringLiteral("messages"));
    setAccessibleName(tr("Messages"));
    layout_->setContentsMargins(0, 0, 0, 0);
    layout_->setSpacing(0);
    hide();
}

void MessageBar::show(const Message& message) {
    remove(keyOf(message));
    if (rows_.size() >= kMostRows) take(rows_.first());
    auto* row = new Row(message, this);
    rows_.append(row);
    layout_->addWidget(row);
    setVisible(true);
    QAccessibleEvent event(row, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
    Q_EMIT changed();
}

void MessageBar::showError(const Error& error) {
    Message message;
    message.level = Message::Level::error;
    message.title = toQt(error.what);
    if (!message.title.isEmpty()) message.title[0] = message.title[0].toUpper();
    QStringList lines;
    if (!error.where.empty()) lines.append(toQt(error.where));
    if (!error.remedy.empty()) {
        QString remedy = toQt(error.remedy);
        remedy[0] = remedy[0].toUpper();
        lines.append(remedy);
    }
    message.text = lines.join(QLatin1Char('\n'));
    message.key = message.title + message.text;
    show(message);
}

void MessageBar::remove(const QString& key) {
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const Row* row) { return row->key == key; });
    if (found != rows_.end()) take(*found);
}

void MessageBar::clear() {
    while (!rows_.isEmpty()) take(rows_.first());
}

QString MessageBar::text() const {
    QStringList texts;
    for (const Row* row : rows_) texts.append(row->text);
    return texts.join(QLatin1Char('\n'));
}

void MessageBar::take(Row* row) {
    if (!rows_.removeOne(row)) return;
    row->hide();
    row->deleteLater();  // it may be the one whose button was clicked
    setVisible(!rows_.isEmpty());
    Q_EMIT changed();
}

}  // namespace vitrine::widgets
