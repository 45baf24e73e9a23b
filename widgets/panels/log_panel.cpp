// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/log_panel.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/panels/log_panel_model.h"
#include "widgets/panels/runs_panel_delegate.h"

namespace vitrine::widgets {
namespace {

constexpr int kMargin = 6;

QToolButton* makeButton(QWidget* parent, const QString& name, const QString& iconName, const QString& text) {
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setIcon(icon(iconName));
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

}  // namespace

LogPanel::LogPanel(Log& log, QWidget* parent)
    : QWidget(parent), log_(log), model_(new LogModel(log, this)), filter_(new LogFilter(this)), title_(title()) {
    setObjectName(QStringLiteral("logPanel"));
    filter_->setSourceModel(model_);
    makeTable();
    empty_ = new QLabel(this);
    empty_->setObjectName(QStringLiteral("logEmptyText"));
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setForegroundRole(QPalette::PlaceholderText);
    pages_ = new QStackedWidget(this);
    pages_->addWidget(table_);
    pages_->addWidget(empty_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addWidget(pages_, 1);
    for (const auto signal : {&Log::appended, &Log::updated, &Log::dropped}) connect(&log_, signal, this, &LogPanel::updateState);
    connect(&log_, &Log::cleared, this, &LogPanel::updateState);
    updateState();
}

void LogPanel::makeTable() {
    table_ = new QTableView(this);
    table_->setObjectName(QStringLiteral("logTable"));
    table_->setAccessibleName(tr("Log"));
    table_->setModel(filter_);
    table_->setItemDelegate(new TableCellDelegate(table_));
    table_->setFrameShape(QFrame::NoFrame);
    table_->setShowGrid(false);
    table_->setWordWrap(false);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setTabKeyNavigation(false);
    table_->setContextMenuPolicy(Qt::CustomContextMenu);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    QHeaderView* header = table_->horizontalHeader();
    header->setObjectName(QStringLiteral("logHeader"));
    header->setStretchLastSection(true);
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const int letter = fontMetrics().horizontalAdvance(u'0');
    header->resizeSection(LogModel::time, 12 * letter);
    header->resizeSection(LogModel::level, 14 * letter);
    header->resizeSection(LogModel::source, 18 * letter);
    table_->installEventFilter(this);
    connect(table_, &QWidget::customContextMenuRequested, this, &LogPanel::showMenu);
    QScrollBar* bar = table_->verticalScrollBar();
    connect(bar, &QScrollBar::valueChanged, this, [this, bar](int value) { following_ = value >= bar->maximum(); });
    connect(bar, &QScrollBar::rangeChanged, this, [this, bar](int, int maximum) {
        if (following_) bar->setValue(maximum);
    });
}

QWidget* LogPanel::makeBar() {
    auto* bar = new QWidget(this);
    search_ = new QLineEdit(bar);
    search_->setObjectName(QStringLiteral("logFilter"));
    search_->setPlaceholderText(tr("Filter messages"));
    search_->setAccessibleName(tr("Filter messages"));
    search_->setClearButtonEnabled(true);
    search_->setMaximumWidth(fontMetrics().horizontalAdvance(u'0') * 40);
    search_->addAction(icon(QStringLiteral("find")), QLineEdit::LeadingPosition);
    level_ = new QComboBox(bar);
    level_->setObjectName(QStringLiteral("logLevel"));
    level_->setAccessibleName(tr("Level"));
    level_->addItem(tr("All messages"), static_cast<int>(LogLevel::info));
    level_->addItem(tr("Warnings and errors"), static_cast<int>(LogLevel::warning));
    level_->addItem(tr("Errors"), static_cast<int>(LogLevel::error));
    job_ = makeButton(bar, QStringLiteral("logJob"), QStringLiteral("close"), tr("Show all messages again"));
    job_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    job_->setLayoutDirection(Qt::RightToLeft);  // the cross behind the name
    job_->setAutoRaise(false);
    job_->hide();
    connect(job_, &QToolButton::clicked, this, &LogPanel::showAll);
    copy_ = makeButton(bar, QStringLiteral("logCopy"), QStringLiteral("copy"), tr("Copy the chosen lines, or all"));
    clear_ = makeButton(bar, QStringLiteral("logClear"), QStringLiteral("delete"), tr("Clear the log"));
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    layout->addWidget(search_, 1);
    layout->addWidget(level_);
    layout->addWidget(job_);
    layout->addStretch();
    layout->addWidget(copy_);
    layout->addWidget(clear_);
    connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) {
        filter_->setText(text);
        updateState();
    });
    connect(level_, &QComboBox::currentIndexChanged, this, [this] {
        filter_->setLowest(static_cast<LogLevel>(level_->currentData().toInt()));
        updateState();
    });
    connect(copy_, &QToolButton::clicked, this, &LogPanel::copyChosen);
    connect(clear_, &QToolButton::clicked, &log_, &Log::clear);
    return bar;
}

void LogPanel::showJob(const QString& title, const QString& run) {
    search_->clear();
    level_->setCurrentIndex(0);
    filter_->setAnyOf({run.isEmpty() ? title : run});  // other jobs may have the same title
    job_->setText(fontMetrics().elidedText(title, Qt::ElideRight, fontMetrics().averageCharWidth() * 32));
    job_->setAccessibleName(tr("Messages of %1 alone; show all again").arg(title));
    job_->show();
    updateState();
}

void LogPanel::showAll() {
    filter_->setAnyOf({});
    job_->hide();
    updateState();
}

QString LogPanel::title() const {
    const int warnings = log_.warnings();
    return warnings == 0 ? tr("Log") : counted(warnings, tr("Log (1 warning)"), tr("Log (%1 warnings)"));
}

void LogPanel::updateState() {
    const bool shown = filter_->rowCount() > 0;
    pages_->setCurrentIndex(shown ? 0 : 1);
    empty_->setText(log_.lines().empty() ? tr("Nothing has happened yet.") : job_->isVisibleTo(this) ? tr("Nothing was said of this job yet.") : tr("No message matches this filter."));
    copy_->setEnabled(shown);
    clear_->setEnabled(!log_.lines().empty());
    if (const QString now = title(); now != title_) {
        title_ = now;
        Q_EMIT titleChanged(title_);
    }
}

void LogPanel::copyChosen() const {
    QModelIndexList rows = table_->selectionModel()->selectedRows();
    if (rows.isEmpty())
        for (int row = 0; row < filter_->rowCount(); ++row) rows.append(filter_->index(row, 0));
    std::sort(rows.begin(), rows.end());
    QString text;
    for (const QModelIndex& row : rows) text += row.data(LogModel::lineRole).toString() + u'\n';
    if (!text.isEmpty()) QGuiApplication::clipboard()->setText(text);
}

void LogPanel::showMenu(const QPoint& position) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(icon(QStringLiteral("copy")), tr("Copy"), this, &LogPanel::copyChosen)->setEnabled(copy_->isEnabled());
    menu->addAction(icon(QStringLiteral("delete")), tr("Clear"), &log_, &Log::clear);
    menu->popup(table_->viewport()->mapToGlobal(position));
}

bool LogPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == table_ && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        copyChosen();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace vitrine::widgets
