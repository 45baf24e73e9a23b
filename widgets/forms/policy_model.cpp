// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/policy_model.h"

#include <QApplication>
#include <QIcon>
#include <QLocale>
#include <QMimeData>
#include <algorithm>
#include <utility>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/base/theme.h"
#include "widgets/forms/parameter_text.h"

namespace vitrine::widgets {
namespace {

const QString kMime = QStringLiteral("application/x-vitrine-rule");

QString granularityText(quant::Granularity granularity) {
    switch (granularity) {
        case quant::Granularity::tensor:
            return {};  // the usual thing needs no word
        case quant::Granularity::channel:
            return QCoreApplication::translate("vitrine::widgets::PolicyModel", "per channel");
        case quant::Granularity::head:
            return QCoreApplication::translate("vitrine::widgets::PolicyModel", "per head");
        case quant::Granularity::token:
            return QCoreApplication::translate("vitrine::widgets::PolicyModel", "per token");
    }
    return {};
}

}  // namespace

QString quantizerText(const std::optional<quant::QuantizerSpec>& spec) {
    if (!spec) return QCoreApplication::translate("vitrine::widgets::PolicyModel", "float");
    QString text = QCoreApplication::translate("vitrine::widgets::PolicyModel", "%1 %2 bit")
                       .arg(readableWords(quant::quantizerKindName(spec->kind)))
                       .arg(spec->bits);
    if (const QString scales = granularityText(spec->granularity); !scales.isEmpty()) text += u' ' + scales;
    if (spec->symmetric) text += QCoreApplication::translate("vitrine::widgets::PolicyModel", ", symmetric");
    return text;
}

void PolicyModel::forgetEffects() {
    effectsFit_ = false;
    if (rowCount() > 0) Q_EMIT dataChanged(index(0, sitesColumn), index(rowCount() - 1, sitesColumn));
}

void PolicyModel::setRules(const std::vector<quant::PolicyRule>& rules) {
    if (rules == rules_) return;
    if (rules.size() == rules_.size()) {
        rules_ = rules;
        Q_EMIT dataChanged(index(lockedCount(), 0), index(rowCount() - 1, columnCount() - 1));
    } else {
        beginResetModel();
        rules_ = rules;
        endResetModel();
    }
    forgetEffects();
}

void PolicyModel::setEffects(PolicyEffectsPtr effects) {
    const std::vector<quant::PolicyRule> locked = effects ? effects->methodRules : std::vector<quant::PolicyRule>();
    if (locked.size() != methodRules_.size()) {
        beginResetModel();
        methodRules_ = locked;
        effects_ = std::move(effects);
        effectsFit_ = effects_ != nullptr;
        endResetModel();
        return;
    }
    methodRules_ = locked;
    effects_ = std::move(effects);
    effectsFit_ = effects_ != nullptr;
    if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const RuleEffect* PolicyModel::effect(int row) const {
    if (!effects_ || !effectsFit_ || row < 0) return nullptr;
    const bool own = row >= lockedCount();
    const std::vector<RuleEffect>& list = own ? effects_->ofOwn : effects_->ofMethod;
    const auto at = static_cast<std::size_t>(own ? row - lockedCount() : row);
    return at < list.size() ? &list[at] : nullptr;
}

const quant::PolicyRule* PolicyModel::rule(int row) const {
    if (row < 0 || row >= rowCount()) return nullptr;
    return isOwn(row) ? &rules_[static_cast<std::size_t>(row - lockedCount())] : &methodRules_[static_cast<std::size_t>(row)];
}

int PolicyModel::insert(int row, const quant::PolicyRule& rule) {
    if (row < lockedCount() || row > rowCount()) row = rowCount();
    beginInsertRows({}, row, row);
    rules_.insert(rules_.begin() + (row - lockedCount()), rule);
    endInsertRows();
    forgetEffects();
    Q_EMIT rulesEdited(tr("add a rule"), {});
    return row;
}

void PolicyModel::remove(int row) {
    if (!isOwn(row)) return;
    beginRemoveRows({}, row, row);
    rules_.erase(rules_.begin() + (row - lockedCount()));
    endRemoveRows();
    forgetEffects();
    Q_EMIT rulesEdited(tr("remove a rule"), {});
}

void PolicyModel::move(int from, int to) {
    if (!isOwn(from) || !isOwn(to) || from == to) return;
    beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
    const auto first = rules_.begin() + (std::min(from, to) - lockedCount());
    const auto last = rules_.begin() + (std::max(from, to) - lockedCount()) + 1;
    std::rotate(first, to > from ? first + 1 : last - 1, last);
    endMoveRows();
    forgetEffects();
    Q_EMIT moved(from, to);
    Q_EMIT rulesEdited(tr("move a rule"), {});
}

void PolicyModel::replace(int row, const quant::PolicyRule& rule) {
    if (!isOwn(row) || *this->rule(row) == rule) return;
    rules_[static_cast<std::size_t>(row - lockedCount())] = rule;
    Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
    forgetEffects();
    Q_EMIT rulesEdited(tr("change a rule"), QStringLiteral("rule %1").arg(row - lockedCount()));
}

int PolicyModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(methodRules_.size() + rules_.size());
}

int PolicyModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QString PolicyModel::sitesText(int row) const {
    const RuleEffect* known = effect(row);
    if (known == nullptr) return QStringLiteral("…");
    if (known->fatal && known->caught == 0) return tr("invalid");
    if (known->caught == 0) return tr("no site");
    const QLocale locale;
    const auto decided = static_cast<qulonglong>(known->decided.size()), caught = static_cast<qulonglong>(known->caught);
    if (decided == caught) return locale.toString(caught);
    return tr("%1 of %2").arg(locale.toString(decided), locale.toString(caught));
}

QVariant PolicyModel::decoration(int row, int column) const {
    const RuleEffect* known = effect(row);
    if (column != patternColumn) return {};
    if (!isOwn(row)) return icon(QStringLiteral("lock"));
    if (known == nullptr) return icon(QStringLiteral("more"));
    if (known->problem.isEmpty()) return icon(QStringLiteral("check"));
    return icon(known->fatal ? QStringLiteral("error") : QStringLiteral("warning"));
}

QString PolicyModel::help(int row) const {
    QString text =
        isOwn(row) ? QString() : tr("This rule follows from the method and its parameters. Rules below it have the last word.\n");
    const RuleEffect* known = effect(row);
    if (known == nullptr) return text + tr("The sites are not counted yet.");
    if (!known->problem.isEmpty()) return text + known->problem;
    return text + tr("Its pattern matches %1 sites; it decides for %2 of them.").arg(known->caught).arg(known->decided.size());
}

QVariant PolicyModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int row = index.row(), column = index.column();
    const quant::PolicyRule& shown = *rule(row);
    const RuleEffect* known = effect(row);
    const bool own = isOwn(row);
    switch (role) {
        case Qt::DisplayRole:
        case Qt::EditRole:
            if (column == patternColumn) return toQt(shown.pattern);
            return column == quantizerColumn ? quantizerText(shown.spec) : sitesText(row);
        case Qt::TextAlignmentRole:
            return static_cast<int>((column == sitesColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        case Qt::ForegroundRole: {
            const Theme& theme = Theme::of(QApplication::palette());
            if (own && known != nullptr && !known->problem.isEmpty() && column == sitesColumn)
                return known->fatal ? theme.bad : theme.warning;
            return own ? QVariant() : QVariant(theme.mutedText);
        }
        case Qt::DecorationRole:
            return decoration(row, column);
        case Qt::ToolTipRole:
            return help(row);
        case Qt::AccessibleTextRole:
            if (column != patternColumn) return data(index, Qt::DisplayRole);
            return own ? tr("Rule %1: %2").arg(row - lockedCount() + 1).arg(toQt(shown.pattern))
                       : tr("Of the method: %1").arg(toQt(shown.pattern));
        case lockedRole:
            return !own;
        case problemRole:
            return known == nullptr ? QString() : known->problem;
        case fatalRole:
            return known != nullptr && known->fatal;
        default:
            return {};
    }
}

QVariant PolicyModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Vertical) return {};
    if (role == Qt::TextAlignmentRole && section == sitesColumn) return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == sitesColumn)
        return tr("Sites that the rule decides, of those that its pattern matches. The last rule that matches a site decides.");
    if (role == Qt::ToolTipRole)
        return section == patternColumn ? tr("Ids of sites with * and ? for anything, or role:name. A lock: a rule of the method.")
                                        : tr("What sits at those sites: kind, bits, which values share a scale. Float: nothing is quantized.");
    if (role != Qt::DisplayRole) return {};
    if (section == patternColumn) return tr("Sites that match");
    return section == quantizerColumn ? tr("Quantizer") : tr("Decides");
}

