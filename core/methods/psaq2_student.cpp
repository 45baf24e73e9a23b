// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/psaq2_student.h"

#include <ATen/ATen.h>

#include <numeric>
#include <utility>

#include "base/error.h"
#include "methods/parts/start_model.h"
#include "methods/parts/synthesis.h"
#include "methods/synthetic_method.h"

namespace vitrine::methods {
namespace {

constexpr const char* kKey = "psaq2";
constexpr double kCalibrationShare = 0.3;  // of a lesson
constexpr double kPublishingShare = 0.02;

StudentSettings settingsOf(const ParameterSet& parameters) {
    const SynthesisSettings images = synthesisSettings(parameters);
    return {.steps = parameters.integer("psaq2.student_steps"),
            .rate = parameters.real("psaq2.student_rate"),
            .chunk = images.chunk,
            .memoryBytes = images.memoryBytes};
}

}  // namespace

bool trainsStudent(const ParameterSet& parameters) {
    return parameters.integer("psaq2.student_steps") > 0 && parameters.real("psaq2.student_rate") > 0;
}

Psaq2Student::Psaq2Student(MethodContext& context) : context_(context), trains_(trainsStudent(context.parameters)) {}

void Psaq2Student::learn(const at::Tensor& images, Lesson lesson, jobs::Progress& progress, const std::function<void()>& save) {
    take(lesson, images, progress, save, [](MethodContext&) {});
}

void Psaq2Student::learnInPublic(const at::Tensor& images, jobs::Progress& progress, const std::function<void()>& save) {
    take(Lesson::whole, images, progress, save, [this](MethodContext& inner) {
        inner.emit = context_.emit;
        inner.checkpoint = context_.checkpoint;
        // Weights of the lessons before belong to the checkpoint too.
        inner.saveCheckpoint = [this](const MethodState& state) {
            MethodState whole = state;
            if (!disagreement_.empty()) whole.model.rewritten = united(std::move(whole.model.rewritten), model_.rewritten);
            context_.saveCheckpoint(whole);
        };
    });
}

void Psaq2Student::take(Lesson lesson, const at::Tensor& images, jobs::Progress& progress, const std::function<void()>& save,
                        const Opening& open) {
    const bool trains = trains_ && lesson == Lesson::whole;
    jobs::Progress calibrating = progress.child(trains ? kCalibrationShare : 1.0, "Calibrate the student");
    if (!half_) model_ = calibrated(images, calibrating, open);
    calibrating.finish();
    if (trains && !context_.control.shouldFinish()) {
        jobs::Progress training = progress.child(1 - kCalibrationShare, "Train the student");
        train(images, training, save);
    }
    half_.reset();
    ++lessons_;
    progress.finish();
}

quant::QuantizedModel Psaq2Student::calibrated(const at::Tensor& images, jobs::Progress& progress, const Opening& open) const {
    std::optional<engine::Network> own;
    if (!disagreement_.empty()) own.emplace(model_.graph, context_.network.device());
    const engine::Network& network = own ? *own : context_.network;
    const ParameterSet parameters = withCalibrationCount(context_.parameters, images.size(0));
    const SyntheticData data(images.clone());
    MethodContext inner{.network = network,
                        .parameters = parameters,
                        .policy = context_.policy,
                        .data = &data,
                        .random = context_.random,
                        .control = context_.control,
                        .progress = progress,
                        .emit = [](results::Artefact) {},
                        .saveCheckpoint = [](const MethodState&) {},
                        .checkpoint = std::nullopt};
    open(inner);
    quant::QuantizedModel result = makeStart({.model = {.graph = network.sharedGraph()}}, inner).model;
    if (own) result.rewritten = united(std::move(result.rewritten), model_.rewritten);
    return result;
}

void Psaq2Student::train(const at::Tensor& images, jobs::Progress& progress, const std::function<void()>& save) {
    training_ = std::make_unique<StudentTraining>(context_.network, model_, images.clone(), settingsOf(context_.parameters), context_.control);
    if (half_) training_->restore(*half_);
    Pace pace(kPublishingShare);
    const auto note = [&](double disagreement) {
        disagreement_.push_back(disagreement);
        pace.maybe([this] { publish(); });
    };
    training_->run(context_.control, progress, note, save);
    publish();
    model_ = training_->model();
    training_.reset();
}

void Psaq2Student::publish() const {
    if (disagreement_.empty()) return;
    results::Trace trace{.name = "student.disagreement", .xLabel = "student step", .yLabel = "mean |P - Q| of the logits"};
    trace.x.resize(disagreement_.size());
    std::iota(trace.x.begin(), trace.x.end(), 1.0);
    trace.y = disagreement_;
    context_.emit({.id = "student.disagreement", .title = "Disagreement of the student before each step", .payload = std::move(trace)});
}

void Psaq2Student::save(MethodState& state) const {
    if (model_.graph != nullptr) state.model = model_;
    if (training_ != nullptr) training_->save(state);
    state.data[kKey] = {{"lessons", lessons_}, {"disagreement", disagreement_}};
}

void Psaq2Student::restore(const MethodState& state) {
    try {
        const nlohmann::json& data = state.data.at(kKey);
        lessons_ = data.at("lessons");
        disagreement_ = data.at("disagreement").get<std::vector<double>>();
    } catch (const nlohmann::json::exception&) {
        fail(ErrorCode::badFormat, "does not fit this student", kKey, "start the run again");
    }
    model_ = {};
    if (!state.model.encodings.empty()) model_ = state.model;
    half_.reset();
    if (StudentTraining::isIn(state)) half_ = state;
    publish();
}

MethodState quantizePsaq2(const at::Tensor& images, const MethodState& made, MethodContext& context) {
    if (!trainsStudent(context.parameters)) return quantizeOn(images, made, context);
    Psaq2Student student(context);
    student.restore(made);
    if (context.checkpoint && StudentTraining::isIn(*context.checkpoint)) student.restore(*context.checkpoint);
    student.learnInPublic(images, context.progress, [&] {
        MethodState state;
        student.save(state);
        context.saveCheckpoint(state);
    });
    return {.model = student.model()};
}

}  // namespace vitrine::methods
