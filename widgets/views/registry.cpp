// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <algorithm>
#include <utility>

#include "widgets/views/accuracy_view.h"
#include "widgets/views/compare_parameters_view.h"
#include "widgets/views/compare_sites_view.h"
#include "widgets/views/compare_summary_view.h"
#include "widgets/views/errors_view.h"
#include "widgets/views/flips_view.h"
#include "widgets/views/graph_view.h"
#include "widgets/views/histogram_view.h"
#include "widgets/views/images_view.h"
#include "widgets/views/intervals_view.h"
#include "widgets/views/search_view.h"
#include "widgets/views/traces_view.h"
#include "widgets/views/view.h"

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::views", text); }

template <typename Kind>
View* make(QWidget* parent) {
    return new Kind(parent);
}

template <typename Result>
bool holds(const results::Payload& payload) {
    return std::holds_alternative<Result>(payload);
}

std::vector<ViewInfo> ofOneRun() {
    return {
        {.id = QStringLiteral("errors"), .title = translated("Error per site"), .shortTitle = translated("Errors"),
         .description = translated("The error that quantization makes at every site."), .icon = QStringLiteral("errors"), .make = &make<ErrorsView>},
        {.id = QStringLiteral("intervals"), .title = translated("Intervals per site"), .shortTitle = translated("Intervals"),
         .description = translated("The range of the values of every site and the range that its quantizer covers."),
         .icon = QStringLiteral("intervals"), .make = &make<IntervalsView>},
        {.id = QStringLiteral("histogram"), .title = translated("Histogram"), .shortTitle = translated("Histogram"),
         .description = translated("Values of one site before and after quantization."), .icon = QStringLiteral("histogram"),
         .make = &make<HistogramView>},
        {.id = QStringLiteral("traces"), .title = translated("Traces"), .shortTitle = translated("Traces"),
         .description = translated("Series over steps: searches, losses, calibration."), .icon = QStringLiteral("traces"), .make = &make<TracesView>},
        {.id = QStringLiteral("search"), .title = translated("Search"), .shortTitle = translated("Search"),
         .description = translated("Candidates of a search, and what it did to scales and widths."), .icon = QStringLiteral("search"),
         .make = &make<SearchView>, .needsNetwork = true, .openAtFirst = false, .waitsFor = &holds<results::SearchHistory>},
        {.id = QStringLiteral("images"), .title = translated("Synthetic images"), .shortTitle = translated("Images"),
         .description = translated("Images that a run made without data, from noise to result."), .icon = QStringLiteral("images"),
         .make = &make<ImagesView>, .needsNetwork = true, .showsImages = true, .openAtFirst = false, .waitsFor = &holds<results::SyntheticImages>},
        {.id = QStringLiteral("accuracy"), .title = translated("Accuracy"), .shortTitle = translated("Accuracy"),
         .description = translated("Accuracy of the float and the quantized networks."), .icon = QStringLiteral("accuracy"), .make = &make<AccuracyView>},
        {.id = QStringLiteral("graph"), .title = translated("Network graph"), .shortTitle = translated("Network"),
         .description = translated("The network as a diagram, with its quantizers and their errors."), .icon = QStringLiteral("graph"),
         .make = &make<GraphView>, .needsNetwork = true},
    };
}

std::vector<ViewInfo> ofTwoRuns() {
    return {
        {.id = QStringLiteral("compare_summary"), .title = translated("A and B"), .shortTitle = translated("Compare"),
         .description = translated("The figures of two runs side by side."), .icon = QStringLiteral("compare-summary"), .comparesOnly = true,
         .make = &make<CompareSummaryView>},
        {.id = QStringLiteral("compare_parameters"), .title = translated("Parameters of A and B"), .shortTitle = translated("Parameters"),
         .description = translated("What was set differently in two runs."), .icon = QStringLiteral("compare-parameters"), .comparesOnly = true,
         .make = &make<CompareParametersView>, .openAtFirst = false},
        {.id = QStringLiteral("compare_sites"), .title = translated("Sites of A and B"), .shortTitle = translated("Sites"),
         .description = translated("How the error of each site differs between two runs."), .icon = QStringLiteral("compare-sites"),
         .comparesOnly = true, .make = &make<CompareSitesView>, .openAtFirst = false},
        {.id = QStringLiteral("flips"), .title = translated("Changed predictions"), .shortTitle = translated("Flips"),
         .description = translated("Images that two networks classify differently."), .icon = QStringLiteral("flips"), .comparesOnly = true,
         .make = &make<FlipsView>, .showsImages = true, .openAtFirst = false},
    };
}

std::vector<ViewInfo> rows() {
    std::vector<ViewInfo> all = ofOneRun();
    for (ViewInfo& view : ofTwoRuns()) all.push_back(std::move(view));
    return all;
}

}  // namespace

const std::vector<ViewInfo>& allViews() {
    static const std::vector<ViewInfo> views = rows();
    return views;
}

const ViewInfo* viewInfo(const QString& id) {
    const auto& views = allViews();
    const auto found = std::find_if(views.begin(), views.end(), [&](const ViewInfo& view) { return view.id == id; });
    return found == views.end() ? nullptr : &*found;
}

}  // namespace vitrine::widgets
