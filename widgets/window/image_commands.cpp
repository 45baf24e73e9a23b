// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/image_commands.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QUrl>
#include <utility>

#include "project/layout.h"
#include "widgets/base/background.h"
#include "widgets/base/text.h"
#include "widgets/forms/recognition.h"
#include "widgets/views/images_model.h"

namespace vitrine::widgets {
namespace {

QString sheetName(const QString& run, const results::SyntheticImages* images, qint64 sheet) {
    const bool known = images && sheet >= 0 && sheet < static_cast<qint64>(images->sheets.size());
    return known ? QStringLiteral("%1-step%2").arg(run).arg(images->sheets[static_cast<std::size_t>(sheet)].step) : run;
}

}  // namespace

ImageCommands::ImageCommands(WindowContext context, QThreadPool& pool) : QObject(&context.window), context_(context), pool_(pool) {}

void ImageCommands::save(const QString& run, qint64 sheet) {
    const QString name = sheetName(run, syntheticImages(context_.session.study.run(run)), sheet);
    auto* dialog = new QFileDialog(&context_.window, tr("Save images into a new folder"),
                                   QDir(context_.session.settings.value(SettingKey::exportFolder).toString()).filePath(name));
    dialog->setObjectName(QStringLiteral("images.folder"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setLabelText(QFileDialog::FileName, tr("New folder:"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, run, sheet](const QString& folder) { saveTo(run, sheet, folder); });
    dialog->open();
}

void ImageCommands::saveTo(const QString& run, qint64 sheet, const QString& folder) {
    context_.session.settings.set(SettingKey::exportFolder, QFileInfo(folder).path());
    write(run, sheet, folder, [this, folder](const project::ExportedImages& written) {
        Message message;
        message.level = Message::Level::good;
        message.key = QStringLiteral("saved.images");
        message.title = counted(written.count, tr("One image is saved."), tr("%1 images are saved."));
        message.text = tr("%1 (%2 × %3 pixels)").arg(QDir::toNativeSeparators(folder)).arg(written.width).arg(written.height);
        if (written.shrunk) message.text += QLatin1Char('\n') + tr("The run kept them smaller than it made them.");
        message.actions = {{tr("Show folder"), [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); }}};
        context_.messages.show(message);
        Q_EMIT saved(pathText(written.table));
    });
}

void ImageCommands::useForCalibration(const QString& run, qint64 sheet) {
    Study& study = context_.session.study;
    const QString name = sheetName(run, syntheticImages(study.run(run)), sheet);
    const QString project = study.folder();
    QString folder = QDir(project).filePath(QStringLiteral("images/") + name);
    for (int number = 2; QFileInfo::exists(folder); ++number) folder = QDir(project).filePath(QStringLiteral("images/%1-%2").arg(name).arg(number));
    write(run, sheet, folder, [this, name, project](const project::ExportedImages& written) {
        Study& open = context_.session.study;
        if (open.folder() != project) return;  // another one meanwhile; the files wait in their project
        const InputChoice choice{.kind = InputKind::images,
                                 .path = written.table,
                                 .name = toStd(name),
                                 .role = project::ImageRole::calibration,
                                 .images = written.count};
        open.edit(tr("add %1").arg(name), [&](project::Edits& edits) { addInputs(edits, toPath(project), {choice}); });
        Message message;
        message.level = Message::Level::good;
        message.key = QStringLiteral("saved.images");
        message.title = counted(written.count, tr("One image can be used for calibration."), tr("%1 images can be used for calibration."));
        message.text = tr("They are the image set %1 of the project.").arg(name);
        if (written.shrunk) message.text += QLatin1Char(' ') + tr("The run kept them smaller than it made them.");
        message.seconds = 10;
        context_.messages.show(message);
        Q_EMIT saved(pathText(written.table));
    });
}

void ImageCommands::write(const QString& run, qint64 sheet, const QString& folder, std::function<void(const project::ExportedImages&)> done) {
    const RunDataPtr data = context_.session.study.run(run);
    if (syntheticImages(data) == nullptr) return;
    inBackground(
        pool_, this,
        [data, sheet, place = toPath(folder), whole = project::wholeImagesPath(project::completeFolder(toPath(context_.session.study.folder()), toStd(run)))] {
            return project::exportSyntheticImages(*syntheticImages(data), sheet, place, whole);
        },
        [this, done = std::move(done)](const Outcome<project::ExportedImages>& outcome) {
            if (const project::ExportedImages* written = valueOf(outcome))
                done(*written);
            else
                context_.messages.showError(std::get<Error>(outcome));
        });
}

}  // namespace vitrine::widgets
