// SPDX-License-Identifier: GPL-3.0-or-later
// How the form for new runs shows its draft and what is found out about it.
#include <QClipboard>
#include <QGuiApplication>
#include <QLocale>
#include <QSignalBlocker>
#include <algorithm>

#include "methods/method_info.h"
#include "widgets/base/text.h"
#include "widgets/forms/input_picker.h"
#include "widgets/forms/method_picker.h"
#include "widgets/forms/new_run_panel.h"
#include "widgets/forms/parameter_editor.h"
#include "widgets/forms/parameter_form.h"
#include "widgets/forms/parameter_text.h"
#include "widgets/forms/policy_editor.h"
#include "widgets/forms/record_shelf.h"
#include "widgets/forms/run_footer.h"
#include "widgets/forms/scope_card.h"

namespace vitrine::widgets {
namespace {

constexpr std::size_t kRecords = 40;  // newest runs that an estimate looks at

const methods::MethodInfo* findMethod(const std::string& id) {
    const auto& all = methods::allMethods();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& info) { return info.id == id; });
    return found == all.end() ? nullptr : &*found;
}

QString sentence(const runs::Problem& problem) { return problemText(problem.text, problem.remedy); }

Tone toneOf(const runs::Problem& problem) { return problem.fatal ? Tone::bad : Tone::warning; }

std::vector<InputPicker::Entry> imageEntries(const project::Edits& edits, project::ImageRole role) {
    std::vector<InputPicker::Entry> fitting, others;
    for (const project::ImageSetEntry& set : edits.imageSets) {
        const QString count =
            set.images > 0 ? NewRunPanel::tr("%1 images").arg(QLocale().toString(static_cast<qlonglong>(set.images))) : QString();
        (set.role == role || set.role == project::ImageRole::any ? fitting : others).push_back({toQt(set.name), count});
    }
    fitting.insert(fitting.end(), others.begin(), others.end());
    return fitting;
}

}  // namespace

void NewRunPanel::showDraft() {
    const Study& study = session_.study;
    stack_->setCurrentIndex(study.isOpen() ? 1 : 0);
    fresh_ = false;
    if (!study.isOpen()) {
        timer_.stop();
        requests_.next();
        wanted_.reset();
        assessment_.reset();
        return;
    }
    const project::RunDraft draft = proposedDraft(study.edits());
    showInputs(draft);
    method_->show(draft.method, draft.parameters);
    if (draft.method != shownMethod_) {
        shownMethod_ = draft.method;
        const methods::MethodInfo* info = findMethod(draft.method);
        if (info != nullptr)
            form_->setSchema(info->parameters, {{toQt(info->id), toQt(info->title)}});
        else
            form_->setSchema({});
    }
    form_->setValues(draft.parameters);
    policy_->setRules(draft.rules);
    seed_->setNumber(QString::number(draft.seed));
    batch_->setNumber(QString::number(draft.batch));
    showDevices(toQt(draft.device));
    const int threads = session_.settings.value(SettingKey::threads).toInt();
    threads_->setText(threads > 0 ? tr("Runs use %1 threads. Preferences change that.").arg(threads)
                                  : tr("Runs use all processor cores. Preferences change that."));
    schedule();
}

void NewRunPanel::showInputs(const project::RunDraft& draft) {
    const project::Edits& edits = session_.study.edits();
    std::vector<InputPicker::Entry> models;
    for (const project::ModelEntry& entry : edits.models) models.push_back({toQt(entry.name), {}});
    model_->setEntries(models, toQt(draft.model));
    calibration_->setEntries(imageEntries(edits, project::ImageRole::calibration), toQt(draft.calibration));
    evaluation_->setEntries(imageEntries(edits, project::ImageRole::evaluation), toQt(draft.evaluation));
    const auto rowsOf = [&](const std::string& name) {
        const project::ImageSetEntry* entry = findImages(edits, name);
        return entry == nullptr ? QString() : toQt(entry->rows);
    };
    calibration_->setRowsText(rowsOf(draft.calibration));
    evaluation_->setRowsText(rowsOf(draft.evaluation));
}

void NewRunPanel::showDevices(const QString& chosen) {
    const QSignalBlocker quiet(device_);
    QStringList names = devices_.isEmpty() ? QStringList{QStringLiteral("cpu")} : devices_;
    if (!names.contains(chosen)) names.append(chosen);
    device_->clear();
    for (const QString& name : names)
        device_->addItem(name == u"cpu" ? tr("CPU") : name.startsWith(u"cuda") ? tr("GPU %1").arg(name.section(u':', 1)) : name, name);
    device_->setCurrentIndex(device_->findData(chosen));
}

