// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/draft.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/resources.h"
#include "graph/sites.h"
#include "methods/method_info.h"
#include "models/model.h"
#include "project/project.h"
#include "support/temporary_folder.h"
#include "widgets/session/sample_runs.h"

namespace vitrine::widgets {
namespace {

namespace fs = std::filesystem;

NetworkPtr sampleNetwork() {
    models::LoadedModel model = models::loadModel(resourcePath("sample") / "vit_sample.safetensors");
    std::vector<graph::Site> sites = graph::findSites(*model.graph);
    return std::make_shared<const Network>(Network{std::move(model.graph), std::move(sites), {}});
}

class DraftTest : public ::testing::Test {
  protected:
    AssessmentRequest request() {
        AssessmentRequest asked{.folder = folder_ / "study", .network = network_};
        asked.edits.models = {{.name = "vit", .path = storedPath(asked.folder, resourcePath("sample") / "vit_sample.safetensors")}};
        asked.edits.imageSets = {{.name = "images", .path = storedPath(asked.folder, pictures_.spec().calibration.path), .images = 8}};
        asked.draft = proposedDraft(asked.edits);
        return asked;
    }
    static const runs::Problem* problem(const Assessment& assessment, const std::string& field) {
        const auto found =
            std::find_if(assessment.problems.begin(), assessment.problems.end(), [&](const auto& each) { return each.field == field; });
        return found == assessment.problems.end() ? nullptr : &*found;
    }

