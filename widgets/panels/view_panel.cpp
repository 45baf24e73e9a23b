// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/view_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QMimeData>
#include <QVBoxLayout>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/panels/site_text_menu.h"

namespace vitrine::widgets {
namespace {

constexpr int kUpdateMs = 100;

}  // namespace

ViewPanel::ViewPanel(const ViewInfo& info, Session& session, QWidget* parent)
    : QWidget(parent), info_(info), session_(session), view_(info.make(this)), options_(new ViewOptions(view_->options(), this)),
      pages_(new QStackedWidget(this)), table_(new ReportTableWidget(this)), readout_(new ElidedLabel(Qt::ElideRight, this)), requested_(new RequestedResults(session, this)),
      retry_(new QPushButton(icon(QStringLiteral("reload")), tr("Compute again"), this)) {
    setObjectName(QStringLiteral("view.") + info.id);
    view_->setAccessibleName(info.title);
    readout_->setObjectName(QStringLiteral("readout"));
    readout_->setContentsMargins(8, 3, 8, 3);
    readout_->setMinimumHeight(readout_->fontMetrics().height() + 6);
    pages_->addWidget(view_);
    pages_->addWidget(table_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHeader());
    layout->addWidget(pages_, 1);
    layout->addWidget(retry_, 0, Qt::AlignHCenter);
    layout->addWidget(readout_);
    retry_->setObjectName(QStringLiteral("retry"));
    retry_->hide();
    connect(retry_, &QPushButton::clicked, requested_, &RequestedResults::retry);
    update_.setSingleShot(true);
    update_.setInterval(kUpdateMs);
    connect(&update_, &QTimer::timeout, this, &ViewPanel::updateNow);
    connectSession();
    connectView();
}

QToolButton* ViewPanel::makeButton(const QString& iconName, const QString& text, const QString& name) {
    auto* button = new QToolButton(this);
    button->setObjectName(name);
    button->setIcon(icon(iconName));
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    return button;
}

QWidget* ViewPanel::makeHeader() {
    auto* header = new QWidget(this);
    auto* layout = new QHBoxLayout(header);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(6);
    layout->addWidget(options_, 1);
    if (options_->isHidden()) layout->addStretch(1);
    tableButton_ = makeButton(QStringLiteral("table"), tr("Show as table"), QStringLiteral("table"));
    tableButton_->setCheckable(true);
    connect(tableButton_, &QToolButton::toggled, this, &ViewPanel::setShowsTable);
    layout->addWidget(tableButton_, 0, Qt::AlignTop);
    auto* reset = makeButton(QStringLiteral("zoom-reset"), tr("Show everything"), QStringLiteral("zoom.reset"));
    connect(reset, &QToolButton::clicked, this, [this] { view_->resetZoom(); });
    layout->addWidget(reset, 0, Qt::AlignTop);
    auto* menu = makeButton(QStringLiteral("more"), tr("Copy, save, report"), QStringLiteral("menu"));
    menu->setPopupMode(QToolButton::InstantPopup);
    menu->setMenu(makeMenu());
    layout->addWidget(menu, 0, Qt::AlignTop);
    return header;
}

QMenu* ViewPanel::makeMenu() {
    auto* menu = new QMenu(this);
    addExportActions(*menu);
    menu->addSeparator();
    addZoomActions(*menu);
    return menu;
}

void ViewPanel::addExportActions(QMenu& menu) {
    menu.addAction(icon(QStringLiteral("copy")), tr("Copy picture"), this, &ViewPanel::copyPicture);
    menu.addAction(icon(QStringLiteral("copy")), tr("Copy data"), this, &ViewPanel::copyData);
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("export")), tr("Save figure..."), this, &ViewPanel::figureAsked);
    menu.addAction(icon(QStringLiteral("table")), tr("Save data as CSV..."), this, &ViewPanel::dataAsked);
    menu.addAction(icon(QStringLiteral("report")), tr("Add to report"), this, &ViewPanel::reportAsked);
}

