// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/execution.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/hash.h"
#include "engine/engine.h"
#include "engine/tensors.h"
#include "methods/parts/image_prior.h"
#include "methods/parts/synthesis.h"
#include "project/layout.h"
#include "project/project.h"
#include "project/synthetic_export.h"
#include "quant/quantized_network.h"
#include "runs/accuracy.h"
#include "runs/image_data.h"
#include "runs/live_events.h"
#include "runs/made_inputs.h"
#include "runs/measurements.h"
#include "runs/policy.h"
#include "runs/run_inputs.h"
#include "runs/run_record.h"
#include "runs/state_store.h"

namespace vitrine::runs {
namespace {

using Clock = std::chrono::steady_clock;

// Shares of the whole in the progress: rough, the remaining time is estimated from what has passed.
constexpr double kLoadShare = 0.05;
constexpr double kSynthesisShare = 0.2;
constexpr double kMethodShare = 0.3;
constexpr double kEvaluationShare = 0.15;  // of each network
constexpr double kAnalysisShare = 0.3;

constexpr const char* kMadeStage = "synthetic";
constexpr const char* kFloatAccuracy = "Accuracy of the float network";
constexpr const char* kQuantizedAccuracy = "Accuracy of the quantized network";

double secondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// One run from its first stage to its last measurement; everything it finds goes to the project.
class Execution {
  public:
    Execution(const methods::Method& method, const RunSpec& spec, jobs::JobContext& context, const RunEvents& events,
              project::Project& project, RunInputs inputs)
        : method_(method), spec_(spec), context_(context), project_(project), inputs_(std::move(inputs)),
          policy_(runPolicy(method.info(), spec.parameters, spec.rules)), start_(startModel(spec, project, inputs_.model)),
          network_(inputs_.model.graph, spec.device),
          writer_(begin()), record_(writer_.record()), states_(writer_.stateFolder()), live_(events) {}

    RunOutcome run() {
        try {
            if (!resumeWarning_.empty()) warn(std::move(resumeWarning_));
            live_.tell(record_);
            work();
            return finish();
        } catch (const std::exception& exception) {
            giveUp(describe(exception));
            throw;
        }
    }

  private:
    project::RunWriter begin() {
        project::RunRecord record = describeRun(method_.info(), project_, spec_, inputs_);
        if (!spec_.resume) return project_.begin(std::move(record));
        project::RunWriter writer = project_.resume(*spec_.resume);
        requireSameInputs(writer.record(), record);
        if (writer.record().threads != record.threads)
            resumeWarning_ = "resumed with " + std::to_string(record.threads) + " threads after " +
                             std::to_string(writer.record().threads) + ": last digits may differ from an uninterrupted run";
        return writer;
    }

    void work() {
        if (inputs_.calibration.size() > 0) {
            jobs::Progress loading = context_.progress.child(kLoadShare, "load images");
            data_ = std::make_unique<LoadedImages>(inputs_.calibration, preprocessingOf(inputs_.model.graph->info), context_.control,
                                                   loading);
        }
        if (spec_.synthetic) {
            const Clock::time_point begin = Clock::now();
            jobs::Progress making = context_.progress.child(kSynthesisShare, "make images");
            data_ = makeCalibration(*spec_.synthetic, network_, policy_, spec_.seed,
                                    {.folder = writer_.stateFolder() / "synthetic",
                                     .control = context_.control,
                                     .progress = making,
                                     .emit = [this](results::Artefact artefact) { emit(std::move(artefact)); },
                                     .flush = [this] { flush(); }});
            making.finish();
            record_.stages.insert(record_.stages.begin(), madeStage(secondsSince(begin)));
            saveMade(data_->images(0, data_->count()));
        }
        const methods::MethodState finished = runMethod();
        const quant::QuantizedModel& model = finished.model;
        keepMadeImages(finished);
        saveModel(model);
        if (inputs_.evaluation.size() > 0 && !context_.control.shouldFinish()) evaluate(model);
        if (data_ && !context_.control.shouldFinish()) analyse(model);
    }

    /// The synthetic images as a stage of the run; a resumed run that finds them finished keeps the time of their making.
    project::StageRecord madeStage(double seconds) {
        std::erase_if(record_.stages, [&](const project::StageRecord& stage) {
            if (stage.id != kMadeStage) return false;
            seconds += stage.seconds;
            return true;
        });
        return {kMadeStage, "Make calibration images", seconds};
    }

    methods::MethodState runMethod() {
        SavedState saved = states_.load(inputs_.model.graph);
        const std::vector<methods::StageInfo>& stages = method_.info().stages;
        double weights = 0;
        for (const methods::StageInfo& stage : stages) weights += stage.weight;
        methods::MethodState state = std::move(saved.state);
        const std::size_t made = spec_.synthetic ? 1 : 0;
        record_.stages.resize(std::min(record_.stages.size(), saved.nextStage + made));
        jobs::Progress progress = context_.progress.child(kMethodShare, method_.info().title);
        for (std::size_t stage = 0; stage < stages.size(); ++stage) {
            jobs::Progress stageProgress = progress.child(stages[stage].weight / weights, stages[stage].title);
            if (stage < saved.nextStage) continue;
            if (context_.control.shouldFinish()) break;
            auto checkpoint = stage == saved.nextStage ? std::move(saved.checkpoint) : std::nullopt;
            state = runStage(stage, std::move(state), std::move(checkpoint), stageProgress);
            stageProgress.finish();
        }
        progress.finish();
        return state;
    }

