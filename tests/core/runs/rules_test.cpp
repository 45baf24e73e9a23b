// SPDX-License-Identifier: GPL-3.0-or-later
// What the rules of a run do to it, from the specification to the stored model.
#include <gtest/gtest.h>

#include "base/error.h"
#include "core/runs/tiny_study.h"
#include "methods/method_info.h"
#include "project/project.h"
#include "quant/quantized_model.h"

namespace vitrine::runs {
namespace {

class RulesTest : public ::testing::Test {
  protected:
    quant::QuantizedModel modelOf(const RunSpec& spec, const std::string& id) const {
        const models::LoadedModel source = models::loadModel(spec.model, models::overridesFrom(spec.modelOverrides));
        return quant::load(project::Project::open(spec.project).modelFolder(id), source.graph);
    }

    RunSpec specWith(const std::string& method, std::vector<quant::PolicyRule> rules) const {
        RunSpec spec = study_.spec("study");
        spec.method = method;
        spec.parameters = ParameterSet(methods::methodInfo(method).parameters);
        spec.rules = std::move(rules);
        return spec;
    }

    const test::TinyStudy study_;
    const std::vector<quant::PolicyRule> rules_ = {{"head*", std::nullopt},
                                                   {"blocks.0.attn.softmax", quant::QuantizerSpec{.bits = 7}},
                                                   {"blocks.1.attn.q", quant::QuantizerSpec{.bits = 5, .granularity = quant::Granularity::head}}};
};

TEST_F(RulesTest, DecideInEveryMethodAndAreRecorded) {
    for (const char* method : {"baseline", "repq"}) {
        const RunSpec spec = specWith(method, rules_);
        const std::string id = test::executePlain(spec).id;
        const quant::QuantizedModel model = modelOf(spec, id);
        for (const auto& [site, encoding] : model.encodings) EXPECT_FALSE(site.starts_with("head")) << site;
        EXPECT_EQ(model.encodings.at("blocks.0.attn.softmax").bits, 7);
        EXPECT_EQ(model.encodings.at("blocks.0.attn.softmax").kind, quant::QuantizerKind::uniform);
        EXPECT_EQ(model.encodings.at("blocks.1.attn.q").scale.size(), 3u) << "one for each head";
        const project::Project project = project::Project::open(spec.project);
        EXPECT_EQ(project.run(id).rules, rules_);
        EXPECT_EQ(resumeSpec(spec.project, id).rules, rules_);
        EXPECT_TRUE(project::validate(project).empty());
    }
}

TEST_F(RulesTest, WhatCannotBeIsRefusedBeforeARunBegins) {
    const auto refuse = [&](const quant::PolicyRule& rule) {
        const RunSpec spec = specWith("repq", {rule});
        try {
            test::executePlain(spec);
            ADD_FAILURE() << rule.pattern;
        } catch (const Exception& exception) {
            EXPECT_EQ(exception.error().code, ErrorCode::invalidArgument);
            EXPECT_NE(exception.error().text().find(rule.pattern), std::string::npos) << exception.error().text();
        }
        EXPECT_FALSE(project::Project::exists(spec.project));
    };
    refuse({"role:none", std::nullopt});
    refuse({"blocks.0.mlp.fc1.weight", quant::QuantizerSpec{.granularity = quant::Granularity::head}});
    refuse({"input", quant::QuantizerSpec{.granularity = quant::Granularity::token}});
}

}  // namespace
}  // namespace vitrine::runs
