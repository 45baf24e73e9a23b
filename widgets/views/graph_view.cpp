// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/graph_view.h"

#include <QEvent>
#include <QPaintEvent>
#include <algorithm>
#include <set>

#include "report/comparison.h"
#include "report/tables.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/graph_items_style.h"
#include "widgets/views/report_table_paint.h"

namespace vitrine::widgets {
namespace {

/// The sites of a network without a run.
report::Table siteTable(const Network& network, const std::set<std::string>& shown) {
    report::Table table{"sites",
                        "Sites",
                        {{"site", "Site", "", report::Format::identifier},
                         {"role", "Role"},
                         {"block", "Block", "", report::Format::identifier},
                         {"shape", "Shape"},
                         {"macs", "MACs", "", report::Format::integer}},
                        {},
                        ""};
    for (const graph::Site& site : network.sites)
        if (shown.contains(site.id))
            table.rows.push_back({site.id, std::string(graph::roleName(site.role)), network.graph->blocks[site.block].id, shapeText(site.shape), site.macs});
    return table;
}

}  // namespace

GraphView::GraphView(QWidget* parent) : View(parent), options_(GraphView::options()) {
    setObjectName(QStringLiteral("graphView"));
    setAccessibleName(tr("Graph of the network"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

ParameterSchema GraphView::options() const {
    ParameterSpec block{.id = "block", .type = ParameterType::text, .defaultValue = std::string()};
    block.advanced = true;  // the window selects blocks instead
    block.help = toStd(tr("Block to draw. Empty: the selected one, else the first transformer block."));
    return {choiceOption("level", "block", {"network", "block"}, tr("Draw the whole network, block by block, or the operations of one block.")),
            block,
            switchOption("weights", true, tr("Show weights and other parameters beside the operations that use them.")),
            switchOption("norms", true, tr("Show layer norms. Otherwise they are folded into the lines.")),
            switchOption("names", true, tr("Show the names of values.")),
            switchOption("rearrangements", false, tr("Show operations that only move values: reshape, permute, slice, expand, roll, pad.")),
            choiceOption("reference", "local", {"local", "accumulated"},
                         tr("Error of each quantizer alone, or with everything before it quantized too."))};
}

void GraphView::setInput(const ViewInput& input) {
    const bool siteChanged = input.selection.site != input_.selection.site;
    if (factsA_.run() != input.a) factsA_ = RunFacts(input.a);
    if (factsB_.run() != input.b) factsB_ = RunFacts(input.b);
    input_ = input;
    rebuild();
    if (siteChanged) showSelection();
}

void GraphView::setOptions(const ParameterSet& values) {
    options_ = values;
    rebuild();
}

bool GraphView::isOfWholeNetwork() const { return options_.text("level") == "network"; }

DiagramOptions GraphView::diagramOptions() const {
    DiagramOptions wanted;
    wanted.wholeNetwork = isOfWholeNetwork();
    wanted.weights = options_.boolean("weights");
    wanted.norms = options_.boolean("norms");
    wanted.names = options_.boolean("names");
    wanted.rearrangements = options_.boolean("rearrangements");
    wanted.twoRuns = input_.a && input_.b && input_.selection.mode == CompareMode::overlay;
    const auto& blocks = input_.network->graph->blocks;
    wanted.block = firstTransformerBlock(*input_.network->graph);
    const std::string selected = toStd(input_.selection.block);
    for (const std::string& id : {selected, options_.text("block")})
        for (std::size_t i = 0; i < blocks.size(); ++i)
            if (!id.empty() && blocks[i].id == id) wanted.block = i;
    return wanted;
}

DiagramLook GraphView::look() const {
    DiagramLook look;
    look.a = factsA_ ? &factsA_ : nullptr;
    look.b = factsB_ ? &factsB_ : nullptr;
    look.mode = input_.b ? input_.selection.mode : CompareMode::a;
    look.accumulated = options_.text("reference") == "accumulated";
    look.site = toStd(input_.selection.site);
    look.block = toStd(input_.selection.block);
    for (const QString& site : input_.selection.marked) look.marked.insert(toStd(site));
    look.hovered = hovered_;
    if (hasFocus()) look.focused = focused_;
    look.titleA = titleOfA(input_);
    look.titleB = titleOfB(input_);
    look.shortLegend = height() < 400 || width() < 520;
    return look;
}

void GraphView::rebuild() {
    const bool drawable = input_.network && input_.network->graph && !input_.network->graph->blocks.empty();
    const DiagramOptions wanted = drawable ? diagramOptions() : DiagramOptions{};
    if (!drawable) {
        diagram_ = {};
        drawnNetwork_ = nullptr;
    } else if (input_.network != drawnNetwork_ || wanted != drawnOptions_ || diagram_.items.empty()) {
        const bool samePlace = input_.network == drawnNetwork_ && wanted.block == drawnOptions_.block && wanted.wholeNetwork == drawnOptions_.wholeNetwork;
        diagram_ = makeDiagram(*input_.network, wanted);
        drawnNetwork_ = input_.network;
        hovered_.reset();
        focused_.reset();
        pins_.clear();
        if (!samePlace) {
            window_.reset();
            zooms_.clear();
        }
    }
    drawnOptions_ = wanted;
    setAccessibleDescription(emptyText().isEmpty() ? summary() : emptyText());
    update();
    Q_EMIT drawn();
}

std::vector<std::string> GraphView::shownSites() const {
    std::vector<std::string> sites;
    if (!input_.network) return sites;
    for (const graph::Site& site : input_.network->sites)
        if (drawnOptions_.wholeNetwork || diagram_.itemOfSite(site.id)) sites.push_back(site.id);
    return sites;
}

report::Table GraphView::table() const {
    const auto shown = shownSites();
    const std::set<std::string> wanted(shown.begin(), shown.end());
    const RunDataPtr& run = input_.selection.mode == CompareMode::b && input_.b ? input_.b : input_.a;
    if (!run) return input_.network ? siteTable(*input_.network, wanted) : report::Table{};
    report::Table table;
    if (input_.a && input_.b && input_.selection.mode != CompareMode::a && input_.selection.mode != CompareMode::b)
        table = report::siteComparison({*input_.a, *input_.b});
    else
        table = report::layerTable(*run);
    std::erase_if(table.rows, [&](const auto& row) {
        const auto* site = row.empty() ? nullptr : std::get_if<std::string>(&row.front());
        return site == nullptr || !wanted.contains(*site);
    });
    return table;
}

QString GraphView::summary() const {
    if (!input_.network || diagram_.items.empty()) return {};
    const auto shown = shownSites();
    const auto& graph = *input_.network->graph;
    QString text = drawnOptions_.wholeNetwork
                       ? tr("The network with %1 blocks").arg(graph.blocks.size())
                       : tr("%1 %2").arg(blockKindText(graph.blocks[drawnOptions_.block].kind), toQt(graph.blocks[drawnOptions_.block].id));
    text += QStringLiteral(", ") + countOfSites(shown.size());
    const DiagramLook now = look();
    const results::LayerErrors::Row* lowest = nullptr;
    for (const std::string& site : shown) {
        const auto* row = now.errorOf(now.main(), site);
        if (row == nullptr || row->quantizer == "float" || row->sqnrDb >= report::kExactDb) continue;
        if (lowest == nullptr || row->sqnrDb < lowest->sqnrDb) lowest = row;
    }
    if (lowest != nullptr) text += tr("; lowest SQNR %1 at %2").arg(sqnrText(lowest->sqnrDb), toQt(lowest->site));
    return text + QLatin1Char('.');
}

QString GraphView::emptyText() const {
    if (!diagram_.items.empty()) return {};
    return input_.noNetwork.isEmpty() ? tr("No network yet. Import a model (File > Import model), or select a run.") : input_.noNetwork;
}

void GraphView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::of(palette());
    painter.fillRect(rect(), theme.surface);
    if (const QString empty = emptyText(); !empty.isEmpty()) {
        paintEmptyText(painter, rect(), empty, font(), theme);
        return;
    }
    const DiagramLook now = look();
    const QRectF area = canvas();
    const Window window = window_.value_or(automaticWindow());
    painter.save();
    painter.setClipRect(area);
    painter.translate(area.topLeft());
    painter.scale(window.scale, window.scale);
    painter.translate(-window.corner);
    paintDiagram(painter, diagram_, now, theme, visibleScene());
    painter.restore();
    for (const Pin& pin : pins_) {
        const QFontMetricsF metrics(diagram::textFont());
        QRectF box(toWidget(pin.at) + QPointF(10, -metrics.height() / 2 - 4), QSizeF(metrics.horizontalAdvance(pin.text) + 16, metrics.height() + 8));
        box.moveRight(std::min(box.right(), area.right() - 4));
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.accent, 1));
        painter.setBrush(theme.raised);
        painter.drawRoundedRect(box, 4, 4);
        painter.setPen(theme.text);
        painter.setFont(diagram::textFont());
        painter.drawText(box, Qt::AlignCenter, pin.text);
    }
    painter.setPen(theme.border);
    painter.drawLine(QPointF(0, area.bottom()), QPointF(width(), area.bottom()));
    paintLegend(painter, QRectF(12, area.bottom() + 5, width() - 24, height() - area.bottom() - 8), diagram_, now, theme);
    if (hasFocus() && !focused_) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.accent, 1));
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void GraphView::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    painter.fillRect(QRectF(QPointF(), size), theme.surface);
    if (const QString empty = emptyText(); !empty.isEmpty()) {
        paintEmptyText(painter, QRectF(QPointF(), size), empty, figureFont(), theme);
        return;
    }
    DiagramLook now = look();
    now.hovered.reset();
    now.focused.reset();
    now.shortLegend = false;
    const QRectF scene = window_ ? visibleScene() : diagram_.bounds;
    // The legend is as large as the drawing, within limits: its scale follows from the width first, its height from its scale.
    const double wide = std::clamp(std::min(size.width() / scene.width(), size.height() / scene.height()), 0.5, 1.25);
    const double legend = (legendHeight(diagram_, now, size.width() / wide - 24) + 12) * wide;
    const QSizeF room(size.width(), std::max(1.0, size.height() - legend));
    const double scale = std::min({room.width() / scene.width(), room.height() / scene.height(), 1.5});
    painter.save();
    painter.translate(room.width() / 2, room.height() / 2);
    painter.scale(scale, scale);
    painter.translate(-scene.center());
    painter.setClipRect(scene);
    paintDiagram(painter, diagram_, now, theme, scene);
    painter.restore();
    painter.save();
    painter.translate(0, room.height());
    painter.scale(wide, wide);
    painter.setPen(theme.border);
    painter.drawLine(QPointF(12, 0), QPointF(size.width() / wide - 12, 0));
    paintLegend(painter, QRectF(12, 6, size.width() / wide - 24, legend / wide - 6), diagram_, now, theme);
    painter.restore();
}

QSizeF GraphView::figureSizeMm() const {
    if (diagram_.items.empty()) return View::figureSizeMm();
    // At two thirds of its size on the screen texts are printed 7 to 8 points high; a page bounds both sides.
    constexpr double kMillimetres = 25.4 / 96 * 2 / 3;
    const double legend = 40;
    const double width = std::clamp(diagram_.bounds.width() * kMillimetres, 90.0, 160.0);
    const double height = std::clamp((diagram_.bounds.height() + legend) * kMillimetres, 60.0, 230.0);
    return {width, height};
}

void GraphView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) update();
    View::changeEvent(event);
}

}  // namespace vitrine::widgets
