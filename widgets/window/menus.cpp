// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/menus.h"

#include <QCoreApplication>
#include <QMenuBar>

#include "widgets/views/view.h"

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::menus", text); }

/// Adds actions by id; "" is a separator.
void addAll(QMenu& menu, const ActionRegistry& registry, std::initializer_list<const char*> ids) {
    for (const char* id : ids) {
        if (*id == '\0')
            menu.addSeparator();
        else
            menu.addAction(registry.action(QLatin1String(id)));
    }
}

void addRecent(QMenu& file, const RecentProjects& recent, const std::function<void(const QString&)>& openProject) {
    QMenu* menu = file.addMenu(translated("Open &recent"));
    menu->setObjectName(QStringLiteral("menu.recent"));
    menu->setToolTipsVisible(true);
    QObject::connect(menu, &QMenu::aboutToShow, menu, [menu, &recent, openProject] {
        menu->clear();
        for (const RecentProject& project : recent.projects()) {
            QString title = project.missing ? translated("%1 (folder missing)").arg(project.name) : project.name;
            QAction* action = menu->addAction(title.replace(QLatin1Char('&'), QStringLiteral("&&")));
            action->setToolTip(project.folder);
            action->setEnabled(!project.missing);
            QObject::connect(action, &QAction::triggered, menu,
                             [openProject, folder = project.folder] { openProject(folder); });
        }
        if (menu->isEmpty()) menu->addAction(translated("No recent projects"))->setEnabled(false);
    });
}

void addView(QMenu& menu, const ActionRegistry& registry) {
    addAll(menu, registry, {"view.palette", ""});
    QMenu* theme = menu.addMenu(translated("&Theme"));
    addAll(*theme, registry, {"view.theme.system", "view.theme.light", "view.theme.dark"});
    QMenu* views = menu.addMenu(translated("&Views"));
    views->setObjectName(QStringLiteral("menu.views"));
    for (const ViewInfo& info : allViews()) views->addAction(registry.action(QStringLiteral("view.tab.") + info.id));
    addAll(menu, registry,
           {"", "view.back", "view.forward", "view.clear", "", "view.zoom_in", "view.zoom_out", "view.zoom_reset",
            "view.zoom_back", "", "view.pin", "view.copy_data", "", "view.full_screen"});
}

void addWindow(QMenu& menu, const ActionRegistry& registry, LayoutCommands& layouts, const QList<QDockWidget*>& docks) {
    QMenu* layoutMenu = menu.addMenu(translated("&Layouts"));
    layoutMenu->setObjectName(QStringLiteral("menu.layouts"));
    QObject::connect(layoutMenu, &QMenu::aboutToShow, layoutMenu,
                     [layoutMenu, &layouts] { layouts.fillMenu(*layoutMenu); });
    layouts.fillMenu(*layoutMenu);
    menu.addSection(translated("Panels"));
    for (const QDockWidget* dock : docks)
        menu.addAction(registry.action(QStringLiteral("window.panel.") + dock->objectName()));
}

}  // namespace

void makeMenus(const WindowContext& context, const RecentProjects& recent, LayoutCommands& layouts,
               const QList<QDockWidget*>& docks, const std::function<void(const QString&)>& openProject) {
    QMenuBar& bar = *context.window.menuBar();
    const ActionRegistry& registry = context.registry;
    const auto addMenu = [&](const char* name, const char* title) {
        QMenu* menu = bar.addMenu(translated(title));
        menu->setObjectName(QStringLiteral("menu.") + QLatin1String(name));
        menu->setToolTipsVisible(true);
        return menu;
    };
    QMenu* file = addMenu("file", "&File");
    addAll(*file, registry, {"file.new", "file.open"});
    addRecent(*file, recent, openProject);
    addAll(*file, registry,
           {"file.open_window", "file.sample", "file.recover", "", "file.reload", "file.save", "file.save_copy", "file.pack", "", "file.import",
            "file.import_folder", "", "file.report", "file.export_all", "", "file.close", "file.quit"});
    addAll(*addMenu("edit", "&Edit"), registry, {"edit.undo", "edit.redo", "", "edit.find", "", "edit.preferences"});
    addView(*addMenu("view", "&View"), registry);
    addAll(*addMenu("run", "&Run"), registry,
           {"run.new", "run.again", "", "run.pause", "run.stop", "run.cancel", "", "run.resume_interrupted",
            "run.clear_finished"});
    addAll(*addMenu("compare", "&Compare"), registry,
           {"compare.mode.a", "compare.mode.b", "compare.mode.overlay", "compare.mode.difference", "", "compare.swap",
            "compare.clear", "", "compare.summary", "compare.parameters"});
    addWindow(*addMenu("window", "&Window"), registry, layouts, docks);
    addAll(*addMenu("help", "&Help"), registry,
           {"help.manual", "help.tour", "help.shortcuts", "help.whats_this", "", "help.copy_environment", "help.about"});
}

}  // namespace vitrine::widgets
