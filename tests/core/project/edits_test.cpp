// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/edits.h"

#include <gmock/gmock.h>

#include <functional>

#include "base/error.h"
#include "core/project/sample_records.h"

namespace vitrine::project {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Change = std::function<void(Edits&)>;

Edits changed(const Change& change) {
    Edits edits = test::sampleEdits();
    change(edits);
    return edits;
}

std::string refusal(ErrorCode code, const Change& change) {
    try {
        requireStorable(changed(change));
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, code) << exception.what();
        return exception.error().text();
    }
    ADD_FAILURE() << "accepted";
    return {};
}

TEST(Edits, SizesAreBoundedAndNamed) {
    EXPECT_NO_THROW(requireStorable(test::sampleEdits()));
    EXPECT_NO_THROW(requireStorable(changed([](Edits& e) { e.notes = std::string(kMaximumNotes, 'n'); })));
    const std::string tooLong(kMaximumNotes + 1, 'n');
    EXPECT_THAT(refusal(ErrorCode::tooLarge, [&](Edits& e) { e.notes = tooLong; }), HasSubstr("notes of the project"));
    EXPECT_THAT(refusal(ErrorCode::tooLarge, [&](Edits& e) { e.name = tooLong; }), HasSubstr("name of the project"));
    EXPECT_THAT(refusal(ErrorCode::tooLarge, [&](Edits& e) { e.runs["r0001-repq"].note = tooLong; }),
                HasSubstr("note of r0001-repq"));
    EXPECT_THAT(refusal(ErrorCode::tooLarge, [&](Edits& e) { e.imageSets[0].rows = tooLong; }),
                HasSubstr("image set small"));
    EXPECT_THAT(refusal(ErrorCode::tooLarge, [&](Edits& e) { e.draft.parameters["weight.bits"] = tooLong; }),
                HasSubstr("weight.bits"));
    EXPECT_THAT(refusal(ErrorCode::tooLarge, [&](Edits& e) { e.models[0].path.absolute = tooLong; }),
                HasSubstr("model vit"));
    EXPECT_THAT(refusal(ErrorCode::tooLarge, [&](Edits& e) { e.draft.rules.resize(kMaximumEntries + 1); }),
                HasSubstr("rules"));
    EXPECT_THAT(refusal(ErrorCode::tooLarge, [&](Edits& e) { e.models.resize(kMaximumEntries + 1); }),
                HasSubstr("models"));
}

TEST(Edits, NamesIdsAndColoursAreChecked) {
    refusal(ErrorCode::invalidArgument, [](Edits& e) { e.models[1].name = "vit"; });
    refusal(ErrorCode::invalidArgument, [](Edits& e) { e.imageSets[0].name = ""; });
    refusal(ErrorCode::invalidArgument, [](Edits& e) { e.imageSets[0].name = "large"; });
    refusal(ErrorCode::invalidArgument, [](Edits& e) { e.runs["../r1"] = {}; });
    for (const char* colour : {"red", "#12345", "#12345g", "#1234567"})
        refusal(ErrorCode::invalidArgument, [&](Edits& e) { e.runs["r0001-repq"].colour = colour; });
}

TEST(Edits, RoleNamesAreStable) {
    for (const ImageRole role : {ImageRole::any, ImageRole::calibration, ImageRole::evaluation})
        EXPECT_EQ(imageRoleFromName(imageRoleName(role)), role);
    EXPECT_FALSE(imageRoleFromName("training"));
}

