// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/inputs_model.h"

#include <QApplication>
#include <QIcon>
#include <QLocale>
#include <algorithm>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/base/theme.h"
#include "widgets/forms/recognition.h"

namespace vitrine::widgets {

QString InputsModel::placeKey(const project::StoredPath& path) { return toQt(path.relative) + u'\n' + toQt(path.absolute); }

void InputsModel::setEdits(const project::Edits& edits) {
    if (edits.models == models_ && edits.imageSets == sets_) return;
    const bool sameRows = edits.models.size() == models_.size() && edits.imageSets.size() == sets_.size();
    if (!sameRows) beginResetModel();
    models_ = edits.models;
    sets_ = edits.imageSets;
    if (!sameRows)
        endResetModel();
    else
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
}

void InputsModel::setPlaces(const QHash<QString, InputPlace>& places) {
    places_ = places;
    if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
}

const project::ModelEntry* InputsModel::model(int row) const { return isModel(row) ? &models_[static_cast<std::size_t>(row)] : nullptr; }

const project::ImageSetEntry* InputsModel::images(int row) const {
    if (row < static_cast<int>(models_.size()) || row >= rowCount()) return nullptr;
    return &sets_[static_cast<std::size_t>(row) - models_.size()];
}

QString InputsModel::name(int row) const {
    if (const auto* entry = model(row)) return toQt(entry->name);
    const auto* entry = images(row);
    return entry == nullptr ? QString() : toQt(entry->name);
}

InputPlace InputsModel::place(int row) const {
    const project::StoredPath& path = isModel(row) ? model(row)->path : images(row)->path;
    return places_.value(placeKey(path), {toQt(path.absolute), false});
}

bool InputsModel::isMissing(int row) const { return row >= 0 && row < rowCount() && place(row).missing; }

int InputsModel::rowOf(bool wantedModel, const QString& wanted) const {
    for (int row = 0; row < rowCount(); ++row)
        if (isModel(row) == wantedModel && name(row) == wanted) return row;
    return -1;
}

int InputsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(models_.size() + sets_.size());
}
int InputsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant InputsModel::text(int row, int column) const {
    const project::ImageSetEntry* set = images(row);
    switch (column) {
        case nameColumn:
            return name(row);
        case roleColumn:
            return set == nullptr ? tr("Network") : imageRoleTitle(set->role);
        case countColumn:
            if (set == nullptr || set->images == 0) return set == nullptr ? QString() : tr("not known");
            return QLocale().toString(static_cast<qlonglong>(set->images)) +
                   (set->rows.empty() ? QString() : tr(" (%1)").arg(toQt(set->rows)));
        case placeColumn:
            return place(row).missing ? tr("Missing: %1").arg(place(row).path) : place(row).path;
        default:
            return {};
    }
}

QVariant InputsModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int row = index.row(), column = index.column();
    const bool missing = place(row).missing;
    switch (role) {
        case Qt::DisplayRole:
        case Qt::EditRole:
            return text(row, column);
        case Qt::TextAlignmentRole:
            return static_cast<int>((column == countColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        case Qt::ForegroundRole:
            if (missing && column == placeColumn) return Theme::of(QApplication::palette()).bad;
            return column == placeColumn || column == roleColumn ? QVariant(Theme::of(QApplication::palette()).mutedText) : QVariant();
        case Qt::DecorationRole:
            if (column != nameColumn) return {};
            return icon(missing ? QStringLiteral("missing") : isModel(row) ? QStringLiteral("model") : QStringLiteral("images"));
        case Qt::ToolTipRole:
            return missing ? tr("There is nothing at %1. Locate it to use it again.").arg(place(row).path) : text(row, column);
        case Qt::AccessibleTextRole:
            return column == nameColumn && missing ? tr("%1, missing").arg(name(row)) : text(row, column);
        default:
            return {};
    }
}

QVariant InputsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Vertical) return {};
    if (role == Qt::TextAlignmentRole && section == countColumn) return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == countColumn) return tr("Images in the set, and in brackets the rows that are used");
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case nameColumn:
            return tr("Name");
        case roleColumn:
            return tr("Used for");
        case countColumn:
            return tr("Images");
        default:
            return tr("Place");
    }
}

Qt::ItemFlags InputsModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (index.column() == nameColumn) flags |= Qt::ItemIsEditable;
    return flags;
}

bool InputsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    const QString wanted = value.toString().trimmed();
    if (role != Qt::EditRole || !index.isValid() || index.column() != nameColumn || wanted.isEmpty()) return false;
    if (wanted != name(index.row())) Q_EMIT renameAsked(isModel(index.row()), name(index.row()), wanted);
    return true;
}

}  // namespace vitrine::widgets
