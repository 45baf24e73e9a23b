// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/input_picker.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QSignalBlocker>
#include <algorithm>

namespace vitrine::widgets {
namespace {

const char* const kTitles[] = {QT_TRANSLATE_NOOP("vitrine::widgets::InputPicker", "Network"),
                               QT_TRANSLATE_NOOP("vitrine::widgets::InputPicker", "Calibration"),
                               QT_TRANSLATE_NOOP("vitrine::widgets::InputPicker", "Evaluation")};

}  // namespace

int InputPicker::labelWidth(const QFontMetrics& metrics) {
    int widest = 0;
    for (const char* title : kTitles)
        widest = std::max(widest, metrics.horizontalAdvance(QCoreApplication::translate("vitrine::widgets::InputPicker", title)));
    return widest + 6;
}

InputPicker::InputPicker(const QString& id, const QString& title, Rows rows, QWidget* parent)
    : QWidget(parent),
      box_(new QComboBox(this)),
      add_(iconButton(QStringLiteral("add"), tr("Add to the project: %1...").arg(title), this)),
      notice_(new Notice(this)) {
    setObjectName(id);
    box_->setObjectName(id + QStringLiteral("Box"));
    box_->setAccessibleName(title);
    box_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box_->setMinimumContentsLength(6);
    ignoreWheelWithoutFocus(box_);
    add_->setObjectName(id + QStringLiteral("Add"));
    auto* label = new ToneLabel(Tone::plain, title, this);
    label->setBuddy(box_);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(6);
    grid->setVerticalSpacing(2);
    grid->setColumnMinimumWidth(0, labelWidth(fontMetrics()));
    grid->addWidget(label, 0, 0);
    grid->addWidget(box_, 0, 1, 1, rows == Rows::editable ? 1 : 2);
    grid->setColumnStretch(1, 1);
    if (rows == Rows::editable) {
        rows_ = new QLineEdit(this);
        rows_->setObjectName(id + QStringLiteral("Rows"));
        rows_->setPlaceholderText(tr("all rows"));
        rows_->setToolTip(
            tr("Which rows of the set are used: a range such as 0-31, or a file with one number a line. It holds for the set wherever it "
               "is used."));
        rows_->setAccessibleName(tr("%1, rows that are used").arg(title));
        rows_->setFixedWidth(fontMetrics().averageCharWidth() * 17);
        grid->addWidget(rows_, 0, 2);
        connect(rows_, &QLineEdit::textEdited, this, [this](const QString& text) { Q_EMIT rowsEdited(text.trimmed()); });
    }
    grid->addWidget(add_, 0, 3);
    grid->addWidget(notice_, 1, 1, 1, 3);
    connect(box_, &QComboBox::activated, this, [this] { Q_EMIT chosenByUser(chosen()); });
    connect(add_, &QToolButton::clicked, this, &InputPicker::addAsked);
}

void InputPicker::setNone(const QString& text) { none_ = text; }

void InputPicker::setEntries(const std::vector<Entry>& entries, const QString& chosen) {
    const QSignalBlocker quiet(box_);
    const auto same = [](const Entry& a, const Entry& b) { return a.name == b.name && a.detail == b.detail; };
    const bool equal = entries.size() == entries_.size() && std::equal(entries.begin(), entries.end(), entries_.begin(), same);
    if (!equal || box_->count() == 0 || chosen != shown_) {
        entries_ = entries;
        shown_ = chosen;
        box_->clear();
        if (!none_.isEmpty()) box_->addItem(none_, QString());
        for (const Entry& entry : entries_) {
            box_->addItem(entry.name, entry.name);
            box_->setItemData(box_->count() - 1, entry.detail.isEmpty() ? entry.name : entry.name + QStringLiteral(", ") + entry.detail, Qt::ToolTipRole);
        }
        if (box_->findData(chosen) < 0)
            box_->addItem(chosen.isEmpty() ? tr("Choose or add one") : tr("%1 (not in the project)").arg(chosen), chosen);
    }
    box_->setCurrentIndex(box_->findData(chosen));
    const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) { return each.name == chosen; });
    box_->setToolTip(entry == entries_.end() ? box_->currentText() : box_->currentData(Qt::ToolTipRole).toString());
    if (rows_ == nullptr) return;
    rows_->setEnabled(entry != entries_.end());
    rows_->setPlaceholderText(entry == entries_.end() || entry->detail.isEmpty() ? tr("all rows") : tr("all %1").arg(entry->detail));
}

void InputPicker::setRowsText(const QString& rows) {
    if (rows_ != nullptr && rows_->text().trimmed() != rows) rows_->setText(rows);
}

void InputPicker::setProblem(Tone tone, const QString& text) { notice_->setContent(tone, text); }

}  // namespace vitrine::widgets
