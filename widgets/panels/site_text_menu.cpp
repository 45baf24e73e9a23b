// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/site_text_menu.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/session/sources.h"
#include "widgets/views/view.h"

namespace vitrine::widgets {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(vitrine::widgets::SiteMenu)
};

void addShowActions(QMenu& menu, Session& session, const Place& place, const PlaceTargets& targets) {
    QMenu* views = menu.addMenu(Words::tr("Show in"));
    views->setObjectName(QStringLiteral("showIn"));
    const auto add = [&](const QString& id, const QString& title, const QString& iconName, const std::function<void(const QString&)>& show) {
        QAction* action = views->addAction(icon(iconName), title);
        action->setObjectName(id);
        QObject::connect(action, &QAction::triggered, &session.selection, [&session, place, show, id] {
            if (place.site.isEmpty())
                session.selection.selectBlock(place.block);
            else
                session.selection.selectSite(place.site, place.block);
            show(id);
        });
    };
    for (const QString& id : {QStringLiteral("errors"), QStringLiteral("intervals"), QStringLiteral("histogram"), QStringLiteral("graph"),
                              QStringLiteral("compare_sites")}) {
        const ViewInfo* view = viewInfo(id);
        const bool fits = view != nullptr && (!view->comparesOnly || !session.selection.selection().runB.isEmpty()) &&
                          (!place.site.isEmpty() || id == QLatin1String("graph"));
        if (fits) add(id, view->title, view->icon, targets.view);
    }
    add(QStringLiteral("model"), Words::tr("Model"), QStringLiteral("model"), targets.panel);
    add(QStringLiteral("inspector"), Words::tr("Inspector"), QStringLiteral("inspector"), targets.panel);
}

/// An entry of the project; empty without any.
QString modelToShow(const Study& study) {
    const project::Edits& edits = study.edits();
    return toQt(edits.draft.model.empty() && !edits.models.empty() ? edits.models.front().name : edits.draft.model);
}

}  // namespace

void addPlaceActions(QMenu& menu, Session& session, const Place& place, const PlaceTargets& targets) {
    const QString id = place.site.isEmpty() ? place.block : place.site;
    if (!id.isEmpty()) {
        addShowActions(menu, session, place, targets);
        QAction* copy = menu.addAction(icon(QStringLiteral("copy")), Words::tr("Copy id"));
        copy->setObjectName(QStringLiteral("copyId"));
        QObject::connect(copy, &QAction::triggered, qApp, [id] { QApplication::clipboard()->setText(id); });
        menu.addSeparator();
    }
    SelectionHub* selection = &session.selection;
    QAction* back = menu.addAction(icon(QStringLiteral("back")), Words::tr("Back to the site before"));
    back->setEnabled(selection->canGoBack());
    QObject::connect(back, &QAction::triggered, selection, &SelectionHub::goBack);
    QAction* forward = menu.addAction(icon(QStringLiteral("forward")), Words::tr("Forward"));
    forward->setEnabled(selection->canGoForward());
    QObject::connect(forward, &QAction::triggered, selection, &SelectionHub::goForward);
}

NetworkPtr networkToShow(Session& session) {
    if (!session.study.isOpen()) return nullptr;
    const QString& run = session.selection.selection().runA;
    if (!run.isEmpty()) return session.study.networkOf(run);
    const QString name = modelToShow(session.study);
    return name.isEmpty() ? nullptr : session.study.network(name);
}

QString noNetworkText(Session& session) {
    Study& study = session.study;
    if (!study.isOpen()) return study.isBusy() ? Words::tr("The project is being opened.") : Words::tr("Open a project to see its network.");
    const QString &run = session.selection.selection().runA, name = modelToShow(study);
    if (run.isEmpty() && name.isEmpty()) return Words::tr("No network yet. Import a model with File > Import model.");
    if (!run.isEmpty() && study.isUnreadable(run)) return Words::tr("The run cannot be read, so its network is not known. The messages say why.");
    if (const RunDataPtr content = run.isEmpty() ? nullptr : study.run(run); content && inputOf(content->record, "model") == nullptr)
        return Words::tr("The run does not say which network it quantized.");
    const bool isLost = run.isEmpty() ? study.isNetworkLost(name) : study.isNetworkOfLost(run);
    return isLost ? Words::tr("The network cannot be read. The messages say why.") : Words::tr("The network is being read.");
}

QString blockOfSite(const NetworkPtr& network, const QString& site) {
    if (!network) return {};
    const std::string id = toStd(site);
    for (const graph::Site& known : network->sites)
        if (known.id == id) return toQt(network->graph->blocks[known.block].id);
    return {};
}

}  // namespace vitrine::widgets
