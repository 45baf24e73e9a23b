// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/scope_card.h"

#include <gtest/gtest.h>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

TEST(ScopeCards, SayWhatIsQuantizedAndWhatIsNot) {
    ScopeCard card;
    card.setEmptyText(QStringLiteral("Nothing yet"));
    EXPECT_EQ(card.summary(), u"Nothing yet");
    card.setScope({{{"weight", "uniform 4 bit per channel", 26}, {"post_softmax", "log_sqrt2 4 bit", 6}, {"head_input", "float", 1}}});
    EXPECT_EQ(card.summary(), u"32 of 33 sites quantized, 1 in float");
    const QString spoken = card.accessibleDescription();
    for (const QString& part : {QStringLiteral("Post-softmax: log √2 4 bit, 6 sites"), QStringLiteral("Head input: float"),
                                QStringLiteral("uniform 4 bit per channel")})
        EXPECT_TRUE(spoken.contains(part)) << toStd(spoken);
    card.setFigures(project::RunFigures{.averageWeightBits = 4.25, .averageActivationBits = 4.5, .sizeBytes = 2.5e6, .bops = 3e9});
    EXPECT_TRUE(card.accessibleDescription().contains(u"4.25")) << toStd(card.accessibleDescription());
    EXPECT_EQ(card.figures(), (QStringList{QStringLiteral("Average bits: weights 4.25, activations 4.50"),
                                           QStringLiteral("Size: 2.50\u00a0MB  ·  Bit operations for an image: 3.00 G")}));
    card.setFigures(std::nullopt);
    EXPECT_TRUE(card.figures().isEmpty());
    card.setScope({{{"weight", "uniform 4 bit", 3}}});
    EXPECT_EQ(card.summary(), u"All 3 sites are quantized");
    card.resize(220, card.sizeHint().height());
    EXPECT_FALSE(card.grab().isNull());
}

}  // namespace
}  // namespace vitrine::widgets
