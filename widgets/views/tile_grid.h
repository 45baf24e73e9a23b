// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListView>

namespace vitrine::widgets {

/// Makes a list a grid of tiles of one size that wraps with the width of the view, and of which one is chosen. UI thread.
void makeTileGrid(QListView& view);

}  // namespace vitrine::widgets
