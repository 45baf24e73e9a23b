// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/drop_preview.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QPointer>
#include <algorithm>

#include "widgets/base/background.h"
#include "widgets/base/text.h"
#include "widgets/base/themed.h"
#include "widgets/forms/drop_item.h"
#include "widgets/forms/parts.h"

namespace vitrine::widgets {
namespace {

constexpr int kReaders = 2;  // at once; each may hold a whole network

QString proposedFolder(const QString& beside, const QString& name) {
    const QDir folder(beside);
    QString proposed = folder.filePath(name + QStringLiteral("-study"));
    for (int number = 2; QFileInfo::exists(proposed); ++number)
        proposed = folder.filePath(QStringLiteral("%1-study-%2").arg(name).arg(number));
    return proposed;
}

}  // namespace

DropPreview::DropPreview(Session& session, const QStringList& paths, project::ImageRole role, QWidget* parent)
    : QDialog(parent), session_(session), newProject_(new QWidget(this)), notice_(new Notice(this)) {
    setObjectName(QStringLiteral("dropPreview"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Add to the project"));
    setModal(false);
    pool_.setMaxThreadCount(kReaders);
    auto* content = new QWidget(this);
    list_ = new QVBoxLayout(content);
    list_->setContentsMargins(0, 0, 0, 0);
    list_->setSpacing(10);
    list_->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    projectName_ = new QLineEdit(newProject_);
    projectName_->setObjectName(QStringLiteral("projectName"));
    projectFolder_ = new QLineEdit(newProject_);
    projectFolder_->setObjectName(QStringLiteral("projectFolder"));
    auto* choose = new QPushButton(tr("Choose..."), newProject_);
    auto* folderLine = new QHBoxLayout;
    folderLine->addWidget(projectFolder_, 1);
    folderLine->addWidget(choose);
    auto* form = new QFormLayout(newProject_);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(sectionLabel(tr("A new project is made for them"), newProject_));
    form->addRow(tr("Name"), projectName_);
    form->addRow(tr("Folder"), folderLine);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    accept_ = buttons->addButton(tr("Add"), QDialogButtonBox::AcceptRole);
    accept_->setObjectName(QStringLiteral("acceptDrop"));
    makePrimary(accept_);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(scroll, 1);
    layout->addWidget(newProject_);
    layout->addWidget(notice_);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &DropPreview::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &DropPreview::reject);
    connect(projectName_, &QLineEdit::textEdited, this, [this] {
        nameTyped_ = true;
        fit();
    });
    connect(projectFolder_, &QLineEdit::textEdited, this, [this] {
        folderTyped_ = true;
        fit();
    });
    connect(choose, &QPushButton::clicked, this, [this] {
        auto* dialog = new QFileDialog(this, tr("Folder of the new project"), projectFolder_->text());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
            folderTyped_ = true;
            projectFolder_->setText(folder);
            fit();
        });
        dialog->open();
    });
    connect(&session_.study, &Study::opened, this, [this] {
        if (std::exchange(waiting_, false)) addAll();
        fit();
    });
    connect(&session_.study, &Study::closed, this, &DropPreview::fit);
    connect(&session_.study, &Study::failed, this, [this](const Error& error) {
        if (!std::exchange(waiting_, false)) return;
        notice_->setContent(Tone::bad, errorText(error));
        fit();
    });
    resize(560, 520);
    addPaths(paths, role);
}

DropPreview::~DropPreview() {
    pool_.clear();
    pool_.waitForDone();
}

void DropPreview::addPaths(const QStringList& paths, project::ImageRole role) {
    for (const QString& path : paths) {
        const bool known = std::any_of(items_.begin(), items_.end(), [&](const DropItem* item) { return item->path() == path; });
        if (known) continue;
        auto* item = new DropItem(path, role, this);
        item->setBeside(paths);
        items_.push_back(item);
        list_->insertWidget(list_->count() - 1, item);
        connect(item, &DropItem::hintsChanged, this, [this, item] { readItem(item); });
        connect(item, &DropItem::changed, this, &DropPreview::fit);
        connect(item, &DropItem::removeAsked, this, [this, item] { removeItem(item); });
        readItem(item);
    }
    fit();
}

void DropPreview::readItem(DropItem* item) {
    item->setReading();
    // Newer hints overtake a reading that is under way.
    const int reading = item->property("reading").toInt() + 1;
    item->setProperty("reading", reading);
    inBackground(
        pool_, item, [path = toPath(item->path()), hints = item->hints()] { return recognise(path, hints); },
        [this, item, reading](const Outcome<Recognition>& outcome) {
            if (item->property("reading").toInt() != reading) return;
            if (const Recognition* known = valueOf(outcome)) {
                item->setRecognition(*known);
            } else {
                Recognition failed;
                failed.path = toPath(item->path());
                failed.error = std::get<Error>(outcome);
                item->setRecognition(failed);
            }
            fit();
            if (isReading()) return;
            leaveOutRoots();
            Q_EMIT recognised();
        });
    fit();
}

