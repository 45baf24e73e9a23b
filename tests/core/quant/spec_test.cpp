// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/spec.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/quant/support.h"

namespace vitrine {
namespace {

using namespace test;
using nlohmann::json;
using quant::Granularity;
using quant::Policy;
using quant::QuantizerSpec;

std::optional<QuantizerSpec> specAt(const Policy& policy, const std::string& id) {
    const auto sites = graph::findSites(*makeToyNetwork());
    const auto specs = quant::resolve(policy, sites);
    for (std::size_t i = 0; i < sites.size(); ++i)
        if (sites[i].id == id) return specs[i];
    ADD_FAILURE() << "no site " << id;
    return std::nullopt;
}

TEST(Policy, StandardScope) {
    const Policy policy = quant::standardPolicy(3, 5);
    EXPECT_EQ(specAt(policy, "input"), QuantizerSpec{.bits = 8});
    EXPECT_EQ(specAt(policy, "patch.weight"), (QuantizerSpec{.bits = 3, .granularity = Granularity::channel}));
    EXPECT_EQ(specAt(policy, "fc"), QuantizerSpec{.bits = 5});
    EXPECT_EQ(specAt(policy, "softmax"), QuantizerSpec{.bits = 5});
}

TEST(Policy, TheLastMatchingRuleDecides) {
    const Policy policy{{{"*", QuantizerSpec{.bits = 4}},
                         {"fc*", QuantizerSpec{.bits = 6}},
                         {"role:weight", std::nullopt},
                         {"f?.weight", QuantizerSpec{.bits = 7}}}};
    EXPECT_EQ(specAt(policy, "softmax")->bits, 4);
    EXPECT_EQ(specAt(policy, "fc")->bits, 6);
    EXPECT_EQ(specAt(policy, "fc.weight")->bits, 7);
    EXPECT_EQ(specAt(policy, "head.weight"), std::nullopt);
    EXPECT_EQ(specAt(Policy{}, "fc"), std::nullopt);
}

TEST(Policy, ARuleWithAnUnknownRoleIsAnError) {
    const Policy policy{{{"*", std::nullopt}, {"role:softmax", QuantizerSpec{}}}};
    const Error error = errorOf([&] { quant::resolve(policy, {}); });
    EXPECT_EQ(error.code, ErrorCode::invalidArgument);
    EXPECT_EQ(error.where, "rule 2 ('role:softmax')");
}

TEST(Policy, SurvivesJson) {
    Policy policy = quant::standardPolicy(4, 6);
    policy.rules.push_back({"head*", std::nullopt});
    policy.rules.push_back({"role:post_softmax", QuantizerSpec{.kind = quant::QuantizerKind::logSqrt2, .bits = 4}});
    policy.rules.push_back({"role:key", QuantizerSpec{.symmetric = true,
                                                      .rounding = quant::Rounding::shiftThenRound,
                                                      .granularity = Granularity::head}});
    EXPECT_EQ(quant::policyFromJson(json::parse(toJson(policy).dump())), policy);
}

TEST(Policy, RefusesJsonThatIsNotAPolicy) {
    const json good = {{"match", "*"},
                       {"quantizer",
                        {{"kind", "uniform"},
                         {"bits", 4},
                         {"symmetric", false},
                         {"rounding", "round_then_shift"},
                         {"granularity", "tensor"}}}};
    const auto errorWith = [&](const std::string& pointer, const json& value) {
        json rule = good;
        rule[json::json_pointer(pointer)] = value;
        const Error error = errorOf([&] { quant::policyFromJson({{"rules", {good, rule}}}); });
        EXPECT_EQ(error.code, ErrorCode::badFormat) << pointer << value;
        EXPECT_EQ(error.where.rfind("rule 2", 0), 0u) << error.text();
        return error.what;
    };
    EXPECT_EQ(quant::policyFromJson({{"rules", {good}}}).rules.size(), 1u);
    EXPECT_NE(errorWith("/quantizer/bits", 1).find("must be an integer from 2 to 16"), std::string::npos);
    errorWith("/quantizer/bits", 4.5);
    errorWith("/quantizer/bits", "4");
    errorWith("/quantizer/bits", 18446744073709551615u);
    errorWith("/quantizer/kind", "log3");
    errorWith("/quantizer/rounding", 1);
    errorWith("/quantizer/granularity", "group");
    errorWith("/quantizer/symmetric", 0);
    errorWith("/quantizer/colour", "red");
    errorWith("/quantizer", json::array());
    errorWith("/match", "");
    errorWith("/match", 5);
    errorWith("/match", "role:nothing");
    errorWith("/note", "x");
    for (const json& document : {json(), json::array(), json::object(), json{{"rules", 1}}, json{{"rules", {1}}},
                                 json{{"rules", json::array()}, {"more", 1}}, json{{"rules", {json{{"match", "*"}}}}}})
        EXPECT_EQ(errorOf([&] { quant::policyFromJson(document); }).code, ErrorCode::badFormat) << document;
}

TEST(Policy, LogarithmicQuantizersHaveAtMostEightBitsAndNoSymmetry) {
    Policy policy{{{"*", QuantizerSpec{.kind = quant::QuantizerKind::log2, .bits = 9}}}};
    EXPECT_EQ(errorOf([&] { quant::policyFromJson(toJson(policy)); }).code, ErrorCode::badFormat);
    policy.rules[0].spec = QuantizerSpec{.kind = quant::QuantizerKind::log2, .bits = 4, .symmetric = true};
    EXPECT_EQ(errorOf([&] { quant::policyFromJson(toJson(policy)); }).code, ErrorCode::badFormat);
}

TEST(ScopeCard, CountsSitesByRoleAndQuantizer) {
    const auto sites = graph::findSites(*makeToyNetwork());
    Policy policy = quant::standardPolicy(4, 6);
    policy.rules.push_back({"head.weight", std::nullopt});
    const quant::ScopeCard card = quant::scopeCard(sites, quant::resolve(policy, sites));
    std::vector<std::string> rows;
    std::size_t total = 0;
    for (const auto& row : card.rows) {
        rows.push_back(row.role + ": " + row.description + " x" + std::to_string(row.sites));
        total += row.sites;
    }
    EXPECT_EQ(total, sites.size());
    const std::vector<std::string> expected = {"patch_input: uniform 8 bit x1",
                                               "weight: uniform 4 bit per channel x2",
                                               "other: uniform 6 bit x1",
                                               "query: uniform 6 bit x1",
                                               "post_softmax: uniform 6 bit x1",
                                               "head_input: uniform 6 bit x1",
                                               "weight: float x1"};
    EXPECT_EQ(rows, expected);
}

}  // namespace
}  // namespace vitrine