void NewRunPanel::showNetwork() {
    const std::string name = proposedDraft(session_.study.edits()).model;
    const bool known = assessment_ && assessment_->scope.has_value();
    if (name.empty())
        scope_->setEmptyText(tr("Choose a network to see what is quantized."));
    else if (name == unreadable_)
        scope_->setEmptyText(tr("The network cannot be read, so its sites are not known."));
    else
        scope_->setEmptyText(tr("Reading the network…"));
    if (known) return;
    scope_->setScope({});
    scope_->setFigures(std::nullopt);
}

void NewRunPanel::schedule() {
    fresh_ = false;
    if (session_.study.isOpen()) timer_.start();
}

void NewRunPanel::startAssessment() {
    Study& study = session_.study;
    if (!study.isOpen()) return;
    AssessmentRequest request{.folder = toPath(study.folder()), .edits = study.edits(), .draft = proposedDraft(study.edits())};
    if (!request.draft.model.empty()) request.network = study.network(toQt(request.draft.model));
    if (request.network) unreadable_.clear();
    std::vector<std::string> ids;
    for (auto run = study.runs().rbegin(); run != study.runs().rend() && ids.size() < kRecords; ++run)
        if (project::isComplete(run->state) && run->method == request.draft.method) ids.push_back(run->id);
    const auto ticket = requests_.next();
    inBackground(
        study.pool(), this,
        [request = std::move(request), ids, shelf = records_]() mutable {
            request.runs = shelf->take(request.folder, ids);
            return std::make_shared<const Assessment>(assess(request));
        },
        [this, ticket](const Outcome<std::shared_ptr<const Assessment>>& outcome) {
            if (!requests_.isLatest(ticket) || timer_.isActive()) return;
            if (const auto* error = std::get_if<Error>(&outcome)) {
                footer_->setCanRun(false, errorText(*error));
                footer_->setEstimate({}, errorText(*error));
                return;
            }
            assessment_ = *valueOf(outcome);
            fresh_ = true;
            take(*assessment_);
        });
}

void NewRunPanel::take(const Assessment& assessment) {
    policy_->setEffects(assessment.effects);
    const NetworkPtr network = session_.study.network(toQt(proposedDraft(session_.study.edits()).model));
    std::vector<std::string> ids;
    if (network)
        for (const graph::Site& site : network->sites) ids.push_back(site.id);
    policy_->setSiteIds(ids);
    showNetwork();
    if (assessment.scope) scope_->setScope(*assessment.scope);
    scope_->setFigures(assessment.figures);
    footer_->setEstimate(assessment.estimate, assessment.scope ? QString() : tr("Time and memory are estimated once the network is read."));
    footer_->setCanCopy(true);
    showProblems();
    Q_EMIT assessed();
    if (std::exchange(copyWanted_, false)) copyCommand();
    if (wanted_) ask(*std::exchange(wanted_, std::nullopt));
}

/// Seed and batch are numbers in the draft: what cannot be one is known by the fields alone.
std::optional<std::pair<QString, QString>> NewRunPanel::wrongNumber() const {
    bool read = false;
    seed_->number().toULongLong(&read);
    if (!read) return std::pair(QStringLiteral("seed"), tr("The seed is a whole number from 0."));
    const qlonglong batch = batch_->number().toLongLong(&read);
    if (!read || batch < 1 || batch > kMostBatch)
        return std::pair(QStringLiteral("batch"), tr("The batch is a whole number from 1 to %1.").arg(kMostBatch));
    return std::nullopt;
}

void NewRunPanel::showProblems() {
    if (!assessment_) return;
    std::map<std::string, ParameterForm::Remark> remarks;
    std::vector<RunFooter::Item> items;
    std::map<std::string, const runs::Problem*> first;
    for (const runs::Problem& problem : assessment_->problems) {
        first.emplace(problem.field, &problem);
        items.push_back({toQt(problem.field), fieldTitle(toQt(problem.field)), sentence(problem), problem.fatal});
        remarks.emplace(problem.field, ParameterForm::Remark{sentence(problem), problem.fatal});
    }
    const auto wrong = wrongNumber();
    if (wrong) items.insert(items.begin(), {wrong->first, fieldTitle(wrong->first), wrong->second, true});
    form_->setProblems(remarks);
    const auto said = [&](const std::string& field) { return first.contains(field) ? sentence(*first[field]) : QString(); };
    const auto tone = [&](const std::string& field) { return first.contains(field) ? toneOf(*first[field]) : Tone::muted; };
    for (InputPicker* picker : {model_, calibration_, evaluation_})
        picker->setProblem(tone(toStd(picker->objectName())), said(toStd(picker->objectName())));
    method_->setProblem(tone("method"), said("method"));
    QString execution = wrong ? wrong->second : QString();
    for (const char* field : {"seed", "batch", "device"})
        if (execution.isEmpty()) execution = said(field);
    executionNotice_->setContent(Tone::bad, execution);
    footer_->setProblems(items);
    const auto fatal = std::find_if(items.begin(), items.end(), [](const auto& item) { return item.fatal; });
    const bool can = fatal == items.end() && form_->isValid() && !session_.study.readOnly();
    footer_->setCanRun(can, session_.study.readOnly() ? tr("The project is open for reading only.")
                            : fatal == items.end()    ? QString()
                                                      : fatal->title + QStringLiteral(": ") + fatal->text);
}

