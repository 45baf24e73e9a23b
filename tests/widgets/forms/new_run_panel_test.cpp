// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/new_run_panel.h"

#include <gtest/gtest.h>

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QProcess>
#include <QProcessEnvironment>
#include <QPushButton>
#include <QTest>
#include <QToolButton>
#include <nlohmann/json.hpp>

#include "methods/method_info.h"
#include "project/project.h"
#include "widgets/forms/forms_fixture.h"
#include "widgets/forms/parameter_editor.h"
#include "widgets/forms/parameter_form.h"
#include "widgets/forms/policy_editor.h"
#include "widgets/forms/scope_card.h"

namespace vitrine::widgets {
namespace {

class NewRunPanelTest : public OpenProject {
  protected:
    void SetUp() override {
        OpenProject::SetUp();
        panel_ = std::make_unique<NewRunPanel>(session_);
        panel_->show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(panel_.get()));
        settle();
    }
    /// Until the network is read and the problems are known.
    void settle() {
        ASSERT_TRUE(test::waitFor([&] { return panel_->assessment() != nullptr && panel_->assessment()->scope.has_value(); }));
    }
    ParameterForm& form() { return *panel_->findChild<ParameterForm*>(); }
    PolicyEditor& policy() { return *panel_->findChild<PolicyEditor*>(); }
    QPushButton* runButton() { return child<QPushButton>(*panel_, QStringLiteral("runNow")); }
    void pick(const QString& box, const QString& data) {
        auto* combo = child<QComboBox>(*panel_, box);
        combo->setCurrentIndex(combo->findData(data));
        Q_EMIT combo->activated(combo->currentIndex());
    }
    void type(const QString& field, const QString& text) {
        QWidget* widget = child<QWidget>(*panel_, field);
        auto* line = qobject_cast<QLineEdit*>(widget);
        if (line == nullptr) line = widget->findChild<QLineEdit*>();
        line->selectAll();
        QTest::keyClicks(line, text);
    }

