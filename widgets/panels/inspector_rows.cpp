// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/inspector_rows.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(vitrine::widgets::InspectorPanel)
};

/// A value of each run; empty where the run does not know it.
using OfSite = std::function<QString(const SiteFacts&)>;

class SiteInspection {
  public:
    SiteInspection(const Network& network, const graph::Site& site, const InspectedRun& a, const InspectedRun& b)
        : network_(network), site_(site), a_(a.facts.of(site.id)), b_(b.facts.of(site.id)), storedA_(a.stored), storedB_(b.stored) {}

    std::vector<InspectorSection> sections() const {
        std::vector<InspectorSection> all{place(), quantizer(), values(), error(), neighbours()};
        std::erase_if(all, [](const InspectorSection& section) { return section.rows.empty(); });
        return all;
    }

  private:
    void add(InspectorSection& section, const QString& name, const OfSite& value, const QString& toolTip = {}) const {
        const QString a = value(a_), b = value(b_);
        if (!a.isEmpty() || !b.isEmpty()) section.rows.push_back({.name = name, .a = a, .b = b, .toolTip = toolTip});
    }

    InspectorSection place() const {
        InspectorSection section{Words::tr("Site"), {}};
        section.rows.push_back({.name = Words::tr("Role"), .a = roleText(site_.role)});
        section.rows.push_back({.name = Words::tr("Shape"), .a = shapeWords(site_.shape)});
        section.rows.push_back({.name = Words::tr("Block"), .a = toQt(network_.graph->blocks[site_.block].id)});
        section.rows.push_back({.name = Words::tr("MACs of its readers"), .a = countText(site_.macs),
                                .toolTip = Words::tr("Multiply-accumulates for one image")});
        return section;
    }

    InspectorSection quantizer() const {
        InspectorSection section{Words::tr("Quantizer"), {}};
        add(section, Words::tr("Kind"), [](const SiteFacts& facts) { return quantizerKindText(facts.quantizer()); });
        add(section, Words::tr("Bits"), [](const SiteFacts& facts) { return bitsText(facts); });
        addStored(section, Words::tr("Scale"), [](const quant::Encoding& encoding) { return spreadText(encoding.scale); },
                  Words::tr("Of several scales: the smallest and the largest one"), true);
        addStored(section, Words::tr("Median scale"), [](const quant::Encoding& encoding) {
            return encoding.scale.size() < 2 ? QString() : numberText(medianOf(encoding.scale), 3);
        });
        addStored(section, Words::tr("Scales"), [](const quant::Encoding& encoding) {
            return encoding.scale.size() < 2 ? QString() : QString::number(encoding.scale.size());
        });
        addStored(section, Words::tr("Zero point"), [](const quant::Encoding& encoding) { return spreadText(encoding.zeroPoint); },
                  Words::tr("The code of zero. Of several: the smallest and the largest one"));
        add(section, Words::tr("Range covered"), [](const SiteFacts& facts) {
            if (facts.interval == nullptr || facts.interval->bits == 0) return QString();
            return rangeText(facts.interval->low, facts.interval->high);
        });
        add(section, Words::tr("Step"), [](const SiteFacts& facts) {
            const auto* row = facts.interval;
            if (row == nullptr || row->levels.size() < 2) return QString();
            double smallest = row->levels[1] - row->levels[0], largest = smallest;
            for (std::size_t i = 1; i < row->levels.size(); ++i) {
                smallest = std::min(smallest, row->levels[i] - row->levels[i - 1]);
                largest = std::max(largest, row->levels[i] - row->levels[i - 1]);
            }
            return largest > 1.001 * smallest ? Words::tr("%1 to %2").arg(numberText(smallest), numberText(largest)) : numberText(largest);
        }, Words::tr("Distance between neighbouring levels; known where one scale serves the whole site, up to 8 bits"));
        add(section, Words::tr("Levels"), [](const SiteFacts& facts) {
            return facts.interval == nullptr || facts.interval->levels.empty() ? QString() : QString::number(facts.interval->levels.size());
        });
        return section;
    }

