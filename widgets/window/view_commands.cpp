// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/view_commands.h"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>

#include "report/csv.h"
#include "widgets/base/text.h"
#include "widgets/panels/view_panel.h"

namespace vitrine::widgets {

ViewCommands::ViewCommands(WindowContext context, ViewArea& views)
    : QObject(&context.window), context_(context), views_(views) {
    addEditActions();
    addViewActions();
    addThemeActions();
    addZoomActions();
}

View* ViewCommands::currentView() const {
    ViewPanel* panel = context_.session.study.isOpen() ? views_.currentPanel() : nullptr;
    return panel ? &panel->view() : nullptr;
}

void ViewCommands::addEditActions() {
    ActionRegistry& registry = context_.registry;
    QUndoStack& stack = context_.session.study.undoStack();
    registry.add({QStringLiteral("edit.undo"),
                  tr("&Undo"),
                  QStringLiteral("undo"),
                  {QKeySequence::Undo},
                  tr("Take the last edit back.")},
                 [&stack](bool) { stack.undo(); });
    registry.add({QStringLiteral("edit.redo"),
                  tr("&Redo"),
                  QStringLiteral("redo"),
                  {QKeySequence(Qt::CTRL | Qt::Key_Y), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)},
                  tr("Do the edit again that was taken back.")},
                 [&stack](bool) { stack.redo(); });
    registry.add({QStringLiteral("edit.find"),
                  tr("&Find in the model"),
                  QStringLiteral("find"),
                  {QKeySequence::Find},
                  tr("Search sites and operations.")},
                 [this](bool) { Q_EMIT findAsked(); });
    registry.add({QStringLiteral("edit.preferences"),
                  tr("&Preferences..."),
                  QStringLiteral("settings"),
                  {QKeySequence(Qt::CTRL | Qt::Key_Comma)},
                  tr("Theme, threads, figures and shortcuts.")},
                 [this](bool) { Q_EMIT preferencesAsked(); });
}

void ViewCommands::addThemeActions() {
    ActionRegistry& registry = context_.registry;
    Settings& settings = context_.session.settings;
    auto* group = new QActionGroup(this);
    const std::pair<QString, QString> themes[] = {{QStringLiteral("system"), tr("Theme like the &system")},
                                                  {QStringLiteral("light"), tr("&Light theme")},
                                                  {QStringLiteral("dark"), tr("&Dark theme")}};
    for (const auto& [id, title] : themes)
        group->addAction(registry.add({QStringLiteral("view.theme.") + id,
                                       title,
                                       QStringLiteral("theme"),
                                       {},
                                       tr("Colours of the window and its plots."),
                                       true},
                                      [&settings, theme = id](bool) { settings.set(SettingKey::theme, theme); }));
    const auto apply = [&registry, &settings] {
        const QString theme = settings.value(SettingKey::theme).toString();
        applyTheme(*qApp, theme == QLatin1String("dark")    ? ThemeChoice::dark
                          : theme == QLatin1String("light") ? ThemeChoice::light
                                                            : ThemeChoice::system);
        registry.action(QStringLiteral("view.theme.") + theme)->setChecked(true);
    };
    connect(&settings, &Settings::changed, this, [apply](SettingKey key) {
        if (key == SettingKey::theme) apply();
    });
    apply();
}

void ViewCommands::addViewActions() {
    ActionRegistry& registry = context_.registry;
    registry.add({QStringLiteral("view.palette"),
                  tr("&Command palette..."),
                  QStringLiteral("palette"),
                  {QKeySequence(Qt::CTRL | Qt::Key_K)},
                  tr("Find a command, view, run, site or project by name.")},
                 [this](bool) { Q_EMIT paletteAsked(); });
    int number = 1;
    for (const ViewInfo& info : allViews()) {
        const QList<QKeySequence> keys =
            number <= 10 ? QList<QKeySequence>{QKeySequence(static_cast<int>(Qt::ALT) | (Qt::Key_0 + number % 10))}
                         : QList<QKeySequence>{};
        registry.add({QStringLiteral("view.tab.") + info.id, info.title, info.icon, keys, info.description},
                     [this, id = info.id](bool) { views_.showView(id); });
        ++number;
    }
    SelectionHub& selection = context_.session.selection;
    registry.add({QStringLiteral("view.back"),
                  tr("&Back"),
                  QStringLiteral("back"),
                  {QKeySequence(Qt::ALT | Qt::Key_Left)},
                  tr("The site or block chosen before.")},
                 [&selection](bool) { selection.goBack(); });
    registry.add({QStringLiteral("view.forward"),
                  tr("&Forward"),
                  QStringLiteral("forward"),
                  {QKeySequence(Qt::ALT | Qt::Key_Right)},
                  tr("The site or block chosen after this one.")},
                 [&selection](bool) { selection.goForward(); });
    registry.add({QStringLiteral("view.clear"),
                  tr("C&lear selection"),
                  {},
                  {QKeySequence(Qt::Key_Escape)},
                  tr("No site and no block is chosen.")},
                 [&selection](bool) { selection.clearSite(); });
    registry.add({QStringLiteral("view.full_screen"),
                  tr("F&ull screen"),
                  {},
                  {QKeySequence(Qt::Key_F11)},
                  tr("Use the whole screen."),
                  true},
                 [this](bool on) {
                     QMainWindow& window = context_.window;
                     window.setWindowState(on ? window.windowState() | Qt::WindowFullScreen
                                              : window.windowState() & ~Qt::WindowFullScreen);
                 });
}