    std::unique_ptr<NewRunPanel> panel_;
};

TEST_F(NewRunPanelTest, ANewProjectIsReadyToRun) {
    EXPECT_TRUE(panel_->assessment()->runnable());
    EXPECT_TRUE(runButton()->isEnabled());
    EXPECT_FALSE(session_.study.isModified()) << "looking changes nothing";
    EXPECT_TRUE(panel_->findChild<ScopeCard*>()->summary().contains(u"sites"));
    QSignalSpy asked(panel_.get(), &NewRunPanel::runAsked);
    QTest::keyClick(panel_.get(), Qt::Key_Return, Qt::ControlModifier);
    ASSERT_EQ(asked.count(), 1);
    const auto spec = asked[0][0].value<runs::RunSpec>();
    EXPECT_EQ(spec.project, folder_ / "study");
    EXPECT_TRUE(std::filesystem::exists(spec.model));
    EXPECT_EQ(asked[0][2].value<JobCenter::When>(), JobCenter::When::now);
    EXPECT_TRUE(asked[0][1].toString().endsWith(u"on vit")) << toStd(asked[0][1].toString());
    child<QPushButton>(*panel_, QStringLiteral("queueRun"))->click();
    EXPECT_EQ(asked[1][2].value<JobCenter::When>(), JobCenter::When::queued);
}

TEST_F(NewRunPanelTest, EveryFieldIsUndoableAndRestored) {
    const project::RunDraft before = draft();
    pick(QStringLiteral("methodBox"), QStringLiteral("repq"));
    type(QStringLiteral("field.weight.bits"), QStringLiteral("6"));
    type(QStringLiteral("seed"), QStringLiteral("42"));
    type(QStringLiteral("batch"), QStringLiteral("4"));
    pick(QStringLiteral("evaluationBox"), QString());
    child<QToolButton>(*panel_, QStringLiteral("addRule"))->click();
    EXPECT_EQ(draft().method, "repq");
    EXPECT_EQ(draft().parameters.at("weight.bits"), "6");
    EXPECT_EQ(draft().seed, 42u);
    EXPECT_EQ(draft().batch, 4);
    EXPECT_EQ(draft().evaluation, "");
    EXPECT_EQ(draft().rules.size(), 1u);
    const project::RunDraft after = draft();
    QUndoStack& undo = session_.study.undoStack();
    EXPECT_EQ(undo.count(), 6) << "letters of one field are one step";
    while (undo.canUndo()) undo.undo();
    EXPECT_EQ(draft(), before);
    EXPECT_TRUE(policy().rules().empty());
    EXPECT_TRUE(form().values().empty());
    while (undo.canRedo()) undo.redo();
    EXPECT_EQ(draft(), after);
    EXPECT_EQ(form().values().at("weight.bits"), "6");
    EXPECT_EQ(child<NumberField>(*panel_, QStringLiteral("seed"))->number(), u"42");
    settle();
    EXPECT_EQ(panel_->assessment()->spec.parameters.integer("weight.bits"), 6);
}

TEST_F(NewRunPanelTest, WrongValuesBlockTheRunAndAreShown) {
    type(QStringLiteral("field.weight.bits"), QStringLiteral("99"));
    EXPECT_EQ(draft().parameters.at("weight.bits"), "99") << "kept as typed";
    settle();
    EXPECT_FALSE(runButton()->isEnabled());
    EXPECT_FALSE(runButton()->toolTip().isEmpty());
    QSignalSpy asked(panel_.get(), &NewRunPanel::runAsked);
    QTest::keyClick(panel_.get(), Qt::Key_Return, Qt::ControlModifier);
    EXPECT_EQ(asked.count(), 0);
    QWidget* field = child<QWidget>(*panel_, QStringLiteral("field.weight.bits"));
    EXPECT_TRUE(field->hasFocus() || field->isAncestorOf(QApplication::focusWidget())) << "the field that is wrong";
    session_.study.undoStack().undo();
    settle();
    EXPECT_TRUE(runButton()->isEnabled());
    type(QStringLiteral("seed"), QStringLiteral("abc"));
    settle();
    EXPECT_FALSE(runButton()->isEnabled());
}

TEST_F(NewRunPanelTest, PressingEarlyWaitsForTheProblems) {
    QSignalSpy asked(panel_.get(), &NewRunPanel::runAsked);
    type(QStringLiteral("field.weight.bits"), QStringLiteral("5"));
    panel_->runNow();
    EXPECT_EQ(asked.count(), 0);
    ASSERT_TRUE(test::waitFor([&] { return asked.count() == 1; }));
    EXPECT_EQ(asked[0][0].value<runs::RunSpec>().parameters.integer("weight.bits"), 5);
}

TEST_F(NewRunPanelTest, PresetsSetAndNameValues) {
    for (const methods::MethodInfo& method : methods::allMethods()) {
        pick(QStringLiteral("methodBox"), toQt(method.id));
        auto* presets = child<QComboBox>(*panel_, QStringLiteral("presetBox"));
        EXPECT_EQ(presets->count(), static_cast<int>(method.presets.size()) + 1) << method.id;
        for (const methods::ParameterPreset& preset : method.presets) {
            pick(QStringLiteral("presetBox"), toQt(preset.id));
            ASSERT_TRUE(form().parameters().has_value());
            ParameterSet expected(method.parameters);
            for (const auto& [id, text] : preset.values) expected.setText(id, text);
            EXPECT_EQ(toJson(*form().parameters()), toJson(expected)) << method.id << " " << preset.id;
        }
    }
    type(QStringLiteral("field.weight.bits"), QStringLiteral("7"));
    EXPECT_EQ(child<QComboBox>(*panel_, QStringLiteral("presetBox"))->currentText(), u"Own values");
}

TEST_F(NewRunPanelTest, RulesShowWhatTheyDecide) {
    child<QToolButton>(*panel_, QStringLiteral("addRule"))->click();
    settle();
    const RuleEffect* effect = policy().model()->effect(policy().model()->rowCount() - 1);
    ASSERT_NE(effect, nullptr);
    EXPECT_GT(effect->caught, 0u);
    const auto preview = runs::previewPolicy(draft().method, panel_->assessment()->spec.parameters, draft().rules,
                                             session_.study.network(QStringLiteral("vit"))->sites);
    EXPECT_EQ(effect->caught, preview.matched.back());
    EXPECT_EQ(effect->decided.size(), preview.decided.back());
    type(QStringLiteral("rulePattern"), QStringLiteral("role:none"));
    settle();
    EXPECT_FALSE(runButton()->isEnabled());
    panel_->focusField(QStringLiteral("rule 1"));
    EXPECT_EQ(policy().view()->currentIndex().row(), policy().model()->lockedCount());
}

TEST_F(NewRunPanelTest, ARunComesBackWithItsSettings) {
    project::RunRecord record;
    record.id = "r0001-repq";
    record.method = "repq";
    record.seed = 11;
    record.batch = 8;
    record.device = "cpu";
    record.parameters = {{.id = "activation.bits", .value = std::int64_t{6}, .isDefault = false}};
    record.inputs = {{.role = "model", .path = edits().models[0].path}, {.role = "calibration", .path = edits().imageSets[0].path}};
    const auto models = edits().models.size();
    panel_->setFromRun(record);
    EXPECT_EQ(edits().models.size(), models);
    EXPECT_EQ(form().values().at("activation.bits"), "6");
    EXPECT_EQ(child<NumberField>(*panel_, QStringLiteral("seed"))->number(), u"11");
    session_.study.undoStack().undo();
    EXPECT_TRUE(form().values().empty());
}

TEST_F(NewRunPanelTest, TheCopiedCommandDoesTheSameRun) {
    pick(QStringLiteral("methodBox"), QStringLiteral("repq"));
    pick(QStringLiteral("presetBox"), QStringLiteral("fast"));
    type(QStringLiteral("field.weight.bits"), QStringLiteral("5"));
    type(QStringLiteral("seed"), QStringLiteral("3"));
    child<QToolButton>(*panel_, QStringLiteral("addRule"))->click();
    settle();
    QSignalSpy copied(panel_.get(), &NewRunPanel::copied);
    child<QPushButton>(*panel_, QStringLiteral("copyCommand"))->click();
    ASSERT_EQ(copied.count(), 1);
    const QString command = QGuiApplication::clipboard()->text();
    const runs::RunSpec spec = panel_->assessment()->spec;
    QProcess shell;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QString program = QStringLiteral(VITRINE_CLI);
    environment.insert(QStringLiteral("PATH"), program.section(u'/', 0, -2) + u':' + environment.value(QStringLiteral("PATH")));
    shell.setProcessEnvironment(environment);
    shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), command});
    ASSERT_TRUE(shell.waitForFinished(120'000));
    ASSERT_EQ(shell.exitCode(), 0) << shell.readAllStandardError().toStdString() << toStd(command);
    const project::Project project = project::Project::open(folder_ / "study");
    ASSERT_EQ(project.runs().size(), 1u);
    const project::RunRecord record = project.run(project.runs().front().id);
    EXPECT_EQ(record.method, "repq");
    EXPECT_EQ(record.seed, 3u);
    EXPECT_EQ(record.rules, spec.rules);
    for (const project::ParameterRecord& parameter : record.parameters)
        EXPECT_EQ(parameterText(parameter.value), parameterText(spec.parameters.value(parameter.id))) << parameter.id;
}

TEST_F(NewRunPanelTest, ClosingTheProjectEmptiesTheForm) {
    session_.study.close();
    EXPECT_EQ(panel_->assessment(), nullptr);
    QSignalSpy asked(panel_.get(), &NewRunPanel::runAsked);
    panel_->runNow();
    QTest::qWait(200);
    EXPECT_EQ(asked.count(), 0);
}

TEST_F(NewRunPanelTest, ShowingAllParametersIsRemembered) {
    form().findChild<QCheckBox*>(QStringLiteral("allParameters"))->click();
    EXPECT_TRUE(settings_.value(SettingKey::showAdvanced).toBool());
    const NewRunPanel other(session_);
    EXPECT_TRUE(other.findChild<ParameterForm*>()->showsAll());
}

}  // namespace
}  // namespace vitrine::widgets
