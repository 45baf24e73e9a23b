// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/view_flow_layout.h"

#include <algorithm>

namespace vitrine::widgets {

FlowLayout::FlowLayout(QWidget* parent, int across, int down) : QLayout(parent), across_(across), down_(down) { setContentsMargins(0, 0, 0, 0); }

FlowLayout::~FlowLayout() { qDeleteAll(items_); }

QLayoutItem* FlowLayout::takeAt(int index) { return index >= 0 && index < items_.size() ? items_.takeAt(index) : nullptr; }

void FlowLayout::setGeometry(const QRect& box) {
    QLayout::setGeometry(box);
    arrange(box, true);
}

QSize FlowLayout::sizeHint() const {
    QSize size;
    for (const QLayoutItem* item : items_) {
        size.rwidth() += item->sizeHint().width() + (size.width() > 0 ? across_ : 0);
        size.setHeight(std::max(size.height(), item->sizeHint().height()));
    }
    return size;
}

QSize FlowLayout::minimumSize() const {
    QSize size;
    for (const QLayoutItem* item : items_) size = size.expandedTo(item->minimumSize());
    return size;
}

int FlowLayout::arrange(const QRect& box, bool places) const {
    int line = 0;
    for (const QLayoutItem* item : items_) line = std::max(line, item->sizeHint().height());
    int x = box.left(), y = box.top();
    for (QLayoutItem* item : items_) {
        const QSize size = item->sizeHint();
        if (x > box.left() && x + size.width() > box.left() + box.width()) {
            x = box.left();
            y += line + down_;
        }
        // Controls of one line share their middle.
        if (places) item->setGeometry(QRect(QPoint(x, y + (line - size.height()) / 2), size));
        x += size.width() + across_;
    }
    return items_.isEmpty() ? 0 : y + line - box.top();
}

}  // namespace vitrine::widgets
