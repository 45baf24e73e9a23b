// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/parameter_text.h"

#include <gtest/gtest.h>

#include "methods/method_info.h"

namespace vitrine::widgets {
namespace {

TEST(ParameterText, IdsBecomeWords) {
    EXPECT_EQ(parameterGroup("weight.bits"), "weight");
    EXPECT_EQ(parameterGroup("seed"), "");
    EXPECT_EQ(parameterLabel("weight.bits"), u"Bits");
    EXPECT_EQ(parameterLabel("search.post_gelu"), u"Post-GELU");
    EXPECT_EQ(parameterLabel("seed"), u"Seed");
    EXPECT_EQ(choiceText("log_sqrt2"), u"log √2");
    EXPECT_EQ(choiceText("output_error"), u"output error");
    EXPECT_EQ(readableWords(""), u"");
}

TEST(ParameterText, SaysRangeDefaultAndSource) {
    const ParameterSpec spec{.id = "weight.bits",
                             .defaultValue = std::int64_t{4},
                             .help = "Width.",
                             .provenance = Provenance::published,
                             .reference = "A paper",
                             .unit = "bits",
                             .minimum = 2,
                             .maximum = 8};
    EXPECT_EQ(rangeHint(spec), QStringLiteral("2 to 8\u00a0bits"));
    const QString help = fullHelp(spec);
    for (const QString& part :
         {QStringLiteral("Width."), QStringLiteral("Default: 4"), QStringLiteral("A paper"), QStringLiteral("weight.bits")})
        EXPECT_TRUE(help.contains(part)) << help.toStdString();
}

TEST(ParameterText, ProblemsAreSentences) {
    EXPECT_EQ(problemText("99 is out of range", "it takes 2..8"), u"99 is out of range. It takes 2 to 8.");
    EXPECT_EQ(problemText("x", "it takes one|two"), u"X. It takes one or two.");
    EXPECT_EQ(problemText("is wrong.", ""), u"Is wrong.");
    EXPECT_EQ(problemText("'../data..csv' is gone", "did you mean 'a'?"), u"'../data..csv' is gone. Did you mean 'a'?");
}

TEST(ParameterText, EveryParameterOfEveryMethodHasWords) {
    for (const methods::MethodInfo& method : methods::allMethods())
        for (const ParameterSpec& spec : method.parameters) {
            EXPECT_FALSE(parameterLabel(spec.id).isEmpty()) << spec.id;
            EXPECT_FALSE(provenanceHelp(spec).isEmpty()) << spec.id;
            for (const std::string& choice : spec.choices) EXPECT_FALSE(choiceText(choice).isEmpty()) << spec.id << choice;
        }
}

}  // namespace
}  // namespace vitrine::widgets
