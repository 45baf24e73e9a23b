// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/graph_items.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <algorithm>
#include <map>
#include <optional>

#include "graph/operations.h"
#include "widgets/base/text.h"
#include "widgets/views/graph_items_place.h"
#include "widgets/views/graph_items_style.h"
#include "widgets/views/report_table_paint.h"
#include "widgets/views/site_facts.h"

namespace vitrine::widgets {

namespace diagram {

QFont titleFont() {
    QFont font = figureFont(12);
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont textFont() { return figureFont(11); }

QFont detailFont() { return figureFont(10); }

double textWidth(const QFont& font, const QString& text) { return QFontMetricsF(font).horizontalAdvance(text); }

double badgeWidth(bool twoRuns) { return twoRuns ? 182 : 166; }

double badgeHeight(bool named, bool twoRuns) { return kLine * ((named ? 1 : 0) + (twoRuns ? 2 : 1)) + 2 * kInset - 2; }

}  // namespace diagram

namespace {

using Kind = DiagramItem::Kind;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(vitrine::widgets::GraphView)
};

/// Builds the boxes and lines of one block.
class BlockDiagram {
  public:
    BlockDiagram(const Network& network, const DiagramOptions& options)
        : graph_(*network.graph), options_(options), block_(graph_.blocks[options.block]) {
        for (const graph::Site& site : network.sites) sites_[site.value] = &site;
    }

    Diagram make() {
        openPort();
        for (graph::NodeId id = block_.firstNode; id < block_.endNode; ++id) addNode(id);
        closePort();
        markSpine();
        return std::move(diagram_);
    }

  private:
    /// Who shows a value: an item, and what lies folded between it and the value.
    struct Source {
        std::size_t item = 0;
        QStringList folded = {};
    };

    std::size_t addItem(DiagramItem item) {
        item.block = options_.block;
        diagram_.items.push_back(std::move(item));
        return diagram_.items.size() - 1;
    }

    void connect(const Source& source, std::size_t to) { diagram_.lines.push_back({source.item, to, false, source.folded, {}, {}}); }

    QString nameOf(const std::string& id) const { return options_.names ? shortName(id, block_.id) : QString(); }

    void openPort() {
        DiagramItem port{.kind = Kind::port, .id = {}, .title = Words::tr("Input image")};
        const graph::Value& input = graph_.value(block_.input);
        if (input.producer != graph::kNone) {
            port.id = graph_.blocks[graph_.blockOf(input.producer)].id;
            port.title = Words::tr("From %1").arg(toQt(port.id));
        }
        port.detail = shapeWords(input.shape);
        present(block_.input, {addItem(std::move(port))});
    }

    void closePort() {
        DiagramItem port{.kind = Kind::port, .id = {}, .title = Words::tr("Output: class scores")};
        if (options_.block + 1 < graph_.blocks.size()) {
            port.id = graph_.blocks[options_.block + 1].id;
            port.title = Words::tr("To %1").arg(toQt(port.id));
        }
        port.detail = shapeWords(graph_.value(block_.output).shape);
        const Source source = shown_.at(block_.output);
        connect(source, addItem(std::move(port)));
    }

    /// Remembers who shows `value`, and puts a quantizer behind it when it is a site that is read here.
    void present(graph::ValueId value, Source source) {
        shown_[value] = source;
        const auto site = sites_.find(value);
        if (site == sites_.end() || site->second->isWeight() || !readHere(*site->second)) return;
        const std::size_t quantizer = addItem({.kind = Kind::quantizer,
                                               .id = site->second->id,
                                               .title = roleText(site->second->role),
                                               .name = nameOf(site->second->id),
                                               .detail = shapeWords(site->second->shape)});
        connect(source, quantizer);
        quantized_[value] = {quantizer};
    }

    bool readHere(const graph::Site& site) const {
        return std::any_of(site.operands.begin(), site.operands.end(),
                           [&](const graph::Operand& operand) { return operand.node >= block_.firstNode && operand.node < block_.endNode; });
    }

    bool isFolded(const graph::Node& node) const {
        if (node.op == graph::Op::layerNorm) return !options_.norms;
        return !options_.rearrangements && (graph::operationInfo(node.op).movesOnly || node.op == graph::Op::pad);
    }

    /// Operands that stand beside the operation: weights, biases, tables.
    static bool isBeside(const graph::Node& node, std::size_t index) {
        switch (node.op) {
            case graph::Op::conv2d:
            case graph::Op::linear:
            case graph::Op::layerNorm: return index > 0;
            case graph::Op::gather: return true;
            default: return false;
        }
    }

    /// Who shows an operand; absent for parameters that are not drawn.
    std::optional<Source> sourceOf(const graph::Node& node, std::size_t index) {
        const graph::ValueId value = node.inputs[index];
        const bool quantizes = node.op == graph::Op::conv2d || node.op == graph::Op::linear || node.op == graph::Op::matmul;
        if (quantizes && quantized_.contains(value)) return quantized_[value];
        if (const auto known = shown_.find(value); known != shown_.end()) return known->second;
        const graph::Value& operand = graph_.value(value);
        if (operand.kind == graph::ValueKind::parameter && !options_.weights) return std::nullopt;
        const bool constant = operand.kind == graph::ValueKind::parameter && operand.constant;
        present(value, {addItem({.kind = Kind::parameter,
                                 .id = operand.id,
                                 .title = constant ? Words::tr("Constant") : Words::tr("Parameter"),
                                 .name = nameOf(operand.id),
                                 .detail = shapeWords(operand.shape)})});
        return shown_[value];
    }

