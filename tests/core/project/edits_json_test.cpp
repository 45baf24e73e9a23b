// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/codecs/edits_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json_fields.h"
#include "core/project/sample_records.h"

namespace vitrine::project {
namespace {

using nlohmann::json;

Edits read(const json& document) { return editsFrom(Fields(document, "edits")); }

ErrorCode refusal(const json& document) {
    try {
        read(document);
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().where.find("edits"), 0u) << exception.what();
        return exception.error().code;
    }
    ADD_FAILURE() << "accepted: " << document.dump();
    return ErrorCode::internal;
}

TEST(EditsJson, SurviveAsTheSameValue) {
    const Edits edits = test::sampleEdits();
    EXPECT_EQ(read(parseJson(dumpJson(toJson(edits)), "test")), edits);
    EXPECT_EQ(read(toJson(Edits{})), Edits{});
}

TEST(EditsJson, ManifestsOfBeforeHaveNone) {
    EXPECT_EQ(read({{"name", "study"}, {"notes", "n"}}), (Edits{.name = "study", .notes = "n"}));
}

TEST(EditsJson, EveryMissingOrMistypedFieldIsRefused) {
    const json good = toJson(test::sampleEdits());
    const json flat = good.flatten();
    for (const auto& [path, value] : flat.items()) {
        const json::json_pointer pointer(path);
        for (const json& wrong : {json(nullptr), json(json::array({json::object()})), json(-1.5)}) {
            if (wrong.is_null() && path.ends_with("/quantizer")) continue;  // a rule that leaves sites in float
            json bad = good;
            bad[pointer] = wrong;
            EXPECT_EQ(refusal(bad), ErrorCode::badFormat) << path << " " << wrong;
        }
        json lacking = good;
        json& parent = lacking[pointer.parent_pointer()];
        const bool isFree =
            path.find("/overrides/") != std::string::npos || path.find("/parameters/") != std::string::npos;
        if (!parent.is_object() || isFree) continue;
        parent.erase(pointer.back());
        EXPECT_EQ(refusal(lacking), ErrorCode::badFormat) << path;
    }
    for (const char* part : {"models", "image_sets", "run_notes", "draft"}) {
        json bad = good;
        bad[part] = 3;
        EXPECT_EQ(refusal(bad), ErrorCode::badFormat) << part;
    }
}

TEST(EditsJson, ValuesOutOfRangeAreRefused) {
    const auto with = [](const char* pointer, const json& value) {
        json document = toJson(test::sampleEdits());
        document[json::json_pointer(pointer)] = value;
        return document;
    };
    EXPECT_EQ(refusal(with("/image_sets/0/role", "training")), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/draft/seed", -1)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/draft/batch", 18446744073709551615u)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/draft/rules/1/quantizer/bits", 4294967296)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/draft/rules/1/quantizer/kind", "cubic")), ErrorCode::badFormat);
}

TEST(EditsJson, ADraftMayHoldWhatNoRunAccepts) {
    Edits edits;
    edits.draft.rules = {
        {"", std::nullopt},
        {"role:post_s", quant::QuantizerSpec{.kind = quant::QuantizerKind::log2, .bits = 0, .symmetric = true}}};
    EXPECT_EQ(read(toJson(edits)), edits);
}

TEST(EditsJson, UnknownKeysArePassedOver) {
    json document = toJson(test::sampleEdits());
    document["colour_scheme"] = 1;
    document["models"][0]["thumbnail"] = "x";
    document["run_notes"]["r0001-repq"]["stars"] = 5;
    EXPECT_EQ(read(document), test::sampleEdits());
}

}  // namespace
}  // namespace vitrine::project
