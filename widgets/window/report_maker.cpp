// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/report_maker.h"

#include <QPointer>

#include "base/files.h"
#include "project/project.h"
#include "report/html.h"
#include "report/report.h"
#include "report/svg.h"
#include "widgets/base/text.h"
#include "widgets/window/report_printer.h"

namespace vitrine::widgets {
namespace {

/// Shares of the whole time, for the bar.
constexpr double kRead = 0.1, kDrawn = 0.9;

struct Prepared {
    std::shared_ptr<report::Document> document;
    std::shared_ptr<QTemporaryDir> folder;
    std::vector<FigureJob> figures;
};

QString drawingFile(const QTemporaryDir& folder, std::size_t index) {
    return folder.filePath(QStringLiteral("%1.svg").arg(index));
}

Prepared prepare(const ReportRequest& request) {
    const project::Project project = project::Project::open(toPath(request.project));
    std::vector<std::string> ids;
    for (const QString& run : request.runs) ids.push_back(toStd(run));
    Prepared prepared;
    prepared.document =
        std::make_shared<report::Document>(report::studyReport(project, report::readRuns(project, ids)));
    if (!request.title.isEmpty()) prepared.document->title = toStd(request.title);
    if (!request.figures) return prepared;
    prepared.folder = std::make_shared<QTemporaryDir>();
    if (!prepared.folder->isValid())
        fail(ErrorCode::ioFailure, "no temporary folder can be made", toStd(prepared.folder->errorString()),
             "free some space");
    for (const report::Figure* figure : report::figuresOf(*prepared.document))
        prepared.figures.push_back({request.project, toQt(figure->run), toQt(figure->against), toQt(figure->view),
                                    toQt(figure->site), toQt(figure->options),
                                    QSizeF(figure->widthMm, figure->heightMm),
                                    drawingFile(*prepared.folder, prepared.figures.size())});
    return prepared;
}

/// Takes the drawings into the document; a line for each that is refused.
QStringList takeDrawings(report::Document& document, const QTemporaryDir& folder) {
    std::size_t index = 0;
    const std::vector<std::string> refused =
        report::fillFigures(document, [&](const report::Figure&) -> std::optional<std::string> {
            const std::filesystem::path file = toPath(drawingFile(folder, index++));
            std::error_code ignored;
            if (!std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
            return readTextFile(file, report::kMaximumSvg);
        });
    QStringList lines;
    for (const std::string& line : refused) lines.append(toQt(line));
    return lines;
}

}  // namespace

ReportMaker::ReportMaker(QThreadPool& pool, QObject* parent) : QObject(parent), pool_(pool), renderer_(pool) {
    connect(&renderer_, &FigureRenderer::progressed, this, [this](int done, int all) {
        if (isRunning())
            Q_EMIT progressed(kRead + (kDrawn - kRead) * done / std::max(1, all),
                              tr("Drawing figure %1 of %2").arg(done).arg(all));
    });
    connect(&renderer_, &FigureRenderer::finished, this, &ReportMaker::write);
    // Without drawings the report still has every table.
    connect(&renderer_, &FigureRenderer::failed, this, [this](const Error& error) { write({errorText(error)}); });
}

ReportMaker::~ReportMaker() { cancel(); }

void ReportMaker::start(const ReportRequest& request) {
    cancel();
    request_ = request;
    stop_ = std::make_shared<std::atomic<bool>>(false);
    Q_EMIT progressed(0, tr("Reading runs"));
    inBackground(
        pool_, this, [request] { return prepare(request); },
        [this, stop = stop_](Outcome<Prepared> outcome) {
            if (*stop) return;
            auto* prepared = std::get_if<Prepared>(&outcome);
            if (!prepared) {
                end(std::get<Error>(outcome));
                return;
            }
            document_ = prepared->document;
            folder_ = prepared->folder;
            if (prepared->figures.empty())
                write({});
            else
                renderer_.start(std::move(prepared->figures));
        });
}

void ReportMaker::write(const QStringList& complaints) {
    if (!isRunning()) return;
    Q_EMIT progressed(kDrawn, tr("Writing"));
    const auto progressedOnUi = [self = QPointer<ReportMaker>(this), stop = stop_](double fraction) {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, stop, fraction] {
                if (self && !*stop) Q_EMIT self->progressed(kDrawn + (1 - kDrawn) * fraction, tr("Writing"));
            },
            Qt::QueuedConnection);
        return !*stop;
    };
    inBackground(
        pool_, this,
        [document = document_, folder = folder_, request = request_, complaints, progressedOnUi, stop = stop_] {
            QStringList lines = complaints;
            if (folder) lines += takeDrawings(*document, *folder);
            if (*stop) fail(ErrorCode::stopped, "the report was cancelled");
            if (request.format == ReportRequest::Format::pdf)
                printReport(*document, request.out, progressedOnUi);
            else
                writeFileAtomically(toPath(request.out), report::toHtml(*document));
            return lines;
        },
        [this, stop = stop_](const Outcome<QStringList>& outcome) {
            if (*stop) return;
            if (const QStringList* lines = valueOf(outcome)) {
                stop_.reset();
                document_.reset();
                folder_.reset();
                Q_EMIT finished(request_.out, *lines);
            } else {
                end(std::get<Error>(outcome));
            }
        });
}

void ReportMaker::end(const Error& error) {
    stop_.reset();
    document_.reset();
    folder_.reset();
    Q_EMIT failed(error);
}

void ReportMaker::cancel() {
    if (stop_) *stop_ = true;
    stop_.reset();
    renderer_.cancel();
    document_.reset();
    folder_.reset();
}

}  // namespace vitrine::widgets
