// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/compare_sites_view.h"

#include <QEvent>
#include <QLocale>
#include <QPaintEvent>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/report_table_paint.h"

namespace vitrine::widgets {
namespace {

constexpr int kWideEnough = 640, kHighEnough = 440;  ///< pixels for both drawings, beside or below each other
constexpr double kBarsShare = 0.56;  ///< of a figure's width

report::SiteMetric metricOf(const ParameterSet& options) {
    const std::string& name = options.text("metric");
    if (name == "cosine") return report::SiteMetric::cosine;
    return name == "mse" ? report::SiteMetric::mse : report::SiteMetric::sqnr;
}

}  // namespace

CompareSitesView::CompareSitesView(QWidget* parent)
    : View(parent), options_(CompareSitesView::options()), splitter_(new QSplitter(Qt::Horizontal, this)), bars_(new SiteBarsPlot(splitter_)),
      scatter_(new SiteScatterPlot(splitter_)), active_(bars_) {
    setObjectName(QStringLiteral("compareSitesView"));
    setAccessibleName(tr("Sites of both runs"));
    splitter_->setChildrenCollapsible(false);
    splitter_->setStretchFactor(0, 5);
    splitter_->setStretchFactor(1, 4);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter_);
    setFocusProxy(bars_);
    for (PlotView* child : {static_cast<PlotView*>(bars_), static_cast<PlotView*>(scatter_)}) {
        connect(child, &View::readoutChanged, this, &View::readoutChanged);
        connect(child, &View::siteChosen, this, &View::siteChosen);
        connect(child, &View::blockChosen, this, &View::blockChosen);
        child->installEventFilter(this);
        const auto inner = child->findChildren<QWidget*>();
        for (QWidget* widget : inner) widget->installEventFilter(this);
    }
    rebuild();
}

ParameterSchema CompareSitesView::options() const {
    return {choiceOption("metric", "sqnr", {"sqnr", "cosine", "mse"}, tr("Which error is compared: SQNR, cosine similarity or mean squared error.")),
            choiceOption("reference", "local", {"local", "accumulated"}, tr("local: each quantizer alone; accumulated: with everything before it quantized.")),
            choiceOption("show", "both", {"both", "bars", "points"}, tr("Which drawing: both where there is room, bars of the largest changes, or points of all sites.")),
            countOption("top", 20, 3, 200, tr("How many sites the bars show: those that changed most."))};
}

void CompareSitesView::setInput(const ViewInput& input) {
    input_ = input;
    rebuild();
}

void CompareSitesView::setOptions(const ParameterSet& values) {
    options_ = values;
    rebuild();
}

void CompareSitesView::rebuild() {
    const report::SiteMetric metric = metricOf(options_);
    auto next = std::make_shared<SiteComparison>();
    next->metric = metric;
    next->top = static_cast<std::size_t>(options_.integer("top"));
    next->difference = input_.selection.mode == CompareMode::difference;
    next->titleA = titleOfA(input_);
    next->titleB = titleOfB(input_);
    next->metricText = metric == report::SiteMetric::sqnr ? tr("SQNR (dB)") : metric == report::SiteMetric::mse ? tr("MSE") : tr("Cosine similarity");
    all_.clear();
    if (input_.a && input_.b) all_ = report::sitePairs(*input_.a, *input_.b, metric, options_.text("reference"));
    for (const report::SitePair& pair : all_)
        if (pair.change) next->pairs.push_back(pair);
    std::stable_sort(next->pairs.begin(), next->pairs.end(), [](const auto& one, const auto& other) { return one.size > other.size; });
    comparison_ = std::move(next);
    splitter_->setVisible(emptyText().isEmpty());
    arrange();
    for (SitePlot* child : {static_cast<SitePlot*>(bars_), static_cast<SitePlot*>(scatter_)}) {
        child->setComparison(comparison_);
        child->setInput(input_);
    }
    setAccessibleDescription(summary());
    update();
    Q_EMIT drawn();
}

report::Table CompareSitesView::table() const {
    if (!missingRunText(input_).isEmpty()) return {};
    return report::sitePairTable(all_, comparison_->metric, options_.text("reference"));
}

QString CompareSitesView::summary() const {
    const auto& pairs = comparison_->pairs;
    if (pairs.empty()) return {};
    const auto count = [&](bool better) {
        return QLocale().toString(std::count_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.better == better; }));
    };
    QString text = tr("%1 sites: B is better at %2, worse at %3; largest change: %4.")
                       .arg(QLocale().toString(static_cast<qlonglong>(pairs.size())), count(true), count(false), pairText(pairs.front(), comparison_->metric));
    if (const std::size_t left = all_.size() - pairs.size(); left > 0) text += tr(" Not compared, because a run has no error there: %1.").arg(left);
    return text;
}

QString CompareSitesView::emptyText() const {
    const QString missing = missingRunText(input_);
    if (!missing.isEmpty()) return missing;
    if (all_.empty()) {
        const bool isWorking = !project::isComplete(input_.a->record.state) || !project::isComplete(input_.b->record.state);
        return isWorking ? tr("Errors of sites are not measured yet. They follow when the network is quantized.") : tr("Errors of sites are missing: neither run measured them.");
    }
    if (comparison_->pairs.empty()) return tr("No site has an error in both runs.");
    return {};
}

void CompareSitesView::resetZoom() {
    bars_->resetZoom();
    scatter_->resetZoom();
}

void CompareSitesView::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    if (const QString empty = emptyText(); !empty.isEmpty()) {
        paintEmptyText(painter, QRectF(QPointF(0, 0), size), empty, figureFont(), theme);
        return;
    }
    const std::string& show = options_.text("show");
    if (show != "both") {
        (show == "bars" ? static_cast<PlotView*>(bars_) : scatter_)->paintFigure(painter, size, theme);
        return;
    }
    const double left = size.width() * kBarsShare;
    bars_->paintFigure(painter, {left, size.height()}, theme);
    painter.save();
    painter.translate(left, 0);
    scatter_->paintFigure(painter, {size.width() - left, size.height()}, theme);
    painter.restore();
}

void CompareSitesView::paintEvent(QPaintEvent*) {
    const QString empty = emptyText();
    if (empty.isEmpty()) return;
    QPainter painter(this);
    paintEmptyText(painter, rect(), empty, font(), Theme::of(palette()));
}

void CompareSitesView::resizeEvent(QResizeEvent* event) {
    View::resizeEvent(event);
    arrange();
}

void CompareSitesView::arrange() {
    const std::string& show = options_.text("show");
    const bool isWide = width() >= kWideEnough;
    splitter_->setOrientation(isWide ? Qt::Horizontal : Qt::Vertical);
    const bool hasRoom = isWide || height() >= kHighEnough;
    bars_->setVisible(show != "points");
    scatter_->setVisible(show == "points" || (show == "both" && hasRoom));
    if (!active_->isVisibleTo(this)) active_ = show == "points" ? static_cast<PlotView*>(scatter_) : bars_;
    setFocusProxy(active_);
}

bool CompareSitesView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::MouseButtonPress || event->type() == QEvent::Wheel) {
        const auto* widget = qobject_cast<QWidget*>(watched);
        active_ = scatter_ == widget || scatter_->isAncestorOf(widget) ? static_cast<PlotView*>(scatter_) : bars_;
    }
    return View::eventFilter(watched, event);
}

}  // namespace vitrine::widgets
