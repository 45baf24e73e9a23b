// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/image_sets_panel.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QKeyEvent>
#include <QShortcut>
#include <algorithm>
#include <system_error>

#include "widgets/base/icons.h"
#include "widgets/base/table_copy.h"
#include "widgets/base/text.h"
#include "widgets/forms/draft.h"
#include "widgets/forms/recognition.h"
#include "widgets/forms/thumbnail_strip.h"

namespace vitrine::widgets {
namespace {

constexpr int kLowEms = 18;  ///< height below which list and pictures stand side by side

namespace fs = std::filesystem;

template <typename Entry>
Entry* entryNamed(std::vector<Entry>& entries, const std::string& name) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.name == name; });
    return found == entries.end() ? nullptr : &*found;
}

template <typename Entry>
std::string freeAmong(const std::vector<Entry>& entries, const std::string& except, const std::string& wanted) {
    std::vector<std::string> taken;
    for (const Entry& entry : entries)
        if (entry.name != except) taken.push_back(entry.name);
    return freeName(wanted, taken);
}

/// The draft follows a name that changes, or forgets one that goes.
void renameInDraft(project::RunDraft& draft, bool isModel, const std::string& from, const std::string& to) {
    if (isModel && draft.model == from) draft.model = to;
    if (!isModel && draft.calibration == from) draft.calibration = to;
    if (!isModel && draft.evaluation == from) draft.evaluation = to;
}

QHash<QString, InputPlace> findPlaces(const fs::path& folder, const std::vector<project::StoredPath>& paths) {
    QHash<QString, InputPlace> places;
    for (const project::StoredPath& path : paths) {
        const fs::path at = locate(folder, path);
        std::error_code ignored;
        places.insert(InputsModel::placeKey(path), {pathText(at), !fs::exists(at, ignored)});
    }
    return places;
}

/// New places by the key of the old ones: `from` moved to `to`, and with it what lies missing below the folders that differ.
QHash<QString, project::StoredPath> followMove(const fs::path& folder, const std::vector<project::StoredPath>& paths, const fs::path& from,
                                               const fs::path& to) {
    QHash<QString, project::StoredPath> moved;
    // The longest equal ending tells which folder became which.
    fs::path oldBase = from, newBase = to;
    while (!oldBase.filename().empty() && oldBase.filename() == newBase.filename() && oldBase.has_relative_path() &&
           newBase.has_relative_path()) {
        oldBase = oldBase.parent_path();
        newBase = newBase.parent_path();
    }
    for (const project::StoredPath& path : paths) {
        const fs::path at = locate(folder, path);
        std::error_code ignored;
        fs::path now;
        if (at == from) {
            now = to;
        } else if (!fs::exists(at, ignored)) {
            const fs::path below = at.lexically_relative(oldBase);
            if (below.empty() || *below.begin() == "..") continue;
            now = newBase / below;
        }
        if (!now.empty() && fs::exists(now, ignored)) moved.insert(InputsModel::placeKey(path), storedPath(folder, now));
    }
    return moved;
}

std::vector<project::StoredPath> pathsOf(const project::Edits& edits) {
    std::vector<project::StoredPath> paths;
    for (const auto& entry : edits.models) paths.push_back(entry.path);
    for (const auto& entry : edits.imageSets) {
        paths.push_back(entry.path);
        if (!entry.root.empty()) paths.push_back(entry.root);
    }
    return paths;
}

}  // namespace

