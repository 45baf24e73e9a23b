// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QMenu>
#include <QPainter>
#include <QSizeF>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "analysis/patch_maps.h"
#include "base/parameters.h"
#include "report/document.h"
#include "widgets/base/theme.h"
#include "widgets/session/run_data.h"
#include "widgets/session/selection.h"

namespace vitrine::widgets {

/// Pictures of evaluation images, for views that show them. A null picture: not there yet, or not at all.
struct ImageSource {
    std::function<QImage(const QString& run, qint64 row, int side)> thumbnail;
    std::function<QStringList(const QString& run)> classNames;
    std::function<int(const QString& run, qint64 row)> label;
};

/// Why results that a run lacks could not be computed, by run and site: a sentence for people.
using ResultFailures = std::map<std::pair<QString, QString>, QString>;

/// What the network of a run makes of the patches of synthetic images, as far as it was computed.
struct PatchSource {
    std::map<analysis::PatchRequest, analysis::PatchMapsPtr> known;
    std::map<analysis::PatchRequest, QString> failures;  ///< why not, a sentence for people
};

/// What a view draws. Plain value; pointers are shared and immutable.
struct ViewInput {
    RunDataPtr a, b;       ///< null: none, or not read yet
    QString titleA, titleB;  ///< the runs' names for people
    NetworkPtr network;    ///< of run A, or of the project where there is no run; may be null
    Selection selection;
    ImageSource images;
    PatchSource patches;
    ResultFailures failures;  ///< of what was asked for by histogramsAsked()
    QString noRunA, noRunB;  ///< why a run is missing, for people; empty: none is chosen
    QString noNetwork;       ///< likewise
};

/// One way of looking at runs: drawn on the screen, in exports and in reports by the same code. A view computes nothing; it arranges
/// what artefacts hold. Live runs call setInput() several times a second: keep zoom, scroll and pins, and be cheap. UI thread.
class View : public QWidget {
    Q_OBJECT
  public:
    explicit View(QWidget* parent = nullptr) : QWidget(parent) {}

    virtual void setInput(const ViewInput& input) = 0;

    /// Switches of the view, as a schema (booleans, choices, numbers): its tool bar, `--set` of the command line and the options of
    /// a figure in a report. The values are remembered per view.
    virtual ParameterSchema options() const { return {}; }
    virtual void setOptions(const ParameterSet& values) { (void)values; }

    /// The data that is drawn, in full: "show as table", "copy data" and CSV. Its columns are those of report/tables.h.
    virtual report::Table table() const = 0;
    /// One or two sentences that say what is to be seen: "48 sites; lowest SQNR 12.3 dB at blocks.11.mlp.fc2". The accessible
    /// description and the caption in reports.
    virtual QString summary() const = 0;
    /// Why there is nothing to draw, with what to do; empty when there is something. Shown in the middle of the view.
    virtual QString emptyText() const = 0;

    /// Draws what the screen shows (zoom included) into `size`, in units of 1/96 inch, with `theme`: for exports and reports. Fonts scale
    /// with the painter, not with the widget.
    virtual void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) = 0;
    /// A good size for a figure, in mm.
    virtual QSizeF figureSizeMm() const { return {160, 90}; }

    // Zoom, with a history of its own. Views without zoom ignore these.
    virtual void zoomIn() {}
    virtual void zoomOut() {}
    virtual void resetZoom() {}
    virtual void zoomBack() {}
    virtual bool canZoomBack() const { return false; }

    /// Entries of the context menu that this view adds for what is under the mouse.
    virtual void addToContextMenu(QMenu& menu, const QPoint& position) { (void)menu, (void)position; }

    /// Pins the present read-out to the drawing (again: takes the pins away).
    virtual void togglePin() {}

    /// What it would draw and its input lacks: for drawing without a window. In a window patchMapsAsked() tells.
    virtual std::vector<analysis::PatchRequest> patchesMissing() const { return {}; }

  Q_SIGNALS:
    void readoutChanged(const QString& text);  ///< values under the mouse, "" outside
    void drawn();                              ///< emptyText(), summary() and table() may have changed
    void siteChosen(const QString& site);      ///< a click on it
    void blockChosen(const QString& block);
    void channelChosen(int channel);
    void imageChosen(qint64 row);
    void optionsAsked(const QString& id, const QString& value);  ///< the drawing was used to change an option (a click on a header)
    void patchMapsAsked(const vitrine::analysis::PatchRequest& request);  ///< data that the input lacks and core can compute (runs/patch_analysis.h)
    void histogramsAsked(const QStringList& sites);  ///< data that the run lacks and core can compute (JobCenter::addHistograms)
};

/// What there is to know of a kind of view without making one.
struct ViewInfo {
    QString id;           ///< "errors": command line, reports, settings; stable
    QString title;        ///< "Error per site"
    QString shortTitle;   ///< "Errors", for tabs
    QString description;  ///< one sentence
    QString icon;
    bool comparesOnly = false;  ///< needs a run B
    std::function<View*(QWidget* parent)> make;
    bool needsNetwork = false;  ///< draws ViewInput::network
    bool showsImages = false;   ///< draws ViewInput::images
    bool openAtFirst = true;    ///< has a tab in a project that was never opened before
    std::function<bool(const results::Payload&)> waitsFor = {};  ///< a result without which there is nothing to draw
};

/// All views in the order of their tabs: errors, intervals, histogram, traces, search, images, accuracy, graph, compare_summary,
/// compare_parameters, compare_sites, flips.
const std::vector<ViewInfo>& allViews();
/// Null for an unknown id.
const ViewInfo* viewInfo(const QString& id);

}  // namespace vitrine::widgets
