// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/new_run_panel.h"

#include <QGridLayout>
#include <QScrollBar>
#include <QShortcut>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "base/error.h"
#include "engine/runtime.h"
#include "methods/method_info.h"
#include "widgets/base/text.h"
#include "widgets/forms/input_picker.h"
#include "widgets/forms/method_picker.h"
#include "widgets/forms/parameter_editor.h"
#include "widgets/forms/parameter_form.h"
#include "widgets/forms/parts.h"
#include "widgets/forms/policy_editor.h"
#include "widgets/forms/record_shelf.h"
#include "widgets/forms/run_footer.h"
#include "widgets/forms/scope_card.h"

namespace vitrine::widgets {
namespace {

constexpr int kDebounce = 150;  // ms

void addSection(QVBoxLayout* layout, const QString& title) {
    if (layout->count() > 0) layout->addSpacing(10);
    layout->addWidget(sectionLabel(title));
}

/// Scrolls up and down alone, and so is never narrower than what it holds.
class FormScroll : public QScrollArea {
  public:
    using QScrollArea::QScrollArea;
    QSize minimumSizeHint() const override {
        const QSize own = QScrollArea::minimumSizeHint();
        return widget() == nullptr ? own : QSize(widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width() + 2 * frameWidth(), own.height());
    }

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (watched == widget() && event->type() == QEvent::LayoutRequest) updateGeometry();
        return QScrollArea::eventFilter(watched, event);
    }
};

}  // namespace

NewRunPanel::NewRunPanel(Session& session, QWidget* parent)
    : QWidget(parent),
      session_(session),
      stack_(new QStackedWidget(this)),
      footer_(new RunFooter(this)),
      records_(std::make_shared<RecordShelf>()) {
    setObjectName(QStringLiteral("newRunPanel"));
    scroll_ = new FormScroll(this);
    scroll_->setObjectName(QStringLiteral("newRunScroll"));
    scroll_->setWidgetResizable(true);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->setWidget(makeForm());
    auto* page = new QWidget(this);
    auto* pageLayout = new QVBoxLayout(page);
    pageLayout->setContentsMargins(0, 0, 0, 0);
    pageLayout->setSpacing(0);
    pageLayout->addWidget(scroll_, 1);
    pageLayout->addWidget(ruleLine(page));
    pageLayout->addWidget(footer_);
    auto* empty = new ToneLabel(Tone::muted, tr("Open or make a project to set up a run."), this);
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    stack_->addWidget(empty);
    stack_->addWidget(page);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(stack_);
    timer_.setSingleShot(true);
    timer_.setInterval(kDebounce);
    connectStudy();
    connectInputs();
    connectRun();
    inBackground(
        *QThreadPool::globalInstance(), this, [] { return engine::runtimeInfo().devices; },
        [this](const Outcome<std::vector<std::string>>& outcome) {
            devices_.clear();
            if (const auto* names = valueOf(outcome))
                for (const std::string& name : *names) devices_.append(toQt(name));
            showDraft();
        });
    showDraft();
}

QWidget* NewRunPanel::makeForm() {
    auto* form = new QWidget(this);
    auto* layout = new QVBoxLayout(form);
    layout->setContentsMargins(12, 10, 12, 12);
    layout->setSpacing(6);
    model_ = new InputPicker(QStringLiteral("model"), tr("Network"), InputPicker::Rows::none, form);
    calibration_ = new InputPicker(QStringLiteral("calibration"), tr("Calibration"), InputPicker::Rows::editable, form);
    evaluation_ = new InputPicker(QStringLiteral("evaluation"), tr("Evaluation"), InputPicker::Rows::editable, form);
    calibration_->setNone(tr("None"));
    evaluation_->setNone(tr("None"));
    method_ = new MethodPicker(form);
    form_ = new ParameterForm(form);
    form_->setShowAll(session_.settings.value(SettingKey::showAdvanced).toBool());
    scope_ = new ScopeCard(form);
    policy_ = new PolicyEditor(form);
    addSection(layout, tr("Network and images"));
    for (InputPicker* picker : {model_, calibration_, evaluation_}) layout->addWidget(picker);
    addSection(layout, tr("Method"));
    layout->addWidget(method_);
    addSection(layout, tr("Parameters"));
    layout->addWidget(form_);
    addSection(layout, tr("What is quantized"));
    layout->addWidget(scope_);
    addSection(layout, tr("Rules"));
    layout->addWidget(policy_);
    addSection(layout, tr("Execution"));
    layout->addWidget(makeExecution());
    layout->addStretch(1);
    return form;
}