    void addNode(graph::NodeId id) {
        const graph::Node& node = graph_.node(id);
        if (isFolded(node)) {
            if (auto source = sourceOf(node, 0)) {
                source->folded << operationText(node.op);
                present(node.output, *source);
            } else {
                hidden_.push_back(node.output);
            }
            return;
        }
        const std::size_t item = addItem(operationItem(node));
        for (std::size_t index = 0; index < node.inputs.size(); ++index) {
            const bool isHidden = std::find(hidden_.begin(), hidden_.end(), node.inputs[index]) != hidden_.end();
            if (isBeside(node, index) || isHidden) continue;
            if (const auto source = sourceOf(node, index)) connect(*source, item);
        }
        present(node.output, {item});
    }

    DiagramItem operationItem(const graph::Node& node) const {
        const graph::Value& output = graph_.value(node.output);
        DiagramItem item{.kind = node.op == graph::Op::add ? Kind::addition : Kind::operation, .id = output.id};
        item.title = operationText(node.op);
        item.name = nameOf(output.id);
        if (output.shape != graph_.value(node.inputs[0]).shape) item.detail = shapeWords(output.shape);
        if (!options_.weights || node.op == graph::Op::layerNorm) return item;
        for (std::size_t index = 0; index < node.inputs.size(); ++index) {
            const graph::Value& operand = graph_.value(node.inputs[index]);
            const bool isMain = node.op == graph::Op::gather ? index == 0 : index == 1;
            if (!isBeside(node, index) || !isMain) continue;
            item.weights.push_back({.site = operand.id,
                                    .quantizable = sites_.contains(node.inputs[index]),
                                    .name = options_.names ? weightName(operand.id, output.id) : QString(),
                                    .shape = shapeWords(operand.shape),
                                    .box = {}});
        }
        return item;
    }

    /// "weight" where the operation is named like it, else its name in the block.
    QString weightName(const std::string& id, const std::string& operation) const {
        return id.starts_with(operation + '.') ? shortName(id, operation) : shortName(id, block_.id);
    }

    /// The residual stream: from the input along single lines, and past branches to the additions that they return to.
    void markSpine() {
        std::vector<std::vector<std::size_t>> leaving(diagram_.items.size());
        for (std::size_t line = 0; line < diagram_.lines.size(); ++line) leaving[diagram_.lines[line].from].push_back(line);
        for (std::size_t item = 0; !leaving[item].empty();) {
            const auto& lines = leaving[item];
            auto next = lines.begin();
            if (lines.size() > 1)
                next = std::find_if(lines.begin(), lines.end(), [&](std::size_t line) {
                    return diagram_.items[diagram_.lines[line].to].kind == Kind::addition;
                });
            if (next == lines.end()) return;
            diagram_.lines[*next].spine = true;
            item = diagram_.lines[*next].to;
        }
    }

    const graph::Graph& graph_;
    DiagramOptions options_;
    const graph::Block& block_;
    std::map<graph::ValueId, const graph::Site*> sites_;
    std::map<graph::ValueId, Source> shown_, quantized_;
    std::vector<graph::ValueId> hidden_;  ///< rearranged parameters that are not drawn
    Diagram diagram_;
};

Diagram networkDiagram(const Network& network) {
    const graph::Graph& graph = *network.graph;
    Diagram diagram;
    diagram.wholeNetwork = true;
    for (std::size_t index = 0; index < graph.blocks.size(); ++index) {
        const graph::Block& block = graph.blocks[index];
        DiagramItem item{.kind = Kind::block, .id = block.id, .block = index, .title = toQt(block.id), .name = blockKindText(block.kind)};
        std::int64_t macs = 0;
        for (graph::NodeId node = block.firstNode; node < block.endNode; ++node) macs += graph::macs(graph, graph.node(node));
        for (const graph::Site& site : network.sites)
            if (site.block == index) item.sites.push_back(site.id);
        item.detail = Words::tr("%1 · %2 MACs").arg(shapeWords(graph.value(block.output).shape), countText(macs));
        diagram.items.push_back(std::move(item));
        if (index > 0) diagram.lines.push_back({index - 1, index, true, {}, {}, {}});
    }
    return diagram;
}

}  // namespace

std::optional<std::size_t> Diagram::itemOfSite(const std::string& site) const {
    for (std::size_t i = 0; i < items.size(); ++i) {
        const DiagramItem& item = items[i];
        if (item.isSite() && item.id == site) return i;
        if (std::any_of(item.weights.begin(), item.weights.end(), [&](const DiagramWeight& weight) { return weight.site == site; })) return i;
        if (std::find(item.sites.begin(), item.sites.end(), site) != item.sites.end()) return i;
    }
    return std::nullopt;
}

Diagram makeDiagram(const Network& network, const DiagramOptions& options) {
    Diagram made = options.wholeNetwork ? networkDiagram(network) : BlockDiagram(network, options).make();
    diagram::place(made, options);
    return made;
}

std::size_t firstTransformerBlock(const graph::Graph& graph) {
    for (std::size_t i = 0; i < graph.blocks.size(); ++i)
        if (graph.blocks[i].kind == graph::BlockKind::transformer) return i;
    return 0;
}

}  // namespace vitrine::widgets