    test::TemporaryFolder folder_;
    test::SampleRuns pictures_{8};
    NetworkPtr network_ = sampleNetwork();
};

TEST_F(DraftTest, TellsWhatTheRulesMakeOfBitsSizeAndOperations) {
    AssessmentRequest asked = request();
    asked.draft.method = "baseline";
    asked.draft.parameters = {{"weight.bits", "8"}, {"activation.bits", "8"}};
    const auto eight = assess(asked).figures;
    ASSERT_TRUE(eight);
    EXPECT_DOUBLE_EQ(eight->averageWeightBits.value(), 8);
    EXPECT_DOUBLE_EQ(eight->averageActivationBits.value(), 8);
    asked.draft.parameters["weight.bits"] = "4";
    const auto four = assess(asked).figures;
    EXPECT_LT(four->sizeBytes.value(), eight->sizeBytes.value());
    EXPECT_LT(four->bops.value(), eight->bops.value());
    asked.draft.rules = {{"*", std::nullopt}};
    const auto none = assess(asked).figures;
    EXPECT_DOUBLE_EQ(none->averageWeightBits.value(), 32);
    EXPECT_DOUBLE_EQ(none->sizeBytes.value(), static_cast<double>(network_->graph->parameterCount()) * 4);
    asked.network = nullptr;
    EXPECT_FALSE(assess(asked).figures);
}

TEST(Drafts, NamesStayUnique) {
    EXPECT_EQ(freeName("a", {}), "a");
    EXPECT_EQ(freeName("a", {"a", "a 2"}), "a 3");
}

TEST(Drafts, ProposeWhatIsLikelyMeantUntilSomethingWasChosen) {
    project::Edits edits;
    edits.models = {{.name = "m"}};
    edits.imageSets = {{.name = "any"}, {.name = "val", .role = project::ImageRole::evaluation}};
    project::RunDraft draft = proposedDraft(edits);
    EXPECT_EQ(draft.model, "m");
    EXPECT_EQ(draft.calibration, "any");
    EXPECT_EQ(draft.evaluation, "val");
    EXPECT_FALSE(draft.method.empty());
    edits.draft.method = "repq";
    EXPECT_EQ(proposedDraft(edits), edits.draft) << "an evaluation that was left out stays out";
}

TEST(Drafts, PathsAreFoundAsAProjectFindsThem) {
    const test::TemporaryFolder folder;
    fs::create_directories(folder / "a/study");
    fs::create_directories(folder / "a/data");
    const project::Project project = project::Project::create(folder / "a/study", "x");
    const project::StoredPath stored = storedPath(folder / "a/study", folder / "a/data");
    EXPECT_EQ(stored, project.store(folder / "a/data"));
    EXPECT_EQ(locate(folder / "a/study", stored), project.locate(stored));
    fs::rename(folder / "a", folder / "b");  // the project moves with its data
    EXPECT_EQ(locate(folder / "b/study", stored), folder / "b/data");
    EXPECT_EQ(locate(folder / "elsewhere", stored).string(), stored.absolute);
}

TEST_F(DraftTest, ASoundDraftBecomesARunnableSpecification) {
    AssessmentRequest asked = request();
    asked.draft.parameters = {{"weight.bits", "5"}};
    asked.draft.seed = 7;
    const Assessment found = assess(asked);
    EXPECT_TRUE(found.runnable()) << (found.problems.empty() ? "" : found.problems.front().text);
    EXPECT_EQ(found.spec.parameters.integer("weight.bits"), 5);
    EXPECT_EQ(found.spec.seed, 7u);
    EXPECT_TRUE(fs::exists(found.spec.model));
    EXPECT_TRUE(fs::exists(found.spec.calibration.path));
    ASSERT_TRUE(found.scope && found.estimate);
    EXPECT_GT(found.estimate->seconds, 0);
    EXPECT_NE(found.command.find("--set weight.bits=5"), std::string::npos) << found.command;
    std::size_t decided = 0;
    for (const RuleEffect& effect : found.effects->ofMethod) decided += effect.decided.size();
    EXPECT_GT(decided, 0u);
    EXPECT_LE(decided, network_->sites.size());
}

TEST_F(DraftTest, RulesCountAsThePreviewCountsThem) {
    AssessmentRequest asked = request();
    asked.draft.rules = {{"role:post_softmax", quant::QuantizerSpec{.kind = quant::QuantizerKind::log2, .bits = 4}},
                         {"role:nonsense", std::nullopt},
                         {"nothing.*", std::nullopt},
                         {"head*", std::nullopt}};
    const Assessment found = assess(asked);
    ASSERT_EQ(found.effects->ofOwn.size(), 4u);
    const std::vector<quant::PolicyRule> sound{asked.draft.rules[0], asked.draft.rules[2], asked.draft.rules[3]};
    const runs::PolicyPreview preview = runs::previewPolicy(asked.draft.method, found.spec.parameters, sound, network_->sites);
    const std::size_t places[] = {0, 2, 3};
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(found.effects->ofOwn[places[i]].caught, preview.matched[preview.extraFrom + i]);
        EXPECT_EQ(found.effects->ofOwn[places[i]].decided.size(), preview.decided[preview.extraFrom + i]);
    }
    EXPECT_TRUE(found.effects->ofOwn[1].fatal);
    EXPECT_FALSE(found.effects->ofOwn[1].problem.isEmpty());
    EXPECT_FALSE(found.runnable());
    ASSERT_NE(problem(found, "rule 2"), nullptr);
}

TEST_F(DraftTest, ARuleThatCatchesNothingIsAWarning) {
    AssessmentRequest asked = request();
    asked.draft.rules = {{"nothing.*", std::nullopt}};
    const Assessment found = assess(asked);
    EXPECT_TRUE(found.runnable());
    EXPECT_FALSE(found.effects->ofOwn[0].problem.isEmpty());
    EXPECT_FALSE(found.effects->ofOwn[0].fatal);
}

TEST_F(DraftTest, WrongTextsNameTheirField) {
    AssessmentRequest asked = request();
    asked.draft.parameters = {{"weight.bits", "99"}, {"of.another.method", "1"}};
    asked.draft.calibration = "gone";
    asked.edits.imageSets[0].rows = "5-99";
    asked.draft.evaluation = "images";
    const Assessment found = assess(asked);
    EXPECT_FALSE(found.runnable());
    EXPECT_NE(problem(found, "weight.bits"), nullptr);
    EXPECT_NE(problem(found, "calibration"), nullptr);
    EXPECT_NE(problem(found, "evaluation"), nullptr);
    EXPECT_EQ(problem(found, "of.another.method"), nullptr);
    EXPECT_EQ(std::count_if(found.problems.begin(), found.problems.end(), [](const auto& each) { return each.field == "calibration"; }), 1)
        << "one thing is said once";
}

TEST_F(DraftTest, NothingIsKnownWithoutANetworkAndNothingFails) {
    AssessmentRequest asked = request();
    asked.network = nullptr;
    asked.draft.method = "unheard_of";
    const Assessment found = assess(asked);
    EXPECT_FALSE(found.scope || found.estimate);
    EXPECT_NE(found.effects, nullptr);
    EXPECT_NE(problem(found, "method"), nullptr);
}

TEST_F(DraftTest, AFinishedRunComesBackAsADraft) {
    project::RunRecord record;
    record.method = "repq";
    record.seed = 9;
    record.batch = 16;
    record.device = "cpu";
    record.rules = {{"head*", std::nullopt}};
    record.parameters = {{.id = "weight.bits", .value = std::int64_t{6}, .isDefault = false},
                         {.id = "activation.bits", .value = std::int64_t{4}}};
    record.inputs = {{.role = "model", .path = {"../m/net.pth", "/m/net.pth"}},
                     {.role = "calibration", .path = {"../c", "/c"}, .rows = {0, 1, 2}}};
    project::Edits edits;
    const project::RunDraft draft = draftOfRun(record, edits);
    EXPECT_EQ(draft.model, "net");
    ASSERT_EQ(edits.imageSets.size(), 1u);
    EXPECT_EQ(edits.imageSets[0].rows, "0-2");
    EXPECT_EQ(draft.evaluation, "");
    EXPECT_EQ(draft.parameters, (std::map<std::string, std::string>{{"weight.bits", "6"}}));
    EXPECT_EQ(draft.rules, record.rules);
    EXPECT_EQ(draft.seed, 9u);
    project::Edits again = edits;
    EXPECT_EQ(draftOfRun(record, again), draft);
    EXPECT_EQ(again, edits) << "inputs that the project names already are not added again";
}

}  // namespace
}  // namespace vitrine::widgets
