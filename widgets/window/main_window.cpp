// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/main_window.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMimeData>
#include <QScreen>
#include <QStackedWidget>
#include <QStatusBar>
#include <QThreadPool>
#include <QTimer>
#include <QVBoxLayout>

#include "widgets/base/text.h"
#include "widgets/forms/drop_preview.h"
#include "widgets/panels/jobs_panel.h"
#include "widgets/panels/model_panel.h"
#include "widgets/window/arrangement.h"
#include "widgets/window/copy_commands.h"
#include "widgets/window/dock_titles.h"
#include "widgets/window/docks.h"
#include "widgets/window/help_commands.h"
#include "widgets/window/image_commands.h"
#include "widgets/window/layout_commands.h"
#include "widgets/window/menus.h"
#include "widgets/window/output_commands.h"
#include "widgets/window/palette_source.h"
#include "widgets/window/panel_links.h"
#include "widgets/window/project_commands.h"
#include "widgets/window/recovery_dialog.h"
#include "widgets/window/run_bar.h"
#include "widgets/window/run_commands.h"
#include "widgets/window/start_page.h"
#include "widgets/window/status_parts.h"
#include "widgets/window/view_commands.h"

namespace vitrine::widgets {
namespace {

constexpr int kPoolThreads = 2;
constexpr int kRefreshMs = 30;
constexpr QSize kFirstSize{1480, 920};  // three columns and a table without scrolling; less where the screen is smaller
const QString kGeometry = QStringLiteral("window/geometry");

QStringList localFiles(const QMimeData* data) {
    QStringList files;
    for (const QUrl& url : data->urls())
        if (url.isLocalFile()) files.append(url.toLocalFile());
    return files;
}

}  // namespace

/// What the window is made of, in the order in which one part uses another. Widgets belong to the window and go before
/// all of this.
struct MainWindow::Private {
    explicit Private(MainWindow& window, Settings& settings)
        : session(settings),
          recent(settings),
          registry(&window),
          messages(new MessageBar(&window)),
          context{window, session, registry, *messages},
          views(new ViewArea(session, &window)),
          waiting(context),
          leave(context, waiting),
          interrupted(context),
          projects(context, recent, leave, pool),
          viewCommands(context, *views),
          runCommands(context, interrupted),
          outputs(context, pool),
          copies(context),
          images(context, pool),
          help(context, pool),
          docks(makeDocks(context)),
          titles(window, docks.all),
          layouts(window, docks.all, settings),
          layoutCommands(context, layouts, docks.all),
          arrangement(context, *views, waiting),
          links(context, docks, *views, layoutCommands, outputs, runCommands, projects, images) {
        pool.setMaxThreadCount(kPoolThreads);
        refreshSoon.setSingleShot(true);
        refreshSoon.setInterval(kRefreshMs);
    }

