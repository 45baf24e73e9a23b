// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/manifest.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "core/project/sample_records.h"

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
    EXPECT_EQ(read.name(), "study");
    EXPECT_FALSE(read.newerFormat());
}

TEST(Manifest, UnknownKeysSurviveARewrite) {
    Manifest first = Manifest::create("study");
    first.list(test::sampleRecord());
    json document = json::parse(first.text());
    document["colour"] = {{"theme", "dark"}};
    document["runs"][0]["starred"] = true;
    Manifest manifest = Manifest::parse(document.dump(), "study.vitrine");
    manifest.setNotes("new");
    manifest.list(test::sampleRecord());
    const json rewritten = json::parse(manifest.text());
    EXPECT_EQ(rewritten["colour"]["theme"], "dark");
    EXPECT_EQ(rewritten["runs"][0]["starred"], true);
    EXPECT_EQ(rewritten["notes"], "new");
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
