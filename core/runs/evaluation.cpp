// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/evaluation.h"

#include <ATen/Parallel.h>

#include "base/error.h"
#include "quant/quantized_network.h"
#include "runs/accuracy.h"
#include "runs/image_data.h"

namespace vitrine::runs {
namespace fs = std::filesystem;
namespace {

fs::path modelFolderOf(const fs::path& given) {
    if (fs::exists(given / "model" / "quantized.json")) return given / "model";
    if (fs::exists(given / "quantized.json")) return given;
    if (given.filename() == "quantized.json" && fs::exists(given)) return given.parent_path();
    fail(ErrorCode::notFound, "holds no quantized model (quantized.json)", given.string(), "give the folder of a run, or its model folder");
}

}  // namespace

Evaluation evaluate(const EvaluationSpec& spec, jobs::JobContext& context) {
    at::init_num_threads();
    jobs::Progress loading = context.progress.child(0.05, "load");
    const models::LoadedModel model = models::loadModel(spec.model, models::overridesFrom(spec.modelOverrides));
    const data::ImageSet images = openLabelled(spec.data, model.graph->info);
    loading.finish();

    const LabelledImages set{.images = images, .name = spec.data.path.filename().string(), .batch = spec.batch};
    Evaluation result{.warnings = model.warnings};
    const auto measure = [&](const MeasuredNetwork& subject, double share) {
        jobs::Progress progress = context.progress.child(share, "evaluate " + subject.name);
        MeasuredAccuracy measured = measureAccuracy(subject, set, context.control, progress);
        result.warnings.insert(result.warnings.end(), measured.warnings.begin(), measured.warnings.end());
        return measured.accuracy;
    };
    const engine::Network original(model.graph, spec.device);
    result.floating = measure({.name = "float", .network = original, .hooks = {}}, spec.quantized ? 0.45 : 0.95);
    if (!spec.quantized || context.control.endedEarly()) return result;
    const quant::QuantizedNetwork quantized(quant::load(modelFolderOf(*spec.quantized), model.graph), spec.device);
    result.quantized = measure({.name = "quantized", .network = quantized.network(), .hooks = quantized.hooks(), .original = &original}, 0.5);
    result.quantized->fidelity = fidelity(*result.quantized, result.floating);
    return result;
}

}  // namespace vitrine::runs
