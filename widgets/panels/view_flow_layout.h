// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <QList>

namespace vitrine::widgets {

/// Items in reading order, in as many lines as the width asks for. UI thread.
class FlowLayout : public QLayout {
  public:
    explicit FlowLayout(QWidget* parent, int across = 12, int down = 2);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override { items_.append(item); }
    int count() const override { return static_cast<int>(items_.size()); }
    QLayoutItem* itemAt(int index) const override { return items_.value(index); }
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return arrange(QRect(0, 0, width, 0), false); }
    void setGeometry(const QRect& box) override;
    QSize sizeHint() const override;     ///< of all items in one line
    QSize minimumSize() const override;  ///< of the widest item

  private:
    /// Puts the items into `box`, or only measures. Returns the height.
    int arrange(const QRect& box, bool places) const;

    QList<QLayoutItem*> items_;
    int across_, down_;
};

}  // namespace vitrine::widgets
