// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/rule_text.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace vitrine::runs {
namespace {

using quant::Granularity;
using quant::QuantizerKind;

TEST(RuleText, SaysWhatTheRuleIs) {
    EXPECT_EQ(ruleText({"head*", std::nullopt}), "head*=float");
    EXPECT_EQ(ruleText({"role:post_softmax", quant::QuantizerSpec{.kind = QuantizerKind::log2, .bits = 4}}), "role:post_softmax=log2:4");
    EXPECT_EQ(specText(quant::QuantizerSpec{.bits = 8, .symmetric = true, .granularity = Granularity::channel}), "uniform:8:symmetric:channel");
}

TEST(RuleText, EveryRuleIsReadBackAsItself) {
    for (const QuantizerKind kind : {QuantizerKind::uniform, QuantizerKind::log2, QuantizerKind::logSqrt2})
        for (const auto granularity : {Granularity::tensor, Granularity::channel, Granularity::head, Granularity::token})
            for (const bool symmetric : {false, true})
                for (const auto rounding : {quant::Rounding::roundThenShift, quant::Rounding::shiftThenRound}) {
                    if (symmetric && kind != QuantizerKind::uniform) continue;
                    const quant::PolicyRule rule{"blocks.?.a=b*", quant::QuantizerSpec{kind, 5, symmetric, rounding, granularity}};
                    EXPECT_EQ(parseRule(ruleText(rule)), rule) << ruleText(rule);
                }
    EXPECT_EQ(parseRule("*=float"), (quant::PolicyRule{"*", std::nullopt}));
    EXPECT_EQ(parseSpec("uniform:4:channel:symmetric"), parseSpec("uniform:4:symmetric:channel"));
}

TEST(RuleText, RefusesWhatItCannotRead) {
    for (const char* text : {"", "head", "=float", "head=", "head=int8", "head=uniform", "head=uniform:", "head=uniform:1", "head=uniform:17",
                             "head=log2:9", "head=uniform:4x", "head=uniform:4:often", "head=log2:4:symmetric", "role:nothing=float",
                             "head=float:4"}) {
        try {
            parseRule(text);
            ADD_FAILURE() << text;
        } catch (const Exception& exception) {
            EXPECT_EQ(exception.error().code, ErrorCode::invalidArgument) << text;
        }
    }
}

}  // namespace
}  // namespace vitrine::runs
