// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/view_area.h"

#include <QApplication>
#include <QJsonArray>
#include <QMouseEvent>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

#include "widgets/base/icons.h"
#include "widgets/panels/view_panel.h"

namespace vitrine::widgets {
namespace {

const QString kOpen = QStringLiteral("open"), kCurrent = QStringLiteral("current"), kPanels = QStringLiteral("panels"),
              kClosed = QStringLiteral("closed");

/// The page of a tab; its panel is made when it is first looked at.
class Page final : public QWidget {
  public:
    explicit Page(const ViewInfo& info) : info_(info) {
        setObjectName(QStringLiteral("page.") + info.id);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
    }

    const ViewInfo& info() const { return info_; }
    ViewPanel* panel() const { return panel_; }

    ViewPanel* makePanel(Session& session) {
        panel_ = new ViewPanel(info_, session, this);
        layout()->addWidget(panel_);
        return panel_;
    }

  private:
    const ViewInfo& info_;
    ViewPanel* panel_ = nullptr;
};

Page* pageAt(const QTabWidget& tabs, int index) { return static_cast<Page*>(tabs.widget(index)); }

}  // namespace

ViewArea::ViewArea(Session& session, QWidget* parent) : QTabWidget(parent), session_(session) {
    setObjectName(QStringLiteral("views"));
    setDocumentMode(true);
    tabBar()->setDrawBase(false);
    setMovable(true);
    setUsesScrollButtons(true);
    setElideMode(Qt::ElideNone);
    tabBar()->setAccessibleName(tr("Views"));
    tabBar()->setObjectName(QStringLiteral("views.tabs"));
    tabBar()->setContextMenuPolicy(Qt::CustomContextMenu);
    tabBar()->installEventFilter(this);
    connect(tabBar(), &QWidget::customContextMenuRequested, this, &ViewArea::openTabMenu);
    makeMenuButton();
    connect(this, &QTabWidget::currentChanged, this, [this](int index) {
        placeCloseButton();
        if (index >= 0 && isVisible()) ensurePanel(index);
        Q_EMIT currentViewChanged(currentId());
    });
    reset();
}

void ViewArea::showEvent(QShowEvent* event) {
    QTabWidget::showEvent(event);
    if (currentIndex() >= 0) ensurePanel(currentIndex());
}

void ViewArea::makeMenuButton() {
    auto* more = new QToolButton(this);
    more->setObjectName(QStringLiteral("views.more"));
    more->setIcon(icon(QStringLiteral("add")));
    more->setToolTip(tr("Open and close views"));
    more->setAccessibleName(more->toolTip());
    more->setAutoRaise(true);
    more->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(more);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillMenu(*menu); });
    more->setMenu(menu);
    setCornerWidget(more, Qt::TopRightCorner);
}

void ViewArea::fillMenu(QMenu& menu) {
    menu.clear();
    bool compares = false;
    for (const ViewInfo& info : allViews()) {
        if (info.comparesOnly && !std::exchange(compares, true)) menu.addSeparator();
        QAction* action = menu.addAction(info.title);
        action->setToolTip(info.description);
        action->setCheckable(true);
        action->setChecked(indexOfView(info.id) >= 0);
        connect(action, &QAction::triggered, this, [this, id = info.id](bool open) {
            if (open)
                showView(id);
            else
                closeView(id);
        });
    }
}

void ViewArea::openTabMenu(const QPoint& position) {
    const int index = tabBar()->tabAt(position);
    if (index < 0) return;
    const QString id = pageAt(*this, index)->info().id;
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("views.tabMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Close %1").arg(tabText(index)), this, [this, id] { closeView(id); });
    QAction* others = menu->addAction(tr("Close the others"), this, [this, id] {
        for (const QString& open : openIds())
            if (open != id) closeView(open);
    });
    others->setEnabled(count() > 1);
    menu->popup(tabBar()->mapToGlobal(position));
}

bool ViewArea::eventFilter(QObject* watched, QEvent* event) {
    if (watched == tabBar() && event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const int index = mouse->button() == Qt::MiddleButton ? tabBar()->tabAt(mouse->position().toPoint()) : -1;
        if (index >= 0) {
            closeView(pageAt(*this, index)->info().id);
            return true;
        }
    }
    return QTabWidget::eventFilter(watched, event);
}

void ViewArea::addTabFor(const ViewInfo& info) {
    closed_.removeAll(info.id);
    const int index = addTab(new Page(info), info.shortTitle);
    const QString title = info.title == info.shortTitle ? QString() : info.title + QStringLiteral(": ");
    setTabToolTip(index, title + info.description);
    setTabWhatsThis(index, info.description);
    placeCloseButton();
}

