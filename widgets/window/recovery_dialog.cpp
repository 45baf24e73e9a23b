// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/recovery_dialog.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/base/table_copy.h"
#include "widgets/base/text.h"
#include "widgets/base/themed.h"

namespace vitrine::widgets {
namespace {

QString oneLine(const std::string& text) {
    QString line = toQt(text).simplified();
    return line.isEmpty() ? RecoveryDialog::tr("(empty)") : line;
}

}  // namespace

RecoveryDialog::RecoveryDialog(Study& study, std::vector<project::RecoveredEdits> found, QWidget* parent)
    : QDialog(parent),
      study_(study),
      found_(std::move(found)),
      list_(new QTreeWidget(this)),
      differences_(new QTreeWidget(this)) {
    setObjectName(QStringLiteral("recovery"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Unsaved edits were found"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(10);
    layout->addWidget(headingLabel(windowTitle(), this));
    layout->addWidget(
        mutedLabel(tr("The program ended before they were saved. Nothing is deleted, whatever you choose."), this));
    list_->setObjectName(QStringLiteral("recovery.list"));
    list_->setAccessibleName(tr("Unsaved edits"));
    list_->setHeaderLabels({tr("Written"), tr("Differences from what is saved")});
    list_->setRootIsDecorated(false);
    list_->setMaximumHeight(110);
    layout->addWidget(list_);
    differences_->setObjectName(QStringLiteral("recovery.differences"));
    differences_->setAccessibleName(tr("Differences"));
    differences_->setHeaderLabels({tr("What"), tr("Saved"), tr("Unsaved")});
    differences_->setRootIsDecorated(false);
    differences_->setMinimumHeight(160);
    differences_->hide();
    layout->addWidget(differences_, 1);

    auto* buttons = new QHBoxLayout;
    const auto addButton = [&](const QString& name, const QString& text) {
        auto* button = new QPushButton(text, this);
        button->setObjectName(QStringLiteral("recovery.") + name);
        button->setAutoDefault(false);
        buttons->addWidget(button);
        return button;
    };
    QPushButton* compare = addButton(QStringLiteral("compare"), tr("Compare"));
    compare->setCheckable(true);
    buttons->addStretch(1);
    QPushButton* later = addButton(QStringLiteral("later"), tr("Later"));
    QPushButton* keep = addButton(QStringLiteral("keep"), tr("Keep saved"));
    QPushButton* restore = addButton(QStringLiteral("restore"), tr("Restore"));
    makePrimary(restore);
    layout->addLayout(buttons);
    resize(620, 260);

    connect(compare, &QPushButton::toggled, this, [this](bool on) {
        differences_->setVisible(on);
        resize(width(), on ? 460 : 260);
    });
    connect(later, &QPushButton::clicked, this, &QDialog::reject);
    connect(keep, &QPushButton::clicked, this, [this] {
        study_.decline(chosen());
        next();
    });
    connect(restore, &QPushButton::clicked, this, [this] {
        study_.restore(chosen());
        next();
    });
    addTableCopy(list_);
    addTableCopy(differences_);
    connect(list_, &QTreeWidget::currentItemChanged, this, &RecoveryDialog::showDifferences);
    connect(&study_, &Study::closed, this, &QDialog::reject);
    for (const project::RecoveredEdits& each : found_) {
        QStringList what;
        for (const project::EditDifference& one : project::differences(study_.edits(), each.edits)) what.append(toQt(one.what));
        const QString count = counted(what.size(), tr("1 difference"), tr("%1 differences"));
        const QString text = what.isEmpty() ? tr("None: the same was saved since") : count + QStringLiteral(": ") + what.join(QStringLiteral(", "));
        auto* item = new QTreeWidgetItem(list_, {momentText(each.written), text});
        item->setToolTip(1, what.join(QLatin1Char('\n')));
    }
    list_->resizeColumnToContents(0);
    list_->setCurrentItem(list_->topLevelItem(0));
}

const project::RecoveredEdits& RecoveryDialog::chosen() const {
    const int row = std::max(0, list_->indexOfTopLevelItem(list_->currentItem()));
    return found_[static_cast<std::size_t>(row)];
}

void RecoveryDialog::showDifferences() {
    differences_->clear();
    if (found_.empty()) return;
    for (const project::EditDifference& each : project::differences(study_.edits(), chosen().edits)) {
        auto* item = new QTreeWidgetItem(differences_, {toQt(each.what), oneLine(each.before), oneLine(each.after)});
        item->setToolTip(1, toQt(each.before));
        item->setToolTip(2, toQt(each.after));
    }
    differences_->resizeColumnToContents(0);
}

void RecoveryDialog::next() {
    const int row = std::max(0, list_->indexOfTopLevelItem(list_->currentItem()));
    found_.erase(found_.begin() + row);
    if (found_.empty()) {
        accept();
        return;
    }
    delete list_->takeTopLevelItem(row);
    showDifferences();
}

}  // namespace vitrine::widgets
