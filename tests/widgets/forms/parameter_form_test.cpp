// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/parameter_form.h"

#include <gtest/gtest.h>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>
#include <nlohmann/json.hpp>

#include "methods/method_info.h"
#include "models/model.h"
#include "widgets/base/text.h"
#include "widgets/forms/forms_fixture.h"
#include "widgets/forms/parameter_editor.h"
#include "widgets/forms/parameter_row.h"

namespace vitrine::widgets {
namespace {

ParameterSchema everyType() {
    return {{.id = "a.flag", .type = ParameterType::boolean, .defaultValue = false, .help = "A flag."},
            {.id = "a.count",
             .type = ParameterType::integer,
             .defaultValue = std::int64_t{4},
             .help = "A count.",
             .unit = "bits",
             .minimum = 2,
             .maximum = 8},
            {.id = "b.rate", .type = ParameterType::real, .defaultValue = 0.5, .help = "A rate.", .minimum = 0, .maximum = 1},
            {.id = "b.kind",
             .type = ParameterType::choice,
             .defaultValue = std::string("one"),
             .help = "A kind.",
             .choices = {"one", "two", "three"}},
            {.id = "b.list",
             .type = ParameterType::reals,
             .defaultValue = std::vector<double>{0.5, 0.9},
             .help = "A list.",
             .minimum = 0,
             .maximum = 1},
            {.id = "c.text", .type = ParameterType::text, .defaultValue = std::string(), .help = "A text.", .advanced = true}};
}

/// A text that differs from the default and fits.
std::string otherText(const ParameterSpec& spec) {
    switch (spec.type) {
        case ParameterType::boolean:
            return std::get<bool>(spec.defaultValue) ? "false" : "true";
        case ParameterType::integer: {
            const auto value = std::get<std::int64_t>(spec.defaultValue);
            return std::to_string(spec.maximum && static_cast<double>(value) >= *spec.maximum ? value - 1 : value + 1);
        }
        case ParameterType::real: {
            const double value = std::get<double>(spec.defaultValue), low = spec.minimum.value_or(value - 1),
                         high = spec.maximum.value_or(value + 1);
            return parameterText(value == high ? (low + high) / 2 : (value + high) / 2);
        }
        case ParameterType::choice:
            return spec.choices.front() == std::get<std::string>(spec.defaultValue) ? spec.choices.back() : spec.choices.front();
        case ParameterType::reals:
            return parameterText(std::vector<double>{spec.maximum.value_or(1)});
        case ParameterType::text:
            return "text";
    }
    return {};
}

class ParameterFormTest : public ::testing::Test {
  protected:
    void SetUp() override {
        form_.setSchema(everyType());
        form_.resize(700, 500);
        form_.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&form_));
    }
    QWidget* field(const char* id) { return child<QWidget>(form_, QStringLiteral("field.") + QLatin1String(id)); }
    QLineEdit* line(const char* id) {
        auto* line = qobject_cast<QLineEdit*>(field(id));
        return line != nullptr ? line : field(id)->findChild<QLineEdit*>();
    }
    ParameterForm form_;
};

TEST(ParameterForms, EveryMethodRoundTrips) {
    std::vector<std::pair<std::string, ParameterSchema>> schemas{{"model", models::overrideSchema()}};
    for (const methods::MethodInfo& method : methods::allMethods()) schemas.emplace_back(method.id, method.parameters);
    for (const auto& [name, schema] : schemas) {
        ParameterForm form;
        form.setSchema(schema);
        EXPECT_TRUE(form.values().empty()) << name;
        ASSERT_TRUE(form.parameters().has_value()) << name;
        EXPECT_EQ(toJson(*form.parameters()), toJson(ParameterSet(schema))) << name;
        std::map<std::string, std::string> changed;
        ParameterSet expected(schema);
        for (const ParameterSpec& spec : schema) {
            changed[spec.id] = otherText(spec);
            expected.setText(spec.id, changed[spec.id]);
        }
        form.setValues(changed);
        EXPECT_EQ(form.values(), changed) << name;
        ASSERT_TRUE(form.parameters().has_value()) << name;
        EXPECT_EQ(toJson(*form.parameters()), toJson(expected)) << name;
        form.setValues({});
        EXPECT_TRUE(form.values().empty()) << name;
    }
}