    Session session;
    QThreadPool pool;  ///< for files outside projects; waits for its work when it goes
    RecentProjects recent;
    ActionRegistry registry;
    MessageBar* messages;
    WindowContext context;
    ViewArea* views;
    WaitingQueue waiting;
    LeaveGuard leave;
    InterruptedRuns interrupted;
    ProjectCommands projects;
    ViewCommands viewCommands;
    RunCommands runCommands;
    OutputCommands outputs;
    CopyCommands copies;
    ImageCommands images;
    HelpCommands help;
    Docks docks;
    DockTitles titles;
    Layouts layouts;
    LayoutCommands layoutCommands;
    Arrangement arrangement;
    PanelLinks links;
    QTimer refreshSoon;
    QStackedWidget* centre = nullptr;
    StartPage* startPage = nullptr;
    RunBar* bar = nullptr;
    CommandPalette* palette = nullptr;
    QObject life;  ///< context of the window's connections; the first to go, so that none is called while the rest goes
};

MainWindow::MainWindow(Settings& settings, const WindowOptions& options)
    : d_(std::make_unique<Private>(*this, settings)) {
    setObjectName(QStringLiteral("window"));
    setAcceptDrops(true);
    setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowTabbedDocks | QMainWindow::AllowNestedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    d_->registry.loadShortcuts(settings.store());
    makeMenus(d_->context, d_->recent, d_->layoutCommands, d_->docks.all,
              [this](const QString& folder) { d_->projects.openProject(folder); });
    d_->bar = new RunBar(d_->registry, d_->session, this);
    addToolBar(d_->bar);
    makeCentre();
    makeStatusBar();
    d_->palette = new CommandPalette(this, [this] {
        return paletteItems(d_->context, d_->recent,
                            [this](const QString& folder) { d_->projects.openProject(folder); });
    });
    connectStudy();
    connectCommands();
    if (options.resetLayout) d_->layouts.resetAll();
    restoreGeometryOfLastTime();
    openedOrClosed();
}

MainWindow::~MainWindow() {
    // Panels keep references to the session, which goes with d_.
    qDeleteAll(findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
}

void MainWindow::makeCentre() {
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(d_->messages);
    d_->centre = new QStackedWidget(centre);
    d_->startPage = new StartPage(d_->registry, d_->recent, centre);
    d_->centre->addWidget(d_->startPage);
    d_->centre->addWidget(d_->views);
    layout->addWidget(d_->centre, 1);
    setCentralWidget(centre);
    connect(d_->startPage, &StartPage::openAsked, this, [this](const QString& folder) { openPaths({folder}); });
    connect(d_->startPage, &StartPage::locateAsked, &d_->projects, &ProjectCommands::locate);
}

void MainWindow::makeStatusBar() {
    auto* jobs = new JobsStatus(d_->session, this);
    connect(jobs, &QAbstractButton::clicked, this, [this] { d_->layoutCommands.showPanel(QStringLiteral("jobs")); });
    statusBar()->setObjectName(QStringLiteral("status"));
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(0, 0, 10, 0);
    statusBar()->addPermanentWidget(jobs);
    statusBar()->addPermanentWidget(new SavedIndicator(d_->session.study, this));
    statusBar()->addPermanentWidget(new MemoryLabel(this));
}

void MainWindow::connectStudy() {
    Study& study = d_->session.study;
    connect(&study, &Study::opened, &d_->life, [this] { openedOrClosed(); });
    connect(&study, &Study::closed, &d_->life, [this] { openedOrClosed(); });
    connect(&study, &Study::busyChanged, &d_->life, [this](bool busy) {
        const bool opening = busy && !d_->session.study.isOpen();
        d_->startPage->setBusy(opening ? tr("Opening the project...") : QString());
        d_->refreshSoon.start();
    });
    connect(&study, &Study::failed, d_->messages, &MessageBar::showError);
    connect(&study, &Study::recovered, &d_->life, [this](const std::vector<project::RecoveredEdits>& found) {
        if (found.empty()) return;
        auto* dialog = new RecoveryDialog(d_->session.study, found, this);
        dialog->show();
    });
    connect(&study, &Study::modifiedChanged, &d_->life, [this] { updateTitle(); });
    connect(&study, &Study::editsChanged, &d_->life, [this] { updateTitle(); });
    const auto refreshSoon = [this] { d_->refreshSoon.start(); };
    connect(&study, &Study::runsChanged, &d_->life, refreshSoon);
    connect(&study, &Study::modifiedChanged, &d_->life, refreshSoon);
    connect(&study, &Study::saved, &d_->life, refreshSoon);
    connect(&study.undoStack(), &QUndoStack::indexChanged, &d_->life, refreshSoon);
    connect(&d_->session.selection, &SelectionHub::runsChanged, &d_->life, refreshSoon);
    connect(&d_->session.selection, &SelectionHub::historyChanged, &d_->life, refreshSoon);
    for (const auto signal : {&JobCenter::added, &JobCenter::removed})
        connect(&d_->session.jobs, signal, &d_->life, refreshSoon);
    // A job that works changes twenty times a second; what can be done changes with its state.
    connect(&d_->session.jobs, &JobCenter::changed, &d_->life, [this] {
        if (!d_->refreshSoon.isActive()) d_->refreshSoon.start();
    });
    connect(&d_->session.jobs, &JobCenter::ended, &d_->life, refreshSoon);
    connect(&d_->recent, &RecentProjects::changed, &d_->life, refreshSoon);
    connect(d_->views, &ViewArea::currentViewChanged, &d_->life, refreshSoon);
    connect(d_->views, &ViewArea::panelMade, &d_->life, refreshSoon);
    // Who comes back from the file manager may have brought what was missing.
    connect(qGuiApp, &QGuiApplication::applicationStateChanged, &d_->life, [this](Qt::ApplicationState state) {
        if (state == Qt::ApplicationActive) d_->session.study.retrySources();
    });
    connect(&d_->refreshSoon, &QTimer::timeout, &d_->life, [this] { refresh(); });
}

void MainWindow::connectCommands() {
    connect(&d_->viewCommands, &ViewCommands::paletteAsked, d_->palette, &CommandPalette::open);
    connect(&d_->viewCommands, &ViewCommands::findAsked, &d_->life, [this] {
        d_->layoutCommands.showPanel(QStringLiteral("model"));
        d_->docks.model->focusFilter();
    });
    connect(&d_->viewCommands, &ViewCommands::preferencesAsked, &d_->help, &HelpCommands::openPreferences);
    connect(&d_->runCommands, &RunCommands::viewAsked, d_->views, &ViewArea::showView);
    connect(&d_->interrupted, &InterruptedRuns::showAsked, &d_->life,
            [this] { d_->layoutCommands.showPanel(QStringLiteral("runs")); });
    connect(&d_->projects, &ProjectCommands::importAsked, &d_->life,
            [this](const QStringList& paths, project::ImageRole role) { importPaths(paths, role); });
    connect(&d_->leave, &LeaveGuard::left, &d_->life, [this] { d_->arrangement.store(); });
    connect(&d_->copies, &CopyCommands::openAsked, &d_->projects, &ProjectCommands::openProject);
    connect(&d_->help, &HelpCommands::tourAsked, &d_->life, [this] { showTour(); });
    connect(&d_->outputs, &OutputCommands::reportMade, &d_->life,
            [this] { d_->docks.tour->markDone(QStringLiteral("report")); });
    connect(d_->docks.tour, &TourPanel::skipAsked, &d_->life,
            [this] { d_->docks.dock(QStringLiteral("tour"))->hide(); });
    connect(&d_->layouts, &Layouts::activated, &d_->life, [this](const QString& name) {
        if (name == QLatin1String("compare")) d_->views->showView(QStringLiteral("compare_summary"));
    });
}

void MainWindow::openedOrClosed() {
    const bool open = d_->session.study.isOpen();
    d_->layouts.setProjectShown(open);
    d_->bar->setVisible(open);
    d_->centre->setCurrentWidget(open ? static_cast<QWidget*>(d_->views) : d_->startPage);
    d_->startPage->setBusy({});
    if (!open) d_->recent.refresh();
    if (open && !d_->session.settings.value(SettingKey::tourSeen).toBool()) showTour();
    updateTitle();
    refresh();
}

void MainWindow::showTour() {
    d_->session.settings.set(SettingKey::tourSeen, true);
    d_->layoutCommands.showPanel(QStringLiteral("tour"));
}

void MainWindow::updateTitle() {
    const Study& study = d_->session.study;
    if (!study.isOpen()) {
        setWindowTitle(QStringLiteral("Vitrine"));
        setWindowModified(false);
        return;
    }
    const QString name = toQt(study.edits().name);
    setWindowTitle(tr("%1[*]").arg(name.isEmpty() ? QFileInfo(study.folder()).fileName() : name));
    setWindowFilePath(study.folder());
    setWindowModified(study.isModified());
}

void MainWindow::refresh() {
    d_->projects.refresh();
    d_->viewCommands.refresh();
    d_->runCommands.refresh();
    d_->outputs.refresh();
    d_->copies.refresh();
    d_->layoutCommands.refresh();
}

void MainWindow::restoreGeometryOfLastTime() {
    const QByteArray geometry = d_->session.settings.store().value(kGeometry).toByteArray();
    if (!geometry.isEmpty() && restoreGeometry(geometry)) return;
    resize(kFirstSize.boundedTo(screen()->availableSize() * 0.92));
}

void MainWindow::start(const QStringList& files) {
    if (!files.isEmpty()) {
        openPaths(files);
        return;
    }
    const Settings& settings = d_->session.settings;
    const QString last = settings.value(SettingKey::lastProject).toString();
    if (settings.value(SettingKey::reopenLast).toBool() && !last.isEmpty()) openPaths({last});
}

void MainWindow::openPaths(const QStringList& paths) { d_->projects.openPaths(paths); }

void MainWindow::importPaths(const QStringList& paths, project::ImageRole role) {
    if (paths.isEmpty()) return;
    auto* preview = new DropPreview(d_->session, paths, role, this);
    preview->setAttribute(Qt::WA_DeleteOnClose);
    connect(preview, &DropPreview::openAsked, &d_->projects, &ProjectCommands::openProject);
    connect(preview, &DropPreview::projectAsked, &d_->projects, &ProjectCommands::createProject);
    connect(preview, &DropPreview::added, this, [this](int count) {
        Message message{Message::Level::good, QStringLiteral("added"),
                        counted(count, tr("One item was added to the project."), tr("%1 items were added to the project."))};
        message.seconds = 6;
        d_->messages->show(message);
    });
    preview->show();
}

void MainWindow::warn(const QString& text) { d_->session.log.add(LogLevel::warning, QStringLiteral("vitrine"), text); }

Session& MainWindow::session() { return d_->session; }
ActionRegistry& MainWindow::registry() { return d_->registry; }
MessageBar& MainWindow::messages() { return *d_->messages; }
Layouts& MainWindow::layouts() { return d_->layouts; }
ViewArea& MainWindow::views() { return *d_->views; }
CommandPalette& MainWindow::palette() { return *d_->palette; }

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!d_->projects.mayQuit()) {
        event->ignore();
        d_->projects.quit();
        return;
    }
    d_->session.settings.store().setValue(kGeometry, saveGeometry());
    d_->layouts.store();
    d_->arrangement.store();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!localFiles(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QStringList files = localFiles(event->mimeData());
    if (files.isEmpty()) return;
    event->acceptProposedAction();
    openPaths(files);
}

}  // namespace vitrine::widgets