void ViewPanel::addZoomActions(QMenu& menu) {
    menu.addAction(icon(QStringLiteral("zoom-in")), tr("Zoom in"), this, [this] { view_->zoomIn(); });
    menu.addAction(icon(QStringLiteral("zoom-out")), tr("Zoom out"), this, [this] { view_->zoomOut(); });
    menu.addAction(icon(QStringLiteral("back")), tr("Zoom before"), this, [this] { view_->zoomBack(); });
    menu.addAction(icon(QStringLiteral("zoom-reset")), tr("Show everything"), this, [this] { view_->resetZoom(); });
    menu.addAction(icon(QStringLiteral("pin")), tr("Pin the value"), this, [this] { view_->togglePin(); });
}

void ViewPanel::connectSession() {
    const auto soon = [this] { updateSoon(); };
    connect(&session_.selection, &SelectionHub::runsChanged, this, soon);
    connect(&session_.selection, &SelectionHub::siteChanged, this, soon);
    connect(&session_.selection, &SelectionHub::imageChanged, this, soon);
    connect(&session_.selection, &SelectionHub::marksChanged, this, soon);
    connect(&session_.study, &Study::runChanged, this, [this](const QString& run) {
        const Selection& chosen = session_.selection.selection();
        if (run == chosen.runA || run == chosen.runB) updateSoon();
    });
    connect(&session_.study, &Study::editsChanged, this, soon);  // names of runs
    connect(&session_.study, &Study::networkChanged, this, soon);
    connect(&session_.study, &Study::closed, this, soon);
    connect(&session_.study, &Study::busyChanged, this, soon);
    connect(&session_.study, &Study::runsChanged, this, soon);
    if (info_.showsImages) connect(&session_.study, &Study::thumbnailReady, this, soon);
    connect(requested_, &RequestedResults::changed, this, soon);
}

void ViewPanel::connectView() {
    connect(view_, &View::readoutChanged, this, [this](const QString& text) { readout_->setText(text.isEmpty() ? view_->summary() : text); });
    connect(view_, &View::drawn, this, [this] {
        view_->setAccessibleDescription(view_->summary());
        readout_->setText(view_->summary());
        options_->setSchema(view_->options());
        showFailure();
        if (showsTable()) updateTable();
    });
    const auto chooseSite = [this](const QString& site) { session_.selection.selectSite(site, blockOf(site)); };
    connect(view_, &View::siteChosen, this, chooseSite);
    connect(table_, &ReportTableWidget::siteChosen, this, chooseSite);
    connect(view_, &View::blockChosen, &session_.selection, &SelectionHub::selectBlock);
    connect(view_, &View::channelChosen, this, [this](int channel) { session_.selection.selectChannel(channel); });
    connect(view_, &View::imageChosen, this, [this](qint64 row) { session_.selection.selectImage(row); });
    connect(view_, &View::optionsAsked, options_, &ViewOptions::set);
    connect(view_, &View::patchMapsAsked, requested_, &RequestedResults::askForPatches);
    connect(view_, &View::histogramsAsked, requested_, &RequestedResults::askForHistograms);
    connect(options_, &ViewOptions::changed, this, [this] { view_->setOptions(options_->values()); });
}

void ViewPanel::updateSoon() {
    stale_ = true;
    if (isVisible() && !update_.isActive()) update_.start();
}

void ViewPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (stale_) updateNow();
}

void ViewPanel::updateNow() {
    update_.stop();
    stale_ = false;
    view_->setInput(input());
    table_->selectSite(session_.selection.selection().site);
}

