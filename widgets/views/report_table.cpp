// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/report_table.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "report/number_text.h"
#include "widgets/base/icons.h"
#include "widgets/base/table_copy.h"
#include "widgets/base/text.h"
#include "widgets/views/report_table_model.h"

namespace vitrine::widgets {
namespace {

constexpr int kMeasuredRows = 200;  ///< that decide the width of a column
constexpr int kWidestColumn = 320;

class CellDelegate : public QStyledItemDelegate {
  public:
    CellDelegate(const ReportTableModel& model, QObject* parent) : QStyledItemDelegate(parent), model_(model) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        QStyleOptionViewItem background = option;
        initStyleOption(&background, index);
        const QString text = background.text;
        background.text.clear();
        background.state &= ~QStyle::State_HasFocus;  // the row is marked as a whole
        background.widget->style()->drawControl(QStyle::CE_ItemViewItem, &background, painter, background.widget);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        paintCell(*painter, option.rect,
                  {model_.column(index.column()), text, static_cast<CellLook::Tone>(index.data(ReportTableModel::toneRole).toInt()),
                   index.data(ReportTableModel::barRole).toDouble()},
                  option.font, Theme::of(option.palette));
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const double width = cellWidth(model_.column(index.column()), index.data(Qt::DisplayRole).toString(), option.font);
        return {static_cast<int>(width) + 1, option.fontMetrics.height() + 10};
    }

  private:
    const ReportTableModel& model_;
};

QStringList columnIds(const report::Table& table) {
    QStringList ids;
    for (const std::size_t c : report::shownColumns(table)) ids.append(toQt(table.columns[c].id));
    return ids;
}

}  // namespace

ReportTableWidget::ReportTableWidget(QWidget* parent)
    : QWidget(parent), view_(new QTableView(this)), note_(new QLabel(this)), model_(new ReportTableModel(this)),
      sorter_(new ReportTableSorter(this)), emptyText_(tr("There is nothing in this table.")) {
    sorter_->setSourceModel(model_);
    view_->setModel(sorter_);
    view_->setObjectName(QStringLiteral("reportTable"));
    view_->setAccessibleName(tr("Table"));
    view_->setItemDelegate(new CellDelegate(*model_, this));
    view_->setSelectionBehavior(QAbstractItemView::SelectRows);
    view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    view_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view_->setShowGrid(false);
    view_->setAlternatingRowColors(true);
    view_->setWordWrap(false);
    view_->setTabKeyNavigation(false);
    view_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view_->setFrameShape(QFrame::NoFrame);
    view_->verticalHeader()->hide();
    view_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    view_->horizontalHeader()->setHighlightSections(false);
    view_->horizontalHeader()->setSortIndicatorClearable(true);
    view_->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    view_->setSortingEnabled(true);
    note_->setWordWrap(true);
    note_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    note_->setForegroundRole(QPalette::PlaceholderText);
    note_->setContentsMargins(8, 4, 8, 6);

    auto* copyAction = new QAction(icon(QStringLiteral("copy")), tr("Copy rows"), view_);
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutContext(Qt::WidgetShortcut);
    connect(copyAction, &QAction::triggered, this, &ReportTableWidget::copy);
    view_->addAction(copyAction);
    view_->setContextMenuPolicy(Qt::ActionsContextMenu);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(view_, 1);
    layout->addWidget(note_);
    setFocusProxy(view_);
    view_->hide();
    note_->hide();
    connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ReportTableWidget::tellRow);
}

const report::Table& ReportTableWidget::table() const { return model_->table(); }

void ReportTableWidget::setEmptyText(const QString& text) {
    emptyText_ = text;
    update();
}

