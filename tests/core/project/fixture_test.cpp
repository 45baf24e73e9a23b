// SPDX-License-Identifier: GPL-3.0-or-later
// Projects that older versions wrote must stay readable. A fixture is never changed; a new format gets one of its own.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/json_fields.h"
#include "core/project/sample_records.h"
#include "project/codecs/artefact_json.h"
#include "project/project.h"
#include "support/temporary_folder.h"

namespace vitrine::project {
namespace {

TEST(Fixture, Format1IsReadInFull) {
    const test::TemporaryFolder temporary;
    std::filesystem::copy(std::filesystem::path(VITRINE_PROJECT_FIXTURES) / "v1", temporary / "study",
                          std::filesystem::copy_options::recursive);
    Project project = Project::open(temporary / "study");
    EXPECT_FALSE(project.readOnly());
    EXPECT_TRUE(project.warnings().empty());
    EXPECT_EQ(project.edits().name, "Fixture of format 1");
    EXPECT_EQ(project.edits().notes, "Two runs, one of them interrupted.");

    const std::vector<RunSummary> runs = project.runs();
    ASSERT_EQ(runs.size(), 2u);
    EXPECT_EQ(runs[0].state, RunState::finished);
    EXPECT_EQ(runs[0].figures.floatTop1, 80.5);
    EXPECT_EQ(runs[1].state, RunState::interrupted);
    EXPECT_EQ(project.run("r0001-repq").seed, 18446744073709551615u);
    EXPECT_EQ(project.run("r0001-repq").inputs, test::sampleRecord().inputs);

    const auto artefacts = project.artefacts("r0001-repq");
    auto expected = test::sampleArtefacts();
    expected.resize(7);  // kinds that came later are not in it
    ASSERT_EQ(artefacts.size(), expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k)
        EXPECT_EQ(dumpJson(toJson(*artefacts[k])), dumpJson(toJson(expected[k]))) << expected[k].id;

    for (const Error& problem : validate(project))
        EXPECT_NE(problem.text().find("images.csv"), std::string::npos) << problem.text();  // the input that is not shipped
    RunWriter writer = project.resume("r0002-baseline");
    writer.complete(writer.record(), RunState::finished);
    EXPECT_EQ(Project::open(temporary / "study").runs()[1].state, RunState::finished);
}

}  // namespace
}  // namespace vitrine::project
