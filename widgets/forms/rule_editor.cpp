// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/rule_editor.h"

#include <QAbstractItemView>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <algorithm>

#include "graph/sites.h"
#include "widgets/base/text.h"
#include "widgets/forms/parameter_text.h"
#include "widgets/forms/parts.h"

namespace vitrine::widgets {
namespace {

constexpr int kFloat = -1;

constexpr graph::Role kRoles[] = {graph::Role::weight,    graph::Role::patchInput, graph::Role::postLayerNorm, graph::Role::query,
                                  graph::Role::key,       graph::Role::value,      graph::Role::postSoftmax,   graph::Role::postGelu,
                                  graph::Role::headInput, graph::Role::other};

}  // namespace

QStringList patternProposals(const std::vector<std::string>& siteIds) {
    QStringList proposals{QStringLiteral("*")};
    for (const graph::Role role : kRoles) proposals.append(QStringLiteral("role:") + toQt(graph::roleName(role)));
    static const QRegularExpression number(QStringLiteral(R"(\.\d+\.)"));
    QStringList ids, families;
    for (const std::string& id : siteIds) {
        ids.append(toQt(id));
        QString family = ids.last();
        family.replace(number, QStringLiteral(".*."));
        if (family != ids.last() && !families.contains(family)) families.append(family);
    }
    return proposals + families + ids;
}

QCompleter* makePatternCompleter(QStringListModel* proposals, QObject* parent) {
    auto* completer = new QCompleter(proposals, parent);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setMaxVisibleItems(10);
    return completer;
}

RuleEditor::RuleEditor(QStringListModel* proposals, QWidget* parent)
    : QWidget(parent),
      pattern_(new QLineEdit(this)),
      kind_(new QComboBox(this)),
      bits_(new QSpinBox(this)),
      granularity_(new QComboBox(this)),
      symmetric_(new QCheckBox(tr("Symmetric"), this)),
      rounding_(new QComboBox(this)) {
    pattern_->setObjectName(QStringLiteral("rulePattern"));
    pattern_->setAccessibleName(tr("Pattern of the rule"));
    pattern_->setPlaceholderText(tr("Site, or role:weight; * stands for anything"));
    pattern_->setToolTip(
        tr("A site such as blocks.3.attn.softmax, with * and ? for anything and any letter, or a role such as role:post_softmax"));
    pattern_->setCompleter(makePatternCompleter(proposals, this));
    kind_->setObjectName(QStringLiteral("ruleKind"));
    kind_->setAccessibleName(tr("Kind of quantizer"));
    kind_->addItem(tr("Float"), kFloat);
    for (const auto kind : {quant::QuantizerKind::uniform, quant::QuantizerKind::log2, quant::QuantizerKind::logSqrt2})
        kind_->addItem(readableTitle(quant::quantizerKindName(kind)), static_cast<int>(kind));
    bits_->setObjectName(QStringLiteral("ruleBits"));
    bits_->setAccessibleName(tr("Bits"));
    bits_->setSuffix(tr(" bit"));
    bits_->setAlignment(Qt::AlignRight);
    granularity_->setObjectName(QStringLiteral("ruleGranularity"));
    granularity_->setAccessibleName(tr("Which elements share a scale"));
    granularity_->addItem(tr("One scale"), static_cast<int>(quant::Granularity::tensor));
    granularity_->addItem(tr("Per channel"), static_cast<int>(quant::Granularity::channel));
    granularity_->addItem(tr("Per head"), static_cast<int>(quant::Granularity::head));
    granularity_->addItem(tr("Per token"), static_cast<int>(quant::Granularity::token));
    symmetric_->setObjectName(QStringLiteral("ruleSymmetric"));
    symmetric_->setToolTip(tr("Codes symmetric around 0"));
    rounding_->setObjectName(QStringLiteral("ruleRounding"));
    rounding_->setAccessibleName(tr("Rounding"));
    rounding_->setToolTip(tr("Whether the value is rounded before the zero point is added, as RepQ-ViT does, or after it, as FQ-ViT and CPT-V do"));
    rounding_->addItem(tr("Round, then add the zero point"), static_cast<int>(quant::Rounding::roundThenShift));
    rounding_->addItem(tr("Add the zero point, then round"), static_cast<int>(quant::Rounding::shiftThenRound));
    for (QWidget* field : {static_cast<QWidget*>(kind_), static_cast<QWidget*>(bits_), static_cast<QWidget*>(granularity_), static_cast<QWidget*>(rounding_)})
        ignoreWheelWithoutFocus(field);
    for (QComboBox* box : {kind_, granularity_, rounding_}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(7);
    }
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(6);
    grid->setVerticalSpacing(4);
    grid->addWidget(pattern_, 0, 0, 1, 2);
    grid->addWidget(kind_, 1, 0);
    grid->addWidget(bits_, 1, 1);
    grid->addWidget(granularity_, 2, 0);
    grid->addWidget(symmetric_, 2, 1);
    grid->addWidget(rounding_, 3, 0, 1, 2);
    grid->setColumnStretch(0, 2);
    grid->setColumnStretch(1, 1);
    setRule({"*", quant::QuantizerSpec{}});
    connect(pattern_, &QLineEdit::textChanged, this, &RuleEditor::edited);
    connect(kind_, &QComboBox::currentIndexChanged, this, [this] {
        fit();
        Q_EMIT edited();
    });
    connect(bits_, &QSpinBox::valueChanged, this, &RuleEditor::edited);
    connect(granularity_, &QComboBox::currentIndexChanged, this, &RuleEditor::edited);
    connect(symmetric_, &QCheckBox::toggled, this, &RuleEditor::edited);
    connect(rounding_, &QComboBox::currentIndexChanged, this, &RuleEditor::edited);
}

void RuleEditor::setRule(const quant::PolicyRule& rule) {
    const QSignalBlocker quiet(this);
    if (pattern_->text().trimmed() != toQt(rule.pattern)) pattern_->setText(toQt(rule.pattern));
    if (rule.spec) {
        last_ = *rule.spec;
        kind_->setCurrentIndex(kind_->findData(static_cast<int>(last_.kind)));
        fit();
        bits_->setValue(last_.bits);
        granularity_->setCurrentIndex(granularity_->findData(static_cast<int>(last_.granularity)));
        symmetric_->setChecked(last_.symmetric);
        rounding_->setCurrentIndex(rounding_->findData(static_cast<int>(last_.rounding)));
    } else {
        kind_->setCurrentIndex(kind_->findData(kFloat));
    }
    fit();
}

/// Enables what the kind has, and keeps its bits in range.
void RuleEditor::fit() {
    const int kind = kind_->currentData().toInt();
    const bool uniform = kind == static_cast<int>(quant::QuantizerKind::uniform);
    const QSignalBlocker quiet(bits_), quietToo(symmetric_);
    bits_->setRange(quant::kMinBits, uniform || kind == kFloat ? quant::kMaxBits : quant::kMaxLogBits);
    bits_->setEnabled(kind != kFloat);
    granularity_->setEnabled(kind != kFloat);
    symmetric_->setEnabled(uniform);
    rounding_->setEnabled(uniform);
    if (!uniform && kind != kFloat) symmetric_->setChecked(false);
}

quant::PolicyRule RuleEditor::rule() const {
    quant::PolicyRule rule{.pattern = toStd(pattern_->text().trimmed())};
    const int kind = kind_->currentData().toInt();
    if (kind == kFloat) return rule;
    quant::QuantizerSpec spec = last_;
    spec.kind = static_cast<quant::QuantizerKind>(kind);
    spec.bits = bits_->value();
    spec.granularity = static_cast<quant::Granularity>(granularity_->currentData().toInt());
    spec.symmetric = symmetric_->isChecked();
    spec.rounding = static_cast<quant::Rounding>(rounding_->currentData().toInt());
    rule.spec = spec;
    return rule;
}

void RuleEditor::focusPattern() {
    pattern_->setFocus();
    pattern_->selectAll();
}

}  // namespace vitrine::widgets