    /// Images that the method made are measured on when there are no others, and kept in full size.
    void keepMadeImages(const methods::MethodState& finished) {
        const auto found = finished.tensors.find(methods::kMadeImages);
        if (found == finished.tensors.end()) return;
        const at::Tensor images = engine::toTorch(found->second);
        if (!data_) data_ = std::make_unique<methods::SyntheticData>(images);
        saveMade(images);
    }

    void saveMade(const at::Tensor& images) {
        project::saveWholeImages(writer_.modelFolder().parent_path(), engine::toHost(methods::pictures(images, inputs_.model.graph->info)));
    }

    methods::MethodState runStage(std::size_t stage, methods::MethodState state,
                                  std::optional<methods::MethodState> checkpoint, jobs::Progress& progress) {
        const RandomStreams random(spec_.seed);
        methods::MethodContext context{
            .network = network_,
            .parameters = spec_.parameters,
            .policy = policy_,
            .data = data_.get(),
            .random = random,
            .control = context_.control,
            .progress = progress,
            .emit = [this](results::Artefact artefact) { emit(std::move(artefact)); },
            .saveCheckpoint =
                [this, stage](const methods::MethodState& reached) {
                    flush();
                    states_.saveCheckpoint(stage, reached);
                },
            .checkpoint = std::move(checkpoint),
            .start = start_ ? &*start_ : nullptr};
        const Clock::time_point begin = Clock::now();
        state = method_.run(stage, std::move(state), context);
        const methods::StageInfo& info = method_.info().stages[stage];
        record_.stages.push_back({info.id, info.title, secondsSince(begin)});
        flush();
        if (!context_.control.endedEarly()) states_.saveStart(stage + 1, state);
        context_.control.safePoint([] {});  // the state is on disk already
        return state;
    }

    void saveModel(const quant::QuantizedModel& model) {
        results::Scope scope = scopeOf(model);
        record_.figures.averageWeightBits = scope.averageWeightBits;
        record_.figures.averageActivationBits = scope.averageActivationBits;
        record_.figures.sizeBytes = scope.sizeBytes;
        record_.figures.bops = scope.bops;
        project::makeFolder(writer_.modelFolder());
        quant::save(model, writer_.modelFolder());
        emit({"scope", "What was quantized, and what it costs", std::move(scope)});
        flush();
    }

    void evaluate(const quant::QuantizedModel& model) {
        const results::Accuracy floating = floatAccuracy();
        record_.figures.floatTop1 = floating.top1;
        if (context_.control.shouldFinish()) return;
        jobs::Progress progress = context_.progress.child(kEvaluationShare, "evaluate quantized");
        results::Accuracy quantized = quantizedAccuracy(model, floating, progress);
        record_.figures.top1 = quantized.top1;
        record_.figures.top5 = quantized.top5;
        record_.figures.count = quantized.count;
        flush();
    }

    /// Measured once for each network, data and preprocessing in a project.
    results::Accuracy floatAccuracy() {
        jobs::Progress progress = context_.progress.child(kEvaluationShare, "evaluate float");
        const std::string key = "float-" + std::to_string(hashText(floatKey(inputs_, record_, spec_.device)));
        std::optional<results::Artefact> known = project_.cached(key);
        const bool usable = known && std::holds_alternative<results::Accuracy>(known->payload);
        if (!usable) {
            const std::string id = "accuracy.float";
            const auto watch = [&](const results::Accuracy& soFar) {
                live_.show(id, [&] { return results::Artefact{id, kFloatAccuracy, soFar}; });
            };
            MeasuredAccuracy measured = measure({.name = "float", .network = network_, .hooks = {}}, watch, progress);
            known = {id, kFloatAccuracy, std::move(measured.accuracy)};
            if (measured.complete && measured.warnings.empty()) project_.cache(key, *known);
        }
        progress.finish();
        results::Accuracy accuracy = std::get<results::Accuracy>(known->payload);
        if (accuracy.count > 0) emitWhole(std::move(*known));
        flush();
        return accuracy;
    }

    results::Accuracy quantizedAccuracy(const quant::QuantizedModel& model, const results::Accuracy& floating,
                                        jobs::Progress& progress) {
        const std::string id = "accuracy.quantized";
        if (writer_.has(id)) {
            const results::ArtefactPtr stored = project_.artefact(writer_.record().id, id);
            if (const auto* known = std::get_if<results::Accuracy>(&stored->payload)) return *known;
        }
        const quant::QuantizedNetwork quantized(model, spec_.device);
        const auto watch = [&](const results::Accuracy& soFar) {
            live_.show(id, [&] {
                results::Accuracy accuracy = soFar;
                accuracy.fidelity = fidelity(soFar, floating);
                return results::Artefact{id, kQuantizedAccuracy, std::move(accuracy)};
            });
        };
        const MeasuredNetwork subject{.name = "quantized", .network = quantized.network(), .hooks = quantized.hooks(), .original = &network_};
        results::Accuracy accuracy = measure(subject, watch, progress).accuracy;
        accuracy.fidelity = fidelity(accuracy, floating);
        if (accuracy.count > 0) emitWhole({id, kQuantizedAccuracy, accuracy});
        return accuracy;
    }

