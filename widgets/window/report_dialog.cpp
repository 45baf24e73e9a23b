// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/report_dialog.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QTimer>
#include <QVBoxLayout>

#include "project/project.h"
#include "report/report.h"
#include "widgets/base/text.h"
#include "widgets/base/themed.h"

namespace vitrine::widgets {
namespace {

constexpr int kIdRole = Qt::UserRole;

struct SectionLine {
    QString title;
    int level = 1;
};

std::vector<SectionLine> sectionsOf(const QString& folder, const QStringList& runs) {
    const project::Project project = project::Project::open(toPath(folder));
    std::vector<std::string> ids;
    for (const QString& run : runs) ids.push_back(toStd(run));
    std::vector<SectionLine> lines;
    for (const report::Section& section : report::studyReport(project, report::readRuns(project, ids)).sections)
        lines.push_back({toQt(section.title), section.level});
    return lines;
}

}  // namespace

ReportDialog::ReportDialog(Study& study, Settings& settings, QThreadPool& pool, const QStringList& chosen,
                           QWidget* parent)
    : QDialog(parent),
      study_(study),
      settings_(settings),
      pool_(pool),
      maker_(pool),
      runs_(new QListWidget(this)),
      sections_(new QListWidget(this)),
      title_(new QLineEdit(this)),
      figures_(new QCheckBox(tr("With figures"), this)),
      format_(new QComboBox(this)),
      file_(new QLineEdit(this)),
      progress_(new QProgressBar(this)),
      stage_(mutedLabel({}, this)),
      make_(new QPushButton(tr("Make report"), this)),
      cancel_(new QPushButton(tr("Close"), this)) {
    setObjectName(QStringLiteral("report"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Report"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(18, 18, 18, 16);
    layout->setSpacing(12);
    auto* lists = new QHBoxLayout;
    lists->setSpacing(14);
    lists->addWidget(makeRuns(chosen), 1);
    auto* preview = new QVBoxLayout;
    preview->setSpacing(6);
    preview->addWidget(headingLabel(tr("Sections"), this, 1));
    sections_->setObjectName(QStringLiteral("report.sections"));
    sections_->setAccessibleName(tr("Sections of the report"));
    sections_->setSelectionMode(QAbstractItemView::NoSelection);
    sections_->setFocusPolicy(Qt::NoFocus);
    preview->addWidget(sections_, 1);
    lists->addLayout(preview, 1);
    layout->addLayout(lists, 1);
    layout->addLayout(makeForm());
    layout->addLayout(makeBottom());
    resize(720, 560);
    connectAll();
    updateFileName();
    setWorking(false);
    showSections();
}

QWidget* ReportDialog::makeRuns(const QStringList& chosen) {
    auto* part = new QWidget(this);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(headingLabel(tr("Runs"), part, 1));
    runs_->setObjectName(QStringLiteral("report.runs"));
    runs_->setAccessibleName(tr("Runs of the report"));
    runs_->setSpacing(2);
    for (const project::RunSummary& run : study_.runs()) {
        if (!project::isComplete(run.state)) continue;
        const QString id = toQt(run.id), title = study_.runTitle(id);
        auto* item = new QListWidgetItem(title == id ? id : QStringLiteral("%1 (%2)").arg(title, id), runs_);
        item->setData(kIdRole, id);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(chosen.isEmpty() || chosen.contains(id) ? Qt::Checked : Qt::Unchecked);
    }
    layout->addWidget(runs_, 1);
    if (runs_->count() == 0) layout->addWidget(mutedLabel(tr("No run is complete yet."), part));
    return part;
}

QLayout* ReportDialog::makeForm() {
    auto* form = new QFormLayout;
    title_->setObjectName(QStringLiteral("report.title"));
    title_->setPlaceholderText(toQt(study_.edits().name));
    form->addRow(tr("&Title"), title_);
    format_->setObjectName(QStringLiteral("report.format"));
    format_->addItem(tr("HTML, one file"), static_cast<int>(ReportRequest::Format::html));
    format_->addItem(tr("PDF, A4"), static_cast<int>(ReportRequest::Format::pdf));
    figures_->setObjectName(QStringLiteral("report.figures"));
    figures_->setChecked(true);
    auto* formatRow = new QHBoxLayout;
    formatRow->addWidget(format_);
    formatRow->addSpacing(12);
    formatRow->addWidget(figures_);
    formatRow->addStretch(1);
    form->addRow(tr("&Format"), formatRow);
    static_cast<QLabel*>(form->labelForField(formatRow))->setBuddy(format_);
    auto* fileRow = new QHBoxLayout;
    file_->setObjectName(QStringLiteral("report.file"));
    file_->setText(QDir(study_.folder()).filePath(QStringLiteral("report.html")));
    auto* browseButton = new QPushButton(tr("Browse..."), this);
    connect(browseButton, &QPushButton::clicked, this, &ReportDialog::browse);
    fileRow->addWidget(file_, 1);
    fileRow->addWidget(browseButton);
    form->addRow(tr("F&ile"), fileRow);
    static_cast<QLabel*>(form->labelForField(fileRow))->setBuddy(file_);
    return form;
}

QLayout* ReportDialog::makeBottom() {
    auto* bottom = new QHBoxLayout;
    progress_->setObjectName(QStringLiteral("report.progress"));
    progress_->setRange(0, 1000);
    progress_->setTextVisible(false);
    progress_->setMaximumWidth(200);
    stage_->setWordWrap(false);
    make_->setObjectName(QStringLiteral("report.make"));
    cancel_->setObjectName(QStringLiteral("report.cancel"));
    makePrimary(make_);
    bottom->addWidget(progress_);
    bottom->addWidget(stage_, 1);
    bottom->addWidget(cancel_);
    bottom->addWidget(make_);
    return bottom;
}

void ReportDialog::connectAll() {
    connect(runs_, &QListWidget::itemChanged, this, &ReportDialog::showSections);
    connect(format_, &QComboBox::activated, this, &ReportDialog::updateFileName);
    connect(make_, &QPushButton::clicked, this, &ReportDialog::start);
    connect(cancel_, &QPushButton::clicked, this, [this] {
        if (!maker_.isRunning()) {
            reject();
            return;
        }
        maker_.cancel();
        setWorking(false);
    });
    connect(&maker_, &ReportMaker::progressed, this, [this](double fraction, const QString& what) {
        progress_->setValue(static_cast<int>(fraction * 1000));
        stage_->setText(what);
    });
    connect(&maker_, &ReportMaker::finished, this, [this](const QString& file, const QStringList& complaints) {
        setWorking(false);
        if (!complaints.isEmpty())
            Q_EMIT warned(tr("Figures that could not be drawn: %1. The first: %2")
                              .arg(complaints.size())
                              .arg(complaints.first()));
        Q_EMIT made(file);
        accept();
    });
    connect(&maker_, &ReportMaker::failed, this, [this](const Error& error) {
        setWorking(false);
        stage_->setText(errorText(error));
        Q_EMIT failed(error);
    });
    connect(&study_, &Study::closed, this, &QDialog::reject);
}

void ReportDialog::addRun(const QString& run) {
    for (int row = 0; row < runs_->count(); ++row)
        if (runs_->item(row)->data(kIdRole).toString() == run) runs_->item(row)->setCheckState(Qt::Checked);
}

QStringList ReportDialog::chosenRuns() const {
    QStringList ids;
    for (int row = 0; row < runs_->count(); ++row)
        if (runs_->item(row)->checkState() == Qt::Checked) ids.append(runs_->item(row)->data(kIdRole).toString());
    return ids;
}

void ReportDialog::showSections() {
    const QStringList chosen = chosenRuns();
    make_->setEnabled(!chosen.isEmpty() && !maker_.isRunning());
    const auto ticket = previews_.next();
    const auto say = [this](const QString& text) {
        sections_->clear();
        (new QListWidgetItem(text, sections_))->setForeground(palette().placeholderText());
    };
    if (chosen.isEmpty()) return say(study_.runs().empty() ? tr("There are no runs to report yet.") : tr("Choose at least one run."));
    if (sections_->count() < 2) say(tr("The runs are being read."));
    inBackground(
        pool_, this, [folder = study_.folder(), chosen] { return sectionsOf(folder, chosen); },
        [this, ticket](const Outcome<std::vector<SectionLine>>& outcome) {
            if (!previews_.isLatest(ticket)) return;
            sections_->clear();
            if (const auto* lines = valueOf(outcome)) {
                for (const SectionLine& line : *lines) {
                    auto* item = new QListWidgetItem(
                        (line.level > 1 ? QStringLiteral("      ") : QString()) + line.title, sections_);
                    QFont font = item->font();
                    font.setBold(line.level == 1);
                    item->setFont(font);
                }
            } else {
                stage_->setText(errorText(std::get<Error>(outcome)));
            }
        });
}

void ReportDialog::setWorking(bool working) {
    progress_->setVisible(working);
    if (!working) stage_->clear();
    cancel_->setText(working ? tr("Cancel") : tr("Close"));
    make_->setEnabled(!working && !chosenRuns().isEmpty());
    for (QWidget* each : std::initializer_list<QWidget*>{runs_, title_, figures_, format_, file_})
        each->setEnabled(!working);
}

void ReportDialog::updateFileName() {
    const bool pdf = format_->currentData().toInt() == static_cast<int>(ReportRequest::Format::pdf);
    const QFileInfo info(file_->text());
    const QString extension = info.suffix().toLower();
    const bool known =
        extension == QLatin1String("html") || extension == QLatin1String("htm") || extension == QLatin1String("pdf");
    file_->setText(QDir(info.path())
                       .filePath((known ? info.completeBaseName() : info.fileName()) +
                                 (pdf ? QStringLiteral(".pdf") : QStringLiteral(".html"))));
}

void ReportDialog::browse() {
    auto* dialog = new QFileDialog(this, tr("Save report as"), file_->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& chosen) {
        file_->setText(chosen);
        if (chosen.endsWith(QStringLiteral(".pdf"), Qt::CaseInsensitive))
            format_->setCurrentIndex(format_->findData(static_cast<int>(ReportRequest::Format::pdf)));
        updateFileName();
    });
    dialog->open();
}

void ReportDialog::start() {
    if (maker_.isRunning() || chosenRuns().isEmpty()) return;
    updateFileName();
    ReportRequest request;
    request.project = study_.folder();
    request.runs = chosenRuns();
    request.title = title_->text().trimmed();
    request.figures = figures_->isChecked();
    request.format = static_cast<ReportRequest::Format>(format_->currentData().toInt());
    request.out = file_->text();
    settings_.set(SettingKey::exportFolder, QFileInfo(request.out).path());
    maker_.start(request);
    setWorking(true);
}

}  // namespace vitrine::widgets
