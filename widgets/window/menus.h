// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/window/layout_commands.h"
#include "widgets/window/recent_projects.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// Fills the menu bar from the registry. Every action stands in one menu. `openProject` opens a recent one.
void makeMenus(const WindowContext& context, const RecentProjects& recent, LayoutCommands& layouts,
               const QList<QDockWidget*>& docks, const std::function<void(const QString&)>& openProject);

}  // namespace vitrine::widgets
