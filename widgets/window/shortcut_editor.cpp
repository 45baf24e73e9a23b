// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/shortcut_editor.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QVBoxLayout>

#include "widgets/base/table_copy.h"
#include "widgets/base/themed.h"

namespace vitrine::widgets {

ShortcutTable::ShortcutTable(ActionRegistry& registry, QWidget* parent)
    : QWidget(parent),
      model_(new ShortcutModel(registry, this)),
      proxy_(new QSortFilterProxyModel(this)),
      search_(new QLineEdit(this)),
      view_(new QTableView(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    search_->setObjectName(QStringLiteral("shortcuts.search"));
    search_->setPlaceholderText(tr("Search commands or keys"));
    search_->setAccessibleName(search_->placeholderText());
    search_->setClearButtonEnabled(true);
    layout->addWidget(search_);
    proxy_->setSourceModel(model_);
    proxy_->setFilterCaseSensitivity(Qt::CaseInsensitive);
    proxy_->setFilterKeyColumn(-1);
    view_->setObjectName(QStringLiteral("shortcuts.table"));
    view_->setAccessibleName(tr("Commands and their shortcuts"));
    view_->setModel(proxy_);
    view_->setSelectionBehavior(QAbstractItemView::SelectRows);
    view_->setSelectionMode(QAbstractItemView::SingleSelection);
    view_->setShowGrid(false);
    view_->setSortingEnabled(false);
    view_->setTabKeyNavigation(false);
    view_->verticalHeader()->hide();
    view_->verticalHeader()->setDefaultSectionSize(view_->fontMetrics().height() + 10);
    view_->horizontalHeader()->setObjectName(QStringLiteral("shortcuts.header"));
    view_->horizontalHeader()->setSectionResizeMode(ShortcutModel::actionColumn, QHeaderView::Stretch);
    view_->horizontalHeader()->setSectionResizeMode(ShortcutModel::menuColumn, QHeaderView::ResizeToContents);
    view_->horizontalHeader()->setSectionResizeMode(ShortcutModel::shortcutColumn, QHeaderView::ResizeToContents);
    view_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    addTableCopy(view_);
    layout->addWidget(view_, 1);
    connect(search_, &QLineEdit::textChanged, proxy_, &QSortFilterProxyModel::setFilterFixedString);
    connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ShortcutTable::currentChanged);
    connect(proxy_, &QAbstractItemModel::dataChanged, this, &ShortcutTable::currentChanged);
}

QAction* ShortcutTable::current() const {
    const QModelIndex index = view_->currentIndex();
    return index.isValid() ? model_->actionAt(proxy_->mapToSource(index).row()) : nullptr;
}

void ShortcutTable::choose(const QString& actionId) {
    for (int row = 0; row < model_->rowCount(); ++row)
        if (ActionRegistry::idOf(model_->actionAt(row)) == actionId)
            view_->setCurrentIndex(proxy_->mapFromSource(model_->index(row, 0)));
}

ShortcutEditor::ShortcutEditor(ActionRegistry& registry, QSettings& store, QWidget* parent)
    : QWidget(parent),
      registry_(registry),
      store_(store),
      table_(new ShortcutTable(registry, this)),
      field_(new QKeySequenceEdit(this)),
      conflict_(mutedLabel({}, this)),
      assign_(new QPushButton(tr("Assign"), this)),
      reset_(new QPushButton(tr("Reset to default"), this)) {
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(table_, 1);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("&Keys"), this);
    label->setBuddy(field_);
    row->addWidget(label);
    field_->setAccessibleName(tr("Keys of the chosen command"));
    row->addWidget(field_, 1);
    row->addWidget(assign_);
    row->addWidget(reset_);
    layout->addLayout(row);
    conflict_->setMinimumHeight(conflict_->fontMetrics().height());
    layout->addWidget(conflict_);
    connect(table_, &ShortcutTable::currentChanged, this, &ShortcutEditor::showCurrent);
    connect(field_, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutEditor::checkConflict);
    connect(assign_, &QPushButton::clicked, this, &ShortcutEditor::assign);
    connect(reset_, &QPushButton::clicked, this, [this] {
        if (QAction* action = table_->current())
            set(ActionRegistry::idOf(action), registry_.defaultShortcuts(ActionRegistry::idOf(action)));
    });
    showCurrent();
}

void ShortcutEditor::showCurrent() {
    const QAction* action = table_->current();
    for (QWidget* each : std::initializer_list<QWidget*>{field_, assign_, reset_}) each->setEnabled(action != nullptr);
    field_->setKeySequence(action ? action->shortcut() : QKeySequence());
    checkConflict();
}

void ShortcutEditor::checkConflict() {
    const QAction* action = table_->current();
    if (!action) {
        conflict_->setText(tr("Choose a command to change its keys."));
        return;
    }
    const QKeySequence wanted = field_->keySequence();
    const QAction* other = wanted.isEmpty() ? nullptr : registry_.conflict(ActionRegistry::idOf(action), {wanted});
    assign_->setText(other ? tr("Take over") : tr("Assign"));
    conflict_->setText(other ? tr("Used by “%1”, which would lose it.").arg(ShortcutModel::plainText(other))
                             : QString());
}

void ShortcutEditor::assign() {
    const QAction* action = table_->current();
    if (!action) return;
    const QKeySequence wanted = field_->keySequence();
    const QString id = ActionRegistry::idOf(action);
    if (!wanted.isEmpty()) {
        if (QAction* other = registry_.conflict(id, {wanted})) {
            QList<QKeySequence> left = other->shortcuts();
            left.removeAll(wanted);
            set(ActionRegistry::idOf(other), left);
        }
    }
    set(id, wanted.isEmpty() ? QList<QKeySequence>{} : QList<QKeySequence>{wanted});
}

void ShortcutEditor::set(const QString& id, const QList<QKeySequence>& shortcuts) {
    registry_.setShortcuts(id, shortcuts);
    registry_.saveShortcuts(store_);
}

}  // namespace vitrine::widgets
