// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/model_panel.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/panels/model_panel_delegate.h"
#include "widgets/panels/site_text_menu.h"
#include "widgets/views/site_facts.h"

namespace vitrine::widgets {
namespace {

constexpr int kRefreshMs = 100;  ///< of a live run, at most ten times a second
constexpr int kFilterMs = 120;   ///< after the last key
constexpr int kNameLetters = 24;  ///< of the column of names, before others come in

}  // namespace

ModelPanel::ModelPanel(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), model_(new ModelTree(this)), filter_(new ModelFilter(this)), pages_(new QStackedWidget(this)),
      tree_(new QTreeView), empty_(new QLabel) {
    setObjectName(QStringLiteral("modelPanel"));
    filter_->setSourceModel(model_);
    makeTree();
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setWordWrap(true);
    empty_->setMargin(16);
    empty_->setForegroundRole(QPalette::PlaceholderText);
    pages_->addWidget(tree_);
    pages_->addWidget(empty_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeFilterBar());
    layout->addWidget(pages_, 1);

    refreshTimer_.setSingleShot(true);
    connect(&refreshTimer_, &QTimer::timeout, this, &ModelPanel::refresh);
    filterTimer_.setSingleShot(true);
    connect(&filterTimer_, &QTimer::timeout, this, &ModelPanel::applyFilter);
    connect(&session.selection, &SelectionHub::runsChanged, this, &ModelPanel::refreshSoon);
    connect(&session.selection, &SelectionHub::siteChanged, this, &ModelPanel::showSelection);
    connect(&session.selection, &SelectionHub::marksChanged, this, [this] { model_->setMarked(session_.selection.selection().marked); });
    connect(&session.study, &Study::runChanged, this, &ModelPanel::refreshSoon);
    connect(&session.study, &Study::networkChanged, this, &ModelPanel::refreshSoon);
    connect(&session.study, &Study::editsChanged, this, &ModelPanel::refreshSoon);
    connect(&session.study, &Study::opened, this, &ModelPanel::refreshSoon);
    connect(&session.study, &Study::busyChanged, this, &ModelPanel::refreshSoon);
    connect(&session.study, &Study::closed, this, &ModelPanel::refreshSoon);
    refresh();
}

QWidget* ModelPanel::makeFilterBar() {
    auto* bar = new QWidget;
    field_ = new QLineEdit;
    field_->setObjectName(QStringLiteral("modelFilter"));
    field_->setAccessibleName(tr("Filter of the model tree"));
    field_->setPlaceholderText(tr("Filter by name or role"));
    field_->setToolTip(tr("Shows the rows whose name or role matches: a text, or a regular expression such as blocks\\.[0-3]\\..*softmax"));
    field_->setClearButtonEnabled(true);
    field_->addAction(icon(QStringLiteral("find")), QLineEdit::LeadingPosition);
    plainMark_ = field_->addAction(icon(QStringLiteral("warning")), QLineEdit::TrailingPosition);
    plainMark_->setObjectName(QStringLiteral("plainMark"));
    plainMark_->setToolTip(tr("This is no valid regular expression. It is looked for as plain text."));
    plainMark_->setVisible(false);
    field_->installEventFilter(this);
    connect(field_, &QLineEdit::textChanged, this, [this] { filterTimer_.start(kFilterMs); });
    count_ = new QLabel;
    count_->setObjectName(QStringLiteral("modelMatches"));
    count_->setForegroundRole(QPalette::PlaceholderText);
    const auto button = [this](const QString& iconName, const QString& text, void (ModelPanel::*go)()) {
        auto* made = new QToolButton;
        made->setIcon(icon(iconName));
        made->setAutoRaise(true);
        made->setToolTip(text);
        made->setAccessibleName(text);
        connect(made, &QToolButton::clicked, this, go);
        return made;
    };
    previous_ = button(QStringLiteral("up"), tr("Match before (Shift+Enter)"), &ModelPanel::previousMatch);
    next_ = button(QStringLiteral("down"), tr("Next match (Enter)"), &ModelPanel::nextMatch);
    previous_->setObjectName(QStringLiteral("previousMatch"));
    next_->setObjectName(QStringLiteral("nextMatch"));
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->setSpacing(4);
    layout->addWidget(field_, 1);
    layout->addWidget(count_);
    layout->addWidget(previous_);
    layout->addWidget(next_);
    showFilterState();
    return bar;
}

void ModelPanel::makeTree() {
    tree_->setObjectName(QStringLiteral("modelTree"));
    tree_->setAccessibleName(tr("Blocks, operations and sites of the network"));
    tree_->setModel(filter_);
    tree_->setItemDelegate(new ModelDelegate(*filter_, tree_));
    tree_->setUniformRowHeights(true);
    tree_->setSelectionBehavior(QAbstractItemView::SelectRows);
    tree_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    tree_->setContextMenuPolicy(Qt::CustomContextMenu);
    tree_->setIndentation(14);
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->setExpandsOnDoubleClick(false);
    QHeaderView* header = tree_->header();
    header->setObjectName(QStringLiteral("modelHeader"));
    header->setStretchLastSection(false);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(ModelTree::nameColumn, QHeaderView::Stretch);
    header->setMinimumSectionSize(36);
    tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    auto* copy = new QAction(icon(QStringLiteral("copy")), tr("Copy rows"), tree_);
    copy->setObjectName(QStringLiteral("copyRows"));
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &ModelPanel::copyRows);
    tree_->addAction(copy);
    fitColumns();
    connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this, &ModelPanel::tellSelection);
    connect(tree_, &QTreeView::customContextMenuRequested, this, &ModelPanel::showMenu);
    connect(tree_, &QTreeView::doubleClicked, this, [this](const QModelIndex& index) {
        if (index.data(ModelTree::siteRole).toString().isEmpty())
            tree_->setExpanded(index.siblingAtColumn(0), !tree_->isExpanded(index.siblingAtColumn(0)));
        else
            Q_EMIT panelAsked(QStringLiteral("inspector"));
    });
}