QString NewRunPanel::fieldTitle(const QString& field) const {
    static const QHash<QString, const char*> titles{{QStringLiteral("model"), QT_TR_NOOP("Network")},
                                                    {QStringLiteral("calibration"), QT_TR_NOOP("Calibration")},
                                                    {QStringLiteral("evaluation"), QT_TR_NOOP("Evaluation")},
                                                    {QStringLiteral("method"), QT_TR_NOOP("Method")},
                                                    {QStringLiteral("seed"), QT_TR_NOOP("Seed")},
                                                    {QStringLiteral("batch"), QT_TR_NOOP("Batch")},
                                                    {QStringLiteral("device"), QT_TR_NOOP("Device")},
                                                    {QStringLiteral("project"), QT_TR_NOOP("Project")},
                                                    {QStringLiteral("rules"), QT_TR_NOOP("Rules")}};
    if (const auto title = titles.constFind(field); title != titles.cend()) return tr(*title);
    if (field.startsWith(u"rule ")) return tr("Rule %1").arg(field.mid(5));
    return readableTitle(toStd(field));
}

void NewRunPanel::focusField(const QString& field) {
    QWidget* target = nullptr;
    if (field == u"model")
        model_->focusField(), target = model_;
    else if (field == u"calibration")
        calibration_->focusField(), target = calibration_;
    else if (field == u"evaluation")
        evaluation_->focusField(), target = evaluation_;
    else if (field == u"method")
        method_->focusField(), target = method_;
    else if (field == u"seed")
        target = seed_;
    else if (field == u"batch")
        target = batch_;
    else if (field == u"device")
        target = device_;
    else if (field == u"rules")
        target = policy_->view();
    else if (field.startsWith(u"rule "))
        policy_->focusRule(field.mid(5).toInt() - 1), target = policy_;
    else if (form_->focusParameter(field))
        target = form_->focusWidget();
    if (target == nullptr) return;
    if (target == seed_ || target == batch_ || target == device_ || target == policy_->view()) target->setFocus(Qt::ShortcutFocusReason);
    scroll_->ensureWidgetVisible(target, 20, 40);
}

QString NewRunPanel::draftTitle() const {
    const project::RunDraft draft = proposedDraft(session_.study.edits());
    const methods::MethodInfo* info = findMethod(draft.method);
    QString title = info == nullptr ? toQt(draft.method) : toQt(info->title);
    if (assessment_ && info != nullptr && assessment_->spec.method == draft.method) {
        const ParameterSet& set = assessment_->spec.parameters;
        const auto has = [&](std::string_view id, ParameterType type = ParameterType::integer) {
            return std::any_of(set.schema().begin(), set.schema().end(),
                               [&](const auto& spec) { return spec.id == id && spec.type == type; });
        };
        if (has("precision", ParameterType::choice) && set.text("precision") == "mixed")
            title += tr(", mixed precision");
        else if (has("weight.bits") && has("activation.bits"))
            title += QStringLiteral(" W%1A%2").arg(set.integer("weight.bits")).arg(set.integer("activation.bits"));
    }
    return draft.model.empty() ? title : tr("%1 on %2").arg(title, toQt(draft.model));
}

void NewRunPanel::ask(JobCenter::When when) {
    if (!session_.study.isOpen()) return;
    if (!fresh_) {
        wanted_ = when;  // answered as soon as the problems are known
        if (!timer_.isActive()) return;
        timer_.stop();
        startAssessment();
        return;
    }
    const auto fatal =
        std::find_if(assessment_->problems.begin(), assessment_->problems.end(), [](const auto& problem) { return problem.fatal; });
    if (fatal != assessment_->problems.end()) return focusField(toQt(fatal->field));
    if (const auto wrong = wrongNumber()) return focusField(wrong->first);
    if (session_.study.readOnly()) return;
    Q_EMIT runAsked(assessment_->spec, draftTitle(), when);
}

void NewRunPanel::copyCommand() {
    if (!fresh_) {
        copyWanted_ = true;
        return;
    }
    const QString command = toQt(assessment_->command);
    QGuiApplication::clipboard()->setText(command);
    Q_EMIT copied(command);
}

}  // namespace vitrine::widgets
