// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace vitrine::widgets {

class ModelFilter;

/// Cells of the model tree: names with what the filter found, errors in the colour of their class with a sign where they deserve a look.
class ModelDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    ModelDelegate(const ModelFilter& filter, QObject* parent) : QStyledItemDelegate(parent), filter_(filter) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

  private:
    void paintName(QPainter& painter, const QStyleOptionViewItem& option, bool isMarked) const;
    static void paintError(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index);

    const ModelFilter& filter_;
};

}  // namespace vitrine::widgets