void ModelPanel::refreshSoon() {
    if (isVisible() && !refreshTimer_.isActive()) refreshTimer_.start(kRefreshMs);
}

void ModelPanel::refresh() {
    const QString run = session_.selection.selection().runA;
    const NetworkPtr network = networkToShow(session_);
    if (network != model_->network()) {
        quiet_ = true;
        model_->setNetwork(network);
        quiet_ = false;
        shownRun_ = nullptr;
        model_->setFacts(RunFacts());
        if (!filter_->text().isEmpty()) tree_->expandAll();
        showSelection();
    }
    const RunDataPtr content = run.isEmpty() || !network ? nullptr : session_.study.run(run);
    if (content != shownRun_) {
        shownRun_ = content;
        model_->setFacts(RunFacts(content));
    }
    const bool noMatch = network && filter_->rowCount() == 0;
    empty_->setText(noMatch ? tr("No row matches the filter.") : noNetworkText(session_));
    pages_->setCurrentWidget(network && !noMatch ? static_cast<QWidget*>(tree_) : empty_);
    showFilterState();
}

void ModelPanel::tellSelection(const QModelIndex& current) {
    if (quiet_ || !current.isValid()) return;
    const QString site = current.data(ModelTree::siteRole).toString();
    const QString block = current.data(ModelTree::blockRole).toString();
    quiet_ = true;
    if (!site.isEmpty())
        session_.selection.selectSite(site, block);
    else if (!current.parent().isValid())
        session_.selection.selectBlock(block);
    quiet_ = false;
}

void ModelPanel::showSelection() {
    if (quiet_) return;
    const Selection& selection = session_.selection.selection();
    const QModelIndex source = selection.site.isEmpty() ? model_->indexOfBlock(selection.block) : model_->indexOfSite(selection.site);
    const QModelIndex index = filter_->mapFromSource(source);
    quiet_ = true;
    if (index.isValid()) {
        tree_->setCurrentIndex(index);
        tree_->scrollTo(index);
    } else {
        tree_->setCurrentIndex({});
        tree_->clearSelection();
    }
    quiet_ = false;
}

