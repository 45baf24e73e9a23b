// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QHash>
#include <QObject>
#include <QString>
#include <vector>

namespace vitrine::widgets {

enum class LogLevel { info, warning, error };

struct LogLine {
    QDateTime first, last;
    LogLevel level = LogLevel::info;
    QString source;  ///< "r0003-repq", "project", ...
    QString text;
    int count = 1;   ///< how often it came: equal lines are folded into one
};

/// What happened, for the log panel: the newest 10 000 lines. A warning or an error that came before is counted on its first line; other
/// lines are folded only when they follow each other. UI thread.
class Log : public QObject {
    Q_OBJECT
  public:
    using QObject::QObject;
    void add(LogLevel level, const QString& source, const QString& text);
    const std::vector<LogLine>& lines() const { return lines_; }
    int warnings() const { return warnings_; }  ///< warnings and errors among them
    void clear();

  Q_SIGNALS:
    void appended(int index);
    void updated(int index);  ///< its count and time
    void dropped(int count);  ///< the oldest ones, when there were too many: all indices fell by `count`
    void cleared();

  private:
    int foldInto(LogLevel level, const QString& source, const QString& text) const;
    void dropOldest();

    std::vector<LogLine> lines_;
    QHash<QString, qint64> places_;  ///< of warnings and errors, counted from the first line ever
    qint64 gone_ = 0;                ///< lines that were dropped
    int warnings_ = 0;
};

}  // namespace vitrine::widgets
