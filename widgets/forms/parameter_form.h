// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QHash>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <QWidget>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/parameters.h"
#include "widgets/forms/parts.h"

namespace vitrine::widgets {

class ParameterRow;

/// A form that a schema makes: one row for each parameter, in groups by the first part of the id. Values are texts, as typed, so that
/// a wrong one is kept and explained instead of changed. UI thread.
class ParameterForm : public QWidget {
    Q_OBJECT
  public:
    explicit ParameterForm(QWidget* parent = nullptr);

    /// Makes the rows anew with the defaults. `groupTitles`: names of groups that are not plain words ("repq" -> "RepQ-ViT").
    void setSchema(const ParameterSchema& schema, const QHash<QString, QString>& groupTitles = {});
    const ParameterSchema& schema() const { return schema_; }

    /// Texts by parameter id, those that differ from the default; unknown ids are ignored and absent ones are the defaults.
    std::map<std::string, std::string> values() const;
    void setValues(const std::map<std::string, std::string>& values);  ///< emits nothing
    std::optional<ParameterSet> parameters() const;                    ///< absent while a value is wrong
    bool isValid() const;
    QString error(const QString& id) const;

    struct Remark {
        QString text;
        bool fatal = true;
    };
    /// What is wrong beyond type and range, by parameter id; replaces what was said before.
    void setProblems(const std::map<std::string, Remark>& problems);

    void setShowAll(bool all);  ///< also the advanced parameters; emits nothing
    bool showsAll() const;
    void setSearch(const QString& text);
    bool focusParameter(const QString& id);  ///< shows it and puts the cursor there; false for an unknown id
    void setToolsVisible(bool visible);      ///< the line with search and switch; for forms of a few rows

    /// Where defaults come from; of no use where the defaults say nothing. After setSchema().
    void setProvenanceVisible(bool visible);

  Q_SIGNALS:
    void changed(const QString& id);  ///< by the user; empty id: several at once
    void showAllChanged(bool all);

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    struct Group {
        QWidget* heading = nullptr;
        std::vector<ParameterRow*> rows;
    };
    QWidget* makeTools();
    ParameterRow* row(std::string_view id) const;
    void addGroup(const std::string& id, const QString& title);
    void clear();
    void filter();
    void resetAll();
    void alignLabels();

    ParameterSchema schema_;
    std::vector<Group> groups_;
    std::vector<ParameterRow*> rows_;
    QWidget* tools_;
    QLineEdit* search_;
    QCheckBox* all_;
    QToolButton* resetAll_;
    QVBoxLayout* list_;
    QPushButton* more_;
    ToneLabel* nothing_;
};

}  // namespace vitrine::widgets
