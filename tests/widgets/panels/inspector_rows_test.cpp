// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/inspector_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/analysis/random_networks.h"
#include "graph/sites.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

class InspectorRows : public ::testing::Test {
  protected:
    InspectorRows() {
        auto network = std::make_shared<Network>();
        network->graph = test::randomVit(1);
        network->sites = graph::findSites(*network->graph);
        network_ = network;
        auto run = std::make_shared<report::RunContent>();
        results::LayerErrors local{.reference = "local", .images = 2};
        results::Intervals intervals;
        for (const graph::Site& site : network->sites) {
            local.rows.push_back({.site = site.id, .role = "weight", .block = network->graph->blocks[site.block].id,
                                  .quantizer = "uniform 4 bit", .sqnrDb = site.id == kSite ? 5.0 : 25.0, .cosine = 0.9, .mse = 0.1});
            intervals.rows.push_back({.site = site.id, .bits = 4, .minimum = -2, .maximum = 6, .lowQuantile = -1, .highQuantile = 3, .low = -1.5,
                                      .high = 2.25, .clippedFraction = 0.25, .levels = {-1.5, -1.25, -1.0}});
        }
        const auto add = [&](const char* id, results::Payload payload) {
            run->artefacts.push_back(std::make_shared<const results::Artefact>(results::Artefact{id, "", std::move(payload)}));
        };
        add("errors.local", local);
        add("intervals", intervals);
        run_ = run;
    }

    /// The value for run A of the first line of this name.
    static QString value(const std::vector<InspectorSection>& sections, const QString& name) {
        for (const InspectorSection& section : sections)
            for (const InspectorRow& row : section.rows)
                if (row.name == name) return row.a;
        return QStringLiteral("(no line)");
    }

    static constexpr const char* kSite = "blocks.1.attn.softmax";
    NetworkPtr network_;
    RunDataPtr run_;
};

TEST_F(InspectorRows, TellAllAboutASite) {
    const auto sections = inspect(network_, {.site = toQt(kSite)}, {.facts = RunFacts(run_)}, {});
    EXPECT_EQ(value(sections, QStringLiteral("Role")), roleText(graph::Role::postSoftmax));
    EXPECT_EQ(value(sections, QStringLiteral("Block")), QStringLiteral("blocks.1"));
    EXPECT_EQ(value(sections, QStringLiteral("Range")), QStringLiteral("%1 to %2").arg(numberText(-2), numberText(6)));
    EXPECT_EQ(value(sections, QStringLiteral("Step")), numberText(0.25));
    EXPECT_EQ(value(sections, QStringLiteral("Levels")), QStringLiteral("3"));
    EXPECT_EQ(value(sections, QStringLiteral("SQNR, alone")), sqnrText(5.0));
    const QStringList attention = attentionTexts({.site = toQt(kSite)}, RunFacts(run_), {});
    EXPECT_EQ(attention.filter(QStringLiteral("25")).size(), 1);  // share that is clipped
}

TEST_F(InspectorRows, LeadToNeighbours) {
    const auto sections = inspect(network_, {.site = toQt(kSite)}, {}, {});
    const auto& neighbours = sections.back();
    const bool leadsToValue = std::any_of(neighbours.rows.begin(), neighbours.rows.end(),
                                          [](const InspectorRow& row) { return row.site == QStringLiteral("blocks.1.attn.v"); });
    EXPECT_TRUE(leadsToValue);
    EXPECT_EQ(value(sections, QStringLiteral("SQNR, alone")), QStringLiteral("(no line)"));  // no run is chosen
}

TEST_F(InspectorRows, TellAboutABlockAndItsWeakestSite) {
    const auto sections = inspect(network_, {.block = QStringLiteral("blocks.1")}, {.facts = RunFacts(run_)}, {.facts = RunFacts(run_)});
    ASSERT_EQ(sections.size(), 1u);
    EXPECT_EQ(sections[0].rows.back().site, toQt(kSite));
    EXPECT_EQ(sections[0].rows.back().a, sections[0].rows.back().b);
}

TEST_F(InspectorRows, TellAboutTheNetworkWhenNothingIsChosen) {
    const auto sections = inspect(network_, {}, {}, {});
    EXPECT_EQ(value(sections, QStringLiteral("Sites")), QString::number(network_->sites.size()));
    EXPECT_TRUE(inspect(nullptr, {.site = toQt(kSite)}, {.facts = RunFacts(run_)}, {}).empty());
    EXPECT_EQ(inspectedTitle(network_, {.block = QStringLiteral("blocks.1")}), QStringLiteral("Block blocks.1"));
}

}  // namespace
}  // namespace vitrine::widgets