TEST_F(ParameterFormTest, EveryFieldWorksByKeyboard) {
    QSignalSpy changed(&form_, &ParameterForm::changed);
    QTest::keyClick(field("a.flag"), Qt::Key_Space);
    QTest::keyClick(field("a.count"), Qt::Key_Up);
    line("b.rate")->selectAll();
    QTest::keyClicks(line("b.rate"), QStringLiteral("2.5e-3"));
    QTest::keyClick(field("b.kind"), Qt::Key_Down);
    line("b.list")->selectAll();
    QTest::keyClicks(line("b.list"), QStringLiteral("0.25, 0.75"));
    form_.setShowAll(true);
    QTest::keyClicks(line("c.text"), QStringLiteral("abc"));
    const std::map<std::string, std::string> expected{{"a.flag", "true"}, {"a.count", "5"},        {"b.rate", "2.5e-3"},
                                                      {"b.kind", "two"},  {"b.list", "0.25,0.75"}, {"c.text", "abc"}};
    EXPECT_EQ(form_.values(), expected);
    EXPECT_GE(changed.count(), 6);
    ASSERT_TRUE(form_.parameters());
    EXPECT_DOUBLE_EQ(form_.parameters()->real("b.rate"), 0.0025);
}

TEST_F(ParameterFormTest, ArrowKeysStepWithinTheRange) {
    auto* count = qobject_cast<NumberField*>(field("a.count"));
    ASSERT_NE(count, nullptr);
    for (int i = 0; i < 20; ++i) QTest::keyClick(count, Qt::Key_Up);
    EXPECT_EQ(count->number(), u"8");
    for (int i = 0; i < 20; ++i) QTest::keyClick(count, Qt::Key_Down);
    EXPECT_EQ(count->number(), u"2");
    auto* rate = qobject_cast<NumberField*>(field("b.rate"));
    rate->setNumber(QStringLiteral("0.29"));
    QTest::keyClick(rate, Qt::Key_Up);
    EXPECT_EQ(rate->number(), u"0.3");
    rate->setNumber(QStringLiteral("1.5e-5"));
    QTest::keyClick(rate, Qt::Key_Down);
    EXPECT_EQ(rate->number(), u"1.4e-05");
}

TEST_F(ParameterFormTest, WrongValuesAreKeptAndExplained) {
    for (const char* wrong : {"9", "1", "x", "", "4.5", "1e9"}) {
        line("a.count")->selectAll();
        QTest::keyClick(line("a.count"), Qt::Key_Delete);
        QTest::keyClicks(line("a.count"), QLatin1String(wrong));
        EXPECT_FALSE(form_.isValid()) << wrong;
        EXPECT_FALSE(form_.parameters()) << wrong;
        EXPECT_FALSE(form_.error(QStringLiteral("a.count")).isEmpty());
        EXPECT_EQ(form_.values().at("a.count"), wrong);
        auto* notice = child<Notice>(form_, QStringLiteral("notice.a.count"));
        EXPECT_TRUE(notice->isVisible());
        EXPECT_TRUE(notice->text().contains(u"2 to 8")) << toStd(notice->text());
        EXPECT_TRUE(field("a.count")->accessibleName().contains(u"Error")) << wrong;
    }
    form_.setValues({{"a.count", "6"}});
    EXPECT_TRUE(form_.isValid());
    EXPECT_FALSE(child<Notice>(form_, QStringLiteral("notice.a.count"))->isVisible());
    for (const auto& [id, wrong] : {std::pair{"b.rate", "2"}, {"b.list", "0.5,2"}, {"b.list", "a"}, {"b.kind", "four"}}) {
        form_.setValues({{id, wrong}});
        EXPECT_FALSE(form_.isValid()) << id << wrong;
    }
}

