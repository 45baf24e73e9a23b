// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/inspector_panel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QVBoxLayout>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

constexpr int kUpdateMs = 100;
constexpr int kSiteRole = Qt::UserRole;

}  // namespace

InspectorPanel::InspectorPanel(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), title_(new QLabel(this)), hint_(new QLabel(this)), tree_(new QTreeWidget(this)) {
    setObjectName(QStringLiteral("inspector"));
    QFont bold = title_->font();
    bold.setBold(true);
    title_->setFont(bold);
    title_->setWordWrap(true);
    title_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    title_->setContentsMargins(8, 6, 8, 4);
    hint_->setWordWrap(true);
    hint_->setContentsMargins(8, 8, 8, 8);
    hint_->setText(tr("Open a project with a network to see what it is made of; then choose a site in the model, a plot or a table."));
    tree_->setObjectName(QStringLiteral("inspector.lines"));
    tree_->setAccessibleName(tr("What is known of the selection"));
    tree_->setRootIsDecorated(false);
    tree_->setIndentation(8);
    tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree_->setTextElideMode(Qt::ElideMiddle);
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->header()->setStretchLastSection(false);
    tree_->installEventFilter(this);
    auto* copy = new QAction(tr("Copy"), this);
    connect(copy, &QAction::triggered, this, [this] { QApplication::clipboard()->setText(tabSeparated()); });
    tree_->addAction(copy);
    tree_->setContextMenuPolicy(Qt::ActionsContextMenu);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(title_);
    layout->addWidget(hint_);
    layout->addWidget(tree_, 1);
    update_.setSingleShot(true);
    update_.setInterval(kUpdateMs);
    connect(&update_, &QTimer::timeout, this, &InspectorPanel::updateNow);
    connect(tree_, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
        const QString site = item->data(0, kSiteRole).toString();
        if (!site.isEmpty()) session_.selection.selectSite(site, {});
    });
    const auto soon = [this] { updateSoon(); };
    connect(&session_.selection, &SelectionHub::runsChanged, this, soon);
    connect(&session_.selection, &SelectionHub::siteChanged, this, soon);
    connect(&session_.study, &Study::runChanged, this, soon);
    connect(&session_.study, &Study::networkChanged, this, soon);
    connect(&session_.study, &Study::editsChanged, this, soon);
    connect(&session_.study, &Study::closed, this, soon);
}

void InspectorPanel::updateSoon() {
    stale_ = true;
    if (isVisible() && !update_.isActive()) update_.start();
}

void InspectorPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (stale_) updateNow();
}

void InspectorPanel::updateNow() {
    update_.stop();
    stale_ = false;
    Study& study = session_.study;
    const Selection& selection = session_.selection.selection();
    NetworkPtr network;
    RunFacts a, b;
    if (study.isOpen()) {
        const std::string& draft = study.edits().draft.model;
        if (!selection.runA.isEmpty()) network = study.networkOf(selection.runA);
        else if (!draft.empty()) network = study.network(toQt(draft));
        if (!selection.runA.isEmpty()) a = RunFacts(study.run(selection.runA));
        if (!selection.runB.isEmpty()) b = RunFacts(study.run(selection.runB));
    }
    title_->setText(inspectedTitle(network, selection));
    title_->setVisible(network != nullptr);
    hint_->setVisible(network == nullptr);
    tree_->setVisible(network != nullptr);
    tree_->setHeaderLabels({tr("What"), selection.runB.isEmpty() ? tr("Value") : study.runTitle(selection.runA), study.runTitle(selection.runB)});
    tree_->setColumnHidden(2, selection.runB.isEmpty());
    fill(inspect(network, selection, a, b));
}

void InspectorPanel::fill(const std::vector<InspectorSection>& sections) {
    tree_->clear();
    QFont bold = tree_->font();
    bold.setBold(true);
    for (const InspectorSection& section : sections) {
        auto* head = new QTreeWidgetItem(tree_, {section.title});
        head->setFont(0, bold);
        head->setFirstColumnSpanned(true);
        head->setFlags(Qt::ItemIsEnabled);
        for (const InspectorRow& row : section.rows) {
            auto* item = new QTreeWidgetItem(head, {row.name, row.a, row.b});
            for (int column = 0; column < 3; ++column) item->setToolTip(column, row.toolTip.isEmpty() ? item->text(column) : row.toolTip);
            item->setData(0, kSiteRole, row.site);
            if (row.site.isEmpty()) continue;
            item->setForeground(1, palette().link());
            item->setToolTip(1, tr("Double click or Enter: go to %1").arg(row.site));
        }
        head->setExpanded(true);
    }
    tree_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    tree_->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    tree_->header()->setSectionResizeMode(2, QHeaderView::Stretch);
}

QString InspectorPanel::tabSeparated() const {
    QStringList lines{title_->text()};
    for (int i = 0; i < tree_->topLevelItemCount(); ++i) {
        const QTreeWidgetItem* section = tree_->topLevelItem(i);
        for (int k = 0; k < section->childCount(); ++k) {
            const QTreeWidgetItem* item = section->child(k);
            QStringList cells{section->text(0), item->text(0), item->text(1)};
            if (!tree_->isColumnHidden(2)) cells.append(item->text(2));
            lines.append(cells.join(QLatin1Char('\t')));
        }
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

bool InspectorPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == tree_ && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(tabSeparated());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace vitrine::widgets