/// A folder that was dropped for the sake of a table is no set of images of its own.
void DropPreview::leaveOutRoots() {
    const std::vector<DropItem*> all = items_;
    for (DropItem* item : all) {
        const bool isRoot = std::any_of(all.begin(), all.end(), [&](const DropItem* other) {
            const auto& known = other->recognition();
            return known && known->isTable && known->isUsable() && !known->root.empty() && known->root == item->recognition()->path;
        });
        if (isRoot) removeItem(item);
    }
}

void DropPreview::removeItem(DropItem* item) {
    items_.erase(std::remove(items_.begin(), items_.end(), item), items_.end());
    item->hide();
    item->deleteLater();
    if (items_.empty()) return reject();
    fit();
}

bool DropPreview::isReading() const {
    return std::any_of(items_.begin(), items_.end(), [](const DropItem* item) { return !item->recognition().has_value(); });
}

QString DropPreview::openedProject() const {
    for (const DropItem* item : items_)
        if (item->recognition() && item->recognition()->isUsable() && item->recognition()->kind == InputKind::project)
            return pathText(item->recognition()->path);
    return {};
}

std::vector<InputChoice> DropPreview::choices() const {
    std::vector<InputChoice> result;
    for (const DropItem* item : items_)
        if (auto choice = item->choice()) result.push_back(std::move(*choice));
    return result;
}

/// Name and place of a new project follow the network, else the first input, until the user types.
void DropPreview::propose() {
    const std::vector<InputChoice> all = choices();
    if (all.empty()) return;
    const auto model = std::find_if(all.begin(), all.end(), [](const auto& choice) { return choice.kind == InputKind::model; });
    const InputChoice& first = model == all.end() ? all.front() : *model;
    const QFileInfo parent(pathText(first.path.parent_path()));
    const QString set = session_.settings.value(SettingKey::projectsFolder).toString();
    const QString place = parent.isWritable() ? parent.filePath() : (set.isEmpty() ? QDir::homePath() : set);
    if (!nameTyped_) projectName_->setText(toQt(first.name));
    if (!folderTyped_) projectFolder_->setText(proposedFolder(place, toQt(first.name)));
}

void DropPreview::fit() {
    const bool isOpen = session_.study.isOpen(), reading = isReading();
    const QString folder = openedProject();
    const std::size_t count = choices().size();
    if (!isOpen && !reading) propose();
    newProject_->setVisible(!isOpen && folder.isEmpty() && count > 0);
    QString text = count > 1 ? tr("Add %1").arg(count) : tr("Add");
    if (!folder.isEmpty())
        text = tr("Open the project");
    else if (!isOpen)
        text = tr("Make the project and add");
    accept_->setText(waiting_ ? tr("Making the project…") : text);
    const bool named = isOpen || (!projectName_->text().trimmed().isEmpty() && !projectFolder_->text().trimmed().isEmpty());
    const bool writable = !isOpen || !session_.study.readOnly();
    accept_->setEnabled(!waiting_ && !reading && (!folder.isEmpty() || (count > 0 && named && writable)));
    if (!folder.isEmpty() && count > 0)
        notice_->setContent(Tone::warning, tr("The project is opened; drop the other things on it afterwards."));
    else if (isOpen && !writable)
        notice_->setContent(Tone::bad, tr("The project is open for reading only."));
    else if (!waiting_ && count > 0)
        notice_->setContent(Tone::muted, {});
}

void DropPreview::accept() {
    if (!accept_->isEnabled()) return;
    if (const QString folder = openedProject(); !folder.isEmpty()) {
        Q_EMIT openAsked(folder);
        return QDialog::accept();
    }
    if (session_.study.isOpen()) return addAll();
    waiting_ = true;
    fit();
    Q_EMIT projectAsked(projectFolder_->text().trimmed(), projectName_->text().trimmed());
}

void DropPreview::addAll() {
    const std::vector<InputChoice> all = choices();
    const QString text = counted(all.size(), tr("add %1").arg(toQt(all.front().name)), tr("add %1 inputs"));
    session_.study.edit(text, [&](project::Edits& edits) { addInputs(edits, toPath(session_.study.folder()), all); });
    Q_EMIT added(static_cast<int>(all.size()));
    QDialog::accept();
}

}  // namespace vitrine::widgets