TEST_F(ParameterFormTest, ChangesAreMarkedAndReset) {
    auto* reset = child<QToolButton>(form_, QStringLiteral("reset.a.count"));
    EXPECT_FALSE(reset->isVisible());
    QTest::keyClick(field("a.count"), Qt::Key_Up);
    EXPECT_TRUE(reset->isVisible());
    EXPECT_TRUE(field("a.count")->accessibleName().contains(u"changed")) << toStd(field("a.count")->accessibleName());
    QSignalSpy changed(&form_, &ParameterForm::changed);
    reset->setFocus();
    QTest::keyClick(reset, Qt::Key_Space);
    EXPECT_TRUE(form_.values().empty());
    EXPECT_EQ(changed.count(), 1);
    EXPECT_FALSE(reset->isVisible());
    EXPECT_FALSE(field("a.count")->accessibleName().contains(u"changed"));
    form_.setValues({{"a.flag", "true"}, {"b.rate", "0.1"}});
    child<QToolButton>(form_, QStringLiteral("resetAll"))->click();
    EXPECT_TRUE(form_.values().empty());
}

TEST_F(ParameterFormTest, RareParametersHideUnlessTheyMatter) {
    auto* row = child<ParameterRow>(form_, QStringLiteral("row.c.text"));
    EXPECT_FALSE(row->isVisible());
    child<QPushButton>(form_, QStringLiteral("moreParameters"))->click();
    EXPECT_TRUE(row->isVisible());
    EXPECT_TRUE(form_.showsAll());
    form_.setShowAll(false);
    EXPECT_FALSE(row->isVisible());
    form_.setValues({{"c.text", "x"}});
    EXPECT_TRUE(row->isVisible());
    form_.setValues({});
    form_.setProblems({{"c.text", {QStringLiteral("Wrong."), true}}});
    EXPECT_TRUE(row->isVisible());
    EXPECT_TRUE(form_.isValid());
}

TEST_F(ParameterFormTest, SearchesNamesIdsAndHelp) {
    form_.setSearch(QStringLiteral("rate"));
    EXPECT_TRUE(child<ParameterRow>(form_, QStringLiteral("row.b.rate"))->isVisible());
    EXPECT_FALSE(child<ParameterRow>(form_, QStringLiteral("row.a.count"))->isVisible());
    form_.setSearch(QStringLiteral("A text"));
    EXPECT_TRUE(child<ParameterRow>(form_, QStringLiteral("row.c.text"))->isVisible());
    form_.setSearch(QStringLiteral("nothing like it"));
    for (auto* row : form_.findChildren<ParameterRow*>()) EXPECT_FALSE(row->isVisible());
    EXPECT_TRUE(form_.focusParameter(QStringLiteral("c.text")));
    EXPECT_FALSE(form_.focusParameter(QStringLiteral("c.none")));
}

TEST_F(ParameterFormTest, TypingIsNotDisturbedByWhatIsStored) {
    line("b.rate")->selectAll();
    QTest::keyClicks(line("b.rate"), QStringLiteral("0.50"));
    EXPECT_TRUE(form_.values().empty());
    form_.setValues(form_.values());
    EXPECT_EQ(line("b.rate")->text(), u"0.50");
}

TEST_F(ParameterFormTest, TabVisitsTheFieldsInOrder) {
    field("a.flag")->setFocus();
    QStringList visited;
    for (int i = 0; i < 40; ++i) {
        const QString name = QApplication::focusWidget() == nullptr ? QString() : QApplication::focusWidget()->objectName();
        if (name.startsWith(u"field.")) visited.append(name);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    EXPECT_EQ(visited.mid(0, 5),
              (QStringList{QStringLiteral("field.a.flag"), QStringLiteral("field.a.count"), QStringLiteral("field.b.rate"),
                           QStringLiteral("field.b.kind"), QStringLiteral("field.b.list")}));
}

TEST_F(ParameterFormTest, DecimalCommaIsUnderstood) {
    const QLocale before;
    QLocale::setDefault(QLocale(QLocale::German));
    ParameterForm form;
    form.setSchema(everyType());
    form.setValues({{"b.rate", "0.25"}});
    auto* rate = child<NumberField>(form, QStringLiteral("field.b.rate"));
    EXPECT_EQ(rate->findChild<QLineEdit*>()->text(), u"0,25");
    EXPECT_EQ(form.values().at("b.rate"), "0.25");
    QLocale::setDefault(before);
}

}  // namespace
}  // namespace vitrine::widgets
