// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <functional>

#include "base/error.h"
#include "base/json_fields.h"
#include "base/random.h"
#include "core/project/sample_records.h"
#include "project/codecs/artefact_json.h"
#include "project/codecs/record_json.h"
#include "project/manifest.h"

namespace vitrine::project {
namespace {

/// Flips, drops, doubles or replaces a few bytes.
std::string mutated(std::string text, Random& random) {
    const std::string spice = "{}[]\",:0123456789.eE+-ntfu\\\xff";
    for (std::int64_t edits = random.integer(1, 4); edits > 0 && !text.empty(); --edits) {
        const auto at = static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(text.size()) - 1));
        const auto length = static_cast<std::size_t>(random.integer(0, 40));
        const char byte = spice[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(spice.size()) - 1))];
        switch (random.integer(0, 3)) {
            case 0: text[at] = byte; break;
            case 1: text.erase(at, length); break;
            case 2: text.insert(at, text.substr(at, length)); break;
            default: text.insert(at, 1, byte);
        }
    }
    return text;
}

/// Reads many mutations of `text`: each is read or refused with our own exception, and never as our own fault.
void expectNoHarm(const std::string& text, const std::function<void(const std::string&)>& read) {
    Random random(20261121);
    for (int round = 0; round < 3000; ++round) {
        const std::string bad = mutated(text, random);
        try {
            read(bad);
        } catch (const Exception& exception) {
            EXPECT_NE(exception.error().code, ErrorCode::internal) << bad;
        }
    }
}

TEST(HostileProject, MutatedManifests) {
    Manifest manifest = Manifest::create("study");
    manifest.list(test::sampleRecord());
    manifest.setEdits(test::sampleEdits());
    expectNoHarm(manifest.text(), [](const std::string& text) { Manifest::parse(text, "study.vitrine"); });
}

TEST(HostileProject, MutatedRecords) {
    expectNoHarm(dumpJson(toJson(test::sampleRecord())),
                 [](const std::string& text) { recordFromJson(parseJson(text, "run.json")); });
}

TEST(HostileProject, MutatedArtefacts) {
    for (const results::Artefact& artefact : test::sampleArtefacts())
        expectNoHarm(dumpJson(toJson(artefact)), [](const std::string& text) { artefactFromJson(parseJson(text, "a.json")); });
}

TEST(HostileProject, DeepNestingIsRefusedBeforeItCosts) {
    for (const char* open : {"[", "{\"a\":"}) {
        std::string text;
        for (int level = 0; level < 1000000; ++level) text += open;
        EXPECT_THROW(parseJson(text, "deep.json"), Exception);
    }
}

TEST(HostileProject, TextThatIsNoUtf8IsWrittenReadably) {
    EXPECT_EQ(parseJson(dumpJson(nlohmann::json{{"a", "x\xff"}}), "t")["a"], "x\xEF\xBF\xBD");
}

}  // namespace
}  // namespace vitrine::project
