// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/runs_panel.h"

#include <QColorDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "runs/run.h"
#include "widgets/base/background.h"
#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/base/theme.h"
#include "widgets/panels/runs_panel_delegate.h"
#include "widgets/panels/runs_panel_model.h"

namespace vitrine::widgets {
namespace {

constexpr int kMargin = 6;
const QString kHeaderSetting = QStringLiteral("runs/columns"), kByHandSetting = QStringLiteral("runs/columnsByHand");

QToolButton* makeButton(QWidget* parent, const QString& name, const QString& iconName, const QString& text, const QString& help) {
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setText(text);
    if (!iconName.isEmpty()) button->setIcon(icon(iconName));
    button->setToolButtonStyle(iconName.isEmpty() ? Qt::ToolButtonTextOnly : Qt::ToolButtonIconOnly);
    button->setToolTip(help);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

}  // namespace

RunsPanel::RunsPanel(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), model_(new RunsModel(session, this)), filter_(new RunsFilter(this)) {
    setObjectName(QStringLiteral("runsPanel"));
    filter_->setSourceModel(model_);
    makeTable();
    pages_ = new QStackedWidget(this);
    pages_->addWidget(table_);
    pages_->addWidget(makeEmpty());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addWidget(pages_, 1);

    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(filter_, signal, this, &RunsPanel::updateState);
    connect(filter_, &QAbstractItemModel::modelReset, this, &RunsPanel::updateState);
    connect(filter_, &QAbstractItemModel::layoutChanged, this, &RunsPanel::updateState);
    connect(&session_.study, &Study::opened, this, &RunsPanel::updateState);
    connect(&session_.study, &Study::closed, this, &RunsPanel::updateState);
    connect(&session_.study, &Study::busyChanged, this, &RunsPanel::updateState);
    // Queued: by then the scroll bar has taken its room, or given it back.
    connect(table_->verticalScrollBar(), &QScrollBar::rangeChanged, this, &RunsPanel::fitColumns, Qt::QueuedConnection);
    connect(&session_.selection, &SelectionHub::runsChanged, this, &RunsPanel::updateState);
    connect(table_->selectionModel(), &QItemSelectionModel::currentChanged, this, &RunsPanel::updateState);
    updateState();
}

RunsPanel::~RunsPanel() {
    session_.settings.store().setValue(kHeaderSetting, table_->horizontalHeader()->saveState());
    session_.settings.store().setValue(kByHandSetting, byHand_);
}

void RunsPanel::makeTable() {
    table_ = new QTableView(this);
    table_->setObjectName(QStringLiteral("runsTable"));
    table_->setAccessibleName(tr("Runs"));
    table_->setModel(filter_);
    table_->setItemDelegate(new TableCellDelegate(table_));
    table_->setItemDelegateForColumn(RunsModel::mark, new RunMarkDelegate(table_));
    table_->setFrameShape(QFrame::NoFrame);
    table_->setShowGrid(false);
    table_->setAlternatingRowColors(true);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setEditTriggers(QAbstractItemView::EditKeyPressed);
    table_->setTabKeyNavigation(false);
    table_->setContextMenuPolicy(Qt::CustomContextMenu);
    table_->setWordWrap(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    table_->installEventFilter(this);

    QHeaderView* header = table_->horizontalHeader();
    header->setObjectName(QStringLiteral("runsHeader"));
    header->setSectionsMovable(true);
    header->setHighlightSections(false);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setMinimumSectionSize(40);
    table_->setSortingEnabled(true);
    table_->sortByColumn(RunsModel::when, Qt::DescendingOrder);
    header->restoreState(session_.settings.store().value(kHeaderSetting).toByteArray());

    byHand_ = session_.settings.store().value(kByHandSetting).toBool();
    header->viewport()->installEventFilter(this);
    connect(header, &QHeaderView::sectionResized, this, [this] { byHand_ = byHand_ || pressed_; });
    connect(header, &QWidget::customContextMenuRequested, this, &RunsPanel::showColumns);
    connect(table_, &QWidget::customContextMenuRequested, this, &RunsPanel::showMenu);
    connect(table_, &QAbstractItemView::doubleClicked, this, [this] { setCurrentAsA(); });
}

QWidget* RunsPanel::makeBar() {
    auto* bar = new QWidget(this);
    search_ = new QLineEdit(bar);
    search_->setObjectName(QStringLiteral("runsFilter"));
    search_->setPlaceholderText(tr("Filter runs"));
    search_->setAccessibleName(tr("Filter runs"));
    search_->setToolTip(tr("Shows runs whose name, method, bits, state or note hold all of these words"));
    search_->setClearButtonEnabled(true);
    search_->setMaximumWidth(fontMetrics().horizontalAdvance(u'0') * 40);
    search_->addAction(icon(QStringLiteral("find")), QLineEdit::LeadingPosition);
    asA_ = makeButton(bar, QStringLiteral("runsSetA"), {}, tr("Set as A"), tr("The views show this run (Enter)"));
    asB_ = makeButton(bar, QStringLiteral("runsSetB"), {}, tr("Set as B"), tr("The views compare run A with this one (Shift+Enter)"));
    swap_ = makeButton(bar, QStringLiteral("runsSwap"), QStringLiteral("swap"), tr("Swap A and B"), tr("Swap A and B"));
    columns_ = makeButton(bar, QStringLiteral("runsColumns"), QStringLiteral("table"), tr("Columns"), tr("Choose columns"));
    auto* menu = new QMenu(columns_);
    columns_->setMenu(menu);
    columns_->setPopupMode(QToolButton::InstantPopup);
    columns_->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        addColumnActions(*menu);
    });
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    layout->addWidget(search_, 1);
    layout->addStretch();
    for (QToolButton* button : {asA_, asB_, swap_, columns_}) layout->addWidget(button);
    connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) {
        filter_->setWords(text);
        updateState();
    });
    connect(asA_, &QToolButton::clicked, this, &RunsPanel::setCurrentAsA);
    connect(asB_, &QToolButton::clicked, this, &RunsPanel::setCurrentAsB);
    connect(swap_, &QToolButton::clicked, this, [this] { session_.selection.swapRuns(); });
    return bar;
}

