// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <algorithm>

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

std::vector<ViewInfo> rows() {
    return {
        {QStringLiteral("errors"), translated("Error per site"), translated("The error that quantization makes at every site."),
         QStringLiteral("errors"), false, &make<ErrorsView>},
        {QStringLiteral("intervals"), translated("Intervals per site"), translated("The range of the values of every site and the range that its quantizer covers."),
         QStringLiteral("intervals"), false, &make<IntervalsView>},
        {QStringLiteral("histogram"), translated("Histogram"), translated("Values of one site before and after quantization."),
         QStringLiteral("histogram"), false, &make<HistogramView>},
        {QStringLiteral("traces"), translated("Traces"), translated("Series over steps: searches, losses, calibration."),
         QStringLiteral("traces"), false, &make<TracesView>},
        {QStringLiteral("search"), translated("Search"), translated("Candidates of a search, and what it did to scales and widths."),
         QStringLiteral("search"), false, &make<SearchView>, true},
        {QStringLiteral("images"), translated("Synthetic images"), translated("Images that a run made without data, from noise to result."),
         QStringLiteral("images"), false, &make<ImagesView>, true, true},
        {QStringLiteral("accuracy"), translated("Accuracy"), translated("Accuracy of the float and the quantized networks."),
         QStringLiteral("accuracy"), false, &make<AccuracyView>},
        {QStringLiteral("graph"), translated("Graph"), translated("The network as a diagram, with its quantizers and their errors."),
         QStringLiteral("graph"), false, &make<GraphView>, true},
        {QStringLiteral("compare_summary"), translated("A and B"), translated("The figures of two runs side by side."),
         QStringLiteral("compare-summary"), true, &make<CompareSummaryView>},
        {QStringLiteral("compare_parameters"), translated("Parameters of A and B"), translated("What was set differently in two runs."),
         QStringLiteral("compare-parameters"), true, &make<CompareParametersView>},
        {QStringLiteral("compare_sites"), translated("Sites of A and B"), translated("How the error of each site differs between two runs."),
         QStringLiteral("compare-sites"), true, &make<CompareSitesView>},
        {QStringLiteral("flips"), translated("Changed predictions"), translated("Images that two networks classify differently."),
         QStringLiteral("flips"), true, &make<FlipsView>, false, true},
    };
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
