// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/shortcut_model.h"

#include <QFont>
#include <QPixmap>

namespace vitrine::widgets {
namespace {

QString shortcutsText(const QAction* action) {
    return QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText);
}

/// Keeps the texts of actions without an icon in line with the others.
QIcon blankIcon() {
    QPixmap blank(16, 16);
    blank.fill(Qt::transparent);
    return blank;
}

}  // namespace

ShortcutModel::ShortcutModel(ActionRegistry& registry, QObject* parent)
    : QAbstractTableModel(parent), registry_(registry), actions_(registry.actions()) {
    connect(&registry_, &ActionRegistry::changed, this, &ShortcutModel::rebuild);
}

void ShortcutModel::rebuild() {
    if (actions_ == registry_.actions()) {
        if (!actions_.isEmpty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCountValue - 1));
        return;
    }
    beginResetModel();
    actions_ = registry_.actions();
    endResetModel();
}

QAction* ShortcutModel::actionAt(int row) const { return actions_.value(row); }

QString ShortcutModel::menuTitle(const QString& actionId) {
    const QString part = actionId.section(QLatin1Char('.'), 0, 0);
    if (part == QLatin1String("file")) return tr("File");
    if (part == QLatin1String("edit")) return tr("Edit");
    if (part == QLatin1String("view")) return tr("View");
    if (part == QLatin1String("run")) return tr("Run");
    if (part == QLatin1String("compare")) return tr("Compare");
    if (part == QLatin1String("window")) return tr("Window");
    return tr("Help");
}

QString ShortcutModel::plainText(const QAction* action) {
    QString text = action->text();
    text.remove(QLatin1Char('&'));
    if (text.endsWith(QStringLiteral("..."))) text.chop(3);
    return text;
}

int ShortcutModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(actions_.size());
}

int ShortcutModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCountValue; }

QVariant ShortcutModel::data(const QModelIndex& index, int role) const {
    const QAction* action = index.isValid() ? actionAt(index.row()) : nullptr;
    if (!action) return {};
    const bool changed = action->shortcuts() != registry_.defaultShortcuts(ActionRegistry::idOf(action));
    if (role == Qt::DisplayRole) {
        switch (index.column()) {
            case actionColumn:
                return plainText(action);
            case menuColumn:
                return menuTitle(ActionRegistry::idOf(action));
            case shortcutColumn:
                return changed ? tr("%1 (changed)").arg(shortcutsText(action)).trimmed() : shortcutsText(action);
            default:
                return {};
        }
    }
    if (role == Qt::DecorationRole && index.column() == actionColumn)
        return action->icon().isNull() ? blankIcon() : action->icon();
    if (role == Qt::ToolTipRole) return action->whatsThis();
    if (role == Qt::FontRole && changed && index.column() == shortcutColumn) {
        QFont bold;
        bold.setBold(true);
        return bold;
    }
    return {};
}

QVariant ShortcutModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case actionColumn:
            return tr("Command");
        case menuColumn:
            return tr("Menu");
        case shortcutColumn:
            return tr("Shortcut");
        default:
            return {};
    }
}

}  // namespace vitrine::widgets
