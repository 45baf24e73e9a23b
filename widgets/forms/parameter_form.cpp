// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/parameter_form.h"

#include <QAction>
#include <QHBoxLayout>
#include <QResizeEvent>
#include <algorithm>

#include "base/error.h"
#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/forms/parameter_row.h"
#include "widgets/forms/parameter_text.h"

namespace vitrine::widgets {
namespace {

constexpr int kNarrow = 520;        // pixels: below, names stand above their fields
constexpr int kLongestLabel = 190;  // pixels: longer names wrap

}  // namespace

ParameterForm::ParameterForm(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("parameterForm"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    tools_ = makeTools();
    layout->addWidget(tools_);
    list_ = new QVBoxLayout;
    list_->setSpacing(0);
    layout->addLayout(list_);
    nothing_ = new ToneLabel(Tone::muted, {}, this);
    nothing_->setWordWrap(true);
    layout->addWidget(nothing_);
    more_ = new QPushButton(this);
    more_->setFlat(true);
    more_->setIcon(icon(QStringLiteral("down")));
    more_->setObjectName(QStringLiteral("moreParameters"));
    connect(more_, &QPushButton::clicked, all_, &QCheckBox::click);
    layout->addWidget(more_, 0, Qt::AlignLeft);
    filter();
}

QWidget* ParameterForm::makeTools() {
    auto* tools = new QWidget(this);
    auto* layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 2);
    layout->setSpacing(8);
    search_ = new QLineEdit(tools);
    search_->setObjectName(QStringLiteral("searchParameters"));
    search_->setPlaceholderText(tr("Search parameters"));
    search_->setAccessibleName(search_->placeholderText());
    search_->setClearButtonEnabled(true);
    search_->addAction(icon(QStringLiteral("find")), QLineEdit::LeadingPosition);
    connect(search_, &QLineEdit::textChanged, this, &ParameterForm::filter);
    all_ = new QCheckBox(tr("Show all"), tools);
    all_->setObjectName(QStringLiteral("allParameters"));
    all_->setToolTip(tr("Also the parameters that are rarely changed"));
    connect(all_, &QCheckBox::clicked, this, [this](bool on) {
        filter();
        Q_EMIT showAllChanged(on);
    });
    resetAll_ = iconButton(QStringLiteral("reset"), tr("Set all parameters back to their defaults"), tools);
    resetAll_->setObjectName(QStringLiteral("resetAll"));
    connect(resetAll_, &QToolButton::clicked, this, &ParameterForm::resetAll);
    layout->addWidget(search_, 1);
    layout->addWidget(all_);
    layout->addWidget(resetAll_);
    return tools;
}

void ParameterForm::clear() {
    for (const Group& group : groups_) delete group.heading;
    for (ParameterRow* row : rows_) delete row;
    groups_.clear();
    rows_.clear();
}

void ParameterForm::addGroup(const std::string& id, const QString& title) {
    Group group;
    const bool unnamed = title.isEmpty();
    group.heading = sectionLabel(title, this);
    group.heading->setContentsMargins(0, groups_.empty() ? 2 : 10, 0, 2);
    if (unnamed) group.heading->setMaximumHeight(0);
    list_->addWidget(group.heading);
    for (const ParameterSpec& spec : schema_) {
        if (parameterGroup(spec.id) != id) continue;
        auto* row = new ParameterRow(spec, title, this);
        connect(row, &ParameterRow::edited, this, [this, name = toQt(spec.id)] {
            filter();
            Q_EMIT changed(name);
        });
        group.rows.push_back(row);
        rows_.push_back(row);
        list_->addWidget(row);
    }
    groups_.push_back(std::move(group));
}

void ParameterForm::setSchema(const ParameterSchema& schema, const QHash<QString, QString>& groupTitles) {
    clear();
    schema_ = schema;
    std::vector<std::string> seen;
    for (const ParameterSpec& spec : schema_) {
        const std::string group = parameterGroup(spec.id);
        if (std::find(seen.begin(), seen.end(), group) != seen.end()) continue;
        seen.push_back(group);
        addGroup(group, groupTitles.value(toQt(group), readableTitle(group)));
    }
    // Rows of one group stand together even where the schema mixes groups; the keyboard follows what is seen.
    alignLabels();
    filter();
}

void ParameterForm::alignLabels() {
    int widest = 0;
    for (const ParameterRow* row : rows_) widest = std::max(widest, row->labelWidth());
    const bool narrow = width() < kNarrow;
    for (ParameterRow* row : rows_) {
        row->setLabelWidth(std::min(widest, kLongestLabel));
        row->setNarrow(narrow);
    }
}

void ParameterForm::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    alignLabels();
}

