// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/preview.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "base/error.h"
#include "core/runs/tiny_study.h"
#include "methods/method_info.h"
#include "project/project.h"

namespace vitrine::runs {
namespace {

constexpr quant::QuantizerSpec kLog{.kind = quant::QuantizerKind::log2, .bits = 4};

class PreviewTest : public ::testing::Test {
  protected:
    RunSpec specOf(const std::string& method) const {
        RunSpec spec = study_.spec("study");
        spec.method = method;
        spec.parameters = ParameterSet(methods::methodInfo(method).parameters);
        return spec;
    }

    std::vector<Problem> problems(const RunSpec& spec) const { return findProblems(spec, sites_); }

    /// The first problem of a field.
    std::optional<Problem> problem(const RunSpec& spec, const std::string& field) const {
        for (const Problem& found : problems(spec))
            if (found.field == field) return found;
        return std::nullopt;
    }

    const test::TinyStudy study_;
    const RunSpec spec_ = specOf("baseline");
    const models::LoadedModel model_ = models::loadModel(spec_.model, models::overridesFrom(spec_.modelOverrides));
    const std::vector<graph::Site> sites_ = graph::findSites(*model_.graph);
};

TEST_F(PreviewTest, CountsWhatEachRuleMatchesAndDecides) {
    const std::vector<quant::PolicyRule> rules = {{"*", std::nullopt}, {"head*", kLog}, {"role:post_softmax", kLog}};
    const PolicyPreview preview = previewPolicy("baseline", spec_.parameters, rules, sites_);
    ASSERT_EQ(preview.matched.size(), preview.policy.rules.size());
    EXPECT_EQ(preview.policy.rules.size() - preview.extraFrom, 3u);
    EXPECT_EQ(preview.matched[preview.extraFrom], sites_.size());
    EXPECT_EQ(preview.decided[0], 0u) << "later rules match every site";
    const auto softmax = static_cast<std::size_t>(std::count_if(
        sites_.begin(), sites_.end(), [](const graph::Site& site) { return site.role == graph::Role::postSoftmax; }));
    EXPECT_EQ(preview.decided.back(), softmax);
    std::size_t all = 0;
    for (const std::size_t decided : preview.decided) all += decided;
    EXPECT_EQ(all, sites_.size());
    for (std::size_t i = 0; i < sites_.size(); ++i)
        EXPECT_EQ(preview.specs[i].has_value(), sites_[i].id.starts_with("head") || sites_[i].role == graph::Role::postSoftmax);
    std::size_t scoped = 0;
    for (const auto& row : preview.scope.rows) scoped += row.sites;
    EXPECT_EQ(scoped, sites_.size());
    EXPECT_THROW(previewPolicy("baseline", spec_.parameters, {{"role:none", std::nullopt}}, sites_), Exception);
}

TEST_F(PreviewTest, AGoodSpecificationHasNoProblem) {
    EXPECT_TRUE(problems(spec_).empty() || problems(spec_).front().field == "calibration.count") << problems(spec_).front().text;
    RunSpec fewer = spec_;
    fewer.parameters.set("calibration.count", std::int64_t{6});
    EXPECT_TRUE(problems(fewer).empty());
    EXPECT_TRUE(findProblems(fewer, {}).empty()) << "before the network is loaded";
}

TEST_F(PreviewTest, NamesTheFieldThatIsWrong) {
    const auto fatal = [&](const std::string& field, const std::function<void(RunSpec&)>& spoil) {
        RunSpec spec = spec_;
        spoil(spec);
        const std::optional<Problem> found = problem(spec, field);
        ASSERT_TRUE(found) << field;
        EXPECT_TRUE(found->fatal) << field;
        EXPECT_FALSE(found->remedy.empty()) << field;
    };
    fatal("project", [](RunSpec& spec) { spec.project.clear(); });
    fatal("model", [](RunSpec& spec) { spec.model.clear(); });
    fatal("model", [](RunSpec& spec) { spec.model = "/nowhere.safetensors"; });
    fatal("method", [](RunSpec& spec) { spec.method = "none"; });
    fatal("calibration", [](RunSpec& spec) { spec.calibration = {}; });
    fatal("calibration", [](RunSpec& spec) { spec.calibration.root = "/nowhere"; });
    fatal("evaluation", [](RunSpec& spec) { spec.evaluation.path = "/nowhere"; });
    fatal("batch", [](RunSpec& spec) { spec.batch = 0; });
    fatal("device", [](RunSpec& spec) { spec.device = "abacus"; });
    fatal("rule 1", [](RunSpec& spec) { spec.rules = {{"role:none", std::nullopt}}; });
    fatal("rule 2", [](RunSpec& spec) { spec.rules = {{"head*", std::nullopt}, {"", std::nullopt}}; });
    fatal("rule 1", [](RunSpec& spec) { spec.rules = {{"head*", quant::QuantizerSpec{.granularity = quant::Granularity::head}}}; });
}

TEST_F(PreviewTest, WarnsOfWhatDoesNothing) {
    const auto warned = [&](const RunSpec& spec, const std::string& field) {
        const std::optional<Problem> found = problem(spec, field);
        ASSERT_TRUE(found) << field;
        EXPECT_FALSE(found->fatal) << field;
    };
    RunSpec spec = spec_;
    spec.evaluation = {};
    spec.parameters.set("activation.percentile", 0.99);
    spec.rules = {{"nothing*", std::nullopt}, {"head*", std::nullopt}, {"*", kLog}};
    for (const char* field : {"evaluation", "calibration.count", "activation.percentile", "rule 1", "rule 2", "rule 3"}) warned(spec, field);
    spec.rules = {{"*", std::nullopt}};
    warned(spec, "rules");
    RunSpec repq = specOf("repq");
    repq.parameters.set("calibration.prefix", std::string("float"));
    EXPECT_FALSE(problem(repq, "calibration.prefix"));
    repq.parameters.set("repq.compat", true);
    warned(repq, "calibration.prefix");
}

TEST_F(PreviewTest, TheCommandLineSaysAllThatIsNotDefault) {
    RunSpec spec{.project = "my study", .model = "vit.safetensors", .calibration = {.path = "c.csv", .root = "it's", .rows = {0, 1, 2, 7, 5, 6}},
                 .evaluation = {.path = "v.csv", .root = "val", .rows = {9}}, .method = "repq",
                 .parameters = ParameterSet(methods::methodInfo("repq").parameters), .seed = 7, .batch = 8};
    spec.parameters.set("weight.bits", std::int64_t{6});
    spec.modelOverrides.set("model.heads", std::int64_t{3});
    spec.rules = {{"head*", std::nullopt}, {"role:post_softmax", kLog}};
    EXPECT_EQ(commandLine(spec),
              "vitrine-cli run --project 'my study' --model vit.safetensors --model-set model.heads=3 --method repq --set weight.bits=6 "
              "--rule 'head*=float' --rule role:post_softmax=log2:4 --calib c.csv --root 'it'\\''s' --rows 0-2,7,5-6 --eval v.csv "
              "--eval-root val --eval-rows 9 --seed 7 --batch 8");
    spec.resume = "r0003-repq";
    EXPECT_EQ(commandLine(spec), "vitrine-cli run --project 'my study' --resume r0003-repq");
}

class EstimateTest : public PreviewTest {
  protected:
    EstimateInput input(const ParameterSet& parameters) const {
        return {.network = *model_.graph, .method = "repq", .parameters = parameters, .calibrationImages = 64, .evaluationImages = 1000};
    }
    const ParameterSet parameters_{methods::methodInfo("repq").parameters};
};

TEST_F(EstimateTest, GrowsWithTheWork) {
    const Estimate some = estimate(input(parameters_));
    EXPECT_GT(some.seconds, 0);
    EXPECT_GT(some.bytes, 1e7);
    EstimateInput more = input(parameters_);
    more.evaluationImages = 100'000;
    EXPECT_GT(estimate(more).seconds, 2 * some.seconds);
    ParameterSet many = parameters_;
    many.set("calibration.count", std::int64_t{1});
    EXPECT_LT(estimate(input(many)).bytes, some.bytes);
    EXPECT_LT(estimate(input(many)).seconds, some.seconds);
}

TEST_F(EstimateTest, CountsWhatSearchesAndSynthesesDo) {
    const auto secondsOf = [&](const std::string& method, const std::map<std::string, std::string>& values) {
        ParameterSet parameters(methods::methodInfo(method).parameters);
        for (const auto& [id, text] : values) parameters.setText(id, text);
        EstimateInput of = input(parameters);
        of.method = method;
        return estimate(of).seconds;
    };
    EXPECT_GT(secondsOf("cptv", {{"search.passes", "20"}}), secondsOf("cptv", {{"search.passes", "10"}}));
    EXPECT_GT(secondsOf("psaq", {{"synthesis.iterations", "1000"}}), secondsOf("psaq", {}));
    EXPECT_GT(secondsOf("psaq", {{"synthesis.iterations", "1"}}), secondsOf("noise", {}));
    EXPECT_GT(secondsOf("psaq2", {{"psaq2.student_steps", "0"}}), secondsOf("psaq", {}));
    EXPECT_GT(secondsOf("psaq2", {}), secondsOf("psaq2", {{"psaq2.student_steps", "0"}}));
    EXPECT_GT(secondsOf("psaq2", {{"psaq2.student_every", "50"}}), secondsOf("psaq2", {}));
    EXPECT_EQ(secondsOf("psaq2", {{"psaq2.student_rate", "0"}}), secondsOf("psaq2", {{"psaq2.student_steps", "0"}}));
    const double plain = secondsOf("clampvit", {});
    EXPECT_GT(secondsOf("clampvit", {{"search.passes", "4"}}), plain);
    EXPECT_GT(secondsOf("clampvit", {{"search.cycles", "8"}}), plain);
    EXPECT_GT(secondsOf("clampvit", {{"precision", "mixed"}}), plain);
    EXPECT_GT(secondsOf("clampvit", {{"refresh.scope", "layer"}}), plain);
    EXPECT_LT(secondsOf("clampvit", {{"activation.recompute", "false"}, {"activation.search", "none"}}), plain);
    EXPECT_GT(secondsOf("clampvit", {{"activation.search", "all"}}), plain);
}

TEST_F(EstimateTest, CountsRangesThatAreFittedWhereNothingElseIsSearched) {
    const auto secondsOf = [&](const std::map<std::string, std::string>& values) {
        ParameterSet parameters(methods::methodInfo("clampvit").parameters);
        for (const auto& [id, text] : {std::pair{"search.passes", "1"}, {"search.cycles", "0"}, {"search.initial", "1"}}) parameters.setText(id, text);
        for (const auto& [id, text] : values) parameters.setText(id, text);
        EstimateInput of = input(parameters);
        of.method = "clampvit";
        return estimate(of).seconds;
    };
    const auto fitOf = [&](const std::string& precision) {
        return secondsOf({{"precision", precision}}) - secondsOf({{"precision", precision}, {"activation.search", "none"}});
    };
    EXPECT_GT(fitOf("fixed"), 0);
    EXPECT_NEAR(fitOf("mixed"), 2 * fitOf("fixed"), 1e-6 * fitOf("fixed")) << "before widths are chosen, and after";
    EXPECT_EQ(secondsOf({{"activation.recompute", "false"}}), secondsOf({})) << "nothing changes, so nothing is calibrated anew";
    EXPECT_LT(secondsOf({{"search.initial", "2"}, {"activation.recompute", "false"}}), secondsOf({{"search.initial", "2"}}));
}

TEST_F(EstimateTest, FollowsRunsOfTheSameMethodAndNetwork) {
    const RunSpec run = specOf("repq");
    const std::string id = test::executePlain(run).id;
    project::RunRecord record = project::Project::open(run.project).run(id);
    EstimateInput known = input(parameters_);
    record.seconds *= 10;
    record.peakMemoryBytes *= 2;
    known.runs = {record};
    const Estimate slow = estimate(known);
    EXPECT_EQ(slow.basis, "from 1 run of this method and network");
    record.seconds /= 5;
    known.runs = {record};
    EXPECT_NEAR(estimate(known).seconds, slow.seconds / 5, 1e-9 * slow.seconds);
    known.runs = {record, record};
    EXPECT_EQ(estimate(known).basis, "from 2 runs of this method and network");

    project::RunRecord other = record, failed = record, larger = record;
    other.method = "baseline";
    failed.state = project::RunState::failed;
    larger.figures.sizeBytes = 2 * larger.figures.sizeBytes.value();
    known.runs = {other, failed, larger};
    EXPECT_EQ(estimate(known).basis, "from the network's operations");
}

}  // namespace
}  // namespace vitrine::runs