ImageSetsPanel::ImageSetsPanel(Session& session, QWidget* parent)
    : QWidget(parent),
      session_(session),
      model_(new InputsModel(this)),
      view_(new QTableView(this)),
      strip_(new ThumbnailStrip(this)),
      missing_(new Notice(this)),
      empty_(new ToneLabel(Tone::muted, {}, this)) {
    setObjectName(QStringLiteral("imageSetsPanel"));
    pool_.setMaxThreadCount(1);
    makeView();
    empty_->setWordWrap(true);
    empty_->setAlignment(Qt::AlignCenter);
    auto* list = new QVBoxLayout;
    list->setSpacing(6);
    list->addWidget(view_, 1);
    list->addWidget(empty_, 1);
    list->addWidget(missing_);
    list->addWidget(makeButtons());
    layout_ = new QBoxLayout(QBoxLayout::TopToBottom, this);
    layout_->setContentsMargins(8, 8, 8, 8);
    layout_->setSpacing(6);
    layout_->addLayout(list, 3);
    layout_->addWidget(strip_);
    strip_->setHint(tr("Choose an image set to look at its pictures."));
    connect(model_, &InputsModel::renameAsked, this, &ImageSetsPanel::rename);
    connect(model_, &QAbstractItemModel::dataChanged, this, &ImageSetsPanel::showCurrent);
    const Study& study = session_.study;
    for (const auto signal : {&Study::opened, &Study::closed, &Study::editsChanged})
        connect(&study, signal, this, &ImageSetsPanel::showEdits);
    showEdits();
}

/// Pictures stand below the list where there is height for both, else beside it.
void ImageSetsPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const bool isLow = height() < kLowEms * fontMetrics().height() && width() > 2 * height();
    layout_->setDirection(isLow ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    layout_->setStretchFactor(strip_, isLow ? 2 : 0);
    layout_->setAlignment(strip_, isLow ? Qt::AlignTop : Qt::Alignment());
}

ImageSetsPanel::~ImageSetsPanel() {
    pool_.clear();
    pool_.waitForDone();
}

void ImageSetsPanel::makeView() {
    view_->setObjectName(QStringLiteral("inputsTable"));
    view_->setAccessibleName(tr("Networks and images of the project"));
    view_->setModel(model_);
    addTableCopy(view_);
    view_->setSelectionBehavior(QAbstractItemView::SelectRows);
    view_->setSelectionMode(QAbstractItemView::SingleSelection);
    view_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    view_->setTabKeyNavigation(false);
    view_->setShowGrid(false);
    view_->setWordWrap(false);
    view_->setTextElideMode(Qt::ElideMiddle);
    view_->verticalHeader()->hide();
    view_->verticalHeader()->setDefaultSectionSize(view_->fontMetrics().height() + 10);
    QHeaderView* header = view_->horizontalHeader();
    header->setObjectName(QStringLiteral("inputsHeader"));
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setStretchLastSection(true);
    header->setSectionResizeMode(InputsModel::nameColumn, QHeaderView::Interactive);
    header->setSectionResizeMode(InputsModel::roleColumn, QHeaderView::ResizeToContents);
    header->setSectionResizeMode(InputsModel::countColumn, QHeaderView::ResizeToContents);
    header->resizeSection(InputsModel::nameColumn, 130);
    connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ImageSetsPanel::showCurrent);
    auto* removal = new QShortcut(QKeySequence(QKeySequence::Delete), view_);
    removal->setContext(Qt::WidgetShortcut);
    connect(removal, &QShortcut::activated, this, [this] {
        if (currentRow() >= 0) remove(model_->isModel(currentRow()), model_->name(currentRow()));
    });
}

