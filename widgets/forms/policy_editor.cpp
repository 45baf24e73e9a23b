// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/policy_editor.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/base/table_copy.h"
#include "widgets/base/text.h"
#include "widgets/forms/rule_editor.h"

namespace vitrine::widgets {
namespace {

constexpr int kMostRows = 9;      // without a scroll bar
constexpr qsizetype kListed = 4;  // sites named below the table

class PatternDelegate final : public QStyledItemDelegate {
  public:
    PatternDelegate(QStringListModel* proposals, QObject* parent) : QStyledItemDelegate(parent), proposals_(proposals) {}
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex&) const override {
        auto* line = new QLineEdit(parent);
        line->setCompleter(makePatternCompleter(proposals_, line));
        return line;
    }

  private:
    QStringListModel* proposals_;
};

}  // namespace

PolicyEditor::PolicyEditor(QWidget* parent)
    : QWidget(parent),
      model_(new PolicyModel(this)),
      proposals_(new QStringListModel(patternProposals({}), this)),
      view_(new QTableView(this)),
      editor_(new RuleEditor(proposals_, this)),
      notice_(new Notice(this)),
      sites_(new ToneLabel(Tone::muted, {}, this)) {
    setObjectName(QStringLiteral("policyEditor"));
    makeView();
    makeButtons();
    sites_->setWordWrap(true);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(2);
    buttons->addWidget(add_);
    for (QToolButton* button : {duplicate_, up_, down_, remove_}) buttons->addWidget(button);
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(view_);
    layout->addLayout(buttons);
    layout->addWidget(editor_);
    layout->addWidget(notice_);
    layout->addWidget(sites_);
    connect(editor_, &RuleEditor::edited, this, [this] { model_->replace(currentRow(), editor_->rule()); });
    connect(model_, &PolicyModel::rulesEdited, this, &PolicyEditor::rulesEdited);
    connect(model_, &PolicyModel::moved, this, [this](int, int to) { select(to); });
    connect(model_, &PolicyModel::modelReset, this, [this] {
        fitHeight();
        showCurrent();
    });
    connect(model_, &PolicyModel::dataChanged, this, &PolicyEditor::showCurrent);
    for (const auto signal : {&PolicyModel::rowsInserted, &PolicyModel::rowsRemoved})
        connect(model_, signal, this, &PolicyEditor::fitHeight);
    fitHeight();
    showCurrent();
}

void PolicyEditor::makeView() {
    view_->setObjectName(QStringLiteral("policyTable"));
    view_->setAccessibleName(tr("Rules: which sites get which quantizer"));
    view_->setModel(model_);
    addTableCopy(view_);
    view_->setContextMenuPolicy(Qt::ActionsContextMenu);
    view_->setItemDelegateForColumn(PolicyModel::patternColumn, new PatternDelegate(proposals_, view_));
    view_->setSelectionBehavior(QAbstractItemView::SelectRows);
    view_->setSelectionMode(QAbstractItemView::SingleSelection);
    view_->setDragDropMode(QAbstractItemView::InternalMove);
    view_->setDragDropOverwriteMode(false);
    view_->setDropIndicatorShown(true);
    view_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    view_->setTabKeyNavigation(false);
    view_->setShowGrid(false);
    view_->setWordWrap(false);
    view_->setTextElideMode(Qt::ElideMiddle);
    view_->setMouseTracking(true);
    view_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view_->verticalHeader()->hide();
    view_->verticalHeader()->setDefaultSectionSize(view_->fontMetrics().height() + 8);
    QHeaderView* header = view_->horizontalHeader();
    header->setObjectName(QStringLiteral("policyHeader"));
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(PolicyModel::patternColumn, QHeaderView::Stretch);
    header->setSectionResizeMode(PolicyModel::quantizerColumn, QHeaderView::Stretch);
    header->setSectionResizeMode(PolicyModel::sitesColumn, QHeaderView::ResizeToContents);
    view_->installEventFilter(this);
    view_->viewport()->installEventFilter(this);
    connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &PolicyEditor::showCurrent);
    connect(view_, &QTableView::entered, this, [this](const QModelIndex& index) { showSites(index.row()); });
}

void PolicyEditor::makeButtons() {
    add_ = iconButton(QStringLiteral("add"), tr("Add a rule"), this);
    add_->setText(tr("Add a rule"));
    add_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    add_->setObjectName(QStringLiteral("addRule"));
    duplicate_ = iconButton(QStringLiteral("copy"), tr("Duplicate the rule"), this);
    duplicate_->setObjectName(QStringLiteral("duplicateRule"));
    up_ = iconButton(QStringLiteral("up"), tr("Move the rule up (Alt+Up)"), this);
    up_->setObjectName(QStringLiteral("moveRuleUp"));
    down_ = iconButton(QStringLiteral("down"), tr("Move the rule down (Alt+Down)"), this);
    down_->setObjectName(QStringLiteral("moveRuleDown"));
    remove_ = iconButton(QStringLiteral("delete"), tr("Remove the rule (Delete)"), this);
    remove_->setObjectName(QStringLiteral("removeRule"));
    connect(add_, &QToolButton::clicked, this, &PolicyEditor::add);
    connect(duplicate_, &QToolButton::clicked, this, &PolicyEditor::duplicate);
    connect(remove_, &QToolButton::clicked, this, [this] { model_->remove(currentRow()); });
    connect(up_, &QToolButton::clicked, this, [this] { model_->move(currentRow(), currentRow() - 1); });
    connect(down_, &QToolButton::clicked, this, [this] { model_->move(currentRow(), currentRow() + 1); });
}

