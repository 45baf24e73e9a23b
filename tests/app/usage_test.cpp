// SPDX-License-Identifier: GPL-3.0-or-later
// What every command has in common: help, exit codes, where errors go.
#include <gmock/gmock.h>

#include "app/process.h"
#include "app/tiny_study.h"

namespace vitrine::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct CommandFlags {
    const char* command;
    std::vector<const char*> flags;
};

const std::vector<CommandFlags> kCommands = {
    {"info", {"MODEL", "--model-set", "--json"}},
    {"forward", {"MODEL", "--input", "--out", "--capture", "--model-set", "--threads", "--device", "--json"}},
    {"methods", {"ID", "--json"}},
    {"eval",
     {"MODEL", "--images", "--root", "--rows", "--quantized", "--project", "--batch", "--threads", "--device",
      "--json"}},
    {"run",
     {"--project", "--model", "--model-set", "--calib", "--root", "--rows", "--method", "--set", "--eval",
      "--eval-root", "--eval-rows", "--seed", "--resume", "--batch", "--threads", "--device", "--json"}},
    {"runs", {"DIR", "--json"}},
    {"show", {"DIR", "RUN", "--json"}},
    {"compare", {"DIR", "RUN", "RUN2", "--json"}},
    {"export", {"DIR", "RUN", "--csv", "--json"}},
    {"report", {"DIR", "RUN", "--html", "--json"}},
    {"validate", {"DIR", "--json"}},
    {"sample", {"DIR", "--json"}},
};

TEST(Usage, HelpNamesEveryCommand) {
    const ProcessResult help = run({"--help"});
    EXPECT_EQ(help.exitCode, 0);
    EXPECT_THAT(help.error, IsEmpty());
    for (const CommandFlags& entry : kCommands)
        EXPECT_THAT(help.out, HasSubstr(std::string("\n  ") + entry.command + " "));
    EXPECT_THAT(help.out, HasSubstr("Exit codes"));
}

TEST(Usage, HelpOfACommandNamesItsFlagsAndGivesExamples) {
    for (const CommandFlags& entry : kCommands) {
        const ProcessResult help = run({entry.command, "--help"});
        EXPECT_EQ(help.exitCode, 0) << entry.command;
        for (const char* flag : entry.flags) EXPECT_THAT(help.out, HasSubstr(flag)) << entry.command;
        EXPECT_THAT(help.out, HasSubstr(std::string("  vitrine-cli ") + entry.command)) << "an example";
    }
}

TEST(Usage, VersionNamesTheLibraries) {
    const ProcessResult version = run({"--version"});
    EXPECT_EQ(version.exitCode, 0);
    EXPECT_THAT(version.out, HasSubstr("vitrine-cli "));
    EXPECT_THAT(version.out, HasSubstr("LibTorch "));
}

TEST(Usage, MistakesOnTheCommandLineAreUsage) {
    const std::vector<std::vector<std::string>> mistakes = {
        {},
        {"nonsense"},
        {"info"},
        {"info", "a", "b"},
        {"info", "a", "--nonsense"},
        {"runs"},
        {"export", "a", "b"},
        {"report", "a"},
        {"methods", "repo"},
        {"eval", "m", "--images", "i", "--batch", "0"},
        {"eval", "m", "--images", "i", "--rows", "9-3"},
        {"forward", "m", "--input", "i"},
        {"run", "--project", "p"},
        {"run", "--project", "p", "--model", "m", "--method", "repq"}};
    for (const auto& arguments : mistakes) {
        const ProcessResult result = run(arguments);
        EXPECT_EQ(result.exitCode, 2) << ::testing::PrintToString(arguments) << result.error;
        EXPECT_THAT(result.out, IsEmpty());
        EXPECT_THAT(result.error, HasSubstr("vitrine-cli: "));
    }
}

TEST(Usage, UnknownParametersNameTheNearestOne) {
    const TinyStudy study;
    const auto with = [&](const std::string& assignment) {
        return run({"run", "--project", study.project(), "--model", study.model(), "--calib", study.images(),
                    "--method", "repq", "--set", assignment});
    };
    const ProcessResult unknown = with("weigth.bits=4");
    EXPECT_EQ(unknown.exitCode, 2);
    EXPECT_THAT(unknown.error, HasSubstr("did you mean 'weight.bits'?"));
    EXPECT_EQ(with("weight.bits=99").exitCode, 2);
    EXPECT_EQ(with("weight.bits=many").exitCode, 2);
    EXPECT_EQ(with("weight.bits").exitCode, 2);
    EXPECT_FALSE(std::filesystem::exists(study.project())) << "nothing is made for a run that cannot start";

    const ProcessResult method = run({"methods", "repqq"});
    EXPECT_THAT(method.error, HasSubstr("did you mean 'repq'?"));
    const ProcessResult model = run({"info", study.model(), "--model-set", "model.headz=2"});
    EXPECT_EQ(model.exitCode, 2);
    EXPECT_THAT(model.error, HasSubstr("did you mean 'model.heads'?"));
}

TEST(Usage, BadInputsNameTheFileOnStderr) {
    const TinyStudy study;
    const std::string absent = study.path("absent.safetensors");
    const std::vector<std::vector<std::string>> inputs = {
        {"info", absent},
        {"eval", absent, "--images", study.images()},
        {"eval", study.model(), "--images", absent},
        {"eval", study.model(), "--images", study.images(), "--rows", absent},
        {"forward", study.model(), "--input", absent, "--out", study.path("o")},
        {"runs", absent},
        {"validate", absent},
        {"info", study.images()}};
    for (const auto& arguments : inputs) {
        const ProcessResult result = run(arguments);
        EXPECT_EQ(result.exitCode, 3) << ::testing::PrintToString(arguments) << result.error;
        EXPECT_THAT(result.out, IsEmpty());
        EXPECT_THAT(result.error, ::testing::AnyOf(HasSubstr("absent"), HasSubstr("images.csv")));
    }
}

TEST(Usage, WithJsonAnErrorIsAlsoAnObject) {
    const ProcessResult missing = run({"info", "no/such/file.safetensors", "--json"});
    EXPECT_EQ(missing.exitCode, 3);
    const auto error = missing.json()["error"];
    EXPECT_EQ(error["code"], "not_found");
    EXPECT_EQ(error["where"], "no/such/file.safetensors");
    EXPECT_THAT(missing.error, HasSubstr("no/such/file.safetensors"));

    const ProcessResult usage = run({"info", "--json"});
    EXPECT_EQ(usage.exitCode, 2);
    EXPECT_EQ(usage.json()["error"]["code"], "invalid_argument");
}

TEST(Usage, JsonMayStandBeforeTheCommand) { EXPECT_TRUE(run({"--json", "methods"}).json().contains("methods")); }

}  // namespace
}  // namespace vitrine::test
