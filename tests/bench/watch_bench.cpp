// SPDX-License-Identifier: GPL-3.0-or-later
// Repeats a run in the window with one view in front: "bench_watch PROJECT RUN VIEW [WIDTH HEIGHT]" prints the id of the new run. See watching.py.
#include <QApplication>
#include <QTemporaryDir>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "engine/runtime.h"
#include "runs/run.h"
#include "widgets/base/text.h"
#include "widgets/window/main_window.h"

namespace {

using namespace vitrine;
using namespace vitrine::widgets;

void watch(MainWindow& window, runs::RunSpec spec, const QString& view) {
    Session& session = window.session();
    QObject::connect(&session.study, &Study::opened, &window, [&session, spec = std::move(spec)] {
        session.jobs.addRun(spec, QStringLiteral("Watched run"), JobCenter::When::now);
    });
    QObject::connect(&session.jobs, &JobCenter::runBegun, &window, [&window, view](jobs::JobId, const QString& run) {
        std::printf("%s\n", qPrintable(run));
        std::fflush(stdout);
        window.session().selection.setRunA(run);
        window.views().showView(view);
    });
    QObject::connect(&session.jobs, &JobCenter::ended, &window, [&window, view](jobs::JobId id, const QString&) {
        const JobItem* item = window.session().jobs.item(id);
        const bool watched = window.views().currentId() == view && window.isVisible();
        QApplication::exit(watched && item != nullptr && item->state == jobs::JobState::finished ? 0 : 1);
    });
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc < 4) return 2;
    try {
        const QString project = QString::fromLocal8Bit(argv[1]);
        runs::RunSpec spec = runs::resumeSpec(toPath(project), argv[2]);
        spec.resume.reset();
        const QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("settings.ini")));
        settings.set(SettingKey::tourSeen, true);
        MainWindow window(settings);
        window.resize(argc > 5 ? std::atoi(argv[4]) : 1280, argc > 5 ? std::atoi(argv[5]) : 800);
        window.show();
        watch(window, std::move(spec), QString::fromLocal8Bit(argv[3]));
        engine::configureRuntime({.threads = 1});
        window.openPaths({project});
        return QApplication::exec();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
