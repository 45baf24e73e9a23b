// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/view_area.h"

#include <QApplication>
#include <QJsonArray>
#include <QMenu>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/base/icons.h"
#include "widgets/panels/view_panel.h"

namespace vitrine::widgets {
namespace {

const QString kOpen = QStringLiteral("open"), kCurrent = QStringLiteral("current"), kPanels = QStringLiteral("panels");

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
    auto* more = new QToolButton(this);
    more->setObjectName(QStringLiteral("views.more"));
    more->setIcon(icon(QStringLiteral("add")));
    more->setToolTip(tr("Open and close views"));
    more->setAccessibleName(more->toolTip());
    more->setAutoRaise(true);
    more->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(more);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        for (const ViewInfo& info : allViews()) {
            QAction* action = menu->addAction(info.title);
            action->setCheckable(true);
            action->setChecked(indexOfView(info.id) >= 0);
            connect(action, &QAction::triggered, this, [this, id = info.id](bool open) {
                if (open)
                    showView(id);
                else
                    closeView(id);
            });
        }
    });
    more->setMenu(menu);
    setCornerWidget(more, Qt::TopRightCorner);
    connect(this, &QTabWidget::currentChanged, this, [this](int index) {
        if (index >= 0 && isVisible()) ensurePanel(index);
        Q_EMIT currentViewChanged(currentId());
    });
    reset();
}

void ViewArea::showEvent(QShowEvent* event) {
    QTabWidget::showEvent(event);
    if (currentIndex() >= 0) ensurePanel(currentIndex());
}

void ViewArea::addTabFor(const ViewInfo& info) {
    const int index = addTab(new Page(info), info.title);
    auto* close = new QToolButton(this);
    close->setIcon(icon(QStringLiteral("close")));
    close->setIconSize({12, 12});
    close->setAutoRaise(true);
    close->setFocusPolicy(Qt::NoFocus);
    close->setToolTip(tr("Close this view"));
    close->setAccessibleName(tr("Close %1").arg(info.title));
    connect(close, &QToolButton::clicked, this, [this, id = info.id] { closeView(id); });
    tabBar()->setTabButton(index, QTabBar::RightSide, close);
    setTabToolTip(index, info.description);
    setTabWhatsThis(index, info.description);
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
    return {{kOpen, QJsonArray::fromStringList(openIds())}, {kCurrent, currentId()}, {kPanels, panels}};
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
    if (isVisible()) ensurePanel(currentIndex());
}

void ViewArea::reset() {
    const QSignalBlocker blocker(this);
    int place = 0;
    for (const ViewInfo& info : allViews()) {
        if (indexOfView(info.id) < 0) addTabFor(info);
        tabBar()->moveTab(indexOfView(info.id), place++);
    }
    setCurrentIndex(0);
    if (isVisible()) ensurePanel(0);
}

}  // namespace vitrine::widgets