void PolicyEditor::add() {
    const int current = currentRow();
    select(model_->insert(model_->isOwn(current) ? current + 1 : -1,
                          {"role:weight", quant::QuantizerSpec{.granularity = quant::Granularity::channel}}));
    editor_->focusPattern();
}

/// A rule of the method becomes an own one that may then be changed.
void PolicyEditor::duplicate() {
    const int current = currentRow();
    const quant::PolicyRule* rule = model_->rule(current);
    if (rule == nullptr) return;
    const quant::PolicyRule copy = *rule;
    select(model_->insert(model_->isOwn(current) ? current + 1 : -1, copy));
}

int PolicyEditor::currentRow() const { return view_->currentIndex().row(); }

void PolicyEditor::select(int row) {
    view_->setCurrentIndex(model_->index(row, 0));
    view_->selectRow(row);
}

void PolicyEditor::setRules(const std::vector<quant::PolicyRule>& rules) {
    const int row = currentRow();
    model_->setRules(rules);
    if (currentRow() < 0 && row >= 0 && row < model_->rowCount()) select(row);
}

void PolicyEditor::setEffects(const PolicyEffectsPtr& effects) {
    const int locked = model_->lockedCount(), row = currentRow();
    model_->setEffects(effects);
    if (row < 0 || model_->lockedCount() == locked) return;
    const int moved = row >= locked ? row + model_->lockedCount() - locked : row;
    if (moved < model_->rowCount()) select(moved);
}

void PolicyEditor::setSiteIds(const std::vector<std::string>& ids) {
    const QStringList proposals = patternProposals(ids);
    if (proposals != proposals_->stringList()) proposals_->setStringList(proposals);
}

void PolicyEditor::focusRule(int own) {
    const int row = model_->lockedCount() + own;
    if (!model_->isOwn(row)) return;
    select(row);
    editor_->focusPattern();
}

void PolicyEditor::showCurrent() {
    const int row = currentRow();
    const bool own = model_->isOwn(row);
    editor_->setVisible(own);
    if (own) editor_->setRule(*model_->rule(row));
    const RuleEffect* effect = own ? model_->effect(row) : nullptr;
    notice_->setContent(effect != nullptr && effect->fatal ? Tone::bad : Tone::warning, effect == nullptr ? QString() : effect->problem);
    duplicate_->setEnabled(row >= 0);
    remove_->setEnabled(own);
    up_->setEnabled(own && model_->isOwn(row - 1));
    down_->setEnabled(own && model_->isOwn(row + 1));
    showSites(row);
}

void PolicyEditor::showSites(int row) {
    QStringList ids;
    if (const RuleEffect* effect = model_->effect(row))
        for (const std::string& id : effect->decided) ids.append(toQt(id));
    QString text;
    if (row < 0)
        text = model_->rules().empty() ? tr("The method decides alone. A rule of your own changes single sites or roles.") : QString();
    else if (ids.size() > kListed)
        text = tr("Decides %1 and %2 more.").arg(ids.mid(0, kListed).join(QStringLiteral(", "))).arg(ids.size() - kListed);
    else if (!ids.isEmpty())
        text = tr("Decides %1.").arg(ids.join(QStringLiteral(", ")));
    sites_->setText(text);
    sites_->setVisible(!text.isEmpty());
    if (ids == shown_) return;
    shown_ = ids;
    Q_EMIT sitesShown(ids);
}

void PolicyEditor::fitHeight() {
    const int rows = std::clamp(model_->rowCount(), 1, kMostRows);
    view_->setFixedHeight(view_->horizontalHeader()->sizeHint().height() + rows * view_->verticalHeader()->defaultSectionSize() +
                          2 * view_->frameWidth());
}

bool PolicyEditor::eventFilter(QObject* watched, QEvent* event) {
    if (watched == view_->viewport() && event->type() == QEvent::Leave) showSites(currentRow());
    if (watched != view_ || event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool alt = key->modifiers().testFlag(Qt::AltModifier);
    if (key->key() == Qt::Key_Delete)
        model_->remove(currentRow());
    else if (alt && key->key() == Qt::Key_Up)
        model_->move(currentRow(), currentRow() - 1);
    else if (alt && key->key() == Qt::Key_Down)
        model_->move(currentRow(), currentRow() + 1);
    else
        return QWidget::eventFilter(watched, event);
    return true;
}

}  // namespace vitrine::widgets
