// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/inspector_rows.h"

#include <QCoreApplication>
#include <algorithm>
#include <functional>
#include <set>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::inspector", text); }

/// A value of each run; empty where the run does not know it.
using OfSite = std::function<QString(const SiteFacts&)>;

class SiteInspection {
  public:
    SiteInspection(const Network& network, const graph::Site& site, const RunFacts& a, const RunFacts& b)
        : network_(network), site_(site), a_(a.of(site.id)), b_(b.of(site.id)) {
        lowestA_ = a && a.lowest() == site.id;
        lowestB_ = b && b.lowest() == site.id;
    }

    std::vector<InspectorSection> sections() const {
        std::vector<InspectorSection> all{attention(), place(), quantizer(), values(), error(), neighbours()};
        std::erase_if(all, [](const InspectorSection& section) { return section.rows.empty(); });
        return all;
    }

  private:
    void add(InspectorSection& section, const QString& name, const OfSite& value, const QString& toolTip = {}) const {
        const QString a = value(a_), b = value(b_);
        if (!a.isEmpty() || !b.isEmpty()) section.rows.push_back({.name = name, .a = a, .b = b, .toolTip = toolTip});
    }

    InspectorSection attention() const {
        InspectorSection section{translated("Worth a look"), {}};
        const QString a = warningsOf(a_, lowestA_).join(QLatin1Char(' ')), b = warningsOf(b_, lowestB_).join(QLatin1Char(' '));
        if (!a.isEmpty() || !b.isEmpty()) section.rows.push_back({.name = QStringLiteral("!"), .a = a, .b = b, .toolTip = a});
        return section;
    }

    InspectorSection place() const {
        InspectorSection section{translated("Site"), {}};
        section.rows.push_back({.name = translated("Role"), .a = roleText(site_.role)});
        section.rows.push_back({.name = translated("Shape"), .a = shapeWords(site_.shape)});
        section.rows.push_back({.name = translated("Block"), .a = toQt(network_.graph->blocks[site_.block].id)});
        section.rows.push_back({.name = translated("Operations that read it"), .a = countText(site_.macs) + QLatin1Char(' ') + translated("MACs"),
                                .toolTip = translated("Multiply-accumulates for one image")});
        return section;
    }

    InspectorSection quantizer() const {
        InspectorSection section{translated("Quantizer"), {}};
        add(section, translated("Kind"), [](const SiteFacts& facts) { return quantizerText(facts.quantizer()); });
        add(section, translated("Bits"), [](const SiteFacts& facts) { return bitsText(facts); });
        add(section, translated("Range covered"), [](const SiteFacts& facts) {
            if (facts.interval == nullptr || facts.interval->bits == 0) return QString();
            return rangeText(facts.interval->low, facts.interval->high);
        });
        add(section, translated("Step"), [](const SiteFacts& facts) {
            const auto* row = facts.interval;
            if (row == nullptr || row->levels.size() < 2) return QString();
            double smallest = row->levels[1] - row->levels[0], largest = smallest;
            for (std::size_t i = 1; i < row->levels.size(); ++i) {
                smallest = std::min(smallest, row->levels[i] - row->levels[i - 1]);
                largest = std::max(largest, row->levels[i] - row->levels[i - 1]);
            }
            return largest > 1.001 * smallest ? translated("%1 to %2").arg(numberText(smallest), numberText(largest)) : numberText(largest);
        }, translated("Distance between neighbouring levels; known where one scale serves the whole site, up to 8 bits"));
        add(section, translated("Levels"), [](const SiteFacts& facts) {
            return facts.interval == nullptr || facts.interval->levels.empty() ? QString() : QString::number(facts.interval->levels.size());
        });
        return section;
    }