QWidget* RunsPanel::makeEmpty() {
    auto* page = new QWidget(this);
    emptyText_ = new QLabel(page);
    emptyText_->setObjectName(QStringLiteral("runsEmptyText"));
    emptyText_->setAlignment(Qt::AlignCenter);
    emptyText_->setWordWrap(true);
    emptyText_->setForegroundRole(QPalette::PlaceholderText);
    newRun_ = new QPushButton(icon(QStringLiteral("new-run")), tr("New run..."), page);
    newRun_->setObjectName(QStringLiteral("runsNewRun"));
    connect(newRun_, &QPushButton::clicked, this, &RunsPanel::newRunAsked);
    auto* layout = new QVBoxLayout(page);
    layout->addStretch();
    layout->addWidget(emptyText_);
    layout->addWidget(newRun_, 0, Qt::AlignHCenter);
    layout->addStretch();
    return page;
}

void RunsPanel::updateState() {
    const bool open = session_.study.isOpen(), some = model_->rowCount() > 0, shown = filter_->rowCount() > 0;
    pages_->setCurrentIndex(shown ? 0 : 1);
    fitColumns();
    emptyText_->setText(!open  ? (session_.study.isBusy() ? tr("The project is being opened.") : tr("Open a project to see its runs."))
                        : some ? tr("No run matches this filter.")
                               : tr("No runs yet. A run quantizes a network and measures what that did."));
    newRun_->setVisible(open && !some);
    search_->setEnabled(some);
    const QString run = current();
    asA_->setEnabled(!run.isEmpty());
    asB_->setEnabled(!run.isEmpty());
    swap_->setEnabled(!session_.selection.selection().runB.isEmpty());
}

QString RunsPanel::current() const {
    const QModelIndex index = table_->currentIndex();
    return index.isValid() ? index.data(RunsModel::idRole).toString() : QString();
}

QStringList RunsPanel::chosen() const {
    QModelIndexList rows = table_->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    QStringList ids;
    for (const QModelIndex& row : rows) ids.append(row.data(RunsModel::idRole).toString());
    return ids;
}

void RunsPanel::setFilter(const QString& text) { search_->setText(text); }

void RunsPanel::setA(const QString& run) {
    if (run.isEmpty()) return;
    if (session_.selection.selection().runB == run) return session_.selection.swapRuns();
    session_.selection.setRunA(run);
}

void RunsPanel::setB(const QString& run) {
    if (run.isEmpty()) return;
    if (session_.selection.selection().runA == run && !session_.selection.selection().runB.isEmpty()) return session_.selection.swapRuns();
    session_.selection.setRunB(run);
}

void RunsPanel::setCurrentAsA() { setA(current()); }
void RunsPanel::setCurrentAsB() { setB(current()); }

void RunsPanel::renameCurrent() {
    const QModelIndex index = table_->currentIndex();
    if (index.isValid()) table_->edit(index.siblingAtColumn(RunsModel::name));
}

void RunsPanel::togglePinned() {
    const QString run = current();
    if (run.isEmpty()) return;
    const bool pinned = project::noteOf(session_.study.edits(), toStd(run)).pinned;
    session_.study.editRun(pinned ? tr("unpin run") : tr("pin run"), run, [&](project::RunNote& note) { note.pinned = !pinned; });
}

void RunsPanel::setColour(const QString& colour) {
    const QStringList runs = chosen();
    session_.study.edit(tr("colour of run"), [&](project::Edits& edits) {
        for (const QString& run : runs) {
            project::RunNote note = project::noteOf(edits, toStd(run));
            note.colour = toStd(colour);
            if (note == project::RunNote{})
                edits.runs.erase(toStd(run));
            else
                edits.runs[toStd(run)] = note;
        }
    });
}

bool RunsPanel::isInterrupted(const QString& run) const {
    const project::RunSummary* summary = session_.study.summary(run);
    return summary != nullptr && summary->state == project::RunState::interrupted;
}

