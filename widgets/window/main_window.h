// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <QStringList>
#include <memory>

#include "widgets/base/actions.h"
#include "widgets/session/session.h"
#include "widgets/window/command_palette.h"
#include "widgets/window/layouts.h"
#include "widgets/window/message_bar.h"
#include "widgets/window/view_area.h"

namespace vitrine::widgets {

struct WindowOptions {
    bool resetLayout = false;  ///< start with the shipped arrangement
};

/// The window: puts the session, the panels and the commands together and holds no logic of its own. UI thread.
class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    explicit MainWindow(Settings& settings, const WindowOptions& options = {});
    ~MainWindow() override;  ///< cancels what still runs and waits for it

    /// Opens what the command line named; without anything the last project where that is wished.
    void start(const QStringList& files);
    void warn(const QString& text);  ///< a line in the log
    void openPaths(const QStringList& paths);
    /// Offers networks and images of these paths for the project.
    void importPaths(const QStringList& paths, project::ImageRole role = project::ImageRole::any);

    Session& session();
    ActionRegistry& registry();
    MessageBar& messages();
    Layouts& layouts();
    ViewArea& views();
    CommandPalette& palette();

  protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    struct Private;
    void makeCentre();
    void makeStatusBar();
    void connectStudy();
    void connectCommands();
    void openedOrClosed();
    void updateTitle();
    void refresh();
    void restoreGeometryOfLastTime();
    void showTour();

    std::unique_ptr<Private> d_;
};

}  // namespace vitrine::widgets