TEST(EditDifferences, ReadLikeSentences) {
    const Edits before = test::sampleEdits();
    const Edits after = changed([](Edits& e) {
        e.notes = "Shorter.";
        e.runs["r0002-baseline"].note = "coarse";
        e.runs["r0001-repq"].pinned = false;
        e.models.pop_back();
        e.imageSets[0].role = ImageRole::any;
        e.draft.parameters.erase("observer");
        e.draft.rules.pop_back();
    });
    const std::string rules = "head.*: float; role:post_softmax: ";
    const auto found = differences(before, after);
    EXPECT_THAT(found, Contains(EditDifference{"notes of the project", before.notes, "Shorter."}));
    EXPECT_THAT(found, Contains(EditDifference{"note of r0002-baseline", "too coarse", "coarse"}));
    EXPECT_THAT(found, Contains(EditDifference{"pin of r0001-repq", "yes", "no"}));
    EXPECT_THAT(found, Contains(EditDifference{"model other", "/data/other.pth", ""}));
    EXPECT_THAT(found, Contains(EditDifference{"use of image set small", "calibration", "any"}));
    EXPECT_THAT(found, Contains(EditDifference{"observer of the new run", "omse", ""}));
    ASSERT_EQ(found.size(), 7u);
    EXPECT_EQ(found.back().what, "rules of the new run");
    EXPECT_THAT(found.back().before, HasSubstr(rules));
    EXPECT_EQ(found.back().after, "head.*: float");
}

TEST(EditDifferences, NoChangeIsOverlooked) {
    EXPECT_TRUE(differences(test::sampleEdits(), test::sampleEdits()).empty());
    const std::vector<Change> changes = {
        [](Edits& e) { e.name += "x"; },
        [](Edits& e) { e.notes.clear(); },
        [](Edits& e) { std::swap(e.models[0], e.models[1]); },
        [](Edits& e) { e.models[0].name = "renamed"; },
        [](Edits& e) { e.models[0].path.absolute += "x"; },
        [](Edits& e) { e.models[0].path.relative += "x"; },
        [](Edits& e) { e.models[0].overrides["model.crop"] = "1"; },
        [](Edits& e) { e.models[1].overrides["model.crop"] = ""; },
        [](Edits& e) { std::swap(e.imageSets[0], e.imageSets[1]); },
        [](Edits& e) { e.imageSets[0].root = {}; },
        [](Edits& e) { e.imageSets[0].rows = ""; },
        [](Edits& e) { e.imageSets[0].images = 0; },
        [](Edits& e) { e.imageSets.push_back({.name = "third"}); },
        [](Edits& e) { e.runs["r0001-repq"].name = ""; },
        [](Edits& e) { e.runs["r0001-repq"].colour = ""; },
        [](Edits& e) { e.runs["r0009-repq"]; },
        [](Edits& e) { e.runs.erase("r0002-baseline"); },
        [](Edits& e) { e.draft.model = ""; },
        [](Edits& e) { e.draft.calibration = ""; },
        [](Edits& e) { e.draft.evaluation = ""; },
        [](Edits& e) { e.draft.method = ""; },
        [](Edits& e) { std::swap(e.draft.rules[0], e.draft.rules[1]); },
        [](Edits& e) { e.draft.rules[1].spec->symmetric = true; },
        [](Edits& e) { e.draft.rules[1].spec->granularity = quant::Granularity::channel; },
        [](Edits& e) { e.draft.seed = 1; },
        [](Edits& e) { e.draft.device = "cpu"; },
        [](Edits& e) { e.draft.batch = 1; },
    };
    for (std::size_t k = 0; k < changes.size(); ++k) {
        const auto found = differences(test::sampleEdits(), changed(changes[k]));
        ASSERT_FALSE(found.empty()) << "change " << k;
        EXPECT_EQ(differences(changed(changes[k]), test::sampleEdits()).size(), found.size()) << "change " << k;
        for (const EditDifference& line : found) EXPECT_FALSE(line.what.empty());
    }
}

TEST(EditDifferences, ThoseOfAnEmptyOneNameEverything) {
    std::vector<std::string> names;
    for (const EditDifference& line : differences({}, {.name = "s", .models = {{.name = "vit", .path = {"v", "/v"}}}}))
        names.push_back(line.what);
    EXPECT_THAT(names, ElementsAre("name of the project", "model vit"));
}

}  // namespace
}  // namespace vitrine::project
