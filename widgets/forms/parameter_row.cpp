// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/parameter_row.h"

#include <QCoreApplication>
#include <QHBoxLayout>

#include "base/error.h"
#include "widgets/base/text.h"
#include "widgets/forms/parameter_text.h"

namespace vitrine::widgets {
namespace {

Tone provenanceTone(Provenance provenance) {
    switch (provenance) {
        case Provenance::published:
            return Tone::good;
        case Provenance::code:
            return Tone::accent;
        case Provenance::ours:
            return Tone::warning;
    }
    return Tone::muted;
}

}  // namespace

ParameterRow::ParameterRow(const ParameterSpec& spec, const QString& group, QWidget* parent)
    : QWidget(parent),
      spec_(spec),
      name_(parameterLabel(spec.id)),
      grid_(new QGridLayout(this)),
      title_(new QWidget(this)),
      dot_(new ToneLabel(Tone::accent, QStringLiteral("●"), title_)),
      label_(new ToneLabel(Tone::plain, name_, title_)),
      editor_(makeParameterEditor(spec, this)),
      range_(new ElidedLabel(Qt::ElideRight, this)),
      notice_(new Notice(this)),
      explanation_(new ToneLabel(Tone::muted, fullHelp(spec), this)) {
    setObjectName(toQt("row." + spec.id));
    if (!group.isEmpty()) name_ = group + u' ' + readableWords(spec.id.substr(std::min(spec.id.size(), spec.id.find('.') + 1)));
    grid_->setContentsMargins(0, 2, 0, 2);
    grid_->setHorizontalSpacing(8);
    grid_->setVerticalSpacing(2);
    auto* titleLayout = new QHBoxLayout(title_);
    titleLayout->setContentsMargins(0, 0, 0, 0);
    titleLayout->setSpacing(4);
    dot_->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("●")));
    titleLayout->addWidget(dot_);
    titleLayout->addWidget(label_, 1);
    label_->setToolTip(toQt(spec.id));
    label_->setBuddy(editor_->field());
    label_->setWordWrap(true);
    range_->setForegroundRole(QPalette::PlaceholderText);
    range_->setText(rangeHint(spec));
    tools_ = makeTools();
    explanation_->setWordWrap(true);
    explanation_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    explanation_->hide();
    setWhatsThis(fullHelp(spec));
    editor_->field()->setWhatsThis(fullHelp(spec));
    editor_->field()->setToolTip(toQt(spec.help));
    notice_->setObjectName(toQt("notice." + spec.id));
    connect(editor_, &ParameterEditor::edited, this, [this] {
        check();
        Q_EMIT edited();
    });
    arrange();
    check();
}

QWidget* ParameterRow::makeTools() {
    auto* tools = new QWidget(this);
    auto* layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    badge_ = new Badge(provenanceTone(spec_.provenance), provenanceWord(spec_.provenance), tools);
    badge_->setToolTip(provenanceHelp(spec_));
    badge_->setAccessibleName(provenanceHelp(spec_));
    help_ = iconButton(QStringLiteral("help"), tr("Explain %1").arg(name_), tools);
    help_->setCheckable(true);
    help_->setObjectName(toQt("help." + spec_.id));
    connect(help_, &QToolButton::toggled, explanation_, &QWidget::setVisible);
    reset_ = iconButton(QStringLiteral("reset"), tr("Set %1 back. %2").arg(name_, defaultHint(spec_)), tools);
    reset_->setObjectName(toQt("reset." + spec_.id));
    connect(reset_, &QToolButton::clicked, this, &ParameterRow::reset);
    QSizePolicy kept = reset_->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    reset_->setSizePolicy(kept);
    layout->addWidget(badge_, 0, Qt::AlignVCenter);
    layout->addSpacing(2);
    layout->addWidget(help_);
    layout->addWidget(reset_);
    return tools;
}

