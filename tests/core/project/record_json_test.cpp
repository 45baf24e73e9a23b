// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/codecs/record_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json_fields.h"
#include "core/project/sample_records.h"

namespace vitrine::project {
namespace {

using nlohmann::json;

TEST(RecordJson, SurvivesAsTheSameText) {
    const RunRecord record = test::sampleRecord();
    const std::string text = dumpJson(toJson(record));
    const RunRecord read = recordFromJson(parseJson(text, "test"));
    EXPECT_EQ(dumpJson(toJson(read)), text);
    EXPECT_EQ(read.seed, record.seed);
    EXPECT_EQ(read.inputs, record.inputs);
    EXPECT_EQ(read.figures, record.figures);
    ASSERT_EQ(read.parameters.size(), record.parameters.size());
    for (std::size_t k = 0; k < record.parameters.size(); ++k)
        EXPECT_EQ(read.parameters[k].value, record.parameters[k].value) << record.parameters[k].id;
    EXPECT_EQ(read.error->code, ErrorCode::tooLarge);
}

TEST(RecordJson, EveryMissingOrMistypedFieldIsRefused) {
    const json good = toJson(test::sampleRecord());
    const json flat = good.flatten();
    for (const auto& [pointer, value] : flat.items()) {
        json bad = good;
        bad[json::json_pointer(pointer)] = json::array({json::object()});
        EXPECT_THROW(recordFromJson(bad), Exception) << pointer;
    }
    for (const auto& [key, value] : good.items()) {
        if (key == "error") continue;  // only failed runs have one
        json lacking = good;
        lacking.erase(key);
        EXPECT_THROW(recordFromJson(lacking), Exception) << key;
    }
}

TEST(RecordJson, KeepsTheRulesOfTheUser) {
    RunRecord record = test::sampleRecord();
    EXPECT_FALSE(toJson(record).contains("rules"));
    record.rules = {{"head*", std::nullopt},
                    {"role:post_softmax", quant::QuantizerSpec{.kind = quant::QuantizerKind::log2, .bits = 4}}};
    const json document = toJson(record);
    EXPECT_EQ(recordFromJson(document).rules, record.rules);
    const json flat = document.at("rules").flatten();
    for (const auto& [pointer, value] : flat.items()) {
        json bad = document;
        bad["rules"][json::json_pointer(pointer)] = json::array({json::object()});
        EXPECT_THROW(recordFromJson(bad), Exception) << pointer;
    }
}

TEST(RecordJson, NumbersBeyondTheirTypeAreRefused) {
    for (const json& threads : {json(-1), json(2147483648), json(1e300), json(18446744073709551615u)}) {
        json record = toJson(test::sampleRecord());
        record["threads"] = threads;
        EXPECT_THROW(recordFromJson(record), Exception) << threads;
    }
}

TEST(RecordJson, NewerFormatIsUnsupported) {
    json record = toJson(test::sampleRecord());
    record["format"] = 2;
    try {
        recordFromJson(record);
        FAIL();
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::unsupported);
    }
}

TEST(RecordJson, KeepsWhatMadeTheImages) {
    RunRecord record = test::sampleRecord();
    EXPECT_FALSE(toJson(record).contains("synthetic"));
    record.synthetic = SyntheticRecord{"psaq", {{.id = "synthesis.count", .value = std::int64_t{8}, .provenance = "code", .unit = "images", .isDefault = false}}};
    const json document = toJson(record);
    const RunRecord read = recordFromJson(document);
    ASSERT_TRUE(read.synthetic);
    EXPECT_EQ(read.synthetic->method, "psaq");
    EXPECT_EQ(std::get<std::int64_t>(read.synthetic->parameters.at(0).value), 8);
    json bad = document;
    bad["synthetic"]["parameters"] = 3;
    EXPECT_THROW(recordFromJson(bad), Exception);
    bad["synthetic"] = json::array();
    EXPECT_THROW(recordFromJson(bad), Exception);
}

}  // namespace
}  // namespace vitrine::project