// One cross for all: with one on each, half of the tabs would not fit.
void ViewArea::placeCloseButton() {
    for (int index = 0; index < count(); ++index) {
        QWidget* there = tabBar()->tabButton(index, QTabBar::RightSide);
        if (there && index != currentIndex()) {
            tabBar()->setTabButton(index, QTabBar::RightSide, nullptr);
            there->deleteLater();
        }
        if (there || index != currentIndex()) continue;
        auto* close = new QToolButton(this);
        close->setObjectName(QStringLiteral("views.close"));
        close->setIcon(icon(QStringLiteral("close")));
        close->setIconSize({12, 12});
        close->setAutoRaise(true);
        close->setFocusPolicy(Qt::NoFocus);
        close->setToolTip(tr("Close this view"));
        close->setAccessibleName(tr("Close %1").arg(tabText(index)));
        connect(close, &QToolButton::clicked, this, [this] { closeView(currentId()); });
        tabBar()->setTabButton(index, QTabBar::RightSide, close);
    }
}

int ViewArea::indexOfView(const QString& id) const {
    for (int i = 0; i < count(); ++i)
        if (pageAt(*this, i)->info().id == id) return i;
    return -1;
}

void ViewArea::ensurePanel(int index) {
    Page* page = pageAt(*this, index);
    if (page->panel()) return;
    ViewPanel* panel = page->makePanel(session_);
    if (const auto state = states_.constFind(page->info().id); state != states_.cend()) panel->restoreState(*state);
    Q_EMIT panelMade(page->info().id);
}

void ViewArea::showView(const QString& id) {
    const ViewInfo* info = viewInfo(id);
    if (!info) return;
    if (indexOfView(id) < 0) addTabFor(*info);
    setCurrentIndex(indexOfView(id));
}

void ViewArea::closeView(const QString& id) {
    const int index = indexOfView(id);
    if (index < 0) return;
    Page* page = pageAt(*this, index);
    if (page->panel()) states_.insert(id, page->panel()->saveState());
    removeTab(index);
    page->deleteLater();
    if (!closed_.contains(id)) closed_.append(id);
}

void ViewArea::offerView(const QString& id) {
    const ViewInfo* info = viewInfo(id);
    if (info && indexOfView(id) < 0 && !closed_.contains(id)) addTabFor(*info);
}

QString ViewArea::currentId() const {
    return currentIndex() < 0 ? QString() : pageAt(*this, currentIndex())->info().id;
}

ViewPanel* ViewArea::currentPanel() const {
    return currentIndex() < 0 ? nullptr : pageAt(*this, currentIndex())->panel();
}

ViewPanel* ViewArea::panel(const QString& id) {
    if (!viewInfo(id)) return nullptr;
    if (indexOfView(id) < 0) addTabFor(*viewInfo(id));
    ensurePanel(indexOfView(id));
    return pageAt(*this, indexOfView(id))->panel();
}

QStringList ViewArea::openIds() const {
    QStringList ids;
    for (int i = 0; i < count(); ++i) ids.append(pageAt(*this, i)->info().id);
    return ids;
}

QJsonObject ViewArea::saveState() const {
    QJsonObject panels;
    for (auto state = states_.cbegin(); state != states_.cend(); ++state) panels.insert(state.key(), state.value());
    for (int i = 0; i < count(); ++i)
        if (const ViewPanel* made = pageAt(*this, i)->panel())
            panels.insert(pageAt(*this, i)->info().id, made->saveState());
    return {{kOpen, QJsonArray::fromStringList(openIds())}, {kCurrent, currentId()}, {kPanels, panels},
            {kClosed, QJsonArray::fromStringList(closed_)}};
}

void ViewArea::restoreState(const QJsonObject& state) {
    const QJsonObject panels = state.value(kPanels).toObject();
    for (const QString& id : panels.keys()) states_.insert(id, panels.value(id).toObject());
    QStringList wanted;
    for (const QJsonValue& id : state.value(kOpen).toArray())
        if (viewInfo(id.toString()) && !wanted.contains(id.toString())) wanted.append(id.toString());
    if (wanted.isEmpty()) {
        reset();
        return;
    }
    const QSignalBlocker blocker(this);
    for (const QString& id : openIds())
        if (!wanted.contains(id)) closeView(id);
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        if (indexOfView(wanted[i]) < 0) addTabFor(*viewInfo(wanted[i]));
        tabBar()->moveTab(indexOfView(wanted[i]), static_cast<int>(i));
        Page* page = pageAt(*this, static_cast<int>(i));
        if (page->panel() && panels.contains(wanted[i]))
            page->panel()->restoreState(panels.value(wanted[i]).toObject());
    }
    setCurrentIndex(std::max(0, indexOfView(state.value(kCurrent).toString())));
    closed_.clear();
    for (const QJsonValue& id : state.value(kClosed).toArray())
        if (viewInfo(id.toString()) && indexOfView(id.toString()) < 0) closed_.append(id.toString());
    placeCloseButton();
    if (isVisible()) ensurePanel(currentIndex());
}

void ViewArea::reset() {
    const QSignalBlocker blocker(this);
    int place = 0;
    for (const ViewInfo& info : allViews()) {
        if (!info.openAtFirst) {
            closeView(info.id);
            continue;
        }
        if (indexOfView(info.id) < 0) addTabFor(info);
        tabBar()->moveTab(indexOfView(info.id), place++);
    }
    closed_.clear();
    setCurrentIndex(0);
    placeCloseButton();
    if (isVisible()) ensurePanel(0);
}

}  // namespace vitrine::widgets
