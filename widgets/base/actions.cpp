// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/actions.h"

#include <QSettings>
#include <QStringList>
#include <QWidget>
#include <algorithm>

#include "widgets/base/icons.h"

namespace vitrine::widgets {
namespace {

constexpr const char* kHelp = "vitrine.help";
constexpr const char* kReason = "vitrine.reason";
const QString kGroup = QStringLiteral("shortcuts");

/// "New run... (F5): what it does": what the pointer sees.
void updateToolTip(QAction& action) {
    QString text = action.text().remove(QLatin1Char('&')).remove(QStringLiteral("..."));
    if (!action.shortcut().isEmpty()) text += QStringLiteral(" (%1)").arg(action.shortcut().toString(QKeySequence::NativeText));
    const QString help = action.property(kHelp).toString();
    if (!help.isEmpty()) text += QLatin1Char('\n') + help;
    const QString reason = ActionRegistry::disabledReason(&action);
    if (!reason.isEmpty()) text += QLatin1Char('\n') + reason;
    action.setToolTip(text);
}

}  // namespace

ActionRegistry::ActionRegistry(QWidget* window) : QObject(window), window_(window) {}

QAction* ActionRegistry::add(const ActionSpec& spec, std::function<void(bool)> triggered) {
    Q_ASSERT(!action(spec.id));
    auto* made = new QAction(spec.text, this);
    made->setObjectName(spec.id);
    if (!spec.icon.isEmpty()) made->setIcon(icon(spec.icon));
    made->setShortcuts(spec.shortcuts);
    made->setCheckable(spec.checkable);
    made->setProperty(kHelp, spec.help);
    made->setStatusTip(spec.help);
    made->setWhatsThis(spec.help);
    updateToolTip(*made);
    connect(made, &QAction::triggered, this, std::move(triggered));
    window_->addAction(made);
    actions_.append(made);
    defaults_.insert(spec.id, spec.shortcuts);
    Q_EMIT changed();
    return made;
}

QAction* ActionRegistry::action(const QString& id) const {
    const auto found = std::find_if(actions_.begin(), actions_.end(), [&](const QAction* a) { return a->objectName() == id; });
    return found == actions_.end() ? nullptr : *found;
}

QString ActionRegistry::idOf(const QAction* action) { return action->objectName(); }

void ActionRegistry::setEnabled(const QString& id, bool enabled, const QString& reason) {
    QAction* found = action(id);
    if (!found) return;
    found->setEnabled(enabled);
    found->setProperty(kReason, enabled ? QString() : reason);
    updateToolTip(*found);
}

QString ActionRegistry::disabledReason(const QAction* action) {
    return action->isEnabled() ? QString() : action->property(kReason).toString();
}

QList<QKeySequence> ActionRegistry::defaultShortcuts(const QString& id) const { return defaults_.value(id); }

QAction* ActionRegistry::conflict(const QString& id, const QList<QKeySequence>& shortcuts) const {
    for (QAction* other : actions_) {
        if (idOf(other) == id) continue;
        for (const QKeySequence& taken : other->shortcuts())
            if (!taken.isEmpty() && shortcuts.contains(taken)) return other;
    }
    return nullptr;
}

void ActionRegistry::setShortcuts(const QString& id, const QList<QKeySequence>& shortcuts) {
    QAction* found = action(id);
    if (!found || found->shortcuts() == shortcuts) return;
    found->setShortcuts(shortcuts);
    updateToolTip(*found);
    Q_EMIT changed();
}

void ActionRegistry::loadShortcuts(QSettings& settings) {
    settings.beginGroup(kGroup);
    for (const QString& id : settings.childKeys())
        setShortcuts(id, QKeySequence::listFromString(settings.value(id).toString(), QKeySequence::PortableText));
    settings.endGroup();
}

void ActionRegistry::saveShortcuts(QSettings& settings) const {
    settings.beginGroup(kGroup);
    for (const QAction* each : actions_) {
        const QString id = idOf(each);
        if (each->shortcuts() == defaults_.value(id))
            settings.remove(id);
        else
            settings.setValue(id, QKeySequence::listToString(each->shortcuts(), QKeySequence::PortableText));
    }
    settings.endGroup();
}

}  // namespace vitrine::widgets
