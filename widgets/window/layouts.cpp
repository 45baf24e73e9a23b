// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/layouts.h"

#include <QGuiApplication>
#include <QScreen>
#include <QTimer>
#include <algorithm>

namespace vitrine::widgets {
namespace {

constexpr int kStateVersion = 1;
const QString kUserNames = QStringLiteral("layouts/user");
const QString kCurrent = QStringLiteral("layouts/current");

/// Where a dock stands in a shipped layout. Those of one area are tabs, in this order.
struct Place {
    const char* dock;
    Qt::DockWidgetArea area;
    enum { hidden, behind, front } visibility;
};

struct ShippedLayout {
    const char* name;
    std::vector<Place> places;
    int left, right, bottom;  ///< pixels
};

const std::vector<ShippedLayout>& shipped() {
    static const std::vector<ShippedLayout> layouts{
        {"analyse",
         {{"model", Qt::LeftDockWidgetArea, Place::front},
          {"inspector", Qt::RightDockWidgetArea, Place::front},
          {"new_run", Qt::RightDockWidgetArea, Place::behind},
          {"tour", Qt::RightDockWidgetArea, Place::hidden},
          {"runs", Qt::BottomDockWidgetArea, Place::front},
          {"jobs", Qt::BottomDockWidgetArea, Place::behind},
          {"images", Qt::BottomDockWidgetArea, Place::behind},
          {"notes", Qt::BottomDockWidgetArea, Place::behind},
          {"log", Qt::BottomDockWidgetArea, Place::behind}},
         300,
         380,
         250},
        {"run",
         {{"model", Qt::LeftDockWidgetArea, Place::hidden},
          {"new_run", Qt::RightDockWidgetArea, Place::front},
          {"inspector", Qt::RightDockWidgetArea, Place::behind},
          {"tour", Qt::RightDockWidgetArea, Place::hidden},
          {"jobs", Qt::BottomDockWidgetArea, Place::front},
          {"runs", Qt::BottomDockWidgetArea, Place::behind},
          {"images", Qt::BottomDockWidgetArea, Place::behind},
          {"notes", Qt::BottomDockWidgetArea, Place::hidden},
          {"log", Qt::BottomDockWidgetArea, Place::behind}},
         300,
         440,
         280},
        {"compare",
         {{"model", Qt::LeftDockWidgetArea, Place::hidden},
          {"inspector", Qt::RightDockWidgetArea, Place::front},
          {"new_run", Qt::RightDockWidgetArea, Place::hidden},
          {"tour", Qt::RightDockWidgetArea, Place::hidden},
          {"runs", Qt::BottomDockWidgetArea, Place::front},
          {"notes", Qt::BottomDockWidgetArea, Place::behind},
          {"jobs", Qt::BottomDockWidgetArea, Place::hidden},
          {"images", Qt::BottomDockWidgetArea, Place::hidden},
          {"log", Qt::BottomDockWidgetArea, Place::hidden}},
         300,
         340,
         230},
    };
    return layouts;
}

const ShippedLayout& shippedLayout(const QString& name) {
    for (const ShippedLayout& layout : shipped())
        if (name == QLatin1String(layout.name)) return layout;
    return shipped().front();
}

}  // namespace

Layouts::Layouts(QMainWindow& window, const QList<QDockWidget*>& docks, Settings& settings)
    : QObject(&window), window_(window), docks_(docks), settings_(settings) {
    current_ = settings_.store().value(kCurrent, QLatin1String(shipped().front().name)).toString();
    if (!names().contains(current_)) current_ = QLatin1String(shipped().front().name);
    arrange(current_);
    for (QDockWidget* each : docks_) each->hide();
}

QStringList Layouts::names() const {
    QStringList all;
    for (const ShippedLayout& layout : shipped()) all.append(QLatin1String(layout.name));
    return all + userNames();
}

QStringList Layouts::userNames() const { return settings_.store().value(kUserNames).toStringList(); }

bool Layouts::isShipped(const QString& name) {
    return std::any_of(shipped().begin(), shipped().end(),
                       [&](const ShippedLayout& layout) { return name == QLatin1String(layout.name); });
}

QString Layouts::title(const QString& name) {
    if (name == QLatin1String("analyse")) return tr("Analyse");
    if (name == QLatin1String("run")) return tr("Run");
    if (name == QLatin1String("compare")) return tr("Compare");
    return name;
}

QString Layouts::key(const QString& name, const char* part) const {
    // Names are the user's: '/' would open a group.
    const QString safe = QString::fromLatin1(name.toUtf8().toPercentEncoding());
    return QStringLiteral("layouts/%1/%2").arg(safe, QLatin1String(part));
}

QDockWidget* Layouts::dock(const QString& name) const {
    const auto found =
        std::find_if(docks_.begin(), docks_.end(), [&](const QDockWidget* d) { return d->objectName() == name; });
    return found == docks_.end() ? nullptr : *found;
}

void Layouts::arrange(const QString& name) {
    const ShippedLayout& layout = shippedLayout(name);
    for (QDockWidget* each : docks_) {
        each->setFloating(false);
        window_.removeDockWidget(each);
    }
    QHash<int, QDockWidget*> lastOf;
    QList<QDockWidget*> fronts;
    for (const Place& place : layout.places) {
        QDockWidget* each = dock(QLatin1String(place.dock));
        if (!each) continue;
        window_.addDockWidget(place.area, each);
        if (QDockWidget* last = lastOf.value(place.area)) window_.tabifyDockWidget(last, each);
        lastOf[place.area] = each;
        each->setVisible(place.visibility != Place::hidden);
        if (place.visibility == Place::front) fronts.append(each);
    }
    for (QDockWidget* front : fronts) front->raise();
    sizeDocks(name);
}

void Layouts::sizeDocks(const QString& name) {
    const auto resize = [this, name] {
        const ShippedLayout& layout = shippedLayout(name);
        // Together: one that grows alone takes its room from the others.
        QList<QDockWidget*> beside, below;
        QList<int> widths, heights;
        for (const Place& place : layout.places) {
            QDockWidget* each = dock(QLatin1String(place.dock));
            if (!each || place.visibility != Place::front) continue;
            const bool bottom = place.area == Qt::BottomDockWidgetArea;
            (bottom ? below : beside).append(each);
            (bottom ? heights : widths).append(bottom ? layout.bottom : place.area == Qt::LeftDockWidgetArea ? layout.left : layout.right);
        }
        window_.resizeDocks(beside, widths, Qt::Horizontal);
        window_.resizeDocks(below, heights, Qt::Vertical);
    };
    resize();
    QTimer::singleShot(0, this, resize);  // the docks have no sizes yet where the window was not shown
}

bool Layouts::restore(const QByteArray& state, const QStringList& known) {
    if (state.isEmpty() || !window_.restoreState(state, kStateVersion)) return false;
    const ShippedLayout& layout = shipped().front();
    for (const Place& place : layout.places) {
        const QString name = QLatin1String(place.dock);
        QDockWidget* each = dock(name);
        if (!each || known.contains(name)) continue;
        window_.addDockWidget(place.area, each);
        for (const Place& neighbour : layout.places) {
            QDockWidget* other = dock(QLatin1String(neighbour.dock));
            if (other && other != each && neighbour.area == place.area && known.contains(other->objectName()) &&
                window_.dockWidgetArea(other) == place.area && !other->isFloating()) {
                window_.tabifyDockWidget(other, each);
                other->raise();
                break;
            }
        }
        each->setVisible(place.visibility != Place::hidden);
    }
    redockLost();
    return true;
}

void Layouts::redockLost() {
    for (QDockWidget* each : docks_) {
        if (!each->isFloating()) continue;
        const QRect frame = each->frameGeometry();
        const auto screens = QGuiApplication::screens();
        const bool seen = std::any_of(screens.begin(), screens.end(), [&](const QScreen* screen) {
            const QRect part = screen->availableGeometry().intersected(frame);
            return part.width() >= 60 && part.height() >= 30;
        });
        if (!seen) each->setFloating(false);
    }
}

void Layouts::apply(const QString& name) {
    const QSettings& store = settings_.store();
    if (!restore(store.value(key(name, "state")).toByteArray(), store.value(key(name, "docks")).toStringList()))
        arrange(name);
}

void Layouts::activate(const QString& name) {
    if (!names().contains(name)) return;
    store();
    current_ = name;
    settings_.store().setValue(kCurrent, current_);
    if (shown_) apply(current_);
    Q_EMIT activated(current_);
}

void Layouts::store() {
    if (!shown_) return;
    QStringList known;
    for (const QDockWidget* each : docks_) known.append(each->objectName());
    settings_.store().setValue(key(current_, "state"), window_.saveState(kStateVersion));
    settings_.store().setValue(key(current_, "docks"), known);
}

void Layouts::saveAs(const QString& name) {
    if (name.isEmpty() || isShipped(name)) return;
    store();
    QStringList user = userNames();
    if (!user.contains(name)) user.append(name);
    settings_.store().setValue(kUserNames, user);
    current_ = name;
    settings_.store().setValue(kCurrent, current_);
    store();
    settings_.store().setValue(key(name, "saved"), settings_.store().value(key(name, "state")));
    Q_EMIT changed();
    Q_EMIT activated(current_);
}

void Layouts::rename(const QString& from, const QString& to) {
    QStringList user = userNames();
    const qsizetype at = user.indexOf(from);
    if (at < 0 || to.isEmpty() || isShipped(to) || user.contains(to)) return;
    for (const char* part : {"state", "docks", "saved"}) {
        settings_.store().setValue(key(to, part), settings_.store().value(key(from, part)));
        settings_.store().remove(key(from, part));
    }
    user[at] = to;
    settings_.store().setValue(kUserNames, user);
    if (current_ == from) {
        current_ = to;
        settings_.store().setValue(kCurrent, current_);
    }
    Q_EMIT changed();
}

void Layouts::remove(const QString& name) {
    QStringList user = userNames();
    if (!user.removeOne(name)) return;
    if (current_ == name) activate(QLatin1String(shipped().front().name));
    settings_.store().setValue(kUserNames, user);
    for (const char* part : {"state", "docks", "saved"}) settings_.store().remove(key(name, part));
    Q_EMIT changed();
}

void Layouts::reset() {
    QSettings& store = settings_.store();
    const QByteArray saved = store.value(key(current_, "saved")).toByteArray();
    if (shown_ && (saved.isEmpty() || !restore(saved, store.value(key(current_, "docks")).toStringList())))
        arrange(current_);
    if (!shown_) store.remove(key(current_, "state"));
    Q_EMIT activated(current_);
}

void Layouts::resetAll() {
    for (const ShippedLayout& layout : shipped()) settings_.store().remove(key(QLatin1String(layout.name), "state"));
    current_ = QLatin1String(shipped().front().name);
    settings_.store().setValue(kCurrent, current_);
    if (shown_) arrange(current_);
    Q_EMIT activated(current_);
}

void Layouts::setProjectShown(bool shown) {
    if (shown == shown_) return;
    if (shown) {
        shown_ = true;
        apply(current_);
        Q_EMIT activated(current_);
        return;
    }
    store();
    shown_ = false;
    for (QDockWidget* each : docks_) each->hide();
}

}  // namespace vitrine::widgets
