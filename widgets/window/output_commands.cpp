// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/output_commands.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QUrl>
#include <algorithm>

#include "base/files.h"
#include "widgets/base/text.h"
#include "widgets/views/figures.h"
#include "widgets/window/export_dialog.h"
#include "widgets/window/figure_dialog.h"

namespace vitrine::widgets {

OutputCommands::OutputCommands(WindowContext context, QThreadPool& pool)
    : QObject(&context.window), context_(context), pool_(pool) {
    ActionRegistry& registry = context_.registry;
    registry.add({QStringLiteral("file.report"),
                  tr("&Report..."),
                  QStringLiteral("report"),
                  {QKeySequence(Qt::CTRL | Qt::Key_E)},
                  tr("Write tables and figures of chosen runs into one HTML or PDF file.")},
                 [this](bool) { openReport(); });
    registry.add({QStringLiteral("file.export_all"),
                  tr("E&xport all data..."),
                  QStringLiteral("export"),
                  {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E)},
                  tr("Write the data and figures of every view into a folder.")},
                 [this](bool) { openExport(); });
}

void OutputCommands::refresh() {
    const Study& study = context_.session.study;
    const bool open = study.isOpen();
    const bool any = std::any_of(study.runs().begin(), study.runs().end(),
                                 [](const project::RunSummary& run) { return project::isComplete(run.state); });
    for (const char* id : {"file.report", "file.export_all"})
        context_.registry.setEnabled(QLatin1String(id), open && any,
                                     open ? tr("No run is complete yet.") : tr("No project is open."));
}

void OutputCommands::openReport(const QStringList& runs) {
    if (!report_) {
        report_ = new ReportDialog(context_.session.study, context_.session.settings, pool_, runs, &context_.window);
        connectReport(report_);
    }
    report_->show();
    report_->raise();
    report_->activateWindow();
}

void OutputCommands::addToReport(const QString& run) {
    const bool open = !report_.isNull();
    openReport({run});
    if (open) report_->addRun(run);
}

void OutputCommands::connectReport(ReportDialog* dialog) {
    connect(dialog, &ReportDialog::made, this, [this](const QString& file) {
        tellSaved(tr("The report is saved."), file);
        Q_EMIT reportMade();
    });
    connect(dialog, &ReportDialog::failed, &context_.messages, &MessageBar::showError);
    connect(dialog, &ReportDialog::warned, this, [this](const QString& text) {
        context_.messages.show(
            {Message::Level::warning, QStringLiteral("report.figures"), tr("The report lacks figures."), text, {}});
        context_.session.log.add(LogLevel::warning, QStringLiteral("report"), text);
    });
}

void OutputCommands::openExport() {
    auto* dialog = new ExportDialog(context_.session, pool_, &context_.window);
    connect(dialog, &ExportDialog::failed, &context_.messages, &MessageBar::showError);
    connect(dialog, &ExportDialog::exported, this, [this](const QString& folder, int files, int) {
        tellSaved(counted(files, tr("One file was exported."), tr("%1 files were exported.")), folder);
    });
    dialog->show();
}

void OutputCommands::openFigure(View& view, const QString& name) {
    auto* dialog = new FigureDialog(view, name, context_.session.settings, pool_, &context_.window);
    connect(dialog, &FigureDialog::failed, &context_.messages, &MessageBar::showError);
    connect(dialog, &FigureDialog::saved, this,
            [this](const QString& file) { tellSaved(tr("The figure is saved."), file); });
    dialog->show();
}

void OutputCommands::openCsv(View& view, const QString& name) {
    // The table of the moment when it was asked for: the view may go, or show another run meanwhile.
    const QByteArray bytes = figureCsv(view);
    auto* dialog = new QFileDialog(&context_.window, tr("Save data as CSV"),
                                   QDir(context_.session.settings.value(SettingKey::exportFolder).toString())
                                       .filePath(name + QStringLiteral(".csv")));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, bytes](const QString& file) {
        context_.session.settings.set(SettingKey::exportFolder, QFileInfo(file).path());
        inBackground(
            pool_, this,
            [bytes, file] {
                writeFileAtomically(toPath(file), bytes.toStdString());
                return file;
            },
            [this](const Outcome<QString>& outcome) {
                if (const QString* written = valueOf(outcome))
                    tellSaved(tr("The data is saved."), *written);
                else
                    context_.messages.showError(std::get<Error>(outcome));
            });
    });
    dialog->open();
}

void OutputCommands::tellSaved(const QString& what, const QString& file) {
    const auto open = [](const QString& path) { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); };
    Message message;
    message.level = Message::Level::good;
    message.key = QStringLiteral("saved.file");
    message.title = what;
    message.text = QDir::toNativeSeparators(file);
    message.actions = {{tr("Open"), [open, file] { open(file); }},
                       {tr("Open folder"), [open, file] { open(QFileInfo(file).path()); }}};
    context_.messages.show(message);
    context_.session.log.add(LogLevel::info, QStringLiteral("export"), what + QLatin1Char(' ') + file);
}

}  // namespace vitrine::widgets