ViewInput ViewPanel::input() {
    Study& study = session_.study;
    ViewInput input{.selection = session_.selection.selection(), .patches = requested_->patches(), .failures = requested_->failures()};
    const QString runA = input.selection.runA, runB = input.selection.runB;
    input.noRunA = noRunText(runA);
    if (!study.isOpen()) return input;
    if (!runB.isEmpty())
        input.noRunB = noRunText(runB);
    else if (study.runs().size() == 1)
        input.noRunB = tr("This view compares two runs. Start another one with Run > New run.");
    if (!runA.isEmpty()) {
        input.a = requested_->completed(study.run(runA));
        input.titleA = study.runTitle(runA);
    }
    if (!runB.isEmpty()) {
        input.b = requested_->completed(study.run(runB));
        input.titleB = study.runTitle(runB);
    }
    input.network = networkToShow(session_);  // also for the blocks of sites, which a run tells only in the end
    input.noNetwork = noNetworkText(session_);
    if (info_.showsImages)
        input.images = {.thumbnail = [&study](const QString& run, qint64 row, int side) { return study.thumbnail(run, row, side); },
                        .classNames = [&study](const QString& run) { return study.classNames(run); },
                        .label = [&study](const QString& run, qint64 row) { return study.label(run, row); }};
    return input;
}

/// Why a run, chosen or not, is not there.
QString ViewPanel::noRunText(const QString& run) const {
    const Study& study = session_.study;
    if (!study.isOpen()) return study.isBusy() ? tr("The project is being opened.") : tr("Open a project to see its runs.");
    if (!run.isEmpty()) return study.isUnreadable(run) ? tr("The run cannot be read. The messages say why.") : tr("The run is being read.");
    return study.runs().empty() ? tr("No runs yet. Start one with Run > New run.") : QString();
}

void ViewPanel::showFailure() {
    const bool lacksAll = requested_->canRetry() && !view_->emptyText().isEmpty();
    retry_->setVisible(lacksAll || !requested_->patches().failures.empty());
}

QString ViewPanel::blockOf(const QString& site) {
    const QString run = session_.selection.selection().runA;
    const RunDataPtr known = run.isEmpty() ? nullptr : session_.study.run(run);
    const results::LayerErrors* errors = known ? known->errors("local") : nullptr;
    if (errors != nullptr)
        for (const auto& row : errors->rows)
            if (row.site == toStd(site)) return toQt(row.block);
    return blockOfSite(networkToShow(session_), site);
}

// The table, and what can be taken away.

bool ViewPanel::showsTable() const { return pages_->currentWidget() == table_; }

void ViewPanel::setShowsTable(bool table) {
    tableButton_->setChecked(table);
    if (table) updateTable();
    pages_->setCurrentWidget(table ? static_cast<QWidget*>(table_) : view_);
}

void ViewPanel::updateTable() {
    table_->setEmptyText(view_->emptyText());
    table_->setTable(view_->table());
    table_->selectSite(session_.selection.selection().site);
}

void ViewPanel::copyPicture() {
    auto* content = new QMimeData;
    content->setImageData(view_->grab().toImage());
    ReportTableWidget table;
    table.setTable(view_->table());
    content->setText(table.tabSeparated());
    QApplication::clipboard()->setMimeData(content);
}

void ViewPanel::copyData() {
    if (showsTable()) return table_->copy();
    ReportTableWidget table;
    table.setTable(view_->table());
    QApplication::clipboard()->setText(table.tabSeparated());
}

void ViewPanel::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("viewMenu"));
    view_->addToContextMenu(*menu, view_->mapFromGlobal(event->globalPos()));
    if (!menu->isEmpty()) menu->addSeparator();
    const Selection& chosen = session_.selection.selection();
    addPlaceActions(*menu, session_, {chosen.site, chosen.block},
                    {[this](const QString& view) { Q_EMIT viewAsked(view); }, [this](const QString& panel) { Q_EMIT panelAsked(panel); }});
    menu->addSeparator();
    addZoomActions(*menu);
    menu->addSeparator();
    addExportActions(*menu);
    menu->popup(event->globalPos());
}

QJsonObject ViewPanel::saveState() const { return {{QStringLiteral("options"), options_->saveState()}, {QStringLiteral("table"), showsTable()}}; }

void ViewPanel::restoreState(const QJsonObject& state) {
    options_->restoreState(state.value(QStringLiteral("options")).toObject());
    setShowsTable(state.value(QStringLiteral("table")).toBool());
}

}  // namespace vitrine::widgets
