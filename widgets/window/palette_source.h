// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "widgets/window/command_palette.h"
#include "widgets/window/recent_projects.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// Everything that the command palette offers now: all actions, runs of the project (to become run A), sites of the
/// network that is looked at, recent projects.
std::vector<PaletteItem> paletteItems(const WindowContext& context, const RecentProjects& recent,
                                      const std::function<void(const QString&)>& openProject);

}  // namespace vitrine::widgets
