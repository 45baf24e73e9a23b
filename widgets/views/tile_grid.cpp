// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/tile_grid.h"

namespace vitrine::widgets {

void makeTileGrid(QListView& view) {
    view.setViewMode(QListView::IconMode);
    view.setResizeMode(QListView::Adjust);
    view.setMovement(QListView::Static);
    view.setUniformItemSizes(true);
    view.setSelectionMode(QAbstractItemView::SingleSelection);
    view.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view.setFrameShape(QFrame::NoFrame);
    view.setMouseTracking(true);
}

}  // namespace vitrine::widgets
