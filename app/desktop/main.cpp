// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QIcon>
#include <QTimer>

#include "command_line.h"
#include "engine/runtime.h"
#include "passive_wait.h"
#include "render.h"
#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/window/main_window.h"

namespace vitrine::desktop {
namespace {

constexpr int kRuntimeAfterMs = 300;  // sooner than anybody starts a run

void nameApplication() {
    QCoreApplication::setApplicationName(QStringLiteral("vitrine"));
    QCoreApplication::setApplicationVersion(QStringLiteral(VITRINE_VERSION));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Vitrine"));
    QGuiApplication::setDesktopFileName(QStringLiteral("vitrine"));
}

int runWithoutWindow(const CommandLine& line, int argc, char** argv) {
    // No display is needed, nor touched where there is one.
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    return static_cast<int>(render(line));
}

int runWindow(const CommandLine& line, int argc, char** argv) {
    QApplication application(argc, argv);
    widgets::Settings settings;
    QApplication::setWindowIcon(widgets::icon(QStringLiteral("vitrine")));
    widgets::MainWindow window(settings, {line.resetLayout});
    window.show();
    window.start(line.files);
    // The threads that this wakes keep all processors busy for a moment: the window is painted first.
    QTimer::singleShot(kRuntimeAfterMs, &window, [&window, &settings] {
        for (const std::string& warning : engine::configureRuntime({settings.value(widgets::SettingKey::threads).toInt()}))
            window.warn(widgets::toQt(warning));
    });
    return QApplication::exec();
}

}  // namespace
}  // namespace vitrine::desktop

int main(int argc, char** argv) {
    vitrine::waitPassively(argv);
    const auto parsed = vitrine::desktop::parseCommandLine(argc, argv);
    if (parsed.exitCode) return *parsed.exitCode;
    vitrine::desktop::nameApplication();
    if (parsed.line.mode != vitrine::desktop::CommandLine::Mode::window)
        return vitrine::desktop::runWithoutWindow(parsed.line, argc, argv);
    return vitrine::desktop::runWindow(parsed.line, argc, argv);
}
