// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/palette_source.h"

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/window/shortcut_model.h"

namespace vitrine::widgets {
namespace {

void addActions(std::vector<PaletteItem>& items, const ActionRegistry& registry) {
    for (QAction* action : registry.actions()) {
        if (!action->isVisible() || ActionRegistry::idOf(action) == QLatin1String("view.palette")) continue;
        PaletteItem item;
        item.title = ShortcutModel::plainText(action);
        item.group = ShortcutModel::menuTitle(ActionRegistry::idOf(action));
        item.detail = action->whatsThis();
        item.shortcut = action->shortcut().toString(QKeySequence::NativeText);
        if (!action->isEnabled()) {
            const QString reason = ActionRegistry::disabledReason(action);
            item.whyDisabled = reason.isEmpty() ? CommandPalette::tr("Not available now.") : reason;
        }
        item.checked = action->isCheckable() && action->isChecked();
        item.icon = action->icon();
        item.run = [action] { action->trigger(); };
        items.push_back(std::move(item));
    }
}

void addRuns(std::vector<PaletteItem>& items, Session& session) {
    for (const project::RunSummary& run : session.study.runs()) {
        const QString id = toQt(run.id), title = session.study.runTitle(id);
        PaletteItem item;
        item.title = title == id ? id : QStringLiteral("%1 (%2)").arg(title, id);
        item.group = CommandPalette::tr("Runs");
        item.detail = CommandPalette::tr("%1, started %2. Look at it as run A.")
                          .arg(toQt(run.methodTitle), momentText(run.started));
        item.checked = session.selection.selection().runA == id;
        item.icon = icon(QStringLiteral("runs"));
        item.run = [&session, id] { session.selection.setRunA(id); };
        items.push_back(std::move(item));
    }
}

void addSites(std::vector<PaletteItem>& items, Session& session) {
    const QString run = session.selection.selection().runA;
    NetworkPtr network = run.isEmpty() ? nullptr : session.study.networkOf(run);
    if (!network && !session.study.edits().draft.model.empty())
        network = session.study.network(toQt(session.study.edits().draft.model));
    if (!network) return;
    for (const graph::Site& site : network->sites) {
        const QString id = toQt(site.id), block = toQt(network->graph->blocks[site.block].id);
        PaletteItem item;
        item.title = id;
        item.group = CommandPalette::tr("Sites");
        item.detail = toQt(graph::roleName(site.role));
        item.icon = icon(QStringLiteral("site"));
        item.run = [&session, id, block] { session.selection.selectSite(id, block); };
        items.push_back(std::move(item));
    }
}

void addProjects(std::vector<PaletteItem>& items, const RecentProjects& recent,
                 const std::function<void(const QString&)>& openProject) {
    for (const RecentProject& project : recent.projects()) {
        PaletteItem item;
        item.title = project.name;
        item.group = CommandPalette::tr("Projects");
        item.detail = project.folder;
        if (project.missing) item.whyDisabled = CommandPalette::tr("The folder %1 is missing.").arg(project.folder);
        item.icon = icon(QStringLiteral("folder"));
        item.run = [openProject, folder = project.folder] { openProject(folder); };
        items.push_back(std::move(item));
    }
}

}  // namespace

std::vector<PaletteItem> paletteItems(const WindowContext& context, const RecentProjects& recent,
                                      const std::function<void(const QString&)>& openProject) {
    std::vector<PaletteItem> items;
    addActions(items, context.registry);
    if (context.session.study.isOpen()) {
        addRuns(items, context.session);
        addSites(items, context.session);
    }
    addProjects(items, recent, openProject);
    return items;
}

}  // namespace vitrine::widgets
