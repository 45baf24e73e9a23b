// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/dock_titles.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QTabBar>
#include <QToolButton>
#include <algorithm>

#include "widgets/base/icons.h"
#include "widgets/base/themed.h"

namespace vitrine::widgets {
namespace {

/// The title bar of one dock. Collapsed it takes no room; a hidden one would bring the title bar of the style back.
class Title final : public QWidget {
  public:
    explicit Title(QDockWidget* dock) : QWidget(dock) {
        setObjectName(QStringLiteral("title.") + dock->objectName());
        setAttribute(Qt::WA_StyledBackground);
        followTheme(this, [this](const Theme& theme) {
            setStyleSheet(QStringLiteral("#%1 { background: %2; border-bottom: 1px solid %3; }")
                              .arg(QString(objectName()).replace(QLatin1Char('.'), QStringLiteral("\\.")), theme.raised.name(), theme.border.name()));
        });
        auto* name = new QLabel(dock->windowTitle(), this);
        QFont font = name->font();
        font.setWeight(QFont::DemiBold);
        name->setFont(font);
        connect(dock, &QDockWidget::windowTitleChanged, name, &QLabel::setText);
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(10, 2, 4, 2);
        layout->setSpacing(2);
        layout->addWidget(name, 1);
        auto* detach = addButton(QStringLiteral("detach"), tr("Detach or attach this panel"));
        connect(detach, &QToolButton::clicked, dock, [dock] { dock->setFloating(!dock->isFloating()); });
        auto* close = addButton(QStringLiteral("close"), tr("Close this panel"));
        connect(close, &QToolButton::clicked, dock, &QDockWidget::close);
    }

    QSize sizeHint() const override { return collapsed_ ? QSize(0, 0) : QWidget::sizeHint(); }
    QSize minimumSizeHint() const override { return collapsed_ ? QSize(0, 0) : QWidget::minimumSizeHint(); }

    bool isCollapsed() const { return collapsed_; }
    void setCollapsed(bool collapsed) {
        if (collapsed == collapsed_) return;
        collapsed_ = collapsed;
        setMaximumHeight(collapsed ? 0 : QWIDGETSIZE_MAX);
        updateGeometry();
    }

  private:
    QToolButton* addButton(const QString& iconName, const QString& text) {
        auto* button = new QToolButton(this);
        button->setObjectName(objectName() + QLatin1Char('.') + iconName);
        button->setIcon(icon(iconName));
        button->setIconSize({12, 12});
        button->setAutoRaise(true);
        button->setToolTip(text);
        button->setAccessibleName(text);
        layout()->addWidget(button);
        return button;
    }

    bool collapsed_ = false;
};

Title* titleOf(const QDockWidget* dock) { return static_cast<Title*>(dock->titleBarWidget()); }

}  // namespace

DockTitles::DockTitles(QMainWindow& window, const QList<QDockWidget*>& docks) : QObject(&window), window_(window), docks_(docks) {
    soon_.setSingleShot(true);
    connect(&soon_, &QTimer::timeout, this, &DockTitles::update);
    for (QDockWidget* dock : docks_) {
        dock->setTitleBarWidget(new Title(dock));
        const auto later = [this] { soon_.start(0); };
        connect(dock, &QDockWidget::visibilityChanged, this, later);
        connect(dock, &QDockWidget::topLevelChanged, this, later);
        connect(dock, &QDockWidget::dockLocationChanged, this, later);
    }
}

bool DockTitles::isShown(const QDockWidget* dock) const { return !titleOf(dock)->isCollapsed(); }

void DockTitles::update() {
    for (QDockWidget* dock : docks_) {
        const QList<QDockWidget*> beside = window_.tabifiedDockWidgets(dock);
        const bool tabbed = std::any_of(beside.begin(), beside.end(), [](const QDockWidget* other) { return !other->isHidden() && !other->isFloating(); });
        titleOf(dock)->setCollapsed(tabbed && !dock->isFloating());
    }
    // The window makes and drops tab bars as docks come together.
    for (QTabBar* tabs : window_.findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly)) {
        tabs->setDrawBase(false);
        tabs->setExpanding(false);
        tabs->installEventFilter(this);
    }
}

QDockWidget* DockTitles::dockOf(const QTabBar& tabs, const QPoint& position) const {
    const int index = tabs.tabAt(position);
    const auto found = std::find_if(docks_.begin(), docks_.end(),
                                    [&](const QDockWidget* dock) { return index >= 0 && dock->windowTitle() == tabs.tabText(index); });
    return found == docks_.end() ? nullptr : *found;
}

bool DockTitles::eventFilter(QObject* watched, QEvent* event) {
    const auto* tabs = qobject_cast<QTabBar*>(watched);
    if (tabs == nullptr) return false;
    if (event->type() == QEvent::ContextMenu) {
        const auto* asked = static_cast<QContextMenuEvent*>(event);
        QDockWidget* dock = dockOf(*tabs, asked->pos());
        if (dock == nullptr) return false;
        showMenu(*dock, asked->globalPos());
        return true;
    }
    if (event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        QDockWidget* dock = mouse->button() == Qt::MiddleButton ? dockOf(*tabs, mouse->pos()) : nullptr;
        if (dock == nullptr) return false;
        dock->close();
        return true;
    }
    return false;
}

void DockTitles::showMenu(QDockWidget& dock, const QPoint& position) {
    auto* menu = new QMenu(&window_);
    menu->setObjectName(QStringLiteral("dockMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(icon(QStringLiteral("detach")), tr("Detach"), &dock, [&dock] { dock.setFloating(true); });
    menu->addAction(icon(QStringLiteral("close")), tr("Close"), &dock, &QDockWidget::close);
    menu->popup(position);
}

}  // namespace vitrine::widgets
