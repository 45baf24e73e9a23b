// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/parameters.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace vitrine {
namespace {

ParameterSchema schema() {
    ParameterSpec bits{.id = "weight.bits", .type = ParameterType::integer, .defaultValue = std::int64_t{8},
                       .help = "Bits of weights.", .minimum = 2, .maximum = 8};
    ParameterSpec observer{.id = "activation.observer", .type = ParameterType::choice,
                           .defaultValue = std::string("minmax"), .help = "Range.", .choices = {"minmax", "omse"}};
    ParameterSpec percentiles{.id = "percentiles", .type = ParameterType::reals,
                              .defaultValue = std::vector<double>{0.999}, .help = "Candidates.", .minimum = 0.5, .maximum = 1};
    return {bits, observer, percentiles};
}

std::string errorOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const Exception& exception) {
        return exception.error().text();
    }
    return "";
}

TEST(ParameterSet, ParsesChecksAndReports) {
    ParameterSet set(schema());
    set.setText("weight.bits", "4");
    EXPECT_EQ(set.integer("weight.bits"), 4);
    EXPECT_FALSE(set.isDefault("weight.bits"));
    set.setText("percentiles", "0.9,0.99");
    EXPECT_EQ(set.reals("percentiles"), (std::vector<double>{0.9, 0.99}));
    EXPECT_NE(errorOf([&] { set.setText("weight.bits", "9"); }).find("2..8"), std::string::npos);
    EXPECT_NE(errorOf([&] { set.setText("weight.bits", "4.5"); }).find("whole number"), std::string::npos);
    EXPECT_NE(errorOf([&] { set.setText("activation.observer", "max"); }).find("minmax|omse"), std::string::npos);
    EXPECT_NE(errorOf([&] { set.setText("percentiles", "0.9,nan"); }).find("range"), std::string::npos);
    EXPECT_EQ(set.integer("weight.bits"), 4) << "a refused value must not stick";
}

TEST(ParameterSet, UnknownKeyNamesTheNearest) {
    ParameterSet set(schema());
    EXPECT_NE(errorOf([&] { set.setText("weigth.bits", "4"); }).find("weight.bits"), std::string::npos);
    EXPECT_NE(errorOf([&] { setFromJson(set, {{"activation.observr", "omse"}}); }).find("activation.observer"),
              std::string::npos);
}

TEST(ParameterSet, JsonRoundTrip) {
    ParameterSet set(schema());
    set.setText("weight.bits", "3");
    set.setText("activation.observer", "omse");
    ParameterSet copy(schema());
    setFromJson(copy, toJson(set));
    EXPECT_EQ(toJson(copy), toJson(set));
    EXPECT_THROW(setFromJson(copy, {{"weight.bits", "3"}}), Exception);
}

TEST(ParameterSchema, JsonHasEveryColumn) {
    const auto list = toJson(schema());
    ASSERT_EQ(list.size(), 3u);
    for (const char* key : {"id", "type", "default", "range", "help", "provenance"}) EXPECT_TRUE(list[0].contains(key));
    EXPECT_EQ(list[0]["range"]["max"], 8.0);
    EXPECT_EQ(list[1]["range"][1], "omse");
}

}  // namespace
}  // namespace vitrine
