// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/new_project_dialog.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QRegularExpression>
#include <QVBoxLayout>

#include "project/project.h"
#include "widgets/base/text.h"
#include "widgets/base/themed.h"

namespace vitrine::widgets {
namespace {

/// A folder name made of a project's name: what file systems and shells take everywhere.
QString folderNameOf(const QString& name) {
    QString plain = name.trimmed();
    plain.replace(QRegularExpression(QStringLiteral("[^\\w.-]+"), QRegularExpression::UseUnicodePropertiesOption),
                  QStringLiteral("_"));
    while (plain.startsWith(QLatin1Char('.'))) plain.remove(0, 1);
    return plain;
}

/// Why no project can be made there; empty when it can.
QString problemOf(const QString& target) {
    const QFileInfo info(target);
    if (info.exists() && !info.isDir()) return NewProjectDialog::tr("There is a file of this name already.");
    if (project::Project::exists(toPath(target)))
        return NewProjectDialog::tr("There is a project already. Open it, or take another name.");
    QFileInfo parent(info.path());
    while (!parent.exists() && parent.filePath() != parent.path()) parent = QFileInfo(parent.path());
    if (!parent.isDir()) return NewProjectDialog::tr("The folder above it is not a folder.");
    if (!parent.isWritable()) return NewProjectDialog::tr("You may not write there. Choose another place.");
    return {};
}

}  // namespace

NewProjectDialog::NewProjectDialog(Settings& settings, QThreadPool& pool, const QString& name, QWidget* parent)
    : QDialog(parent),
      settings_(settings),
      pool_(pool),
      name_(new QLineEdit(name.isEmpty() ? tr("Study") : name, this)),
      folder_(new QLineEdit(settings.value(SettingKey::projectsFolder).toString(), this)),
      place_(mutedLabel({}, this)),
      problem_(new QLabel(this)),
      create_(new QPushButton(tr("Create project"), this)) {
    setObjectName(QStringLiteral("new_project"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("New project"));
    if (folder_->text().isEmpty()) folder_->setText(QDir::homePath());
    name_->setObjectName(QStringLiteral("new_project.name"));
    folder_->setObjectName(QStringLiteral("new_project.folder"));
    create_->setObjectName(QStringLiteral("new_project.create"));
    problem_->setObjectName(QStringLiteral("new_project.problem"));
    problem_->setWordWrap(true);
    followTheme(problem_, [this](const Theme& theme) {
        problem_->setStyleSheet(QStringLiteral("color: %1;").arg(theme.bad.name()));
    });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(12);
    layout->addWidget(headingLabel(windowTitle(), this));
    auto* form = new QFormLayout;
    form->addRow(tr("&Name"), name_);
    auto* folderRow = new QHBoxLayout;
    folderRow->addWidget(folder_, 1);
    auto* browseButton = new QPushButton(tr("Browse..."), this);
    folderRow->addWidget(browseButton);
    form->addRow(tr("&In folder"), folderRow);
    static_cast<QLabel*>(form->labelForField(folderRow))->setBuddy(folder_);
    layout->addLayout(form);
    layout->addWidget(place_);
    layout->addWidget(problem_);
    layout->addStretch(1);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    buttons->addWidget(cancel);
    buttons->addWidget(create_);
    layout->addLayout(buttons);
    makePrimary(create_);
    resize(560, 260);
    connect(name_, &QLineEdit::textChanged, this, &NewProjectDialog::check);
    connect(folder_, &QLineEdit::textChanged, this, &NewProjectDialog::check);
    connect(browseButton, &QPushButton::clicked, this, &NewProjectDialog::browse);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(create_, &QPushButton::clicked, this, [this] {
        settings_.set(SettingKey::projectsFolder, folder_->text().trimmed());
        Q_EMIT createAsked(target(), name_->text().trimmed());
        accept();
    });
    name_->selectAll();
    name_->setFocus();
    check();
}

QString NewProjectDialog::target() const {
    return QDir(folder_->text().trimmed()).filePath(folderNameOf(name_->text()));
}

void NewProjectDialog::check() {
    const auto ticket = checks_.next();
    create_->setEnabled(false);
    if (folderNameOf(name_->text()).isEmpty() || folder_->text().trimmed().isEmpty()) {
        place_->clear();
        problem_->setText(tr("A project needs a name and a folder."));
        return;
    }
    place_->setText(tr("The project becomes the folder %1").arg(QDir::toNativeSeparators(target())));
    inBackground(
        pool_, this, [where = target()] { return problemOf(where); },
        [this, ticket](const Outcome<QString>& outcome) {
            if (!checks_.isLatest(ticket)) return;
            const QString* problem = valueOf(outcome);
            problem_->setText(problem ? *problem : errorText(std::get<Error>(outcome)));
            create_->setEnabled(problem && problem->isEmpty());
        });
}

void NewProjectDialog::browse() {
    auto* dialog = new QFileDialog(this, tr("Folder for the project"), folder_->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, folder_, &QLineEdit::setText);
    dialog->open();
}

}  // namespace vitrine::widgets
