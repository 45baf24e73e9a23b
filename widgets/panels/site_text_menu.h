// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>
#include <QString>
#include <functional>

#include "widgets/session/session.h"

/// The context menu of sites and blocks, the same wherever they are shown. UI thread.
namespace vitrine::widgets {

/// A place in the network that a menu is about; both empty: none.
struct Place {
    QString site;   ///< value id
    QString block;  ///< block id; that of the site when there is one
};

/// Who brings what the menu asks for to the front.
struct PlaceTargets {
    std::function<void(const QString& view)> view;    ///< id of a view
    std::function<void(const QString& panel)> panel;  ///< "model" or "inspector"
};

/// Adds "Show in" with the views and panels that know the place, "Copy id", and "Back" and "Forward" through what was selected. Asking for a
/// view selects the place first. `session`, and what `targets` refer to, must outlive the menu.
void addPlaceActions(QMenu& menu, Session& session, const Place& place, const PlaceTargets& targets);

/// The network to look at: that of run A, else that of the next run as it is being set up, else the first one of the project. Null while
/// it is being read, or without any.
NetworkPtr networkToShow(Session& session);
/// Why there is none to look at: it is being read, cannot be read, or nothing names one.
QString noNetworkText(Session& session);
/// The block of a site; empty for an unknown one.
QString blockOfSite(const NetworkPtr& network, const QString& site);

}  // namespace vitrine::widgets