    MeasuredAccuracy measure(const MeasuredNetwork& subject, const WatchAccuracy& watch, jobs::Progress& progress) {
        const LabelledImages set{
            .images = inputs_.evaluation, .name = spec_.evaluation.path.filename().string(), .batch = spec_.batch};
        MeasuredAccuracy measured = measureAccuracy(subject, set, context_.control, progress, watch);
        for (std::string& warning : measured.warnings) warn(std::move(warning));
        return measured;
    }

    void analyse(const quant::QuantizedModel& model) {
        jobs::Progress progress = context_.progress.child(kAnalysisShare, "analyse");
        const Findings findings{.whole = [this](results::Artefact artefact) { emitWhole(std::move(artefact)); },
                                .soFar = [this](const std::string& id, const std::function<results::Artefact()>& make) {
                                    live_.show(id, make);
                                }};
        measureModel(model, spec_.device, *data_, findings, context_.control, progress);
        flush();
    }

    void warn(std::string warning) {
        if (std::find(record_.warnings.begin(), record_.warnings.end(), warning) == record_.warnings.end())
            record_.warnings.push_back(std::move(warning));
    }

    /// What a method publishes may come again at once.
    void emit(results::Artefact artefact) { live_.show(keep(std::move(artefact))); }

    void emitWhole(results::Artefact artefact) { live_.showNow(keep(std::move(artefact))); }

    /// Until the next flush.
    results::ArtefactPtr keep(results::Artefact artefact) {
        auto kept = std::make_shared<const results::Artefact>(std::move(artefact));
        const auto same = std::find_if(pending_.begin(), pending_.end(), [&](const auto& other) { return other->id == kept->id; });
        if (same == pending_.end())
            pending_.push_back(kept);
        else
            *same = kept;
        return kept;
    }

    /// Writes what was emitted, then the record that lists it.
    void flush() {
        live_.catchUp();
        for (const results::ArtefactPtr& artefact : pending_) writer_.put(*artefact);
        pending_.clear();
        updateTimes();
        writer_.update(record_);
        live_.tell(writer_.record());
    }

    void updateTimes() {
        record_.seconds += secondsSince(lastUpdate_);
        lastUpdate_ = Clock::now();
        record_.peakMemoryBytes = std::max(record_.peakMemoryBytes, peakMemory());
    }

    RunOutcome finish() {
        flush();
        const project::RunState state = context_.control.endedEarly() ? project::RunState::kept : project::RunState::finished;
        writer_.complete(record_, state);
        live_.tellLast(writer_.record());
        std::vector<std::string> warnings = assumptionLines(record_);
        warnings.insert(warnings.end(), record_.warnings.begin(), record_.warnings.end());
        return {writer_.record().id, state, std::move(warnings)};
    }

    /// Cancelled: nothing stays. Left, or the disk refused: the run stays as it is and can be resumed. Else it is stored as failed.
    void giveUp(const Error& error) {
        if (error.code == ErrorCode::stopped) {
            if (context_.control.request() == jobs::Request::cancel) writer_.discard();
            return;
        }
        if (error.code == ErrorCode::ioFailure || project::isComplete(writer_.record().state)) return;
        try {
            record_.error = error;
            updateTimes();
            live_.catchUp();
            writer_.complete(record_, project::RunState::failed);
            live_.tellLast(writer_.record());
        } catch (const std::exception&) {
            return;  // the first error is the one to tell; the run stays interrupted
        }
    }

    const methods::Method& method_;
    const RunSpec& spec_;
    jobs::JobContext& context_;
    project::Project& project_;
    RunInputs inputs_;
    const quant::Policy policy_;
    const std::optional<quant::QuantizedModel> start_;
    engine::Network network_;
    std::string resumeWarning_;  // set by begin()
    project::RunWriter writer_;
    project::RunRecord record_;
    StateStore states_;
    std::unique_ptr<const methods::CalibrationData> data_;
    std::vector<results::ArtefactPtr> pending_;
    LiveEvents live_;
    Clock::time_point lastUpdate_ = Clock::now();
};

}  // namespace

RunOutcome executeWith(const methods::Method& method, const RunSpec& spec, jobs::JobContext& context,
                       const RunEvents& events) {
    at::init_num_threads();  // OpenMP counts threads for each thread that calls it
    jobs::Progress loading = context.progress.child(kLoadShare, "load");
    RunInputs inputs = loadInputs(method.info(), spec, context.control);
    project::Project project = project::Project::openOrCreate(spec.project);
    loading.finish();
    return Execution(method, spec, context, events, project, std::move(inputs)).run();
}

}  // namespace vitrine::runs
