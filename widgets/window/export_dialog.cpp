// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/export_dialog.h"

#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "widgets/base/text.h"
#include "widgets/base/themed.h"
#include "widgets/views/view.h"

namespace vitrine::widgets {
namespace {

constexpr int kIdRole = Qt::UserRole;

}  // namespace

std::vector<FigureJob> exportJobs(const QString& project, const QStringList& runs, const QString& against, bool data,
                                  bool figures, const QString& folder) {
    std::vector<FigureJob> jobs;
    for (const QString& run : runs) {
        for (const ViewInfo& view : allViews()) {
            const bool pair = view.comparesOnly;
            if (pair && (against.isEmpty() || against == run)) continue;
            const QString place = QDir(folder).filePath(pair ? QStringLiteral("%1_vs_%2").arg(run, against) : run);
            FigureJob job{project, run, pair ? against : QString(), view.id};
            for (const auto& [wanted, extension] :
                 {std::pair{data, QStringLiteral("csv")}, std::pair{figures, QStringLiteral("svg")}}) {
                if (!wanted) continue;
                job.out = QDir(place).filePath(view.id + QLatin1Char('.') + extension);
                jobs.push_back(job);
            }
        }
    }
    return jobs;
}

ExportDialog::ExportDialog(Session& session, QThreadPool& pool, QWidget* parent)
    : QDialog(parent),
      session_(session),
      pool_(pool),
      renderer_(pool),
      runs_(new QListWidget(this)),
      data_(new QCheckBox(tr("Data of every view (CSV)"), this)),
      figures_(new QCheckBox(tr("Figure of every view (SVG)"), this)),
      folder_(new QLineEdit(this)),
      count_(mutedLabel({}, this)),
      progress_(new QProgressBar(this)),
      export_(new QPushButton(tr("Export"), this)),
      cancel_(new QPushButton(tr("Close"), this)) {
    setObjectName(QStringLiteral("export"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Export all data"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(18, 18, 18, 16);
    layout->setSpacing(10);
    layout->addWidget(headingLabel(tr("Runs"), this, 1));
    runs_->setObjectName(QStringLiteral("export.runs"));
    runs_->setAccessibleName(tr("Runs to export"));
    runs_->setSpacing(2);
    const QString runA = session_.selection.selection().runA;
    for (const project::RunSummary& run : session_.study.runs()) {
        if (!project::isComplete(run.state)) continue;
        const QString id = toQt(run.id), title = session_.study.runTitle(id);
        auto* item = new QListWidgetItem(title == id ? id : QStringLiteral("%1 (%2)").arg(title, id), runs_);
        item->setData(kIdRole, id);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(id == runA || runA.isEmpty() ? Qt::Checked : Qt::Unchecked);
    }
    layout->addWidget(runs_, 1);
    data_->setChecked(true);
    figures_->setChecked(true);
    layout->addWidget(data_);
    layout->addWidget(figures_);
    auto* form = new QFormLayout;
    auto* row = new QHBoxLayout;
    folder_->setObjectName(QStringLiteral("export.folder"));
    folder_->setText(QDir(session_.study.folder()).filePath(QStringLiteral("export")));
    auto* browseButton = new QPushButton(tr("Browse..."), this);
    row->addWidget(folder_, 1);
    row->addWidget(browseButton);
    form->addRow(tr("&Folder"), row);
    static_cast<QLabel*>(form->labelForField(row))->setBuddy(folder_);
    layout->addLayout(form);
    layout->addWidget(count_);
    layout->addLayout(makeBottom());
    resize(520, 480);
    connect(browseButton, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(runs_, &QListWidget::itemChanged, this, &ExportDialog::update);
    connect(data_, &QCheckBox::toggled, this, &ExportDialog::update);
    connect(figures_, &QCheckBox::toggled, this, &ExportDialog::update);
    connect(export_, &QPushButton::clicked, this, &ExportDialog::start);
    connect(cancel_, &QPushButton::clicked, this, [this] {
        if (!renderer_.isRunning()) {
            reject();
            return;
        }
        renderer_.cancel();
        setWorking(false);
    });
    connect(&renderer_, &FigureRenderer::progressed, this,
            [this](int done, int all) { progress_->setValue(all == 0 ? 0 : done * 1000 / all); });
    connect(&renderer_, &FigureRenderer::failed, this, [this](const Error& error) {
        setWorking(false);
        Q_EMIT failed(error);
    });
    connect(&session_.study, &Study::closed, this, &QDialog::reject);
    setWorking(false);
}

QLayout* ExportDialog::makeBottom() {
    auto* bottom = new QHBoxLayout;
    progress_->setRange(0, 1000);
    progress_->setTextVisible(false);
    progress_->setObjectName(QStringLiteral("export.progress"));
    export_->setObjectName(QStringLiteral("export.start"));
    cancel_->setObjectName(QStringLiteral("export.cancel"));
    makePrimary(export_);
    bottom->addWidget(progress_, 1);
    bottom->addStretch(1);
    bottom->addWidget(cancel_);
    bottom->addWidget(export_);
    return bottom;
}

QStringList ExportDialog::chosenRuns() const {
    QStringList ids;
    for (int row = 0; row < runs_->count(); ++row)
        if (runs_->item(row)->checkState() == Qt::Checked) ids.append(runs_->item(row)->data(kIdRole).toString());
    return ids;
}

void ExportDialog::update() {
    const Selection& selection = session_.selection.selection();
    const auto jobs = exportJobs(session_.study.folder(), chosenRuns(), selection.runB, data_->isChecked(),
                                 figures_->isChecked(), folder_->text());
    count_->setText(runs_->count() == 0
                        ? tr("No run is complete yet.")
                        : tr("Files: at most %1. Views without anything to show give none.").arg(jobs.size()));
    export_->setEnabled(!jobs.empty() && !renderer_.isRunning());
}

void ExportDialog::setWorking(bool working) {
    progress_->setVisible(working);
    cancel_->setText(working ? tr("Cancel") : tr("Close"));
    for (QWidget* each : std::initializer_list<QWidget*>{runs_, data_, figures_, folder_}) each->setEnabled(!working);
    export_->setEnabled(!working);
    if (!working) update();
}

void ExportDialog::browse() {
    auto* dialog = new QFileDialog(this, tr("Folder for the exported files"), folder_->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, folder_, &QLineEdit::setText);
    dialog->open();
}

void ExportDialog::start() {
    auto jobs = exportJobs(session_.study.folder(), chosenRuns(), session_.selection.selection().runB,
                           data_->isChecked(), figures_->isChecked(), folder_->text());
    if (jobs.empty() || renderer_.isRunning()) return;
    setWorking(true);
    const auto files = static_cast<int>(jobs.size());
    disconnect(&renderer_, &FigureRenderer::finished, this, nullptr);
    connect(&renderer_, &FigureRenderer::finished, this, [this, files](const QStringList& complaints) {
        setWorking(false);
        const auto empty = std::min(files, static_cast<int>(complaints.size()));
        Q_EMIT exported(folder_->text(), files - empty, empty);
        accept();
    });
    inBackground(
        pool_, this,
        [jobs] {
            for (const FigureJob& job : jobs)
                if (!QDir().mkpath(QFileInfo(job.out).path()))
                    fail(ErrorCode::ioFailure, "the folder cannot be made", toStd(QFileInfo(job.out).path()),
                         "choose another place");
            return jobs;
        },
        [this](const Outcome<std::vector<FigureJob>>& outcome) {
            if (const auto* ready = valueOf(outcome)) {
                renderer_.start(*ready);
                return;
            }
            setWorking(false);
            Q_EMIT failed(std::get<Error>(outcome));
        });
}

}  // namespace vitrine::widgets