    /// A value of the stored quantizer, or why it is not there; nothing for a site that is left in float.
    void addStored(InspectorSection& section, const QString& name, const std::function<QString(const quant::Encoding&)>& text, const QString& toolTip = {},
                   bool saysWhyNot = false) const {
        const auto of = [&](const StoredEncodings& stored) {
            const quant::Encoding* encoding = stored.find(site_.id);
            return encoding != nullptr ? text(*encoding) : (saysWhyNot ? stored.note : QString());
        };
        const QString a = of(storedA_), b = of(storedB_);
        if (!a.isEmpty() || !b.isEmpty()) section.rows.push_back({.name = name, .a = a, .b = b, .site = {}, .toolTip = toolTip});
    }

    static double medianOf(std::vector<float> values) {
        std::sort(values.begin(), values.end());
        return (static_cast<double>(values[(values.size() - 1) / 2]) + static_cast<double>(values[values.size() / 2])) / 2;
    }

    static QString spreadText(const std::vector<float>& values) {
        if (values.empty()) return {};
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        const auto text = [](float value) { return std::floor(value) == value && std::abs(value) < 1e6F ? QLocale().toString(static_cast<int>(value)) : numberText(value, 3); };
        return *low == *high ? text(*low) : Words::tr("%1 to %2").arg(text(*low), text(*high));
    }

    InspectorSection values() const {
        InspectorSection section{Words::tr("Values"), {}};
        const auto of = [](double (*low)(const results::Intervals::Row&), double (*high)(const results::Intervals::Row&)) {
            return [low, high](const SiteFacts& facts) {
                return facts.interval == nullptr ? QString() : rangeText(low(*facts.interval), high(*facts.interval));
            };
        };
        using Row = results::Intervals::Row;
        add(section, Words::tr("Range"), of([](const Row& r) { return r.minimum; }, [](const Row& r) { return r.maximum; }));
        add(section, Words::tr("Middle 99.8 %"), of([](const Row& r) { return r.lowQuantile; }, [](const Row& r) { return r.highQuantile; }),
            Words::tr("From the 0.1 % to the 99.9 % quantile"));
        add(section, Words::tr("Clipped"), [](const SiteFacts& facts) {
            if (facts.interval == nullptr || facts.interval->bits == 0) return QString();
            return percentText(100 * facts.interval->clippedFraction, 2);
        }, Words::tr("Share of the values outside the range covered"));
        return section;
    }

    InspectorSection error() const {
        InspectorSection section{Words::tr("Error"), {}};
        addErrors(section, Words::tr("SQNR"), [](const results::LayerErrors::Row& row) { return sqnrText(row.sqnrDb); });
        addErrors(section, Words::tr("Cosine"), [](const results::LayerErrors::Row& row) { return numberText(row.cosine, 5); });
        addErrors(section, Words::tr("MSE"), [](const results::LayerErrors::Row& row) { return numberText(row.mse, 3); });
        return section;
    }

    void addErrors(InspectorSection& section, const QString& name, const std::function<QString(const results::LayerErrors::Row&)>& text) const {
        add(section, Words::tr("%1, alone").arg(name), [&](const SiteFacts& facts) { return facts.local == nullptr ? QString() : text(*facts.local); },
            Words::tr("The quantizer of this site alone, on the values of the float network"));
        add(section, Words::tr("%1, accumulated").arg(name),
            [&](const SiteFacts& facts) { return facts.accumulated == nullptr ? QString() : text(*facts.accumulated); },
            Words::tr("With everything before the site quantized too"));
    }

    InspectorSection neighbours() const {
        InspectorSection section{Words::tr("Neighbours"), {}};
        const graph::Graph& graph = *network_.graph;
        std::set<std::string> named{site_.id};
        for (const graph::Operand& operand : site_.operands) {
            const graph::Node& node = graph.node(operand.node);
            section.rows.push_back({.name = Words::tr("Read by"), .a = operationText(node.op) + QStringLiteral(" → ") + toQt(graph.value(node.output).id)});
            for (const graph::ValueId input : node.inputs) addNeighbour(section, Words::tr("Read with"), graph.value(input).id, named);
        }
        const graph::NodeId producer = graph.value(site_.value).producer;
        if (producer == graph::kNone) return section;
        for (const graph::ValueId input : graph.node(producer).inputs) addNeighbour(section, Words::tr("Computed from"), graph.value(input).id, named);
        return section;
    }

    void addNeighbour(InspectorSection& section, const QString& name, const std::string& id, std::set<std::string>& named) const {
        const bool isSite = std::any_of(network_.sites.begin(), network_.sites.end(), [&](const graph::Site& site) { return site.id == id; });
        if (isSite && named.insert(id).second) section.rows.push_back({.name = name, .a = toQt(id), .site = toQt(id)});
    }

