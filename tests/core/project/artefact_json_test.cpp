// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/codecs/artefact_json.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json_fields.h"
#include "core/project/sample_records.h"

namespace vitrine::project {
namespace {

using nlohmann::json;

results::Artefact throughText(const results::Artefact& artefact) {
    return artefactFromJson(parseJson(dumpJson(toJson(artefact)), "test"));
}

template <typename T>
T payloadOf(std::size_t index) {
    return std::get<T>(throughText(test::sampleArtefacts().at(index)).payload);
}

TEST(ArtefactJson, EveryKindSurvivesAsTheSameText) {
    const auto artefacts = test::sampleArtefacts();
    ASSERT_EQ(artefacts.size(), std::variant_size_v<results::Payload>) << "a kind has no sample";
    for (const results::Artefact& artefact : artefacts) {
        const results::Artefact read = throughText(artefact);
        EXPECT_EQ(read.payload.index(), artefact.payload.index());
        EXPECT_EQ(dumpJson(toJson(read)), dumpJson(toJson(artefact))) << artefact.id;
    }
}

TEST(ArtefactJson, NumbersAreExact) {
    const auto errors = payloadOf<results::LayerErrors>(0);
    EXPECT_EQ(errors.rows.at(0).sqnrDb, -std::numeric_limits<double>::infinity());
    EXPECT_EQ(errors.rows.at(0).cosine, 0.1 + 0.2);
    EXPECT_EQ(errors.rows.at(0).mse, 5e-324);
    const auto intervals = payloadOf<results::Intervals>(1);
    EXPECT_TRUE(std::signbit(intervals.rows.at(0).low)) << "-0 must stay -0";
    EXPECT_EQ(payloadOf<results::Histograms>(2).sites.at(0).floatCounts.at(2), 9007199254740993);
    EXPECT_TRUE(std::isnan(payloadOf<results::Trace>(3).y.at(0)));
}

TEST(ArtefactJson, CellsKeepTheirTypes) {
    const auto table = payloadOf<results::Table>(4);
    EXPECT_EQ(table.rows, std::get<results::Table>(test::sampleArtefacts().at(4).payload).rows);
}

TEST(ArtefactJson, AccuracyKeepsPredictionsAndRows) {
    const auto accuracy = payloadOf<results::Accuracy>(5);
    EXPECT_EQ(accuracy.predictions, (std::vector<std::int32_t>{1, -1}));
    EXPECT_EQ(accuracy.rows, (std::vector<std::int64_t>{7, 9}));
    EXPECT_EQ(accuracy.fidelity, 99.5);
}

TEST(ArtefactJson, DivergenceIsKeptWhereThereIsOne) {
    results::Artefact artefact = test::sampleArtefacts().at(5);
    EXPECT_FALSE(std::get<results::Accuracy>(throughText(artefact).payload).divergence);
    std::get<results::Accuracy>(artefact.payload).divergence = 0.1 + 0.2;
    EXPECT_EQ(std::get<results::Accuracy>(throughText(artefact).payload).divergence, 0.1 + 0.2);
    json wrong = toJson(artefact);
    wrong["data"]["divergence"] = "much";
    EXPECT_THROW(artefactFromJson(wrong), Exception);
}

ErrorCode refusal(const json& document) {
    try {
        artefactFromJson(document);
    } catch (const Exception& exception) {
        EXPECT_FALSE(exception.error().where.empty());
        return exception.error().code;
    }
    ADD_FAILURE() << "accepted: " << document.dump();
    return ErrorCode::internal;
}

TEST(ArtefactJson, EveryMissingOrMistypedFieldIsRefused) {
    for (const results::Artefact& artefact : test::sampleArtefacts()) {
        const json good = toJson(artefact);
        const json flat = good.flatten();
        for (const auto& [pointer, value] : flat.items()) {
            const bool mayBeAbsent = pointer == "/data/fidelity" || pointer == "/data/budgets/0/allowed";
            for (const json& wrong : {json(nullptr), json(json::array({json::object()}))}) {
                json bad = good;
                bad[json::json_pointer(pointer)] = wrong;
                EXPECT_EQ(refusal(bad), ErrorCode::badFormat) << pointer;
            }
            json lacking = good;
            json& parent = lacking[json::json_pointer(pointer).parent_pointer()];
            if (!parent.is_object() || mayBeAbsent) continue;
            parent.erase(json::json_pointer(pointer).back());
            EXPECT_EQ(refusal(lacking), ErrorCode::badFormat) << pointer;
        }
    }
}

json syntheticSample() { return toJson(test::sampleArtefacts().back()); }

TEST(ArtefactJson, SyntheticImagesAreBitForBit) {
    const results::Artefact artefact = test::sampleArtefacts().back();
    EXPECT_EQ(std::get<results::SyntheticImages>(throughText(artefact).payload), std::get<results::SyntheticImages>(artefact.payload));
}

TEST(ArtefactJson, SyntheticImagesThatDoNotFitAreRefused) {
    const auto with = [](const char* pointer, const json& value) {
        json bad = syntheticSample();
        bad["data"][json::json_pointer(pointer)] = value;
        return bad;
    };
    const std::string png = syntheticSample()["data"]["sheets"][0]["png"];
    EXPECT_EQ(refusal(with("/sheets/0/png", png.substr(0, png.size() - 4))), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/sheets/0/png", png.substr(1))), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/sheets/0/png", "#" + png.substr(1))), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/sheets/0/png", "")), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/sheets/0/tile_width", 2)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/sheets/0/tile_height", 100000)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/columns", 1)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/columns", 0)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/rows", -1)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/rows", 1'000'000'000)), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/steps", {0, 1, 2})), ErrorCode::badFormat);
    EXPECT_EQ(refusal(with("/terms/0/values/0", {1.0})), ErrorCode::badFormat);
}