QString RunsPanel::folderOf(const QString& run) const {
    const project::RunSummary* summary = session_.study.summary(run);
    const bool complete = summary != nullptr && project::isComplete(summary->state);
    return session_.study.folder() + (complete ? QStringLiteral("/runs/") : QStringLiteral("/runs/.tmp-")) + run;
}

void RunsPanel::resumeChosen() {
    const QStringList runs = chosen();
    for (const QString& run : runs)
        if (isInterrupted(run)) resume(run);
}

void RunsPanel::resume(const QString& run) {
    inBackground(
        session_.study.pool(), this, [folder = toPath(session_.study.folder()), id = toStd(run)] { return runs::resumeSpec(folder, id); },
        [this, run](const Outcome<runs::RunSpec>& outcome) {
            if (const auto* error = std::get_if<Error>(&outcome)) {
                Q_EMIT failed(*error);
                return;
            }
            session_.jobs.addRun(std::get<runs::RunSpec>(outcome), tr("%1 (resumed)").arg(session_.study.runTitle(run)), JobCenter::When::queued);
        });
}

bool RunsPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == table_->horizontalHeader()->viewport()) {
        if (event->type() == QEvent::MouseButtonPress) pressed_ = true;
        if (event->type() == QEvent::MouseButtonRelease) pressed_ = false;
    }
    if (watched != table_) return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::Resize) fitColumns();
    if (event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
    const QModelIndex name = table_->currentIndex().siblingAtColumn(RunsModel::name);
    if (table_->isPersistentEditorOpen(name)) return false;  // keys that the editor leaves over
    auto* key = static_cast<QKeyEvent*>(event);
    if (key->matches(QKeySequence::Copy)) {
        copyChosen();
        return true;
    }
    if (key->key() == Qt::Key_F2) {
        renameCurrent();
        return true;
    }
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
        key->modifiers().testFlag(Qt::ShiftModifier) ? setCurrentAsB() : setCurrentAsA();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void RunsPanel::addColours(QMenu& menu) {
    QMenu* colours = menu.addMenu(icon(QStringLiteral("colour")), tr("Colour"));
    const QStringList names{tr("Blue"), tr("Orange"), tr("Green"), tr("Pink"), tr("Yellow"), tr("Light blue"), tr("Violet"), tr("Grey")};
    const std::vector<QColor>& series = Theme::of(palette()).series;
    for (std::size_t i = 0; i < series.size() && i < static_cast<std::size_t>(names.size()); ++i) {
        QPixmap swatch(32, 32);
        swatch.fill(series[i]);
        colours->addAction(QIcon(swatch), names[static_cast<qsizetype>(i)], this, [this, colour = series[i].name()] { setColour(colour); });
    }
    colours->addSeparator();
    colours->addAction(tr("Other..."), this, [this] {
        auto* dialog = new QColorDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QColorDialog::colorSelected, this, [this](const QColor& colour) { setColour(colour.name()); });
        dialog->open();
    });
    colours->addAction(tr("By order"), this, [this] { setColour({}); });
}

void RunsPanel::showMenu(const QPoint& position) {
    const QString run = current();
    if (run.isEmpty()) return;
    const QStringList runs = chosen();
    const bool pinned = project::noteOf(session_.study.edits(), toStd(run)).pinned, writable = !session_.study.readOnly();
    const bool interrupted = std::any_of(runs.begin(), runs.end(), [this](const QString& one) { return isInterrupted(one); });
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("runsMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Set as A"), this, &RunsPanel::setCurrentAsA);
    menu->addAction(tr("Set as B"), this, &RunsPanel::setCurrentAsB);
    QAction* swap = menu->addAction(icon(QStringLiteral("swap")), tr("Swap A and B"), this, [this] { session_.selection.swapRuns(); });
    swap->setEnabled(swap_->isEnabled());
    menu->addSeparator();
    menu->addAction(tr("Rename"), this, &RunsPanel::renameCurrent)->setEnabled(writable);
    menu->addAction(icon(QStringLiteral("pin")), pinned ? tr("Unpin") : tr("Pin to the top"), this, &RunsPanel::togglePinned)->setEnabled(writable);
    if (writable) addColours(*menu);
    menu->addSeparator();
    menu->addAction(icon(QStringLiteral("resume")), tr("Resume"), this, &RunsPanel::resumeChosen)->setEnabled(interrupted && writable);
    menu->addAction(icon(QStringLiteral("new-run")), tr("Run again with changes..."), this, [this, run] { Q_EMIT rerunAsked(run); });
    menu->addAction(icon(QStringLiteral("report")), tr("Add to report"), this, [this, runs] { Q_EMIT reportAsked(runs); });
    menu->addSeparator();
    menu->addAction(icon(QStringLiteral("copy")), tr("Copy as table"), this, &RunsPanel::copyChosen);
    menu->addAction(icon(QStringLiteral("folder")), tr("Open folder"), this, [this, run] { Q_EMIT folderAsked(folderOf(run)); });
    menu->popup(table_->viewport()->mapToGlobal(position));
}

}  // namespace vitrine::widgets