QWidget* ImageSetsPanel::makeButtons() {
    auto* buttons = new QWidget(this);
    add_ = new QPushButton(icon(QStringLiteral("add")), tr("Add..."), buttons);
    add_->setObjectName(QStringLiteral("addInput"));
    locate_ = new QPushButton(icon(QStringLiteral("locate")), tr("Locate..."), buttons);
    locate_->setObjectName(QStringLiteral("locateInput"));
    rename_ = iconButton(QStringLiteral("notes"), tr("Rename (F2)"), buttons);
    rename_->setObjectName(QStringLiteral("renameInput"));
    remove_ = iconButton(QStringLiteral("delete"), tr("Take it out of the project (Delete). Files stay where they are."), buttons);
    remove_->setObjectName(QStringLiteral("removeInput"));
    roleLabel_ = new ToneLabel(Tone::plain, tr("Used for"), buttons);
    role_ = new QComboBox(buttons);
    role_->setObjectName(QStringLiteral("inputRole"));
    role_->setAccessibleName(tr("What the images are used for"));
    role_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    role_->setMinimumContentsLength(10);
    for (const auto role : {project::ImageRole::calibration, project::ImageRole::evaluation, project::ImageRole::any})
        role_->addItem(imageRoleTitle(role), static_cast<int>(role));
    roleLabel_->setBuddy(role_);
    auto* layout = new QHBoxLayout(buttons);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(add_);
    layout->addWidget(rename_);
    layout->addWidget(remove_);
    layout->addWidget(locate_);
    layout->addStretch(1);
    layout->addWidget(roleLabel_);
    layout->addWidget(role_);
    connect(add_, &QPushButton::clicked, this, &ImageSetsPanel::addAsked);
    connect(locate_, &QPushButton::clicked, this, &ImageSetsPanel::locateCurrent);
    connect(rename_, &QToolButton::clicked, this, [this] { view_->edit(model_->index(currentRow(), InputsModel::nameColumn)); });
    connect(remove_, &QToolButton::clicked, this, [this] { remove(model_->isModel(currentRow()), model_->name(currentRow())); });
    connect(role_, &QComboBox::activated, this,
            [this] { setRole(model_->name(currentRow()), static_cast<project::ImageRole>(role_->currentData().toInt())); });
    return buttons;
}

void ImageSetsPanel::showEdits() {
    const bool isOpen = session_.study.isOpen();
    const int row = currentRow();
    model_->setEdits(isOpen ? session_.study.edits() : project::Edits{});
    if (currentRow() < 0 && model_->rowCount() > 0) view_->selectRow(std::clamp(row, 0, model_->rowCount() - 1));
    const bool any = model_->rowCount() > 0;
    view_->setVisible(any);
    empty_->setVisible(!any);
    empty_->setText(isOpen
                        ? tr("The project has no network and no images yet.\nDrop a checkpoint and a folder of images here, or add them.")
                        : tr("Open or make a project to add networks and images."));
    add_->setEnabled(isOpen && !session_.study.readOnly());
    showCurrent();
    lookForPlaces();
}

void ImageSetsPanel::showCurrent() {
    const int row = currentRow();
    const project::ImageSetEntry* set = model_->images(row);
    const bool writable = !session_.study.readOnly(), chosen = row >= 0, missing = model_->isMissing(row);
    rename_->setEnabled(chosen && writable);
    remove_->setEnabled(chosen && writable);
    locate_->setVisible(missing);
    locate_->setEnabled(writable);
    roleLabel_->setVisible(set != nullptr);
    role_->setVisible(set != nullptr);
    role_->setEnabled(writable);
    if (set != nullptr) role_->setCurrentIndex(role_->findData(static_cast<int>(set->role)));
    int count = 0;
    for (int each = 0; each < model_->rowCount(); ++each) count += model_->isMissing(each) ? 1 : 0;
    missing_->setContent(
        Tone::warning,
        count == 0 ? QString()
                   : counted(count, tr("One input is missing: its file or folder was moved or removed. Locate it."),
                             tr("%1 inputs are missing: their files were moved or removed. Locate one, and those that moved with it are found too.")));
    if (set == nullptr || missing) {
        strip_->pictures()->clear();
        strip_->setHint(missing ? tr("The pictures are missing.") : tr("Choose an image set to look at its pictures."));
        return;
    }
    strip_->pictures()->setSource(
        {toPath(session_.study.folder()), set->path.relative, set->path.absolute, set->root.relative, set->root.absolute, set->rows});
}