TEST(ArtefactJson, NumbersBeyondTheirTypeAreRefused) {
    json accuracy = toJson(test::sampleArtefacts().at(5));
    accuracy["data"]["predictions"] = {2147483648};
    EXPECT_EQ(refusal(accuracy), ErrorCode::badFormat);
    accuracy["data"]["predictions"] = {18446744073709551615u};
    EXPECT_EQ(refusal(accuracy), ErrorCode::badFormat);
    accuracy["data"]["predictions"] = {1e300};
    EXPECT_EQ(refusal(accuracy), ErrorCode::badFormat);
}

TEST(ArtefactJson, SearchHistoriesAreExactAndConsistent) {
    EXPECT_EQ(payloadOf<results::SearchHistory>(7), std::get<results::SearchHistory>(test::sampleArtefacts().at(7).payload));
    const json good = toJson(test::sampleArtefacts().at(7));
    const auto refused = [&](const char* pointer, const json& value) {
        json bad = good;
        bad[json::json_pointer(pointer)] = value;
        EXPECT_EQ(refusal(bad), ErrorCode::badFormat) << pointer;
    };
    refused("/data/candidates/target/0", 2);
    refused("/data/candidates/target/0", -1);
    refused("/data/candidates/accepted/0", 2);
    refused("/data/candidates/bits/0", 65);
    refused("/data/candidates/fitness", json::array({1.0}));
    refused("/data/sites/0/target", 2);
    refused("/data/sites/0/bits_after", 5000000000);
}

TEST(ArtefactJson, NewerOnesAreUnsupportedRatherThanDamaged) {
    json artefact = toJson(test::sampleArtefacts().at(0));
    artefact["kind"] = "hologram";
    EXPECT_EQ(refusal(artefact), ErrorCode::unsupported);
    artefact["format"] = 2;
    EXPECT_EQ(refusal(artefact), ErrorCode::unsupported);
}

TEST(ArtefactJson, TableRowsMustFitTheColumns) {
    json table = toJson(test::sampleArtefacts().at(4));
    table["data"]["rows"][0].erase(2);
    EXPECT_EQ(refusal(table), ErrorCode::badFormat);
}

}  // namespace
}  // namespace vitrine::project
