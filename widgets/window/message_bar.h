// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <QString>
#include <QVBoxLayout>
#include <functional>

#include "base/error.h"

namespace vitrine::widgets {

struct MessageAction {
    QString text;
    std::function<void()> run;  ///< the message goes away first
};

struct Message {
    enum class Level { information, good, warning, error };
    Level level = Level::information;
    QString key;        ///< a message with the same key is replaced; empty: its title
    QString title;      ///< one sentence: what happened
    QString text = {};  ///< where, and what to do; may be empty
    QList<MessageAction> actions = {};
    int seconds = 0;  ///< goes away by itself after this time; 0: stays
};

/// What the user has to know, in rows below the tool bar: never in the way, never more than four at once, read out by
/// screen readers. Errors can be copied. Hidden while empty. UI thread.
class MessageBar : public QFrame {
    Q_OBJECT
  public:
    explicit MessageBar(QWidget* parent = nullptr);

    void show(const Message& message);
    void showError(const Error& error);
    void remove(const QString& key);
    void clear();
    int count() const { return static_cast<int>(rows_.size()); }
    QString text() const;  ///< of all messages, for tests and for copying

  Q_SIGNALS:
    void changed();

  private:
    class Row;
    void take(Row* row);

    QVBoxLayout* layout_;
    QList<Row*> rows_;
};

}  // namespace vitrine::widgets