QWidget* NewRunPanel::makeExecution() {
    auto* box = new QWidget(this);
    seed_ = new NumberField(true, 0, std::nullopt, box);
    seed_->setObjectName(QStringLiteral("seed"));
    seed_->setToolTip(tr("Everything random follows from it: the same seed gives the same result"));
    batch_ = new NumberField(true, 1, kMostBatch, box);
    batch_->setObjectName(QStringLiteral("batch"));
    batch_->setToolTip(tr("Images evaluated at once: fewer need less memory"));
    device_ = new QComboBox(box);
    device_->setObjectName(QStringLiteral("device"));
    ignoreWheelWithoutFocus(device_);
    auto* threads = new ToneLabel(Tone::muted, {}, box);
    threads->setWordWrap(true);
    threads_ = threads;
    executionNotice_ = new Notice(box);
    auto* fields = new QGridLayout;
    fields->setHorizontalSpacing(6);
    fields->setVerticalSpacing(4);
    fields->setColumnMinimumWidth(0, InputPicker::labelWidth(fontMetrics()));
    const auto add = [&](const QString& title, QWidget* field, const QString& hint) {
        auto* label = new ToneLabel(Tone::plain, title, box);
        label->setBuddy(field);
        field->setFixedWidth(120);
        const int row = fields->rowCount();
        fields->addWidget(label, row, 0);
        fields->addWidget(field, row, 1);
        auto* note = new ToneLabel(Tone::muted, hint, box);
        note->setWordWrap(true);
        fields->addWidget(note, row, 2);
    };
    add(tr("Seed"), seed_, tr("the same seed gives the same result"));
    add(tr("Batch"), batch_, tr("images evaluated at once"));
    add(tr("Device"), device_, {});
    fields->setColumnStretch(2, 1);
    seed_->setAccessibleName(tr("Seed"));
    batch_->setAccessibleName(tr("Batch, images evaluated at once"));
    device_->setAccessibleName(tr("Device"));
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(fields);
    layout->addWidget(executionNotice_);
    layout->addWidget(threads_);
    return box;
}

void NewRunPanel::connectStudy() {
    Study& study = session_.study;
    connect(&timer_, &QTimer::timeout, this, &NewRunPanel::startAssessment);
    for (const auto signal : {&Study::opened, &Study::closed, &Study::editsChanged}) connect(&study, signal, this, &NewRunPanel::showDraft);
    connect(&study, &Study::runsChanged, this, &NewRunPanel::schedule);
    connect(&study, &Study::networkChanged, this, [this] { schedule(); });
    connect(&study, &Study::failed, this, [this](const Error& error) {
        const project::ModelEntry* entry = findModel(session_.study.edits(), proposedDraft(session_.study.edits()).model);
        if (entry == nullptr || error.where.empty() || entry->path.absolute.find(error.where) == std::string::npos) return;
        unreadable_ = entry->name;
        showNetwork();
    });
    connect(&session_.settings, &Settings::changed, this, [this](SettingKey key) {
        if (key == SettingKey::showAdvanced) form_->setShowAll(session_.settings.value(key).toBool());
        if (key == SettingKey::threads) showDraft();
    });
}

void NewRunPanel::connectInputs() {
    connect(model_, &InputPicker::chosenByUser, this,
            [this](const QString& name) { change(tr("choose a network"), {}, [&](auto& draft) { draft.model = toStd(name); }); });
    connect(calibration_, &InputPicker::chosenByUser, this, [this](const QString& name) {
        change(tr("choose calibration images"), {}, [&](auto& draft) { draft.calibration = toStd(name); });
    });
    connect(evaluation_, &InputPicker::chosenByUser, this, [this](const QString& name) {
        change(tr("choose evaluation images"), {}, [&](auto& draft) { draft.evaluation = toStd(name); });
    });
    for (InputPicker* picker : {calibration_, evaluation_})
        connect(picker, &InputPicker::rowsEdited, this, [this, picker](const QString& rows) { editRows(toStd(picker->chosen()), rows); });
    connect(model_, &InputPicker::addAsked, this, &NewRunPanel::addModelAsked);
    connect(calibration_, &InputPicker::addAsked, this, [this] { Q_EMIT addImagesAsked(project::ImageRole::calibration); });
    connect(evaluation_, &InputPicker::addAsked, this, [this] { Q_EMIT addImagesAsked(project::ImageRole::evaluation); });
}

