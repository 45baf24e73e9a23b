// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "methods/method_info.h"

namespace vitrine::methods {
namespace {

TEST(Registry, ListsEveryMethodOnceWithStagesAndParameters) {
    std::set<std::string> ids;
    for (const MethodInfo& info : allMethods()) {
        EXPECT_TRUE(ids.insert(info.id).second) << info.id;
        EXPECT_FALSE(info.title.empty());
        EXPECT_FALSE(info.summary.empty());
        ASSERT_FALSE(info.stages.empty());
        EXPECT_EQ(&methodInfo(info.id), &info);
    }
    EXPECT_TRUE(ids.contains("baseline"));
    EXPECT_TRUE(ids.contains("repq"));
}

TEST(Registry, SchemasAreUsable) {
    for (const MethodInfo& info : allMethods()) {
        std::set<std::string> keys;
        for (const ParameterSpec& spec : info.parameters) {
            EXPECT_TRUE(keys.insert(spec.id).second) << spec.id;
            EXPECT_FALSE(spec.help.empty()) << spec.id;
            EXPECT_EQ(spec.reference.empty(), spec.provenance == Provenance::ours) << spec.id;
            ParameterSet parameters(info.parameters);
            EXPECT_NO_THROW(parameters.set(spec.id, spec.defaultValue)) << spec.id;
        }
    }
}

TEST(Registry, PresetsSetWhatTheyName) {
    for (const MethodInfo& info : allMethods()) {
        std::set<std::string> ids;
        EXPECT_FALSE(info.presets.empty()) << info.id;
        for (const ParameterPreset& preset : info.presets) {
            EXPECT_TRUE(ids.insert(preset.id).second) << preset.id;
            EXPECT_FALSE(preset.title.empty()) << preset.id;
            EXPECT_FALSE(preset.help.empty()) << preset.id;
            EXPECT_FALSE(preset.values.empty()) << preset.id;
            ParameterSet parameters(info.parameters);
            for (const auto& [id, text] : preset.values) EXPECT_NO_THROW(parameters.setText(id, text)) << preset.id << " " << id;
        }
    }
}

TEST(Registry, PoliciesFollowTheParameters) {
    for (const MethodInfo& info : allMethods()) {
        ParameterSet parameters(info.parameters);
        const quant::Policy before = info.policy(parameters);
        EXPECT_FALSE(before.rules.empty()) << info.id;
        parameters.set("weight.bits", std::int64_t{3});
        EXPECT_NE(info.policy(parameters), before) << info.id;
    }
}

TEST(Registry, NamesTheNearestMethod) {
    try {
        methodInfo("repqq");
        FAIL() << "an unknown id was accepted";
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::notFound);
        EXPECT_NE(exception.error().remedy.find("repq"), std::string::npos);
    }
}

}  // namespace
}  // namespace vitrine::methods