Qt::ItemFlags PolicyModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return Qt::ItemIsDropEnabled;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (!isOwn(index.row())) return flags;
    flags |= Qt::ItemIsDragEnabled;
    if (index.column() == patternColumn) flags |= Qt::ItemIsEditable;
    return flags;
}

bool PolicyModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || index.column() != patternColumn || !isOwn(index.row())) return false;
    quant::PolicyRule changed = *rule(index.row());
    changed.pattern = toStd(value.toString().trimmed());
    replace(index.row(), changed);
    return true;
}

QStringList PolicyModel::mimeTypes() const { return {kMime}; }

QMimeData* PolicyModel::mimeData(const QModelIndexList& indexes) const {
    if (indexes.isEmpty() || !isOwn(indexes.first().row())) return nullptr;
    auto* data = new QMimeData;
    data->setData(kMime, QByteArray::number(indexes.first().row()));
    return data;
}

bool PolicyModel::canDropMimeData(const QMimeData* data, Qt::DropAction action, int, int, const QModelIndex&) const {
    return action == Qt::MoveAction && data != nullptr && data->hasFormat(kMime);
}

bool PolicyModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) {
    if (!canDropMimeData(data, action, row, column, parent)) return false;
    const int from = data->data(kMime).toInt();
    int before = parent.isValid() ? parent.row() : (row < 0 ? rowCount() : row);
    before = std::clamp(before, lockedCount(), rowCount());
    move(from, before > from ? before - 1 : before);
    return false;  // the rows are moved already: the view has none to remove
}

}  // namespace vitrine::widgets