void ViewCommands::addZoomActions() {
    ActionRegistry& registry = context_.registry;
    const auto add = [&](const char* id, const QString& text, const QString& iconName, const QList<QKeySequence>& keys,
                         const QString& help, void (View::*act)()) {
        registry.add({QLatin1String(id), text, iconName, keys, help}, [this, act](bool) {
            if (View* view = currentView()) (view->*act)();
        });
    };
    add("view.zoom_in", tr("Zoom &in"), QStringLiteral("zoom-in"),
        {QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)},
        tr("Look closer in the present view."), &View::zoomIn);
    add("view.zoom_out", tr("Zoom &out"), QStringLiteral("zoom-out"), {QKeySequence(Qt::CTRL | Qt::Key_Minus)},
        tr("Look from farther away."), &View::zoomOut);
    add("view.zoom_reset", tr("Show &all"), QStringLiteral("zoom-reset"), {QKeySequence(Qt::CTRL | Qt::Key_0)},
        tr("Show everything in the present view."), &View::resetZoom);
    add("view.zoom_back", tr("&Previous zoom"), {}, {QKeySequence(Qt::CTRL | Qt::Key_Backspace)},
        tr("The zoom before this one."), &View::zoomBack);
    add("view.pin", tr("&Pin value"), QStringLiteral("pin"), {},
        tr("Keep the value under the pointer on the plot, or take the pins away."), &View::togglePin);
    registry.add({QStringLiteral("view.copy_data"),
                  tr("&Copy data"),
                  QStringLiteral("copy"),
                  {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C)},
                  tr("Copy the numbers of the present view as CSV.")},
                 [this](bool) {
                     if (View* view = currentView())
                         QGuiApplication::clipboard()->setText(toQt(report::toCsv(view->table())));
                 });
}

void ViewCommands::refresh() {
    ActionRegistry& registry = context_.registry;
    const Session& session = context_.session;
    const bool open = session.study.isOpen();
    const QString noProject = tr("No project is open.");
    const QUndoStack& stack = context_.session.study.undoStack();
    const auto named = [&](const char* id, const QString& verb, const QString& what, bool can, const QString& reason) {
        QAction* action = registry.action(QLatin1String(id));
        const QString text = what.isEmpty() || !can ? verb : QStringLiteral("%1: %2").arg(verb, what);
        if (action->text() != text) action->setText(text);
        registry.setEnabled(QLatin1String(id), open && can, open ? reason : noProject);
    };
    named("edit.undo", tr("&Undo"), stack.undoText(), stack.canUndo(), tr("Nothing was edited."));
    named("edit.redo", tr("&Redo"), stack.redoText(), stack.canRedo(), tr("Nothing was taken back."));
    for (const char* id : {"edit.find", "view.clear"}) registry.setEnabled(QLatin1String(id), open, noProject);
    for (const ViewInfo& info : allViews()) registry.setEnabled(QStringLiteral("view.tab.") + info.id, open, noProject);
    registry.setEnabled(QStringLiteral("view.back"), open && session.selection.canGoBack(),
                        tr("No site was chosen before."));
    registry.setEnabled(QStringLiteral("view.forward"), open && session.selection.canGoForward(),
                        tr("No site was chosen after this one."));
    const View* view = currentView();
    for (const char* id : {"view.zoom_in", "view.zoom_out", "view.zoom_reset", "view.pin", "view.copy_data"})
        registry.setEnabled(QLatin1String(id), view != nullptr, open ? tr("No view is open.") : noProject);
    registry.setEnabled(QStringLiteral("view.zoom_back"), view && view->canZoomBack(), tr("The view was not zoomed."));
}

}  // namespace vitrine::widgets
