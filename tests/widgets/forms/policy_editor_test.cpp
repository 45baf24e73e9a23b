// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/policy_editor.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QStringListModel>
#include <QTest>
#include <memory>

#include "widgets/base/text.h"
#include "widgets/forms/forms_fixture.h"
#include "widgets/forms/rule_editor.h"

namespace vitrine::widgets {
namespace {

const quant::PolicyRule kHead{"head*", std::nullopt};
const quant::PolicyRule kSoftmax{"role:post_softmax", quant::QuantizerSpec{.kind = quant::QuantizerKind::log2, .bits = 4}};

PolicyEffectsPtr effects(std::size_t own) {
    auto known = std::make_shared<PolicyEffects>();
    known->methodRules = {{"*", quant::QuantizerSpec{}}, {"role:weight", quant::QuantizerSpec{.bits = 4}}};
    known->ofMethod = {{.caught = 10, .decided = {"a", "b"}}, {.caught = 5, .decided = {"c"}}};
    known->ofOwn.resize(own);
    for (RuleEffect& effect : known->ofOwn) effect = {.caught = 3, .decided = {"x", "y", "z"}};
    return known;
}

class PolicyEditorTest : public ::testing::Test {
  protected:
    PolicyEditorTest() : tester_(editor_.model(), QAbstractItemModelTester::FailureReportingMode::Fatal) {
        editor_.setRules({kHead, kSoftmax});
        editor_.setEffects(effects(2));
        editor_.resize(600, 500);
        editor_.show();
    }
    PolicyModel& model() { return *editor_.model(); }
    void choose(int row) { editor_.view()->setCurrentIndex(model().index(row, 0)); }
    QString text(int row, int column) { return model().index(row, column).data().toString(); }

