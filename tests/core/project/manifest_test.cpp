// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/manifest.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "core/project/sample_records.h"
#include "project/layout.h"

namespace vitrine::project {
namespace {

using nlohmann::json;

ErrorCode refusal(const std::string& text) {
    try {
        Manifest::parse(text, "study.vitrine");
    } catch (const Exception& exception) {
        EXPECT_NE(exception.error().where.find("study.vitrine"), std::string::npos);
        return exception.error().code;
    }
    ADD_FAILURE() << "accepted: " << text;
    return ErrorCode::internal;
}

TEST(Manifest, ListsRunsAndInputsOnce) {
    Manifest manifest = Manifest::create("study");
    RunRecord record = test::sampleRecord();
    manifest.list(record);
    record.state = RunState::finished;
    manifest.list(record);
    const Manifest read = Manifest::parse(manifest.text(), "study.vitrine");
    ASSERT_EQ(read.runs().size(), 1u);
    EXPECT_EQ(read.runs().front(), summaryOf(record));
    EXPECT_EQ(read.inputs(), record.inputs);
    EXPECT_EQ(read.edits().name, "study");
    EXPECT_FALSE(read.newerFormat());
}

TEST(Manifest, UnknownKeysSurviveARewrite) {
    Manifest first = Manifest::create("study");
    first.list(test::sampleRecord());
    json document = json::parse(first.text());
    document["colour"] = {{"theme", "dark"}};
    document["runs"][0]["starred"] = true;
    Manifest manifest = Manifest::parse(document.dump(), "study.vitrine");
    manifest.setEdits({.notes = "new"});
    manifest.list(test::sampleRecord());
    const json rewritten = json::parse(manifest.text());
    EXPECT_EQ(rewritten["colour"]["theme"], "dark");
    EXPECT_EQ(rewritten["runs"][0]["starred"], true);
    EXPECT_EQ(rewritten["notes"], "new");
}

TEST(Manifest, EditsKeepWhatIsUnknownInEntriesThatStay) {
    Manifest first = Manifest::create("study");
    first.setEdits(test::sampleEdits());
    json document = json::parse(first.text());
    document["models"][0]["thumbnail"] = "a";
    document["models"][1]["thumbnail"] = "b";
    document["run_notes"]["r0001-repq"]["stars"] = 5;
    document["draft"]["priority"] = "low";
    Manifest manifest = Manifest::parse(document.dump(), "study.vitrine");
    Edits edits = manifest.edits();
    EXPECT_EQ(edits, test::sampleEdits());
    edits.models.erase(edits.models.begin());
    edits.notes = "new";
    manifest.setEdits(edits);
    const json rewritten = json::parse(manifest.text());
    ASSERT_EQ(rewritten["models"].size(), 1u);
    EXPECT_EQ(rewritten["models"][0]["thumbnail"], "b") << "found by its name";
    EXPECT_EQ(rewritten["run_notes"]["r0001-repq"]["stars"], 5);
    EXPECT_EQ(rewritten["draft"]["priority"], "low");
    EXPECT_EQ(Manifest::parse(manifest.text(), "study.vitrine").edits(), edits);
    EXPECT_EQ(rewritten["format"], 1) << "older readers keep keys that they do not know";
}

TEST(Manifest, NeverBecomesTooLargeToBeRead) {
    Manifest manifest = Manifest::create("study");
    Edits edits;
    for (int run = 1; run <= 600; ++run) edits.runs[makeRunId(run, "repq")].note = std::string(kMaximumRunNote, 'n');
    manifest.setEdits(edits);
    EXPECT_THROW(manifest.text(), Exception);
}

TEST(Manifest, NewerFormatIsReadWhereItAllowsThat) {
    json document = json::parse(Manifest::create("study").text());
    document["format"] = 7;
    EXPECT_TRUE(Manifest::parse(document.dump(), "study.vitrine").newerFormat());
    document["minimum_reader"] = 5;
    document["minimum_version"] = "4.2.0";
    document["writer"] = "6.0.0";
    EXPECT_EQ(refusal(document.dump()), ErrorCode::unsupported);
    try {
        Manifest::parse(document.dump(), "study.vitrine");
    } catch (const Exception& exception) {
        EXPECT_NE(exception.error().text().find("4.2.0"), std::string::npos) << "must name the version to use";
    }
}

TEST(Manifest, DamageIsRefused) {
    const std::string good = Manifest::create("study").text();
    EXPECT_EQ(refusal(""), ErrorCode::badFormat);
    EXPECT_EQ(refusal("[]"), ErrorCode::badFormat);
    EXPECT_EQ(refusal(good.substr(0, good.size() / 2)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(std::string(100000, '[')), ErrorCode::badFormat);
    EXPECT_EQ(refusal("{\"format\": 1e999}"), ErrorCode::badFormat);
    const json document = json::parse(good);
    for (const auto& [key, value] : document.items()) {
        if (key == "minimum_version") continue;  // looked at only when the manifest is too new
        json lacking = document;
        lacking.erase(key);
        EXPECT_EQ(refusal(lacking.dump()), ErrorCode::badFormat) << key;
    }
    json zero = document;
    zero["format"] = 0;
    EXPECT_EQ(refusal(zero.dump()), ErrorCode::badFormat);
}

TEST(Migration, AppliesTheMissingStepsInOrder) {
    const Migration steps[] = {[](json& document) { document["trail"] += "a"; }, [](json& document) { document["trail"] += "b"; }};
    json oldest = {{"format", 1}, {"trail", json::array()}};
    migrate(oldest, steps);
    EXPECT_EQ(oldest, (json{{"format", 3}, {"trail", {"a", "b"}}}));
    json middle = {{"format", 2}, {"trail", json::array()}};
    migrate(middle, steps);
    EXPECT_EQ(middle, (json{{"format", 3}, {"trail", {"b"}}}));
    json newer = {{"format", 9}, {"trail", json::array()}};
    migrate(newer, steps);
    EXPECT_EQ(newer["format"], 9);
}

}  // namespace
}  // namespace vitrine::project