    InspectorSection values() const {
        InspectorSection section{translated("Values"), {}};
        const auto of = [](double (*low)(const results::Intervals::Row&), double (*high)(const results::Intervals::Row&)) {
            return [low, high](const SiteFacts& facts) {
                return facts.interval == nullptr ? QString() : rangeText(low(*facts.interval), high(*facts.interval));
            };
        };
        using Row = results::Intervals::Row;
        add(section, translated("Range"), of([](const Row& r) { return r.minimum; }, [](const Row& r) { return r.maximum; }));
        add(section, translated("Middle 99.8 %"), of([](const Row& r) { return r.lowQuantile; }, [](const Row& r) { return r.highQuantile; }),
            translated("From the 0.1 % to the 99.9 % quantile"));
        add(section, translated("Clipped"), [](const SiteFacts& facts) {
            if (facts.interval == nullptr || facts.interval->bits == 0) return QString();
            return percentText(100 * facts.interval->clippedFraction, 2);
        }, translated("Share of the values outside the range covered"));
        return section;
    }

    InspectorSection error() const {
        InspectorSection section{translated("Error"), {}};
        addErrors(section, translated("SQNR"), [](const results::LayerErrors::Row& row) { return sqnrText(row.sqnrDb); });
        addErrors(section, translated("Cosine"), [](const results::LayerErrors::Row& row) { return numberText(row.cosine, 5); });
        addErrors(section, translated("MSE"), [](const results::LayerErrors::Row& row) { return numberText(row.mse, 3); });
        return section;
    }

    void addErrors(InspectorSection& section, const QString& name, const std::function<QString(const results::LayerErrors::Row&)>& text) const {
        add(section, translated("%1, alone").arg(name), [&](const SiteFacts& facts) { return facts.local == nullptr ? QString() : text(*facts.local); },
            translated("The quantizer of this site alone, on the values of the float network"));
        add(section, translated("%1, accumulated").arg(name),
            [&](const SiteFacts& facts) { return facts.accumulated == nullptr ? QString() : text(*facts.accumulated); },
            translated("With everything before the site quantized too"));
    }

    InspectorSection neighbours() const {
        InspectorSection section{translated("Neighbours"), {}};
        const graph::Graph& graph = *network_.graph;
        std::set<std::string> named{site_.id};
        for (const graph::Operand& operand : site_.operands) {
            const graph::Node& node = graph.node(operand.node);
            section.rows.push_back({.name = translated("Read by"), .a = operationText(node.op) + QStringLiteral(" → ") + toQt(graph.value(node.output).id)});
            for (const graph::ValueId input : node.inputs) addNeighbour(section, translated("Read with"), graph.value(input).id, named);
        }
        const graph::NodeId producer = graph.value(site_.value).producer;
        if (producer == graph::kNone) return section;
        for (const graph::ValueId input : graph.node(producer).inputs) addNeighbour(section, translated("Computed from"), graph.value(input).id, named);
        return section;
    }

    void addNeighbour(InspectorSection& section, const QString& name, const std::string& id, std::set<std::string>& named) const {
        const bool isSite = std::any_of(network_.sites.begin(), network_.sites.end(), [&](const graph::Site& site) { return site.id == id; });
        if (isSite && named.insert(id).second) section.rows.push_back({.name = name, .a = toQt(id), .site = toQt(id)});
    }

    static QString rangeText(double low, double high) { return translated("%1 to %2").arg(numberText(low), numberText(high)); }

    const Network& network_;
    const graph::Site& site_;
    SiteFacts a_, b_;
    bool lowestA_ = false, lowestB_ = false;
};

const graph::Site* siteOf(const Network& network, const QString& id) {
    const auto found = std::find_if(network.sites.begin(), network.sites.end(), [&](const graph::Site& site) { return toQt(site.id) == id; });
    return found == network.sites.end() ? nullptr : &*found;
}

std::size_t blockIndex(const Network& network, const QString& id) {
    const auto& blocks = network.graph->blocks;
    const auto found = std::find_if(blocks.begin(), blocks.end(), [&](const graph::Block& block) { return toQt(block.id) == id; });
    return static_cast<std::size_t>(found - blocks.begin());
}