void NewRunPanel::connectRun() {
    connect(method_, &MethodPicker::methodChosen, this, [this](const QString& id) { chooseMethod(toStd(id)); });
    connect(method_, &MethodPicker::presetChosen, this, [this](const QString& id) { choosePreset(toStd(id)); });
    connect(form_, &ParameterForm::changed, this, [this](const QString& id) {
        const QString text = id.isEmpty() ? tr("reset the parameters") : tr("change %1").arg(id);
        change(text, id.isEmpty() ? QString() : QStringLiteral("draft ") + id, [this](auto& draft) { draft.parameters = form_->values(); });
    });
    connect(form_, &ParameterForm::showAllChanged, this, [this](bool all) { session_.settings.set(SettingKey::showAdvanced, all); });
    connect(policy_, &PolicyEditor::rulesEdited, this, [this](const QString& text, const QString& key) {
        change(text, key.isEmpty() ? key : QStringLiteral("draft ") + key, [this](auto& draft) { draft.rules = policy_->rules(); });
    });
    connect(policy_, &PolicyEditor::sitesShown, this, &NewRunPanel::sitesShown);
    connect(seed_, &NumberField::numberEdited, this, [this] {
        bool read = false;
        const qulonglong seed = seed_->number().toULongLong(&read);
        if (read) change(tr("change the seed"), QStringLiteral("draft seed"), [&](auto& draft) { draft.seed = seed; });
        showProblems();
    });
    connect(batch_, &NumberField::numberEdited, this, [this] {
        bool read = false;
        const qlonglong batch = batch_->number().toLongLong(&read);
        if (read) change(tr("change the batch"), QStringLiteral("draft batch"), [&](auto& draft) { draft.batch = batch; });
        showProblems();
    });
    connect(device_, &QComboBox::activated, this, [this] {
        change(tr("choose a device"), {}, [this](auto& draft) { draft.device = toStd(device_->currentData().toString()); });
    });
    connect(footer_, &RunFooter::queueAsked, this, &NewRunPanel::queue);
    connect(footer_, &RunFooter::runAsked, this, &NewRunPanel::runNow);
    connect(footer_, &RunFooter::copyAsked, this, &NewRunPanel::copyCommand);
    connect(footer_, &RunFooter::fieldAsked, this, &NewRunPanel::focusField);
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &NewRunPanel::runNow);
    }
}

void NewRunPanel::change(const QString& text, const QString& mergeKey, const std::function<void(project::RunDraft&)>& edit) {
    session_.study.edit(
        text,
        [&](project::Edits& edits) {
            edits.draft = proposedDraft(edits);
            edit(edits.draft);
        },
        mergeKey);
    // A read-only project, or a change that comes to nothing: the fields show what holds.
    if (session_.study.isOpen()) schedule();
}

void NewRunPanel::chooseMethod(const std::string& id) {
    change(tr("choose a method"), {}, [&](project::RunDraft& draft) {
        draft.method = id;
        // What both methods have stays: the bits, say.
        draft.parameters = normalized(methods::methodInfo(id).parameters, draft.parameters);
    });
}

void NewRunPanel::choosePreset(const std::string& id) {
    const std::string method = proposedDraft(session_.study.edits()).method;
    change(tr("choose a preset"), {}, [&](project::RunDraft& draft) {
        draft.parameters.clear();
        const methods::MethodInfo& info = methods::methodInfo(method);
        for (const methods::ParameterPreset& preset : info.presets)
            if (preset.id == id) draft.parameters = normalized(info.parameters, preset.values);
    });
}

void NewRunPanel::editRows(const std::string& set, const QString& rows) {
    session_.study.edit(
        tr("change the rows of %1").arg(toQt(set)),
        [&](project::Edits& edits) {
            for (project::ImageSetEntry& entry : edits.imageSets)
                if (entry.name == set) entry.rows = toStd(rows);
        },
        QStringLiteral("rows ") + toQt(set));
}

void NewRunPanel::setFromRun(const project::RunRecord& record) {
    session_.study.edit(tr("run %1 again with changes").arg(toQt(record.id)),
                        [&](project::Edits& edits) { edits.draft = draftOfRun(record, edits); });
}

void NewRunPanel::runNow() { ask(JobCenter::When::now); }
void NewRunPanel::queue() { ask(JobCenter::When::queued); }

}  // namespace vitrine::widgets
