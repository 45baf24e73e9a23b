// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QJsonObject>
#include <QSet>
#include <QWidget>
#include <functional>

#include "base/parameters.h"

class QLayout;

namespace vitrine::widgets {

/// The switches of a view, made from its schema: a box for a yes or no, a list for a choice, a field for a number; in several lines where
/// there is little room. Advanced ones have no control and are not remembered, unless they had one
/// before: they are for drawings and command lines, or for another mode of the view. UI thread.
class ViewOptions : public QWidget {
    Q_OBJECT
  public:
    explicit ViewOptions(const ParameterSchema& schema, QWidget* parent = nullptr);

    const ParameterSet& values() const { return values_; }
    /// The options of the view have changed: other choices, say. Values stay; one that no longer fits waits until it does, and its default
    /// stands meanwhile.
    void setSchema(const ParameterSchema& schema);
    /// Sets one value; one that does not fit is left alone, because stored states and drawings may be of another version.
    void set(const QString& id, const QString& text);

    QJsonObject saveState() const;  ///< those that differ from their defaults
    void restoreState(const QJsonObject& state);

  Q_SIGNALS:
    void changed();

  private:
    void addControls();
    void addControl(const ParameterSpec& spec, QLayout& layout);
    bool take(const QString& id, const QString& text);
    void refresh(const QString& id);

    ParameterSet values_;
    QSet<QString> shown_;              ///< had a control at some time
    QHash<QString, QString> waiting_;  ///< values that the present schema lacks
    QHash<QString, std::function<void()>> refresh_;  ///< shows the present value in its control
};

}  // namespace vitrine::widgets