void ReportTableWidget::setTable(report::Table table, CellLooks looks) {
    const bool sameColumns = columnIds(table) == columnIds(model_->table());
    QStringList titles;  // of columns of runs: they change with the runs
    for (int c = 0; sameColumns && c < model_->columnCount(); ++c) titles.append(headerText(model_->column(c)));
    const QModelIndex current = sorter_->mapToSource(view_->currentIndex());
    const int site = model_->columnOf("site");
    const QString currentSite = current.isValid() ? model_->textAt(current.row(), site) : QString();
    const int currentRow = current.isValid() ? current.row() : -1;
    const QPoint scroll(view_->horizontalScrollBar()->value(), view_->verticalScrollBar()->value());

    const QScopedValueRollback<bool> quiet(quiet_, true);
    model_->setTable(std::move(table), std::move(looks));
    adoptColumns(sameColumns);
    for (int c = 0; sameColumns && c < model_->columnCount(); ++c)
        if (titles.value(c) != headerText(model_->column(c))) view_->setColumnWidth(c, std::max(view_->columnWidth(c), goodWidth(c)));
    const bool hasRows = model_->rowCount() > 0;
    view_->setVisible(hasRows);
    note_->setText(toQt(model_->table().note));
    note_->setVisible(hasRows && !model_->table().note.empty());
    if (sameColumns) {
        const int row = site >= 0 ? model_->rowWith(model_->columnOf("site"), currentSite) : currentRow;
        if (row >= 0 && row < model_->rowCount()) {
            const QModelIndex index = sorter_->mapFromSource(model_->index(row, 0));
            view_->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        }
        view_->horizontalScrollBar()->setValue(scroll.x());
        view_->verticalScrollBar()->setValue(scroll.y());
    }
    update();
}

int ReportTableWidget::goodWidth(int column) const {
    const QFontMetrics metrics(view_->horizontalHeader()->font());
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    const report::Column& held = model_->column(column);
    int width = metrics.horizontalAdvance(headerText(held)) + (runColour(held, Theme::day()) ? 48 : 30);  // a mark and the arrow of the order
    for (int r = 0; r < std::min(kMeasuredRows, model_->rowCount()); ++r) {
        const QModelIndex index = model_->index(r, column);
        const bool isStrong = index.data(ReportTableModel::toneRole).toInt() == static_cast<int>(CellLook::Tone::strong);
        width = std::max(width, static_cast<int>(cellWidth(held, index.data().toString(), isStrong ? bold : font())) + 1);
    }
    return std::min(width, kWidestColumn);
}

void ReportTableWidget::adoptColumns(bool sameColumns) {
    if (sameColumns) return;
    sorter_->sort(-1);
    view_->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    view_->horizontalHeader()->setMinimumSectionSize(40);
    for (int c = 0; c < model_->columnCount(); ++c) view_->setColumnWidth(c, goodWidth(c));
    const int last = model_->columnCount() - 1;
    view_->horizontalHeader()->setStretchLastSection(last >= 0 && !report::isNumeric(model_->column(last)));
}

void ReportTableWidget::tellRow() {
    const QModelIndex current = sorter_->mapToSource(view_->currentIndex());
    if (quiet_ || !current.isValid()) return;
    Q_EMIT rowChosen(current.row());
    const QString site = model_->textAt(current.row(), model_->columnOf("site"));
    if (!site.isEmpty()) Q_EMIT siteChosen(site);
}

void ReportTableWidget::selectSite(const QString& site) {
    const QScopedValueRollback<bool> quiet(quiet_, true);
    const int row = model_->rowWith(model_->columnOf("site"), site);
    if (row < 0) {
        view_->clearSelection();
        return;
    }
    const QModelIndex index = sorter_->mapFromSource(model_->index(row, 0));
    if (index == view_->currentIndex().siblingAtColumn(0) && view_->selectionModel()->isRowSelected(index.row())) return;
    view_->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    view_->scrollTo(index);
}

QString ReportTableWidget::tabSeparated() const {
    const report::Table& held = model_->table();
    QList<int> rows;
    for (const QModelIndex& index : view_->selectionModel()->selectedRows()) rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    if (rows.isEmpty())
        for (int r = 0; r < sorter_->rowCount(); ++r) rows.append(r);
    QStringList lines, cells;
    for (const report::Column& column : held.columns) cells.append(plainCell(headerText(column)));
    lines.append(cells.join(QLatin1Char('\t')));
    for (const int shownRow : rows) {
        cells.clear();
        const int row = sorter_->mapToSource(sorter_->index(shownRow, 0)).row();
        for (int c = 0; c < static_cast<int>(held.columns.size()); ++c) cells.append(plainCell(model_->textAt(row, c)));
        lines.append(cells.join(QLatin1Char('\t')));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

void ReportTableWidget::copy() const { QApplication::clipboard()->setText(tabSeparated()); }

void ReportTableWidget::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) view_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    if (event->type() == QEvent::PaletteChange) view_->viewport()->update();
}

void ReportTableWidget::paintEvent(QPaintEvent* event) {
    QWidget::paintEvent(event);
    if (model_->rowCount() > 0) return;
    QPainter painter(this);
    paintEmptyText(painter, rect(), emptyText_, font(), Theme::of(palette()));
}

}  // namespace vitrine::widgets
