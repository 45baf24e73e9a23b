// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/inspector_panel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QVBoxLayout>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/panels/site_text_menu.h"

namespace vitrine::widgets {
namespace {

constexpr int kUpdateMs = 100;
constexpr int kSiteRole = Qt::UserRole;

}  // namespace

InspectorPanel::InspectorPanel(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), title_(new QLabel(this)), hint_(new QLabel(this)), notice_(new QLabel(this)),
      shelf_(new EncodingShelf(session.study, this)), tree_(new QTreeWidget(this)) {
    setObjectName(QStringLiteral("inspector"));
    QFont bold = title_->font();
    bold.setBold(true);
    title_->setFont(bold);
    title_->setWordWrap(true);
    title_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    title_->setContentsMargins(8, 6, 8, 4);
    hint_->setWordWrap(true);
    hint_->setContentsMargins(8, 8, 8, 8);
    hint_->setObjectName(QStringLiteral("inspector.hint"));
    hint_->setAlignment(Qt::AlignCenter);
    hint_->setForegroundRole(QPalette::PlaceholderText);
    tree_->setObjectName(QStringLiteral("inspector.lines"));
    tree_->setAccessibleName(tr("What is known of the selection"));
    tree_->setRootIsDecorated(false);
    tree_->setIndentation(8);
    tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree_->setTextElideMode(Qt::ElideMiddle);
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->header()->setStretchLastSection(false);
    tree_->installEventFilter(this);
    tree_->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(tree_, &QTreeWidget::customContextMenuRequested, this, &InspectorPanel::showMenu);
    notice_->setObjectName(QStringLiteral("inspector.notice"));
    notice_->setWordWrap(true);
    notice_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    notice_->setContentsMargins(8, 0, 8, 6);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(title_);
    layout->addWidget(notice_);
    layout->addWidget(hint_);
    layout->addWidget(tree_, 1);
    update_.setSingleShot(true);
    update_.setInterval(kUpdateMs);
    connect(&update_, &QTimer::timeout, this, &InspectorPanel::updateNow);
    connect(tree_, &QTreeWidget::itemActivated, this, &InspectorPanel::follow);
    connect(tree_, &QTreeWidget::itemClicked, this, [this](const QTreeWidgetItem* item, int column) {
        if (column == 1) follow(item);
    });
    connect(shelf_, &EncodingShelf::changed, this, &InspectorPanel::updateSoon);
    const auto soon = [this] { updateSoon(); };
    connect(&session_.selection, &SelectionHub::runsChanged, this, soon);
    connect(&session_.selection, &SelectionHub::siteChanged, this, soon);
    connect(&session_.study, &Study::runChanged, this, soon);
    connect(&session_.study, &Study::networkChanged, this, soon);
    connect(&session_.study, &Study::editsChanged, this, soon);
    connect(&session_.study, &Study::closed, this, soon);
    connect(&session_.study, &Study::busyChanged, this, soon);
    hint_->setText(noNetworkText(session_));
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
    const NetworkPtr network = networkToShow(session_);
    InspectedRun a, b;
    if (study.isOpen()) {
        if (!selection.runA.isEmpty()) a = {RunFacts(study.run(selection.runA)), shelf_->of(selection.runA)};
        if (!selection.runB.isEmpty()) b = {RunFacts(study.run(selection.runB)), shelf_->of(selection.runB)};
    }
    const QStringList attention = attentionTexts(selection, a.facts, b.facts);
    notice_->setText(QStringLiteral("! ") + attention.join(QStringLiteral("\n! ")));
    notice_->setVisible(network != nullptr && !attention.isEmpty());
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, Theme::of(palette()).bad);
    notice_->setPalette(colours);
    title_->setText(inspectedTitle(network, selection));
    title_->setVisible(network != nullptr);
    hint_->setText(noNetworkText(session_));
    hint_->setVisible(network == nullptr);
    tree_->setVisible(network != nullptr);
    tree_->setHeaderLabels({tr("What"), selection.runB.isEmpty() ? tr("Value") : study.runTitle(selection.runA), study.runTitle(selection.runB)});
    tree_->setColumnHidden(2, selection.runB.isEmpty());
    fill(inspect(network, selection, a, b));
}

