// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/synthesis.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <chrono>
#include <cstdio>
#include <utility>

#include "base/files.h"
#include "engine/engine.h"
#include "formats/image.h"
#include "methods/parts/image_prior.h"
#include "methods/synthesizers.h"
#include "project/layout.h"

namespace vitrine::runs {
namespace fs = std::filesystem;
namespace {

constexpr double kLoadShare = 0.05;
constexpr double kMakeShare = 0.9;
const char* const kTable = "images.csv";

std::string fileName(std::size_t index) {
    char name[32];
    std::snprintf(name, sizeof name, "image_%04zu.png", index);
    return name;
}

/// `planes` is one of methods::pictures().
formats::Image picture(const at::Tensor& planes) {
    const at::Tensor bytes = planes.permute({1, 2, 0}).contiguous();
    const auto* first = bytes.data_ptr<std::uint8_t>();
    return {.width = static_cast<int>(bytes.size(1)), .height = static_cast<int>(bytes.size(0)), .rgb = {first, first + bytes.numel()}};
}

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

std::string tableOf(const results::SyntheticImages& images, const std::vector<std::string>& files) {
    std::string text = "file,label,prepared,prediction,confidence";
    for (const auto& term : images.terms) text += "," + term.name;
    text += "\n";
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& image = images.images[i];
        text += files[i] + "," + std::to_string(image.label < 0 ? image.prediction : image.label) + ",1," + std::to_string(image.prediction) +
                "," + number(image.confidence);
        for (const auto& term : images.terms) text += "," + (term.values.empty() ? std::string() : number(term.values.back()[i]));
        text += "\n";
    }
    return text;
}

}  // namespace

SynthesisResult synthesizeImages(const SynthesisSpec& spec, jobs::JobContext& context) {
    using Clock = std::chrono::steady_clock;
    at::init_num_threads();  // OpenMP counts threads for each thread that calls it
    const at::NoGradGuard noGradient;
    jobs::Progress loading = context.progress.child(kLoadShare, "load");
    const methods::SynthesizerInfo& info = methods::synthesizerInfo(spec.synthetic.method);
    models::LoadedModel model = models::loadModel(spec.model, models::overridesFrom(spec.modelOverrides));
    const engine::Network network(model.graph, spec.device);
    project::makeFolder(spec.output);
    loading.finish();

    SynthesisResult result{.table = kTable, .warnings = std::move(model.warnings)};
    jobs::Progress making = context.progress.child(kMakeShare, info.title);
    const quant::Policy policy = info.policy ? info.policy(spec.synthetic.parameters) : quant::Policy();
    const RandomStreams random(spec.seed);
    methods::MethodContext inner{.network = network,
                                 .parameters = spec.synthetic.parameters,
                                 .policy = policy,
                                 .data = nullptr,
                                 .random = random,
                                 .control = context.control,
                                 .progress = making,
                                 .emit =
                                     [&](results::Artefact artefact) {
                                         if (auto* images = std::get_if<results::SyntheticImages>(&artefact.payload))
                                             result.images = std::move(*images);
                                     },
                                 .saveCheckpoint = [](const methods::MethodState&) {},
                                 .checkpoint = std::nullopt};
    const Clock::time_point begin = Clock::now();
    const at::Tensor images = methods::synthesize(spec.synthetic.method, inner, {.model = {.graph = model.graph}}).images;
    result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    making.finish();

    const at::Tensor pictures = methods::pictures(images, model.graph->info);
    for (std::int64_t i = 0; i < pictures.size(0); ++i) {
        context.control.check();
        result.files.push_back(fileName(static_cast<std::size_t>(i)));
        formats::writePng(spec.output / result.files.back(), picture(pictures[i]));
    }
    writeFileAtomically(spec.output / kTable, tableOf(result.images, result.files));
    return result;
}

}  // namespace vitrine::runs
