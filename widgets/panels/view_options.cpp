// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/view_options.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "widgets/base/text.h"
#include "widgets/panels/view_flow_layout.h"

namespace vitrine::widgets {
namespace {

/// "Log counts" for "log_counts"; the help of the option says the rest.
QString labelOf(const std::string& id) {
    QString text = toQt(id).section(QLatin1Char('.'), -1).replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

/// Abbreviations of the field keep their capitals.
QString choiceLabel(const std::string& choice) {
    static const QSet<QString> abbreviations{QStringLiteral("sqnr"), QStringLiteral("mse")};
    return abbreviations.contains(toQt(choice)) ? toQt(choice).toUpper() : labelOf(choice);
}

bool isSame(const ParameterSchema& one, const ParameterSchema& other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const ParameterSpec& a, const ParameterSpec& b) {
        return a.id == b.id && a.type == b.type && a.choices == b.choices && a.minimum == b.minimum && a.maximum == b.maximum && a.advanced == b.advanced;
    });
}

}  // namespace

ViewOptions::ViewOptions(const ParameterSchema& schema, QWidget* parent) : QWidget(parent), values_(schema) {
    new FlowLayout(this);
    addControls();
}

void ViewOptions::addControls() {
    for (const ParameterSpec& spec : values_.schema()) {
        if (spec.advanced)
            refresh_.insert(toQt(spec.id), [] {});
        else
            addControl(spec, *layout());
    }
    setVisible(layout()->count() > 0);
}

void ViewOptions::setSchema(const ParameterSchema& schema) {
    if (isSame(schema, values_.schema())) return;
    const ParameterSet before = std::exchange(values_, ParameterSet(schema));
    refresh_.clear();
    while (QLayoutItem* item = layout()->takeAt(0)) {
        // Later, because one of them may be telling of its change just now; and nobody shall find it by its name any more.
        QWidget* old = item->widget();
        for (QWidget* part : old->findChildren<QWidget*>()) part->setObjectName({});
        old->setObjectName({});
        old->hide();
        old->deleteLater();
        delete item;
    }
    const auto isKnown = [&](const std::string& id) { return std::any_of(schema.begin(), schema.end(), [&](const ParameterSpec& spec) { return spec.id == id; }); };
    const auto keep = [this](const std::string& id, const std::string& text) {
        try {
            values_.setText(id, text);
            waiting_.remove(toQt(id));
        } catch (const Exception&) {
            waiting_.insert(toQt(id), toQt(text));
        }
    };
    for (const ParameterSpec& spec : before.schema())
        if (!before.isDefault(spec.id)) keep(spec.id, parameterText(before.value(spec.id)));
    const QHash<QString, QString> waiting = waiting_;
    for (auto each = waiting.begin(); each != waiting.end(); ++each)
        if (const std::string id = toStd(each.key()); isKnown(id) && values_.isDefault(id)) keep(id, toStd(each.value()));
    addControls();
    Q_EMIT changed();
}

void ViewOptions::addControl(const ParameterSpec& spec, QLayout& layout) {
    const QString id = toQt(spec.id);
    shown_.insert(id);
    const auto finish = [&](QWidget* control, std::function<void()> refresh) {
        control->setObjectName(QStringLiteral("option.") + id);
        control->setToolTip(toQt(spec.help));
        control->setWhatsThis(toQt(spec.help));
        control->setAccessibleName(labelOf(spec.id));
        refresh();
        refresh_.insert(id, std::move(refresh));
    };
    if (spec.type == ParameterType::boolean) {
        auto* box = new QCheckBox(labelOf(spec.id), this);
        layout.addWidget(box);
        finish(box, [this, box, key = spec.id] { box->setChecked(values_.boolean(key)); });
        connect(box, &QCheckBox::toggled, this, [this, id](bool on) { take(id, on ? QStringLiteral("true") : QStringLiteral("false")); });
        return;
    }
    // A label and its control stay in one line.
    auto* pair = new QWidget(this);
    auto* row = new QHBoxLayout(pair);
    row->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(labelOf(spec.id), pair);
    row->addWidget(label);
    layout.addWidget(pair);
    if (spec.type == ParameterType::choice) {
        auto* box = new QComboBox(this);
        for (const std::string& choice : spec.choices) box->addItem(choiceLabel(choice), toQt(choice));
        label->setBuddy(box);
        row->addWidget(box);
        finish(box, [this, box, key = spec.id] { box->setCurrentIndex(box->findData(toQt(values_.text(key)))); });
        connect(box, &QComboBox::currentIndexChanged, this, [this, id, box] { take(id, box->currentData().toString()); });
    } else if (spec.type == ParameterType::integer) {
        auto* box = new QSpinBox(this);
        box->setRange(static_cast<int>(spec.minimum.value_or(0)), static_cast<int>(spec.maximum.value_or(1e6)));
        if (!spec.unit.empty()) box->setSuffix(QLatin1Char(' ') + toQt(spec.unit));
        label->setBuddy(box);
        row->addWidget(box);
        finish(box, [this, box, key = spec.id] { box->setValue(static_cast<int>(values_.integer(key))); });
        connect(box, &QSpinBox::valueChanged, this, [this, id](int value) { take(id, QString::number(value)); });
    } else {
        auto* field = new QLineEdit(this);
        field->setMaximumWidth(140);
        field->setClearButtonEnabled(true);
        label->setBuddy(field);
        row->addWidget(field);
        finish(field, [this, field, key = spec.id] { field->setText(toQt(parameterText(values_.value(key)))); });
        connect(field, &QLineEdit::editingFinished, this, [this, id, field] { take(id, field->text()); });
    }
}

bool ViewOptions::take(const QString& id, const QString& text) {
    const std::string key = toStd(id);
    const std::string before = parameterText(values_.value(key));
    try {
        values_.setText(key, toStd(text));
    } catch (const Exception&) {
        refresh(id);  // back to the value that holds
        return false;
    }
    waiting_.remove(id);
    if (parameterText(values_.value(key)) != before) Q_EMIT changed();
    return true;
}

void ViewOptions::set(const QString& id, const QString& text) {
    if (!refresh_.contains(id)) return;
    take(id, text);
    refresh(id);
}

void ViewOptions::refresh(const QString& id) {
    QWidget* control = findChild<QWidget*>(QStringLiteral("option.") + id);
    if (control == nullptr) return;
    const QSignalBlocker blocker(control);
    refresh_.value(id)();
}

QJsonObject ViewOptions::saveState() const {
    QJsonObject state;
    for (auto each = waiting_.begin(); each != waiting_.end(); ++each) state.insert(each.key(), each.value());
    for (const ParameterSpec& spec : values_.schema())
        if ((!spec.advanced || shown_.contains(toQt(spec.id))) && !values_.isDefault(spec.id)) state.insert(toQt(spec.id), toQt(parameterText(values_.value(spec.id))));
    return state;
}

void ViewOptions::restoreState(const QJsonObject& state) {
    for (const QString& id : state.keys()) {
        if (!refresh_.contains(id)) continue;
        if (const QString text = state.value(id).toString(); take(id, text))
            refresh(id);
        else
            waiting_.insert(id, text);
    }
}

}  // namespace vitrine::widgets
