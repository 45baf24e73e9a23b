// SPDX-License-Identifier: GPL-3.0-or-later
// The filter of ModelPanel.
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QTreeView>
#include <functional>

#include "widgets/panels/model_panel.h"

namespace vitrine::widgets {

void ModelPanel::focusFilter() {
    field_->setFocus(Qt::ShortcutFocusReason);
    field_->selectAll();
}

void ModelPanel::setFilter(const QString& text) {
    field_->setText(text);
    filterTimer_.stop();
    applyFilter();
}

void ModelPanel::rememberExpanded() {
    expanded_.clear();
    for (int row = 0; row < filter_->rowCount(); ++row) {
        const QModelIndex index = filter_->index(row, 0);
        if (tree_->isExpanded(index)) expanded_.insert(index.data(ModelTree::idRole).toString());
    }
}

void ModelPanel::restoreExpanded() {
    tree_->collapseAll();
    for (int row = 0; row < filter_->rowCount(); ++row) {
        const QModelIndex index = filter_->index(row, 0);
        if (expanded_.contains(index.data(ModelTree::idRole).toString())) tree_->expandRecursively(index);
    }
}

void ModelPanel::applyFilter() {
    const bool wasFiltered = !filter_->text().isEmpty();
    if (!wasFiltered) rememberExpanded();
    quiet_ = true;
    filter_->setText(field_->text());
    quiet_ = false;
    if (!filter_->text().isEmpty())
        tree_->expandAll();
    else if (wasFiltered)
        restoreExpanded();
    refresh();
    showSelection();
}

QModelIndexList ModelPanel::matches() const {
    QModelIndexList found;
    const std::function<void(const QModelIndex&)> collect = [&](const QModelIndex& parent) {
        for (int row = 0; row < filter_->rowCount(parent); ++row) {
            const QModelIndex index = filter_->index(row, 0, parent);
            if (!index.data(ModelTree::siteRole).toString().isEmpty() && filter_->isMatch(index)) found << index;
            collect(index);
        }
    };
    collect({});
    return found;
}

void ModelPanel::showFilterState() {
    const bool filtered = !filter_->text().isEmpty();
    plainMark_->setVisible(filtered && filter_->isPlain());
    count_->setVisible(filtered);
    count_->setText(tr("%1 of %2").arg(filtered ? matches().size() : 0).arg(model_->siteCount()));
    count_->setToolTip(tr("Sites that match, of all sites"));
    next_->setVisible(filtered);
    previous_->setVisible(filtered);
}

void ModelPanel::goToMatch(int step) {
    if (filterTimer_.isActive()) {
        filterTimer_.stop();
        applyFilter();
    }
    const QModelIndexList found = matches();
    if (found.isEmpty()) return;
    const qsizetype at = found.indexOf(tree_->currentIndex().siblingAtColumn(0));
    const qsizetype next = at < 0 ? (step > 0 ? 0 : found.size() - 1) : (at + step + found.size()) % found.size();
    tree_->setCurrentIndex(found[next]);
    tree_->scrollTo(found[next]);
}

void ModelPanel::nextMatch() { goToMatch(1); }

void ModelPanel::previousMatch() { goToMatch(-1); }

}  // namespace vitrine::widgets
