// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/method_picker.h"

#include <QGridLayout>
#include <QSignalBlocker>
#include <algorithm>

#include "base/error.h"
#include "widgets/base/text.h"
#include "widgets/forms/input_picker.h"

namespace vitrine::widgets {
namespace {

const QString kDefaults = QStringLiteral("defaults"), kOwn = QStringLiteral("own");

const methods::MethodInfo* methodOf(const std::string& id) {
    const auto& all = methods::allMethods();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& info) { return info.id == id; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::map<std::string, std::string> normalized(const ParameterSchema& schema, const std::map<std::string, std::string>& texts) {
    std::map<std::string, std::string> result;
    for (const ParameterSpec& spec : schema) {
        const auto found = texts.find(spec.id);
        if (found == texts.end()) continue;
        try {
            ParameterSet one({spec});
            one.setText(spec.id, found->second);
            if (!one.isDefault(spec.id)) result[spec.id] = parameterText(one.value(spec.id));
        } catch (const Exception&) {
            result[spec.id] = found->second;
        }
    }
    return result;
}

MethodPicker::MethodPicker(QWidget* parent)
    : QWidget(parent),
      methods_(new QComboBox(this)),
      presets_(new QComboBox(this)),
      help_(iconButton(QStringLiteral("help"), tr("Explain the method"), this)),
      summary_(new ToneLabel(Tone::muted, {}, this)),
      paper_(new ToneLabel(Tone::muted, {}, this)),
      presetHelp_(new ToneLabel(Tone::muted, {}, this)),
      notice_(new Notice(this)) {
    methods_->setObjectName(QStringLiteral("methodBox"));
    methods_->setAccessibleName(tr("Method"));
    presets_->setObjectName(QStringLiteral("presetBox"));
    presets_->setAccessibleName(tr("Preset"));
    for (QComboBox* box : {methods_, presets_}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
        ignoreWheelWithoutFocus(box);
    }
    for (const methods::MethodInfo& info : methods::allMethods()) {
        methods_->addItem(toQt(info.title), toQt(info.id));
        methods_->setItemData(methods_->count() - 1, toQt(info.summary), Qt::ToolTipRole);
    }
    for (ToneLabel* label : {summary_, paper_, presetHelp_}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    summary_->setObjectName(QStringLiteral("methodSummary"));
    help_->setObjectName(QStringLiteral("methodHelp"));
    help_->setCheckable(true);
    help_->setChecked(true);
    connect(help_, &QToolButton::toggled, this, [this](bool on) {
        summary_->setVisible(on);
        paper_->setVisible(on && !paper_->text().isEmpty());
    });
    auto* methodLabel = new ToneLabel(Tone::plain, tr("Method"), this);
    methodLabel->setBuddy(methods_);
    auto* presetLabel = new ToneLabel(Tone::plain, tr("Preset"), this);
    presetLabel->setBuddy(presets_);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(6);
    grid->setVerticalSpacing(4);
    grid->setColumnMinimumWidth(0, InputPicker::labelWidth(fontMetrics()));
    grid->setColumnStretch(1, 1);
    grid->addWidget(methodLabel, 0, 0);
    grid->addWidget(methods_, 0, 1);
    grid->addWidget(help_, 0, 2);
    grid->addWidget(notice_, 1, 1, 1, 2);
    grid->addWidget(summary_, 2, 1, 1, 2);
    grid->addWidget(paper_, 3, 1, 1, 2);
    grid->addWidget(presetLabel, 4, 0);
    grid->addWidget(presets_, 4, 1);
    grid->addWidget(presetHelp_, 5, 1, 1, 2);
    connect(methods_, &QComboBox::activated, this, [this] { Q_EMIT methodChosen(methods_->currentData().toString()); });
    connect(presets_, &QComboBox::activated, this, [this] {
        const QString id = presets_->currentData().toString();
        if (id != kOwn) Q_EMIT presetChosen(id == kDefaults ? QString() : id);
    });
}

void MethodPicker::describe(const methods::MethodInfo* method) {
    summary_->setText(method == nullptr ? QString() : toQt(method->summary));
    paper_->setText(method == nullptr ? QString() : toQt(method->paper));
    summary_->setVisible(help_->isChecked());
    paper_->setVisible(help_->isChecked() && !paper_->text().isEmpty());
    setWhatsThis(summary_->text() + QStringLiteral("\n\n") + paper_->text());
}

void MethodPicker::fillPresets(const methods::MethodInfo* method) {
    presets_->clear();
    presets_->addItem(tr("Defaults"), kDefaults);
    presets_->setItemData(0, tr("As the paper has it, else the official code; ours where neither says."), Qt::ToolTipRole);
    if (method == nullptr) return;
    for (const methods::ParameterPreset& preset : method->presets) {
        presets_->addItem(toQt(preset.title), toQt(preset.id));
        presets_->setItemData(presets_->count() - 1, toQt(preset.help), Qt::ToolTipRole);
    }
}

void MethodPicker::show(const std::string& method, const std::map<std::string, std::string>& parameters) {
    const QSignalBlocker quiet(methods_), quietToo(presets_);
    const methods::MethodInfo* info = methodOf(method);
    if (method != shown_ || presets_->count() == 0) {
        shown_ = method;
        if (methods_->findData(toQt(method)) < 0) methods_->addItem(tr("%1 (unknown)").arg(toQt(method)), toQt(method));
        methods_->setCurrentIndex(methods_->findData(toQt(method)));
        describe(info);
        fillPresets(info);
    }
    if (const int own = presets_->findData(kOwn); own >= 0) presets_->removeItem(own);
    QString chosen = kOwn;
    if (info != nullptr) {
        const auto wanted = normalized(info->parameters, parameters);
        // From the last: a preset that says the defaults is named before them.
        if (wanted.empty()) chosen = kDefaults;
        for (auto preset = info->presets.rbegin(); preset != info->presets.rend() && chosen == kOwn; ++preset)
            if (normalized(info->parameters, preset->values) == wanted) chosen = toQt(preset->id);
    }
    if (chosen == kOwn) presets_->addItem(tr("Own values"), kOwn);
    presets_->setCurrentIndex(presets_->findData(chosen));
    presetHelp_->setText(presets_->currentData(Qt::ToolTipRole).toString());
    presetHelp_->setVisible(!presetHelp_->text().isEmpty());
}

}  // namespace vitrine::widgets
