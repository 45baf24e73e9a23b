// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringListModel>
#include <QTableView>
#include <QToolButton>
#include <QWidget>

#include "widgets/forms/parts.h"
#include "widgets/forms/policy_model.h"

namespace vitrine::widgets {

class RuleEditor;

/// The rules of a run: those of the method above, locked; the user's own below, to add, change, order and remove. It keeps no history:
/// whoever owns it stores rules() on rulesEdited() and hands stored ones back by setRules(). UI thread.
class PolicyEditor : public QWidget {
    Q_OBJECT
  public:
    explicit PolicyEditor(QWidget* parent = nullptr);

    void setRules(const std::vector<quant::PolicyRule>& rules);  ///< emits nothing
    const std::vector<quant::PolicyRule>& rules() const { return model_->rules(); }
    void setEffects(const PolicyEffectsPtr& effects);
    void setSiteIds(const std::vector<std::string>& ids);  ///< for proposals
    void focusRule(int own);                               ///< 0-based among the own rules

    PolicyModel* model() const { return model_; }
    QTableView* view() const { return view_; }

  Q_SIGNALS:
    void rulesEdited(const QString& text, const QString& mergeKey);
    /// Sites that the rule under the pointer, or else the selected one, decides; empty for none.
    void sitesShown(const QStringList& sites);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void makeButtons();
    void makeView();
    int currentRow() const;
    void select(int row);
    void showCurrent();
    void showSites(int row);
    void fitHeight();
    void add();
    void duplicate();

    PolicyModel* model_;
    QStringListModel* proposals_;
    QTableView* view_;
    RuleEditor* editor_;
    Notice* notice_;
    ToneLabel* sites_;
    QToolButton *add_, *duplicate_, *remove_, *up_, *down_;
    QStringList shown_;
};

}  // namespace vitrine::widgets
