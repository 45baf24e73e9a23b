// SPDX-License-Identifier: GPL-3.0-or-later
// run, runs, show, compare, export, report and validate on one small project.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/process.h"
#include "app/tiny_study.h"
#include "base/files.h"

namespace vitrine::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// Two runs, made once for all tests of the suite: RepQ-ViT at 4 bits and the baseline at 8.
class Runs : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        study_ = std::make_unique<TinyStudy>();
        repq_ = make("repq", {"--set", "weight.bits=4", "--set", "activation.bits=4"});
        baseline_ = make("baseline", {});
    }
    static void TearDownTestSuite() { study_.reset(); }

    static ProcessResult make(const std::string& method, const std::vector<std::string>& more) {
        std::vector<std::string> arguments = {"run",
                                              "--project",
                                              study_->project(),
                                              "--model",
                                              study_->model(),
                                              "--calib",
                                              study_->images(),
                                              "--rows",
                                              "0-7",
                                              "--eval",
                                              study_->path("images"),
                                              "--method",
                                              method,
                                              "--seed",
                                              "7",
                                              "--threads",
                                              "1",
                                              "--json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    }
    static std::string repqId() { return repq_.json()["id"]; }
    static std::string baselineId() { return baseline_.json()["id"]; }

    static inline std::unique_ptr<TinyStudy> study_;
    static inline ProcessResult repq_;
    static inline ProcessResult baseline_;
};

TEST_F(Runs, RunPrintsOneObjectAndReportsProgressOnStderr) {
    ASSERT_EQ(repq_.exitCode, 0) << repq_.error;
    const auto result = repq_.json();
    EXPECT_EQ(result["state"], "finished");
    EXPECT_EQ(result["method"], "repq");
    EXPECT_EQ(result["seed"], 7);
    EXPECT_EQ(result["parameters"]["weight.bits"], 4);
    EXPECT_EQ(result["count"], 12);
    for (const char* subject : {"float", "quantized"})
        for (const char* key : {"top1", "top5", "count", "seconds", "low", "high"})
            EXPECT_TRUE(result[subject].contains(key)) << subject << " " << key;
    EXPECT_EQ(result["top1"], result["quantized"]["top1"]);
    EXPECT_TRUE(result["quantized"].contains("fidelity"));
    EXPECT_GT(result["quantized"]["divergence"], 0);
    EXPECT_LT(result["cost"]["average_weight_bits"], 9);
    EXPECT_THAT(repq_.error, HasSubstr("100 %"));
    EXPECT_THAT(repq_.error, Not(HasSubstr("\r"))) << "stderr is no terminal";
}

TEST_F(Runs, RunsListsThem) {
    const auto runs = run({"runs", study_->project(), "--json"}).json()["runs"];
    ASSERT_EQ(runs.size(), 2u);
    EXPECT_EQ(runs[0]["id"], repqId());
    EXPECT_EQ(runs[1]["id"], baselineId());
    EXPECT_TRUE(runs[0].contains("top1"));
    EXPECT_THAT(run({"runs", study_->project()}).out, HasSubstr(repqId()));
}

TEST_F(Runs, ShowHasARowForEverySite) {
    const auto shown = run({"show", study_->project(), repqId(), "--json"}).json();
    const auto& layers = shown["layers"];
    const auto softmax = std::find_if(layers.begin(), layers.end(),
                                      [](const auto& row) { return row["site"] == "blocks.0.attn.softmax"; });
    ASSERT_NE(softmax, layers.end());
    EXPECT_EQ((*softmax)["role"], "post_softmax");
    EXPECT_EQ((*softmax)["bits"], 4);
    EXPECT_GT((*softmax)["sqnr_db"], 0);
    EXPECT_GT((*softmax)["cosine"], 0.5);
    for (const char* key : {"quantizer", "mse", "block", "low", "high", "clipped_percent"})
        EXPECT_TRUE(softmax->contains(key)) << key;
    const ProcessResult text = run({"show", study_->project(), repqId()});
    for (const char* part : {"Top-1, quantized", "Model size", "blocks.0.attn.softmax", "SQNR"})
        EXPECT_THAT(text.out, HasSubstr(part));
    EXPECT_THAT(text.error, IsEmpty());
}

TEST_F(Runs, UnknownRunsAreBadInputAndNameTheNearest) {
    const ProcessResult result = run({"show", study_->project(), repqId() + "x"});
    EXPECT_EQ(result.exitCode, 3);
    EXPECT_THAT(result.error, HasSubstr(repqId()));
}

TEST_F(Runs, CompareShowsWhatDiffers) {
    const auto compared = run({"compare", study_->project(), repqId(), baselineId(), "--json"}).json();
    ASSERT_EQ(compared["runs"].size(), 2u);
    std::vector<std::string> settings;
    for (const auto& row : compared["parameters"]) settings.push_back(row["id"]);
    EXPECT_THAT(settings, ::testing::IsSupersetOf({"method", "weight.bits"}));
    EXPECT_THAT(settings, Not(::testing::Contains("seed")));
    EXPECT_EQ(compared["predictions"]["compared"], 12);
    EXPECT_LE(compared["predictions"]["flipped"], 12);
    EXPECT_TRUE(compared["difference"].contains("top1"));
    EXPECT_FALSE(compared["layers"].empty());
    EXPECT_TRUE(compared["layers"][0].contains("difference"));

    const auto same = run({"compare", study_->project(), repqId(), repqId(), "--json"}).json();
    EXPECT_EQ(same["predictions"]["flipped"], 0);
    EXPECT_TRUE(same["parameters"].empty());
}

TEST_F(Runs, ExportsCsvAsFileAndAsFolder) {
    const std::string file = study_->path("layers.csv");
    ASSERT_EQ(run({"export", study_->project(), repqId(), "--csv", file}).exitCode, 0);
    const std::string csv = readTextFile(file);
    EXPECT_THAT(csv, StartsWith("site,role,block,quantizer,bits,sqnr_db,cosine,mse,"));
    EXPECT_THAT(csv, HasSubstr("\r\nblocks.0.attn.softmax,post_softmax,"));
    EXPECT_EQ(run({"export", study_->project(), repqId(), "--csv", "-"}).out, csv);

    const std::string folder = study_->path("tables");
    ASSERT_EQ(run({"export", study_->project(), repqId(), "--csv", folder}).exitCode, 0);
    EXPECT_EQ(readTextFile(folder + "/layers.csv"), csv);
    EXPECT_THAT(readTextFile(folder + "/parameters.csv"), HasSubstr("weight.bits,4,"));
    EXPECT_THAT(readTextFile(folder + "/predictions.quantized.csv"), StartsWith("row,prediction\r\n0,"));
}

TEST_F(Runs, ExportsEverythingAsJson) {
    const std::string file = study_->path("run.json");
    ASSERT_EQ(run({"export", study_->project(), repqId(), "--json", file}).exitCode, 0);
    const auto exported = nlohmann::json::parse(readTextFile(file));
    EXPECT_EQ(exported["id"], repqId());
    EXPECT_FALSE(exported["artefacts"].empty());
    EXPECT_EQ(exported["quantized"]["predictions"].size(), 12u);
    EXPECT_EQ(run({"export", study_->project(), repqId(), "--json", "/no/such/folder/run.json"}).exitCode, 3);
}

TEST_F(Runs, ReportsAreOneHtmlFile) {
    const std::string file = study_->path("report.html");
    const ProcessResult result = run({"report", study_->project(), "--html", file, "--json"});
    ASSERT_EQ(result.exitCode, 0) << result.error;
    EXPECT_EQ(result.json()["runs"].size(), 2u);
    const std::string html = readTextFile(file);
    EXPECT_THAT(html, StartsWith("<!DOCTYPE html>"));
    for (const std::string& part : {std::string("Comparison"), repqId(), baselineId(), std::string("published")})
        EXPECT_THAT(html, HasSubstr(part));
    for (const char* outside : {"http://", "https://", "<script", "src="}) EXPECT_THAT(html, Not(HasSubstr(outside)));

    ASSERT_EQ(run({"report", study_->project(), repqId(), "--html", file}).exitCode, 0);
    EXPECT_THAT(readTextFile(file), Not(HasSubstr(baselineId())));
}

TEST_F(Runs, EvalTakesTheQuantizedNetworkByIdAndByFolder) {
    const auto expected = repq_.json()["quantized"]["top1"];
    const auto byId = run({"eval", study_->model(), "--images", study_->images(), "--threads", "1", "--project",
                           study_->project(), "--quantized", repqId(), "--json"});
    ASSERT_EQ(byId.exitCode, 0) << byId.error;
    EXPECT_EQ(byId.json()["top1"], expected);
    EXPECT_EQ(byId.json()["quantized"]["top1"], expected);
    EXPECT_EQ(byId.json()["float"]["top1"], repq_.json()["float"]["top1"]);
    const auto byFolder = run({"eval", study_->model(), "--images", study_->images(), "--threads", "1", "--quantized",
                               study_->project() + "/runs/" + repqId(), "--json"});
    ASSERT_EQ(byFolder.exitCode, 0) << byFolder.error;
    EXPECT_EQ(byFolder.json()["top1"], expected);
    EXPECT_EQ(run({"eval", study_->model(), "--images", study_->images(), "--quantized", "nothing"}).exitCode, 3);
}

TEST_F(Runs, TheSameSeedGivesTheSameTables) {
    const ProcessResult again =
        make("repq", {"--set", "weight.bits=4", "--set", "activation.bits=4", "--project", study_->path("again")});
    ASSERT_NE(again.exitCode, 0) << "--project twice is a mistake";
    TinyStudy other;
    const auto layers = [](const TinyStudy& study) {
        const auto made = run({"run",
                               "--project",
                               study.project(),
                               "--model",
                               study.model(),
                               "--calib",
                               study.images(),
                               "--rows",
                               "0-7",
                               "--method",
                               "repq",
                               "--set",
                               "weight.bits=4",
                               "--set",
                               "activation.bits=4",
                               "--seed",
                               "7",
                               "--threads",
                               "1",
                               "--json"});
        EXPECT_EQ(made.exitCode, 0) << made.error;
        return run({"export", study.project(), made.json()["id"], "--csv", "-"}).out;
    };
    EXPECT_EQ(layers(other), layers(other));
}

TEST_F(Runs, RulesAndPresetsDecideAndAreKept) {
    TinyStudy study;
    const std::string policy = study.path("policy.json");
    writeFileAtomically(policy, R"({"rules": [{"match": "head*", "quantizer": null}]})");
    const auto made = run({"run", "--project", study.project(), "--model", study.model(), "--calib", study.images(), "--rows", "0-2,5,7",
                           "--method", "baseline", "--preset", "w4a4", "--set", "activation.bits=6", "--policy", policy, "--rule",
                           "role:post_softmax=log2:5", "--rule", "blocks.0.attn.softmax=uniform:7", "--threads", "1", "--json"});
    ASSERT_EQ(made.exitCode, 0) << made.error;
    EXPECT_EQ(made.json()["parameters"]["weight.bits"], 4);
    EXPECT_EQ(made.json()["parameters"]["activation.bits"], 6);
    const std::string id = made.json()["id"];
    const auto shown = run({"show", study.project(), id, "--json"}).json();
    for (const auto& row : shown["layers"]) {
        const std::string site = row["site"];
        if (site == "head.weight") {
            EXPECT_EQ(row["quantizer"], "float");
        }
        if (site == "blocks.0.attn.softmax") {
            EXPECT_EQ(row["bits"], 7);
        }
        if (site == "blocks.1.attn.softmax") {
            EXPECT_EQ(row["quantizer"], "log2 5 bit");
        }
    }
    const auto record = nlohmann::json::parse(readTextFile(study.project() + "/runs/" + id + "/run.json"));
    EXPECT_EQ(record["rules"].size(), 3u);
    EXPECT_EQ(record["rules"][0]["match"], "head*");
    EXPECT_EQ(record["inputs"][1]["rows"], (std::vector<int>{0, 1, 2, 5, 7}));
}

TEST_F(Runs, BadRulesAndPresetsAreRefused) {
    for (const std::vector<std::string>& more : {std::vector<std::string>{"--rule", "head"}, {"--rule", "head*=uniform:99"},
                                                 {"--rule", "role:none=float"}, {"--preset", "w4a5"}, {"--rows", "0-2,x"}}) {
        std::vector<std::string> arguments = {"run", "--project", study_->path("none"), "--model", study_->model(), "--calib",
                                              study_->images(), "--method", "repq"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        EXPECT_NE(run(arguments).exitCode, 0) << more[1];
    }
    const ProcessResult preset = run({"run", "--project", study_->path("none"), "--model", study_->model(), "--calib", study_->images(),
                                      "--method", "repq", "--preset", "w4a5"});
    EXPECT_EQ(preset.exitCode, 2);
    EXPECT_THAT(preset.error, HasSubstr("w4a4"));
    writeFileAtomically(study_->path("bad.json"), "{}");
    EXPECT_EQ(run({"run", "--project", study_->path("none"), "--model", study_->model(), "--calib", study_->images(), "--method", "repq",
                   "--policy", study_->path("bad.json")}).exitCode, 3);
    EXPECT_THAT(run({"methods", "repq"}).out, HasSubstr("compat"));
    EXPECT_EQ(run({"methods", "repq", "--json"}).json()["presets"][0]["id"], "fast");
}

TEST_F(Runs, ValidateFindsDamage) {
    EXPECT_EQ(run({"validate", study_->project()}).exitCode, 0);
    const std::string file = study_->project() + "/runs/" + repqId() + "/run.json";
    const std::string intact = readTextFile(file);
    writeFileAtomically(file, intact.substr(0, intact.size() / 2));
    const ProcessResult damaged = run({"validate", study_->project(), "--json"});
    EXPECT_EQ(damaged.exitCode, 3);
    EXPECT_EQ(damaged.json()["valid"], false);
    EXPECT_FALSE(damaged.json()["problems"].empty());
    writeFileAtomically(file, intact);
}

}  // namespace
}  // namespace vitrine::test
