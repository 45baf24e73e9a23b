// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/copy_commands.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QUrl>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

const QString kKey = QStringLiteral("project.copy");

}  // namespace

CopyCommands::CopyCommands(WindowContext context) : QObject(&context.window), context_(context) {
    ActionRegistry& registry = context_.registry;
    registry.add({QStringLiteral("file.save_copy"),
                  tr("Save a cop&y..."),
                  QStringLiteral("copy"),
                  {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S)},
                  tr("Write the project, with what is not saved yet, into another folder.")},
                 [this](bool) { choose(runs::CopyContent::project); });
    registry.add({QStringLiteral("file.pack"),
                  tr("&Pack for sharing..."),
                  QStringLiteral("export"),
                  {},
                  tr("Write the project with its networks and images into one folder that works on any machine.")},
                 [this](bool) { choose(runs::CopyContent::andInputs); });
    connect(&context_.session.jobs, &JobCenter::ended, this, [this](jobs::JobId id) {
        const auto found = copies_.constFind(id);
        if (found == copies_.cend()) return;
        const Copy copy = *found;
        copies_.erase(found);
        const JobItem* item = context_.session.jobs.item(id);
        if (item && item->state == jobs::JobState::finished)
            tell(copy);
        else if (item && item->error)
            context_.messages.showError(*item->error);
    });
}

void CopyCommands::refresh() {
    for (const char* id : {"file.save_copy", "file.pack"})
        context_.registry.setEnabled(QLatin1String(id), context_.session.study.isOpen(), tr("No project is open."));
}

void CopyCommands::choose(runs::CopyContent content) {
    const bool packs = content == runs::CopyContent::andInputs;
    const QString project = context_.session.study.folder();
    const QString name = QFileInfo(project).fileName() + (packs ? tr("-packed") : tr("-copy"));
    // A name for a folder that is not there yet: a dialog for saving asks for one, a dialog for folders does not.
    auto* dialog = new QFileDialog(&context_.window, packs ? tr("Pack into a new folder") : tr("Save a copy as a new folder"),
                                   QFileInfo(project).dir().filePath(name));
    dialog->setObjectName(QStringLiteral("copy.folder"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setLabelText(QFileDialog::FileName, tr("New folder:"));
    dialog->setLabelText(QFileDialog::Accept, packs ? tr("Pack") : tr("Save"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, content](const QString& folder) { copyTo(folder, content); });
    dialog->open();
}

void CopyCommands::copyTo(const QString& folder, runs::CopyContent content) {
    const Study& study = context_.session.study;
    if (!study.isOpen()) return;
    const QString name = QFileInfo(folder).fileName();
    Copy copy{folder, content, std::make_shared<runs::ProjectCopy>()};
    const jobs::JobId id = context_.session.jobs.addTask(
        study.folder(), content == runs::CopyContent::andInputs ? tr("Pack as %1").arg(name) : tr("Copy as %1").arg(name),
        [from = toPath(study.folder()), to = toPath(folder), edits = study.edits(), content, result = copy.result](jobs::JobContext& job) {
            *result = runs::copyProject(from, to, edits, content, job);
        });
    copies_.insert(id, copy);
}

void CopyCommands::tell(const Copy& copy) {
    const bool packed = copy.content == runs::CopyContent::andInputs;
    const QString size = counted(copy.result->files, tr("one file"), tr("%1 files")) + QStringLiteral(", ") +
                         bytesText(static_cast<double>(copy.result->bytes));
    Message message;
    message.key = kKey;
    message.level = copy.result->left.empty() ? Message::Level::good : Message::Level::warning;
    message.title = packed ? tr("The project is packed: %1.").arg(size) : tr("The copy is saved: %1.").arg(size);
    message.text = QDir::toNativeSeparators(copy.folder);
    if (!copy.result->left.empty()) {
        QStringList left;
        for (const std::string& one : copy.result->left) left.append(toQt(one));
        message.text += QLatin1Char('\n') + tr("Not in it: %1").arg(left.join(QStringLiteral("; ")));
    }
    message.actions = {{tr("Open it"), [this, folder = copy.folder] { Q_EMIT openAsked(folder); }},
                       {tr("Show folder"), [folder = copy.folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); }}};
    context_.messages.show(message);
}

}  // namespace vitrine::widgets
