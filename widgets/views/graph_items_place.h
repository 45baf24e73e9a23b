// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/graph_items.h"

namespace vitrine::widgets::diagram {

/// Gives the items and lines of `drawing` their places.
void place(Diagram& drawing, const DiagramOptions& options);

}  // namespace vitrine::widgets::diagram