    PolicyEditor editor_;
    QAbstractItemModelTester tester_;
};

TEST_F(PolicyEditorTest, MethodsRulesStandAboveAndAreLocked) {
    ASSERT_EQ(model().rowCount(), 4);
    EXPECT_EQ(model().lockedCount(), 2);
    EXPECT_TRUE(model().index(0, 0).data(PolicyModel::lockedRole).toBool());
    EXPECT_FALSE(model().index(0, 0).flags().testFlag(Qt::ItemIsEditable));
    EXPECT_FALSE(model().index(0, 0).flags().testFlag(Qt::ItemIsDragEnabled));
    EXPECT_TRUE(model().index(2, 0).flags().testFlag(Qt::ItemIsEditable));
    EXPECT_EQ(text(0, PolicyModel::sitesColumn), u"2 of 10");
    EXPECT_EQ(text(2, PolicyModel::sitesColumn), u"3");
    EXPECT_EQ(text(2, PolicyModel::quantizerColumn), u"float");
    EXPECT_EQ(text(3, PolicyModel::quantizerColumn), u"log2 4 bit");
    choose(0);
    EXPECT_FALSE(editor_.findChild<RuleEditor*>()->isVisible());
    QTest::keyClick(editor_.view(), Qt::Key_Delete);
    EXPECT_EQ(editor_.rules().size(), 2u);
}

TEST_F(PolicyEditorTest, AddsDuplicatesMovesAndRemoves) {
    QSignalSpy edited(&editor_, &PolicyEditor::rulesEdited);
    child<QToolButton>(editor_, QStringLiteral("addRule"))->click();
    ASSERT_EQ(editor_.rules().size(), 3u);
    EXPECT_EQ(edited.count(), 1);
    choose(2);
    QTest::keyClick(editor_.view(), Qt::Key_Down, Qt::AltModifier);
    EXPECT_EQ(editor_.rules()[1], kHead);
    EXPECT_EQ(editor_.view()->currentIndex().row(), 3);
    QTest::keyClick(editor_.view(), Qt::Key_Up, Qt::AltModifier);
    EXPECT_EQ(editor_.rules()[0], kHead);
    child<QToolButton>(editor_, QStringLiteral("duplicateRule"))->click();
    EXPECT_EQ(editor_.rules()[1], kHead);
    EXPECT_EQ(editor_.rules().size(), 4u);
    QTest::keyClick(editor_.view(), Qt::Key_Delete);
    EXPECT_EQ(editor_.rules().size(), 3u);
    EXPECT_EQ(edited.count(), 5);
    choose(1);  // of the method: a copy is one's own
    child<QToolButton>(editor_, QStringLiteral("duplicateRule"))->click();
    EXPECT_EQ(editor_.rules().back().pattern, "role:weight");
}

TEST_F(PolicyEditorTest, DraggingOrdersOwnRulesAlone) {
    const std::unique_ptr<QMimeData> dragged(model().mimeData({model().index(3, 0)}));
    ASSERT_NE(dragged, nullptr);
    EXPECT_EQ(model().mimeData({model().index(0, 0)}), nullptr);
    model().dropMimeData(dragged.get(), Qt::MoveAction, 2, 0, {});
    EXPECT_EQ(editor_.rules()[0], kSoftmax);
    const std::unique_ptr<QMimeData> again(model().mimeData({model().index(3, 0)}));
    model().dropMimeData(again.get(), Qt::MoveAction, 0, 0, {});  // above the method's rules: to the first place that is free
    EXPECT_EQ(editor_.rules()[0], kHead);
}

TEST_F(PolicyEditorTest, FieldsChangeTheChosenRule) {
    QSignalSpy edited(&editor_, &PolicyEditor::rulesEdited);
    choose(2);
    auto* pattern = child<QLineEdit>(editor_, QStringLiteral("rulePattern"));
    EXPECT_EQ(pattern->text(), u"head*");
    pattern->selectAll();
    QTest::keyClicks(pattern, QStringLiteral("blocks.1.*"));
    EXPECT_EQ(editor_.rules()[0].pattern, "blocks.1.*");
    auto* kind = child<QComboBox>(editor_, QStringLiteral("ruleKind"));
    kind->setCurrentIndex(kind->findText(QStringLiteral("Uniform")));
    ASSERT_TRUE(editor_.rules()[0].spec);
    auto* bits = child<QSpinBox>(editor_, QStringLiteral("ruleBits"));
    bits->setValue(16);
    EXPECT_EQ(editor_.rules()[0].spec->bits, 16);
    kind->setCurrentIndex(kind->findText(QStringLiteral("Log2")));
    EXPECT_EQ(editor_.rules()[0].spec->bits, quant::kMaxLogBits);
    EXPECT_FALSE(child<QCheckBox>(editor_, QStringLiteral("ruleSymmetric"))->isEnabled());
    kind->setCurrentIndex(0);
    EXPECT_FALSE(editor_.rules()[0].spec);
    EXPECT_GT(edited.count(), 4);
    for (const auto& signal : edited) EXPECT_FALSE(signal[1].toString().isEmpty());
}

TEST_F(PolicyEditorTest, PatternsAreEditedInTheTableWithProposals) {
    choose(2);
    editor_.view()->edit(model().index(2, 0));
    QLineEdit* line = nullptr;
    for (auto* each : editor_.view()->viewport()->findChildren<QLineEdit*>()) line = each;
    ASSERT_NE(line, nullptr);
    EXPECT_NE(line->completer(), nullptr);
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("role:key"));
    QTest::keyClick(line, Qt::Key_Return);
    EXPECT_TRUE(test::waitFor([&] { return editor_.rules()[0].pattern == "role:key"; }));
    const QStringList proposals = patternProposals({"blocks.0.attn.qkv", "blocks.1.attn.qkv", "head"});
    EXPECT_TRUE(proposals.contains(QStringLiteral("role:post_softmax")));
    EXPECT_TRUE(proposals.contains(QStringLiteral("blocks.*.attn.qkv")));
    EXPECT_TRUE(proposals.contains(QStringLiteral("blocks.1.attn.qkv")));
    EXPECT_EQ(proposals.count(QStringLiteral("blocks.*.attn.qkv")), 1);
}

TEST_F(PolicyEditorTest, TroubleIsSaidInWords) {
    auto known = std::make_shared<PolicyEffects>(*effects(2));
    known->ofOwn[0] = {.problem = QStringLiteral("The rule names no role."), .fatal = true};
    known->ofOwn[1] = {.caught = 4, .problem = QStringLiteral("Later rules decide."), .fatal = false};
    editor_.setEffects(known);
    EXPECT_EQ(text(2, PolicyModel::sitesColumn), u"invalid");
    EXPECT_EQ(text(3, PolicyModel::sitesColumn), u"0 of 4");
    choose(2);
    EXPECT_TRUE(editor_.findChild<Notice*>()->text().contains(u"names no role"));
    EXPECT_TRUE(model().index(2, 0).data(PolicyModel::fatalRole).toBool());
}

TEST_F(PolicyEditorTest, TheChosenRuleShowsItsSites) {
    QSignalSpy shown(&editor_, &PolicyEditor::sitesShown);
    choose(3);
    ASSERT_EQ(shown.count(), 1);
    EXPECT_EQ(shown[0][0].toStringList(), (QStringList{QStringLiteral("x"), QStringLiteral("y"), QStringLiteral("z")}));
    choose(1);
    EXPECT_EQ(shown.last()[0].toStringList(), QStringList{QStringLiteral("c")});
}

TEST_F(PolicyEditorTest, WhatIsHandedBackEmitsNothing) {
    QSignalSpy edited(&editor_, &PolicyEditor::rulesEdited);
    choose(3);
    editor_.setRules({kSoftmax, kHead});
    editor_.setRules({kSoftmax});
    editor_.setRules({});
    editor_.setEffects(std::make_shared<const PolicyEffects>());
    editor_.setEffects(nullptr);
    EXPECT_EQ(edited.count(), 0);
    EXPECT_EQ(model().rowCount(), 0);
}

TEST(RuleEditors, KeepTheRoundingAndLetItBeChosen) {
    QStringListModel proposals;
    RuleEditor editor(&proposals);
    quant::PolicyRule rule{"*.qkv", quant::QuantizerSpec{}};
    rule.spec->rounding = quant::Rounding::shiftThenRound;
    editor.setRule(rule);
    EXPECT_EQ(editor.rule(), rule);
    auto* rounding = editor.findChild<QComboBox*>(QStringLiteral("ruleRounding"));
    ASSERT_TRUE(rounding->isEnabled());
    QSignalSpy edited(&editor, &RuleEditor::edited);
    rounding->setCurrentIndex(rounding->findData(static_cast<int>(quant::Rounding::roundThenShift)));
    EXPECT_EQ(edited.count(), 1);
    EXPECT_EQ(editor.rule().spec->rounding, quant::Rounding::roundThenShift);
    auto* kind = editor.findChild<QComboBox*>(QStringLiteral("ruleKind"));
    kind->setCurrentIndex(kind->findData(static_cast<int>(quant::QuantizerKind::log2)));
    EXPECT_FALSE(rounding->isEnabled()) << "codes of a logarithm have no zero point";
}

}  // namespace
}  // namespace vitrine::widgets
