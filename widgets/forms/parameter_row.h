// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGridLayout>
#include <QString>
#include <QToolButton>
#include <QWidget>

#include "base/parameters.h"
#include "widgets/forms/parameter_editor.h"
#include "widgets/base/elided_label.h"
#include "widgets/forms/parts.h"

namespace vitrine::widgets {

/// One parameter: its name, field, range, where its default comes from, help, and what is wrong with its value. UI thread.
class ParameterRow : public QWidget {
    Q_OBJECT
  public:
    ParameterRow(const ParameterSpec& spec, const QString& group, QWidget* parent = nullptr);

    const ParameterSpec& spec() const { return spec_; }
    std::string text() const;
    void setText(const std::string& text);
    bool isDefault() const;                   ///< the text means the default value
    QString error() const { return error_; }  ///< of the value itself; empty when it fits type and range
    bool isMarked() const { return !error_.isEmpty() || !problem_.isEmpty(); }
    /// What the run says about the value beyond its type and range; empty: nothing.
    void setProblem(const QString& text, bool fatal);

    void setNarrow(bool narrow);  ///< the name above the field instead of beside it
    int labelWidth() const;       ///< what the name wants
    void setLabelWidth(int width);
    bool matches(const QString& search) const;
    void focusField();
    void setProvenanceVisible(bool visible) { badge_->setVisible(visible); }

  Q_SIGNALS:
    void edited();

  private:
    QWidget* makeTools();
    void arrange();
    void check();
    void showState();
    void reset();

    ParameterSpec spec_;
    QString name_;
    QString error_, problem_;
    bool problemIsFatal_ = true;
    bool narrow_ = false;
    int labelWidth_ = 0;
    QGridLayout* grid_;
    QWidget* title_;
    QLabel* dot_;
    QLabel* label_;
    ParameterEditor* editor_;
    ElidedLabel* range_;
    QToolButton* help_;
    QToolButton* reset_;
    Badge* badge_;
    QWidget* tools_;
    Notice* notice_;
    ToneLabel* explanation_;
};

}  // namespace vitrine::widgets