bool InspectorPanel::hasLines(const std::vector<InspectorSection>& sections) const {
    if (tree_->topLevelItemCount() != static_cast<int>(sections.size())) return false;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const QTreeWidgetItem* head = tree_->topLevelItem(static_cast<int>(i));
        if (head->text(0) != sections[i].title || head->childCount() != static_cast<int>(sections[i].rows.size())) return false;
        for (std::size_t k = 0; k < sections[i].rows.size(); ++k)
            if (head->child(static_cast<int>(k))->text(0) != sections[i].rows[k].name) return false;
    }
    return true;
}

void InspectorPanel::fill(const std::vector<InspectorSection>& sections) {
    // Lines of a run that grows keep their places, so that scrolling and marking survive.
    if (!hasLines(sections)) {
        tree_->clear();
        QFont bold = tree_->font();
        bold.setBold(true);
        for (const InspectorSection& section : sections) {
            auto* head = new QTreeWidgetItem(tree_, {section.title});
            head->setFont(0, bold);
            head->setFirstColumnSpanned(true);
            head->setFlags(Qt::ItemIsEnabled);
            for (const InspectorRow& row : section.rows) new QTreeWidgetItem(head, {row.name});
            head->setExpanded(true);
        }
    }
    for (std::size_t i = 0; i < sections.size(); ++i)
        for (std::size_t k = 0; k < sections[i].rows.size(); ++k)
            fillLine(*tree_->topLevelItem(static_cast<int>(i))->child(static_cast<int>(k)), sections[i].rows[k]);
    tree_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    tree_->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    tree_->header()->setSectionResizeMode(2, QHeaderView::Stretch);
}

void InspectorPanel::fillLine(QTreeWidgetItem& item, const InspectorRow& row) {
    item.setText(1, row.a);
    item.setText(2, row.b);
    item.setFirstColumnSpanned(row.a.isEmpty() && row.b.isEmpty());  // sentences
    item.setToolTip(0, row.toolTip.isEmpty() ? row.name : row.toolTip);
    item.setToolTip(1, row.site.isEmpty() ? row.a : tr("Go to %1").arg(row.site));
    item.setToolTip(2, row.b);
    item.setData(0, kSiteRole, row.site);
    item.setForeground(1, row.site.isEmpty() ? palette().text() : palette().link());
}

void InspectorPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) updateSoon();
    QWidget::changeEvent(event);
}

void InspectorPanel::follow(const QTreeWidgetItem* item) {
    const QString site = item->data(0, kSiteRole).toString();
    if (!site.isEmpty()) session_.selection.selectSite(site, blockOfSite(networkToShow(session_), site));
}

void InspectorPanel::showMenu(const QPoint& position) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("inspectorMenu"));
    connect(menu->addAction(icon(QStringLiteral("copy")), tr("Copy all lines")), &QAction::triggered, this,
            [this] { QApplication::clipboard()->setText(tabSeparated()); });
    menu->addSeparator();
    const Selection& chosen = session_.selection.selection();
    addPlaceActions(*menu, session_, {chosen.site, chosen.block},
                    {[this](const QString& view) { Q_EMIT viewAsked(view); }, [this](const QString& panel) { Q_EMIT panelAsked(panel); }});
    menu->popup(tree_->viewport()->mapToGlobal(position));
}

QString InspectorPanel::tabSeparated() const {
    QStringList lines{title_->text()};
    if (!notice_->isHidden()) lines.append(notice_->text());
    for (int i = 0; i < tree_->topLevelItemCount(); ++i) {
        const QTreeWidgetItem* section = tree_->topLevelItem(i);
        for (int k = 0; k < section->childCount(); ++k) {
            const QTreeWidgetItem* item = section->child(k);
            QStringList cells{section->text(0), item->text(0), item->text(1)};
            if (!tree_->isColumnHidden(2)) cells.append(item->text(2));
            lines.append(cells.join(QLatin1Char('\t')));
        }
    }
    QString text = lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
    return text.replace(QChar(u'\u2212'), QLatin1Char('-'));  // spreadsheets know no other minus
}

bool InspectorPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == tree_ && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(tabSeparated());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace vitrine::widgets
