// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>

#include "widgets/base/background.h"
#include "widgets/forms/draft.h"
#include "widgets/session/session.h"

namespace vitrine::widgets {

class InputPicker;
class MethodPicker;
class NumberField;
class ParameterForm;
class PolicyEditor;
class RecordShelf;
class RunFooter;
class ScopeCard;

/// The form for new runs. What it holds is the draft of the project: every change is an undoable edit, and undo, recovery and other
/// panels are shown here as they come. What a run would do, cost and stumble over is worked out on another thread, shortly after
/// the last change. UI thread.
class NewRunPanel : public QWidget {
    Q_OBJECT
  public:
    explicit NewRunPanel(Session& session, QWidget* parent = nullptr);

    /// The settings of a run as one undoable step: "run again with changes".
    void setFromRun(const project::RunRecord& record);
    /// What was worked out last; null before, and while the draft has changed since.
    const Assessment* assessment() const { return fresh_ ? assessment_.get() : nullptr; }
    void focusField(const QString& field);  ///< a field as runs::Problem names it
    QString draftTitle() const;             ///< "RepQ-ViT W4A4 on vit_tiny"

    QSize sizeHint() const override { return {460, 760}; }

    static constexpr int kMostBatch = 4096;  ///< as the command line accepts it

  public Q_SLOTS:
    void runNow();
    void queue();
    void copyCommand();

  Q_SIGNALS:
    /// The run as it is to be added to the jobs.
    void runAsked(const vitrine::runs::RunSpec& spec, const QString& title, vitrine::widgets::JobCenter::When when);
    void sitesShown(const QStringList& sites);  ///< to be highlighted; empty: none
    void addModelAsked();
    void addImagesAsked(vitrine::project::ImageRole role);
    void copied(const QString& command);
    void assessed();

  private:
    QWidget* makeForm();
    QWidget* makeExecution();
    void connectStudy();
    void connectInputs();
    void connectRun();
    void change(const QString& text, const QString& mergeKey, const std::function<void(project::RunDraft&)>& edit);
    void chooseMethod(const std::string& id);
    void choosePreset(const std::string& id);
    void editRows(const std::string& set, const QString& rows);

    void showDraft();
    void showInputs(const project::RunDraft& draft);
    void showDevices(const QString& chosen);
    void showNetwork();
    void schedule();
    void startAssessment();
    void take(const Assessment& assessment);
    void showProblems();
    std::optional<std::pair<QString, QString>> wrongNumber() const;  ///< field and what is wrong
    void ask(JobCenter::When when);
    QString fieldTitle(const QString& field) const;

    Session& session_;
    QStackedWidget* stack_;
    QScrollArea* scroll_;
    InputPicker *model_, *calibration_, *evaluation_;
    MethodPicker* method_;
    ParameterForm* form_;
    PolicyEditor* policy_;
    ScopeCard* scope_;
    NumberField *seed_, *batch_;
    QComboBox* device_;
    QLabel* threads_;
    class Notice* executionNotice_;
    RunFooter* footer_;

    std::string shownMethod_;
    std::string unreadable_;  ///< name of a network that could not be read
    QStringList devices_;
    QTimer timer_;
    RequestCounter requests_;
    std::shared_ptr<RecordShelf> records_;
    std::shared_ptr<const Assessment> assessment_;
    bool fresh_ = false;
    std::optional<JobCenter::When> wanted_;  ///< pressed before the problems were known
    bool copyWanted_ = false;
};

}  // namespace vitrine::widgets
