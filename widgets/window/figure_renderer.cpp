// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/figure_renderer.h"

#include <sys/prctl.h>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryFile>
#include <csignal>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

constexpr int kLookEveryMs = 200;

QByteArray requestText(const std::vector<FigureJob>& jobs) {
    QJsonArray list;
    for (const FigureJob& job : jobs) {
        QJsonObject object{{QStringLiteral("project"), job.project},
                           {QStringLiteral("run"), job.run},
                           {QStringLiteral("against"), job.against},
                           {QStringLiteral("view"), job.view},
                           {QStringLiteral("site"), job.site},
                           {QStringLiteral("options"), QJsonDocument::fromJson(job.options.toUtf8()).object()},
                           {QStringLiteral("out"), job.out}};
        // A side that is not told is as long as is good for the view.
        if (job.sizeMm.width() > 0) object.insert(QStringLiteral("width_mm"), job.sizeMm.width());
        if (job.sizeMm.height() > 0) object.insert(QStringLiteral("height_mm"), job.sizeMm.height());
        list.append(object);
    }
    return QJsonDocument(list).toJson();
}

/// How many of the files are there.
int filesThere(const std::vector<FigureJob>& jobs) {
    int count = 0;
    for (const FigureJob& job : jobs) count += QFile::exists(job.out) ? 1 : 0;
    return count;
}

}  // namespace

FigureRenderer::FigureRenderer(QThreadPool& pool, QObject* parent) : QObject(parent), pool_(pool) {
    connect(&timer_, &QTimer::timeout, this, &FigureRenderer::look);
}

FigureRenderer::~FigureRenderer() { cancel(); }

QString FigureRenderer::program() {
    const QString chosen = qEnvironmentVariable("VITRINE_RENDERER");
    return chosen.isEmpty() ? QCoreApplication::applicationFilePath() : chosen;
}

void FigureRenderer::start(std::vector<FigureJob> jobs) {
    cancel();
    jobs_ = std::move(jobs);
    done_ = 0;
    running_ = true;
    const auto ticket = starts_.next();
    inBackground(
        pool_, this,
        [text = requestText(jobs_)] {
            QTemporaryFile file(QDir::temp().filePath(QStringLiteral("vitrine-figures-XXXXXX.json")));
            file.setAutoRemove(false);  // the other program reads it; removed when that has ended
            if (!file.open() || file.write(text) != text.size())
                fail(ErrorCode::ioFailure, "no temporary file can be written: " + toStd(file.errorString()),
                     toStd(file.fileName()), "free some space");
            return file.fileName();
        },
        [this, ticket](const Outcome<QString>& outcome) {
            if (!starts_.isLatest(ticket) || !running_) return;
            if (const QString* request = valueOf(outcome))
                launch(*request);
            else
                end(&std::get<Error>(outcome));
        });
}

void FigureRenderer::launch(const QString& request) {
    process_ = std::make_unique<QProcess>();
    connect(process_.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        const Error failure{ErrorCode::notFound, "the program that draws figures cannot be started", toStd(program()),
                            "install Vitrine again, or leave figures out"};
        end(&failure);
    });
    connect(process_.get(), &QProcess::finished, this, [this, request](int, QProcess::ExitStatus status) {
        removeRequest(request);
        if (status == QProcess::CrashExit) {
            const Error failure{ErrorCode::internal, "the program that draws figures ended unexpectedly",
                                toStd(program()), "try again without figures"};
            end(&failure);
            return;
        }
        end(nullptr);
    });
    // It dies with this program, however that ends.
    process_->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    process_->start(program(), {QStringLiteral("--render-list"), request});
    timer_.start(kLookEveryMs);
}

void FigureRenderer::removeRequest(const QString& request) {
    pool_.start([request] { QFile::remove(request); });
}

void FigureRenderer::look() {
    inBackground(
        pool_, this, [jobs = jobs_] { return filesThere(jobs); },
        [this](const Outcome<int>& outcome) {
            const int* there = valueOf(outcome);
            if (!running_ || !there || *there <= done_) return;
            done_ = *there;
            Q_EMIT progressed(done_, static_cast<int>(jobs_.size()));
        });
}

void FigureRenderer::end(const Error* error) {
    running_ = false;
    timer_.stop();
    if (error) {
        Q_EMIT failed(*error);
        return;
    }
    const QStringList complaints =
        QString::fromUtf8(process_->readAllStandardError()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    Q_EMIT progressed(static_cast<int>(jobs_.size()), static_cast<int>(jobs_.size()));
    Q_EMIT finished(complaints);
}

void FigureRenderer::cancel() {
    starts_.next();
    running_ = false;
    timer_.stop();
    if (!process_) return;
    process_->disconnect(this);
    // It has nothing to save; waiting for a polite end would hold up the window.
    process_->kill();
    connect(process_.get(), &QProcess::finished, process_.get(), &QObject::deleteLater);
    if (process_->state() == QProcess::NotRunning)
        process_.reset();
    else
        process_.release()->setParent(QCoreApplication::instance());
}

}  // namespace vitrine::widgets