void ImageSetsPanel::lookForPlaces() {
    if (!session_.study.isOpen()) return;
    const auto ticket = requests_.next();
    inBackground(
        pool_, this,
        [folder = toPath(session_.study.folder()), paths = pathsOf(session_.study.edits())] { return findPlaces(folder, paths); },
        [this, ticket](const Outcome<QHash<QString, InputPlace>>& outcome) {
            if (!requests_.isLatest(ticket) || valueOf(outcome) == nullptr) return;
            model_->setPlaces(*valueOf(outcome));
            Q_EMIT placesKnown();
        });
}

void ImageSetsPanel::rename(bool isModel, const QString& name, const QString& wanted) {
    session_.study.edit(tr("rename %1").arg(name), [&](project::Edits& edits) {
        const std::string from = toStd(name);
        const std::string to = isModel ? freeAmong(edits.models, from, toStd(wanted)) : freeAmong(edits.imageSets, from, toStd(wanted));
        if (isModel) {
            if (auto* entry = entryNamed(edits.models, from)) entry->name = to;
        } else if (auto* entry = entryNamed(edits.imageSets, from)) {
            entry->name = to;
        }
        renameInDraft(edits.draft, isModel, from, to);
    });
}

void ImageSetsPanel::remove(bool isModel, const QString& name) {
    session_.study.edit(tr("remove %1").arg(name), [&](project::Edits& edits) {
        const std::string gone = toStd(name);
        if (isModel)
            std::erase_if(edits.models, [&](const auto& entry) { return entry.name == gone; });
        else
            std::erase_if(edits.imageSets, [&](const auto& entry) { return entry.name == gone; });
        renameInDraft(edits.draft, isModel, gone, {});
    });
}

void ImageSetsPanel::setRole(const QString& images, project::ImageRole role) {
    session_.study.edit(tr("change what %1 is used for").arg(images), [&](project::Edits& edits) {
        if (auto* entry = entryNamed(edits.imageSets, toStd(images))) entry->role = role;
    });
}

void ImageSetsPanel::relocate(bool isModel, const QString& name, const QString& path) {
    const int row = model_->rowOf(isModel, name);
    if (row < 0) return;
    const project::StoredPath old = isModel ? model_->model(row)->path : model_->images(row)->path;
    inBackground(
        pool_, this,
        [folder = toPath(session_.study.folder()), paths = pathsOf(session_.study.edits()), old, to = toPath(path)] {
            return followMove(folder, paths, locate(folder, old), to);
        },
        [this, name](const Outcome<QHash<QString, project::StoredPath>>& outcome) {
            if (const auto* error = std::get_if<Error>(&outcome)) return missing_->setContent(Tone::bad, errorText(*error));
            const auto& moved = *valueOf(outcome);
            const auto follow = [&](project::StoredPath& place) {
                const auto found = moved.constFind(InputsModel::placeKey(place));
                if (found != moved.cend()) place = *found;
            };
            session_.study.edit(tr("locate %1").arg(name), [&](project::Edits& edits) {
                for (auto& entry : edits.models) follow(entry.path);
                for (auto& entry : edits.imageSets) {
                    follow(entry.path);
                    follow(entry.root);
                }
            });
        });
}

void ImageSetsPanel::locateCurrent() {
    const int row = currentRow();
    if (row < 0) return;
    const bool isModel = model_->isModel(row);
    const QString name = model_->name(row), old = toQt(isModel ? model_->model(row)->path.absolute : model_->images(row)->path.absolute);
    auto* dialog = new QFileDialog(this, tr("Where is %1 now?").arg(QFileInfo(old).fileName()), session_.study.folder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    // What has no extension was a folder of images.
    dialog->setFileMode(QFileInfo(old).suffix().isEmpty() ? QFileDialog::Directory : QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this, isModel, name](const QString& path) { relocate(isModel, name, path); });
    dialog->open();
}

}  // namespace vitrine::widgets