void ParameterRow::arrange() {
    while (QLayoutItem* item = grid_->takeAt(0)) delete item;
    for (int column = 0; column < 5; ++column) grid_->setColumnStretch(column, 0);
    grid_->setColumnMinimumWidth(0, narrow_ ? dot_->width() - 4 : labelWidth_);
    if (narrow_) {
        grid_->addWidget(title_, 0, 0, 1, 3);
        grid_->addWidget(tools_, 0, 3, Qt::AlignRight | Qt::AlignVCenter);
        grid_->addWidget(editor_, 1, 1);
        grid_->addWidget(range_, 1, 2, 1, 2);
        grid_->setColumnStretch(2, 1);
        grid_->addWidget(notice_, 2, 1, 1, 3);
        grid_->addWidget(explanation_, 3, 1, 1, 3);
    } else {
        grid_->addWidget(title_, 0, 0);
        grid_->addWidget(editor_, 0, 1);
        grid_->addWidget(range_, 0, 2);
        grid_->addWidget(tools_, 0, 3, Qt::AlignRight | Qt::AlignVCenter);
        grid_->setColumnStretch(2, 1);
        grid_->addWidget(notice_, 1, 1, 1, 3);
        grid_->addWidget(explanation_, 2, 1, 1, 3);
    }
    title_->setFixedWidth(narrow_ || labelWidth_ == 0 ? QWIDGETSIZE_MAX : labelWidth_);
    if (narrow_) title_->setMinimumWidth(0);
}

void ParameterRow::setNarrow(bool narrow) {
    if (narrow == narrow_) return;
    narrow_ = narrow;
    arrange();
}

int ParameterRow::labelWidth() const {
    QFont bold = font();
    bold.setBold(true);
    return QFontMetrics(bold).horizontalAdvance(label_->text()) + dot_->width() + 8;
}

void ParameterRow::setLabelWidth(int width) {
    if (labelWidth_ == width) return;
    labelWidth_ = width;
    arrange();
}

std::string ParameterRow::text() const { return toStd(editor_->text()); }

void ParameterRow::setText(const std::string& text) {
    editor_->setText(toQt(text));
    check();
}

bool ParameterRow::isDefault() const {
    if (!error_.isEmpty()) return false;
    ParameterSet one({spec_});
    one.setText(spec_.id, text());
    return one.isDefault(spec_.id);
}

void ParameterRow::check() {
    error_.clear();
    // The default is right even where its text cannot be typed, such as an empty list.
    if (text() != parameterText(spec_.defaultValue)) {
        try {
            ParameterSet({spec_}).setText(spec_.id, text());
        } catch (const Exception& wrong) {
            error_ = problemText(wrong.error().what, wrong.error().remedy);
        }
    }
    showState();
}

void ParameterRow::setProblem(const QString& text, bool fatal) {
    if (text == problem_ && fatal == problemIsFatal_) return;
    problem_ = text;
    problemIsFatal_ = fatal;
    showState();
}

void ParameterRow::showState() {
    const bool changed = !isDefault();
    dot_->setText(changed ? QStringLiteral("●") : QString());
    QFont font = label_->font();
    font.setBold(changed);
    label_->setFont(font);
    reset_->setVisible(changed);
    const QString text = error_.isEmpty() ? problem_ : error_;
    const bool bad = !error_.isEmpty() || problemIsFatal_;
    notice_->setContent(bad ? Tone::bad : Tone::warning, text);
    editor_->setWrong(bad && !text.isEmpty());
    QString spoken = changed ? tr("%1, changed. %2").arg(name_, defaultHint(spec_)) : name_;
    const QString unit = toQt(spec_.unit);
    if (!unit.isEmpty()) spoken += QStringLiteral(", ") + unit;
    if (!text.isEmpty()) spoken += QStringLiteral(". ") + (bad ? tr("Error: %1").arg(text) : tr("Warning: %1").arg(text));
    editor_->field()->setAccessibleName(spoken);
}

void ParameterRow::reset() {
    setText(parameterText(spec_.defaultValue));
    editor_->field()->setFocus();  // the button vanishes
    Q_EMIT edited();
}

bool ParameterRow::matches(const QString& search) const {
    const QString all = name_ + u' ' + toQt(spec_.id) + u' ' + toQt(spec_.help);
    for (const QString& word : search.split(u' ', Qt::SkipEmptyParts))
        if (!all.contains(word, Qt::CaseInsensitive)) return false;
    return true;
}

void ParameterRow::focusField() { editor_->field()->setFocus(Qt::ShortcutFocusReason); }

}  // namespace vitrine::widgets
