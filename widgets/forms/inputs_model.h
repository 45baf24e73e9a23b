// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QString>

#include "project/edits.h"

namespace vitrine::widgets {

/// What is known of the place of an input.
struct InputPlace {
    QString path;
    bool missing = false;
};

/// The networks of a project, then its image sets. Names and roles can be edited; the owner stores them. UI thread.
class InputsModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { nameColumn, roleColumn, countColumn, placeColumn, kColumns };
    using QAbstractTableModel::QAbstractTableModel;

    void setEdits(const project::Edits& edits);
    void setPlaces(const QHash<QString, InputPlace>& places);  ///< by placeKey()
    static QString placeKey(const project::StoredPath& path);

    bool isModel(int row) const { return row >= 0 && row < static_cast<int>(models_.size()); }
    const project::ModelEntry* model(int row) const;
    const project::ImageSetEntry* images(int row) const;
    QString name(int row) const;
    bool isMissing(int row) const;
    int rowOf(bool model, const QString& name) const;  ///< -1 for none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

  Q_SIGNALS:
    void renameAsked(bool model, const QString& name, const QString& wanted);

  private:
    InputPlace place(int row) const;
    QVariant text(int row, int column) const;

    std::vector<project::ModelEntry> models_;
    std::vector<project::ImageSetEntry> sets_;
    QHash<QString, InputPlace> places_;
};

}  // namespace vitrine::widgets