void ModelPanel::showMenu(const QPoint& position) {
    const QModelIndex index = tree_->indexAt(position).siblingAtColumn(0);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("modelMenu"));
    const Place place{index.data(ModelTree::siteRole).toString(), index.data(ModelTree::blockRole).toString()};
    addPlaceActions(*menu, session_, place,
                    {[this](const QString& view) { Q_EMIT viewAsked(view); }, [this](const QString& panel) { Q_EMIT panelAsked(panel); }});
    menu->addSeparator();
    menu->addAction(tree_->findChild<QAction*>(QStringLiteral("copyRows")));
    connect(menu->addAction(tr("Expand all")), &QAction::triggered, tree_, &QTreeView::expandAll);
    connect(menu->addAction(tr("Collapse all")), &QAction::triggered, tree_, &QTreeView::collapseAll);
    menu->popup(tree_->viewport()->mapToGlobal(position));
}

void ModelPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

bool ModelPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched != field_ || event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter: goToMatch(key->modifiers() & Qt::ShiftModifier ? -1 : 1); return true;
        case Qt::Key_Down: tree_->setFocus(); return true;
        case Qt::Key_Escape:
            if (field_->text().isEmpty()) break;
            setFilter({});
            return true;
        default: break;
    }
    return QWidget::eventFilter(watched, event);
}

void ModelPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitColumns();
}

// Numbers are as wide as their text; roles and shapes come in where names keep their room.
void ModelPanel::fitColumns() {
    QHeaderView* header = tree_->header();
    const QFontMetrics metrics = tree_->fontMetrics();
    const auto fit = [&](int column, const QString& longest, int more) {
        const int width = std::max(header->sectionSizeHint(column), metrics.horizontalAdvance(longest) + more);
        header->resizeSection(column, width);
        return width;
    };
    constexpr int kMargins = 14, kSign = 21;
    int rest = width() - kNameLetters * metrics.averageCharWidth();
    rest -= fit(ModelTree::bitsColumn, tr("float"), kMargins) + fit(ModelTree::sqnrColumn, QStringLiteral("≥ −00.0"), kMargins + kSign);
    rest -= fit(ModelTree::roleColumn, roleText(graph::Role::postLayerNorm), kMargins);
    tree_->setColumnHidden(ModelTree::roleColumn, rest < 0);
    rest -= fit(ModelTree::shapeColumn, QStringLiteral("B × 0000 × 0000"), kMargins);
    tree_->setColumnHidden(ModelTree::shapeColumn, rest < 0);
}

QSize ModelPanel::sizeHint() const { return {fontMetrics().averageCharWidth() * 46, 480}; }

QSize ModelPanel::minimumSizeHint() const { return {fontMetrics().averageCharWidth() * 38, QWidget::minimumSizeHint().height()}; }

void ModelPanel::copyRows() const {
    QModelIndexList rows = tree_->selectionModel()->selectedRows();
    if (rows.isEmpty()) return;
    std::sort(rows.begin(), rows.end(), [this](const QModelIndex& a, const QModelIndex& b) { return tree_->visualRect(a).top() < tree_->visualRect(b).top(); });
    QStringList cells{tr("Id")}, lines;
    for (int column = 1; column < model_->columnCount(); ++column) cells.append(model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    lines.append(cells.join(u'\t'));
    for (const QModelIndex& row : rows) {
        cells = {row.data(ModelTree::idRole).toString()};
        for (int column = 1; column < model_->columnCount(); ++column) cells.append(row.siblingAtColumn(column).data().toString());
        lines.append(cells.join(u'\t'));
    }
    QGuiApplication::clipboard()->setText(lines.join(u'\n') + u'\n');
}

void ModelPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) tree_->viewport()->update();
    if (event->type() == QEvent::FontChange) fitColumns();
    QWidget::changeEvent(event);
}

}  // namespace vitrine::widgets
