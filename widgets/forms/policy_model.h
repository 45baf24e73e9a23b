// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

#include "quant/spec.h"

namespace vitrine::widgets {

/// What one rule does to the sites of a network.
struct RuleEffect {
    std::size_t caught = 0;            ///< sites that its pattern matches
    std::vector<std::string> decided;  ///< ids of the sites that it has the last word on
    QString problem;                   ///< in a sentence; empty when all is well
    bool fatal = false;                ///< no run starts with it
};

/// What is known of a whole policy. Immutable, shared between threads.
struct PolicyEffects {
    std::vector<quant::PolicyRule> methodRules;
    std::vector<RuleEffect> ofMethod, ofOwn;  ///< by rule; empty while the network is not known
};
using PolicyEffectsPtr = std::shared_ptr<const PolicyEffects>;

QString quantizerText(const std::optional<quant::QuantizerSpec>& spec);  ///< "uniform 4 bit per channel, symmetric", "float"

/// The rules of a run: those of the method, locked, then the user's own. Rows of own rules can be dragged. UI thread.
class PolicyModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { patternColumn, quantizerColumn, sitesColumn, kColumns };
    enum Role { lockedRole = Qt::UserRole, problemRole, fatalRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setRules(const std::vector<quant::PolicyRule>& rules);  ///< emits no rulesEdited()
    const std::vector<quant::PolicyRule>& rules() const { return rules_; }
    void setEffects(PolicyEffectsPtr effects);
    const RuleEffect* effect(int row) const;  ///< null while nothing is known

    int lockedCount() const { return static_cast<int>(methodRules_.size()); }
    bool isOwn(int row) const { return row >= lockedCount() && row < rowCount(); }
    const quant::PolicyRule* rule(int row) const;

    // Edits of own rules, by row of the table; each emits rulesEdited() once, or nothing when nothing changes.
    int insert(int row, const quant::PolicyRule& rule);  ///< at `row` or at the end; gives the row
    void remove(int row);
    void move(int from, int to);  ///< `to`: its row afterwards
    void replace(int row, const quant::PolicyRule& rule);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) override;

  Q_SIGNALS:
    /// By the user. `text` names the step ("add a rule"); steps with the same key may become one.
    void rulesEdited(const QString& text, const QString& mergeKey);
    void moved(int from, int to);

  private:
    QString sitesText(int row) const;
    QVariant decoration(int row, int column) const;
    QString help(int row) const;
    void forgetEffects();

    std::vector<quant::PolicyRule> methodRules_, rules_;
    PolicyEffectsPtr effects_;
    bool effectsFit_ = false;  ///< effects_ is of the rules as they are
};

}  // namespace vitrine::widgets