/// The site of a block whose quantizer alone has the lowest SQNR.
InspectorRow weakestSite(const Network& network, std::size_t block, const RunFacts& a, const RunFacts& b) {
    const auto weakest = [&](const RunFacts& facts) {
        const results::LayerErrors::Row* lowest = nullptr;
        for (const graph::Site& site : network.sites) {
            const results::LayerErrors::Row* row = site.block == block ? facts.of(site.id).local : nullptr;
            if (row != nullptr && row->quantizer != "float" && (lowest == nullptr || row->sqnrDb < lowest->sqnrDb)) lowest = row;
        }
        return lowest;
    };
    const auto text = [](const results::LayerErrors::Row* row) {
        return row == nullptr ? QString() : toQt(row->site) + QStringLiteral(", ") + sqnrText(row->sqnrDb);
    };
    const results::LayerErrors::Row* rowA = weakest(a);
    return {.name = translated("Weakest site"), .a = text(rowA), .b = text(weakest(b)), .site = rowA == nullptr ? QString() : toQt(rowA->site)};
}

std::vector<InspectorSection> inspectBlock(const Network& network, std::size_t block, const RunFacts& a, const RunFacts& b) {
    const graph::Block& info = network.graph->blocks[block];
    std::int64_t macs = 0;
    std::size_t weights = 0, activations = 0;
    for (const graph::Site& site : network.sites) {
        if (site.block != block) continue;
        ++(site.isWeight() ? weights : activations);
        if (site.isWeight()) macs += site.macs;
    }
    InspectorSection section{translated("Block"), {}};
    section.rows.push_back({.name = translated("Kind"), .a = blockKindText(info.kind)});
    section.rows.push_back({.name = translated("Operations"), .a = QString::number(info.endNode - info.firstNode)});
    section.rows.push_back({.name = translated("Weights"), .a = countOfSites(weights)});
    section.rows.push_back({.name = translated("Activations"), .a = countOfSites(activations)});
    section.rows.push_back({.name = translated("MACs of its layers"), .a = countText(macs), .toolTip = translated("Multiply-accumulates for one image")});
    if (InspectorRow weakest = weakestSite(network, block, a, b); !weakest.a.isEmpty() || !weakest.b.isEmpty())
        section.rows.push_back(std::move(weakest));
    return {section};
}

std::vector<InspectorSection> inspectNetwork(const Network& network) {
    const graph::Graph& graph = *network.graph;
    const graph::ModelInfo& info = graph.info;
    InspectorSection section{translated("Network"), {}};
    const auto add = [&](const QString& name, const QString& value) {
        if (!value.isEmpty()) section.rows.push_back({.name = name, .a = value});
    };
    add(translated("Family"), toQt(info.family));
    add(translated("Architecture"), toQt(info.architecture));
    add(translated("Parameters"), countText(graph.parameterCount()));
    add(translated("Images"), QStringLiteral("%1 × %2 × %3").arg(info.imageChannels).arg(info.imageHeight).arg(info.imageWidth));
    add(translated("Classes"), QString::number(info.classes));
    add(translated("Blocks"), QString::number(graph.blocks.size()));
    add(translated("Sites"), QString::number(network.sites.size()));
    add(translated("Preprocessing"), translated("%1, crop %2").arg(toQt(info.interpolation), numberText(info.cropFraction, 4)));
    InspectorSection assumed{translated("Assumptions"), {}};
    for (const std::string& text : info.assumptions) assumed.rows.push_back({.name = QStringLiteral("•"), .a = toQt(text), .toolTip = toQt(text)});
    std::vector<InspectorSection> sections{section};
    if (!assumed.rows.empty()) sections.push_back(std::move(assumed));
    return sections;
}

}  // namespace

std::vector<InspectorSection> inspect(const NetworkPtr& network, const Selection& selection, const RunFacts& a, const RunFacts& b) {
    if (!network) return {};
    if (const graph::Site* site = selection.site.isEmpty() ? nullptr : siteOf(*network, selection.site))
        return SiteInspection(*network, *site, a, b).sections();
    if (const std::size_t block = blockIndex(*network, selection.block); block < network->graph->blocks.size())
        return inspectBlock(*network, block, a, b);
    return inspectNetwork(*network);
}

QString inspectedTitle(const NetworkPtr& network, const Selection& selection) {
    if (!selection.site.isEmpty()) return selection.site;
    if (!selection.block.isEmpty()) return translated("Block %1").arg(selection.block);
    return network ? translated("Network") : QString();
}

}  // namespace vitrine::widgets