ParameterRow* ParameterForm::row(std::string_view id) const {
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const ParameterRow* each) { return each->spec().id == id; });
    return found == rows_.end() ? nullptr : *found;
}

std::map<std::string, std::string> ParameterForm::values() const {
    std::map<std::string, std::string> texts;
    for (const ParameterRow* row : rows_)
        if (!row->isDefault()) texts[row->spec().id] = row->text();
    return texts;
}

void ParameterForm::setValues(const std::map<std::string, std::string>& values) {
    for (ParameterRow* row : rows_) {
        const auto found = values.find(row->spec().id);
        const std::string wanted = found == values.end() ? parameterText(row->spec().defaultValue) : found->second;
        // A default that was typed in another way ("0.50") is not rewritten under the user's hands.
        if (found == values.end() && row->isDefault()) continue;
        if (wanted != row->text()) row->setText(wanted);
    }
    filter();
}

std::optional<ParameterSet> ParameterForm::parameters() const {
    ParameterSet result(schema_);
    for (const ParameterRow* row : rows_) {
        if (!row->error().isEmpty()) return std::nullopt;
        if (!row->isDefault()) result.setText(row->spec().id, row->text());
    }
    return result;
}

bool ParameterForm::isValid() const {
    return std::all_of(rows_.begin(), rows_.end(), [](const ParameterRow* row) { return row->error().isEmpty(); });
}

QString ParameterForm::error(const QString& id) const {
    const ParameterRow* found = row(toStd(id));
    return found == nullptr ? QString() : found->error();
}

void ParameterForm::setProblems(const std::map<std::string, Remark>& problems) {
    for (ParameterRow* row : rows_) {
        const auto found = problems.find(row->spec().id);
        if (found == problems.end())
            row->setProblem({}, true);
        else
            row->setProblem(found->second.text, found->second.fatal);
    }
    filter();
}

void ParameterForm::setShowAll(bool all) {
    all_->setChecked(all);
    filter();
}

bool ParameterForm::showsAll() const { return all_->isChecked(); }

void ParameterForm::setSearch(const QString& text) { search_->setText(text); }

void ParameterForm::filter() {
    const QString search = search_->text().trimmed();
    int hidden = 0, shown = 0;
    bool changed = false;
    for (const Group& group : groups_) {
        bool any = false;
        for (ParameterRow* row : group.rows) {
            const bool kept = !row->isDefault() || row->isMarked();  // what was changed, or is wrong, never hides
            changed = changed || !row->isDefault();
            const bool basic = !row->spec().advanced || all_->isChecked() || kept;
            const bool visible = search.isEmpty() ? basic : row->matches(search);
            if (search.isEmpty() && !basic) ++hidden;
            row->setVisible(visible);
            any = any || visible;
            shown += visible ? 1 : 0;
        }
        group.heading->setVisible(any);
    }
    more_->setText(counted(hidden, tr("Show one more parameter"), tr("Show %1 more parameters")));
    more_->setVisible(hidden > 0 && !tools_->isHidden());
    nothing_->setText(search.isEmpty() ? tr("There is nothing to set.") : tr("No parameter matches “%1”.").arg(search));
    nothing_->setVisible(shown == 0 && hidden == 0);
    resetAll_->setEnabled(changed);
}

void ParameterForm::resetAll() {
    setValues({});
    Q_EMIT changed({});
}

bool ParameterForm::focusParameter(const QString& id) {
    ParameterRow* found = row(toStd(id));
    if (found == nullptr) return false;
    search_->clear();
    found->show();
    found->focusField();
    return true;
}

void ParameterForm::setToolsVisible(bool visible) {
    tools_->setVisible(visible);
    all_->setChecked(!visible || all_->isChecked());
    filter();
}

void ParameterForm::setProvenanceVisible(bool visible) {
    for (ParameterRow* row : rows_) row->setProvenanceVisible(visible);
}

}  // namespace vitrine::widgets