    static QString rangeText(double low, double high) { return Words::tr("%1 to %2").arg(numberText(low), numberText(high)); }

    const Network& network_;
    const graph::Site& site_;
    SiteFacts a_, b_;
    const StoredEncodings &storedA_, &storedB_;
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
    return {.name = Words::tr("Weakest site"), .a = text(rowA), .b = text(weakest(b)), .site = rowA == nullptr ? QString() : toQt(rowA->site)};
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
    InspectorSection section{Words::tr("Block"), {}};
    section.rows.push_back({.name = Words::tr("Kind"), .a = blockKindText(info.kind)});
    section.rows.push_back({.name = Words::tr("Operations"), .a = QString::number(info.endNode - info.firstNode)});
    section.rows.push_back({.name = Words::tr("Weights"), .a = countOfSites(weights)});
    section.rows.push_back({.name = Words::tr("Activations"), .a = countOfSites(activations)});
    section.rows.push_back({.name = Words::tr("MACs of its layers"), .a = countText(macs), .toolTip = Words::tr("Multiply-accumulates for one image")});
    if (InspectorRow weakest = weakestSite(network, block, a, b); !weakest.a.isEmpty() || !weakest.b.isEmpty())
        section.rows.push_back(std::move(weakest));
    return {section};
}

std::vector<InspectorSection> inspectNetwork(const Network& network) {
    const graph::Graph& graph = *network.graph;
    const graph::ModelInfo& info = graph.info;
    InspectorSection section{Words::tr("Network"), {}};
    const auto add = [&](const QString& name, const QString& value) {
        if (!value.isEmpty()) section.rows.push_back({.name = name, .a = value});
    };
    add(Words::tr("Family"), toQt(info.family));
    add(Words::tr("Architecture"), toQt(info.architecture));
    add(Words::tr("Parameters"), countText(graph.parameterCount()));
    add(Words::tr("Images"), QStringLiteral("%1 × %2 × %3").arg(info.imageChannels).arg(info.imageHeight).arg(info.imageWidth));
    add(Words::tr("Classes"), QString::number(info.classes));
    add(Words::tr("Blocks"), QString::number(graph.blocks.size()));
    add(Words::tr("Sites"), QString::number(network.sites.size()));
    add(Words::tr("Preprocessing"), Words::tr("%1, crop %2").arg(toQt(info.interpolation), numberText(info.cropFraction, 4)));
    InspectorSection assumed{Words::tr("Assumptions"), {}};
    for (const std::string& text : info.assumptions) assumed.rows.push_back({.name = QStringLiteral("• ") + toQt(text), .toolTip = toQt(text)});
    std::vector<InspectorSection> sections{section};
    if (!assumed.rows.empty()) sections.push_back(std::move(assumed));
    return sections;
}

}  // namespace

std::vector<InspectorSection> inspect(const NetworkPtr& network, const Selection& selection, const InspectedRun& a, const InspectedRun& b) {
    if (!network) return {};
    if (const graph::Site* site = selection.site.isEmpty() ? nullptr : siteOf(*network, selection.site))
        return SiteInspection(*network, *site, a, b).sections();
    if (const std::size_t block = blockIndex(*network, selection.block); block < network->graph->blocks.size())
        return inspectBlock(*network, block, a.facts, b.facts);
    return inspectNetwork(*network);
}

QStringList attentionTexts(const Selection& selection, const RunFacts& a, const RunFacts& b) {
    const std::string site = toStd(selection.site);
    QStringList texts;
    const auto add = [&](const RunFacts& run, const QString& name) {
        for (const QString& text : warningsOf(run.of(site), run.lowest() == site))
            texts << (selection.runB.isEmpty() ? text : Words::tr("%1: %2").arg(name, text));
    };
    if (site.empty()) return texts;
    if (a) add(a, QStringLiteral("A"));
    if (b) add(b, QStringLiteral("B"));
    return texts;
}

QString inspectedTitle(const NetworkPtr& network, const Selection& selection) {
    if (!selection.site.isEmpty()) return selection.site;
    if (!selection.block.isEmpty()) return Words::tr("Block %1").arg(selection.block);
    return network ? Words::tr("Network") : QString();
}

}  // namespace vitrine::widgets
