// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/synthesis.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/error.h"
#include "methods/parts/adam.h"
#include "methods/parts/image_prior.h"

namespace vitrine::methods {
namespace {

constexpr std::size_t kMostNotes = 400;  // steps at which terms are kept
constexpr double kQuantizedFactor = 4;   // memory of the quantized network's way, relative to the float one's
constexpr const char* kVariation = "variation";

double secondsSince(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// How far images are rolled and whether they are mirrored, and the way back of it.
struct Jitter {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    bool mirrored = false;

    at::Tensor apply(const at::Tensor& images) const {
        const at::Tensor rolled = at::roll(images, {rows, columns}, {2, 3});
        return mirrored ? rolled.flip({3}) : rolled;
    }
    at::Tensor undo(const at::Tensor& view) const {
        return at::roll(mirrored ? view.flip({3}) : view, {-rows, -columns}, {2, 3});
    }
};

/// The limit of a round, in pixels of this network's images: settings are for images of 224 pixels.
std::int64_t jitterLimit(const SynthesisSettings& settings, std::int64_t round, const at::Tensor& images) {
    if (settings.jitter.empty()) return 0;
    const auto index = std::min<std::size_t>(static_cast<std::size_t>(round), settings.jitter.size() - 1);
    const double scale = static_cast<double>(std::min(images.size(2), images.size(3))) / 224.0;
    return std::llround(static_cast<double>(settings.jitter[index]) * scale);
}

/// PSAQ-ViT's: linear over the warm-up, then half a cosine down to zero. A schedule shorter than five warm-ups warms up over a fifth.
double learningRate(const SynthesisSettings& settings, std::int64_t step, std::int64_t iterations) {
    const std::int64_t warmUp = std::min(settings.warmUp, iterations / 5);
    if (step < warmUp) return settings.learningRate * static_cast<double>(step + 1) / static_cast<double>(warmUp);
    const double share = static_cast<double>(step - warmUp) / static_cast<double>(iterations - warmUp);
    return 0.5 * (1 + std::cos(std::numbers::pi * share)) * settings.learningRate;
}

void addOnce(std::vector<graph::ValueId>& ids, graph::ValueId id) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

/// Values of one network as leaves of torch's graph: what a loss differentiates by.
engine::ValueTensors leavesOf(const engine::Differentiation& way, const std::vector<graph::ValueId>& ids) {
    engine::ValueTensors leaves;
    for (const graph::ValueId id : ids) leaves[id] = way.value(id).detach().requires_grad_(true);
    return leaves;
}

engine::ValueTensors gradientsOf(const engine::ValueTensors& leaves) {
    engine::ValueTensors gradients;
    for (const auto& [id, leaf] : leaves)
        if (leaf.grad().defined()) gradients[id] = leaf.grad();
    return gradients;
}

}  // namespace

Synthesis::Synthesis(const engine::Network& network, SynthesisSettings settings, std::vector<WeightedLoss> losses,
                     const RandomStreams& random, const std::string& stream)
    : network_(network), settings_(std::move(settings)), losses_(std::move(losses)), floating_(network),
      random_(random.stream(stream + ".steps")) {
    if (settings_.count < 1) fail(ErrorCode::invalidArgument, "at least one image must be made", "synthesis.count");
    const graph::ModelInfo& info = network.graph().info;
    Random images = random.stream(stream + ".images");
    Random labels = random.stream(stream + ".labels");
    Random prior = random.stream(stream + ".prior");
    images_ = gaussianImages(info, settings_.count, images);
    labels_ = drawLabels(info, settings_.count, labels);
    variationTarget_ = prior.uniform(settings_.variationLow, settings_.variationHigh) * variationScale(images_.sizes());
    const ValidBox box = validBox(info);
    low_ = box.low;
    high_ = box.high;
    restart(settings_.iterations, settings_.rounds);
    snapshot();
}

void Synthesis::setLosses(std::vector<WeightedLoss> losses) { losses_ = std::move(losses); }

void Synthesis::setQuantized(QuantizedView view) {
    quantized_ = std::move(view);
    quantizedGradients_.reset();
    if (quantized_.network != nullptr) quantizedGradients_.emplace(*quantized_.network);
}

void Synthesis::restart(std::int64_t iterations, std::int64_t rounds) {
    perRound_ = iterations;
    rounds_ = rounds;
    iteration_ = 0;
    updates_ = 0;
    first_ = at::zeros_like(images_);
    second_ = at::zeros_like(images_);
}

bool Synthesis::done() const { return iteration_ >= iterations(); }
std::int64_t Synthesis::iterations() const { return perRound_ * rounds_; }
double Synthesis::loss() const { return loss_; }

void Synthesis::step(const jobs::Control& control) {
    const std::string before = random_.state();
    try {
        const std::int64_t limit = jitterLimit(settings_, iteration_ / perRound_, images_);
        Jitter jitter{.rows = random_.integer(-limit, limit)};
        jitter.columns = settings_.diagonal ? jitter.rows : random_.integer(-limit, limit);
        jitter.mirrored = random_.uniform() < settings_.flip;
        const at::Tensor view = jitter.apply(images_);
        Gradient gradient = gradientOf(view, control);
        const double variation = addVariation(view, gradient.byPixel);
        control.check();
        note(gradient, variation);
        update(jitter.undo(gradient.byPixel));
    } catch (...) {
        random_.restore(before);
        throw;
    }
    ++iteration_;
    ++made_;
    if (isSnapshotDue()) snapshot();
}

std::int64_t Synthesis::chunkSize() const {
    if (settings_.chunk > 0) return std::min(settings_.chunk, settings_.count);
    double bytes = 0;
    const Probes asked = probes();
    if (!asked.floating.empty()) bytes += floating_.bytesPerImage();
    if (!asked.quantized.empty()) bytes += kQuantizedFactor * floating_.bytesPerImage();
    const double images = settings_.memoryBytes / std::max(bytes, 1.0);
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::min(images, 1e6)), 1, settings_.count);
}

Synthesis::Probes Synthesis::probes() const {
    Probes all;
    for (const WeightedLoss& weighted : losses_)
        for (const SynthesisProbe& probe : weighted.loss->probes()) addOnce(probe.quantized ? all.quantized : all.floating, probe.value);
    if (!all.quantized.empty() && !quantizedGradients_)
        fail(ErrorCode::internal, "a loss looks at a quantized network, and there is none", "synthesis");
    return all;
}

Synthesis::Gradient Synthesis::gradientOf(const at::Tensor& view, const jobs::Control& control) const {
    Gradient gradient{at::zeros_like(view), std::vector<std::vector<double>>(losses_.size())};
    if (losses_.empty()) return gradient;
    const Probes asked = probes();
    const std::int64_t chunk = chunkSize();
    for (std::int64_t first = 0; first < settings_.count; first += chunk) {
        const std::int64_t count = std::min(chunk, settings_.count - first);
        gradient.byPixel.narrow(0, first, count)
            .copy_(gradientOfChunk(view.narrow(0, first, count), labels_.narrow(0, first, count), asked, control, gradient.terms));
    }
    return gradient;
}

at::Tensor Synthesis::gradientOfChunk(const at::Tensor& view, const at::Tensor& labels, const Probes& asked, const jobs::Control& control,
                                      std::vector<std::vector<double>>& terms) const {
    const auto check = [&control] { control.check(); };
    std::optional<engine::Differentiation> floating, quantized;
    engine::ValueTensors floatLeaves, quantizedLeaves;
    if (!asked.floating.empty()) {
        floating.emplace(floating_, view, asked.floating, engine::Hooks{.checkpoint = check});
        floatLeaves = leavesOf(*floating, asked.floating);
    }
    if (!asked.quantized.empty()) {
        engine::Hooks hooks = quantized_.hooks;
        hooks.checkpoint = check;
        quantized.emplace(*quantizedGradients_, view, asked.quantized, std::move(hooks));
        quantizedLeaves = leavesOf(*quantized, asked.quantized);
    }
    for (std::size_t i = 0; i < losses_.size(); ++i) {
        const at::AutoGradMode differentiable(true);
        std::vector<at::Tensor> values;
        for (const SynthesisProbe& probe : losses_[i].loss->probes())
            values.push_back((probe.quantized ? quantizedLeaves : floatLeaves).at(probe.value));
        const at::Tensor term = losses_[i].loss->evaluate(values, labels);
        if (term.requires_grad()) (term.sum() * (losses_[i].weight / static_cast<double>(settings_.count))).backward();
        const at::Tensor plain = term.detach().to(at::kDouble).contiguous();
        terms[i].insert(terms[i].end(), plain.data_ptr<double>(), plain.data_ptr<double>() + plain.numel());
        control.check();
    }
    at::Tensor gradient = at::zeros_like(view);
    if (floating) gradient.add_(floating->backward(gradientsOf(floatLeaves)));
    if (quantized) gradient.add_(quantized->backward(gradientsOf(quantizedLeaves)));
    return gradient;
}

/// Adds the gradient of the pixel prior over the whole batch, and returns its value without the weight.
double Synthesis::addVariation(const at::Tensor& view, at::Tensor& gradient) const {
    if (settings_.variationWeight == 0) return 0;
    const at::AutoGradMode differentiable(true);
    const at::Tensor leaf = view.detach().requires_grad_(true);
    const at::Tensor distance = (totalVariation(leaf) - variationTarget_).abs();
    (distance * settings_.variationWeight).backward();
    gradient.add_(leaf.grad());
    return distance.detach().item<double>();
}

/// One step of Adam, then back into the valid box.
void Synthesis::update(const at::Tensor& gradient) {
    const at::NoGradGuard noGradient;
    ++updates_;
    methods::update({.beta1 = settings_.beta1, .beta2 = settings_.beta2, .epsilon = settings_.epsilon}, {images_, first_, second_}, gradient,
                    learningRate(settings_, iteration_ % perRound_, perRound_), updates_);
    images_.copy_(at::min(at::max(images_, low_), high_));
}

Synthesis::Curve& Synthesis::curve(const std::string& name, double weight) {
    const auto found = std::find_if(curves_.begin(), curves_.end(), [&](const Curve& other) { return other.name == name; });
    if (found != curves_.end()) {
        found->weight = weight;
        return *found;
    }
    const std::vector<double> unknown(static_cast<std::size_t>(settings_.count), std::numeric_limits<double>::quiet_NaN());
    curves_.push_back({name, weight, std::vector<std::vector<double>>(steps_.size(), unknown)});
    return curves_.back();
}

/// Keeps the terms before this iteration's update; when there are too many, every second one goes.
void Synthesis::note(const Gradient& gradient, double variation) {
    loss_ = settings_.variationWeight * variation;
    for (std::size_t i = 0; i < losses_.size(); ++i)
        for (const double term : gradient.terms[i]) loss_ += losses_[i].weight * term / static_cast<double>(settings_.count);
    if (made_ % stride_ != 0) return;
    const std::vector<double> unknown(static_cast<std::size_t>(settings_.count), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < losses_.size(); ++i) curve(losses_[i].loss->name(), losses_[i].weight).values.push_back(gradient.terms[i]);
    if (settings_.variationWeight != 0)
        curve(kVariation, settings_.variationWeight).values.emplace_back(static_cast<std::size_t>(settings_.count), variation);
    steps_.push_back(made_);
    for (Curve& other : curves_)
        if (other.values.size() < steps_.size()) other.values.push_back(unknown);
    if (steps_.size() < kMostNotes) return;
    const auto thin = [](auto& list) {
        for (std::size_t i = 0; 2 * i < list.size(); ++i) list[i] = list[2 * i];
        list.resize((list.size() + 1) / 2);
    };
    thin(steps_);
    for (Curve& other : curves_) thin(other.values);
    stride_ *= 2;
}

void Synthesis::run(jobs::Control& control, jobs::Progress& progress, const std::function<void()>& save, const std::function<void()>& show,
                    std::int64_t until) {
    using Clock = std::chrono::steady_clock;
    Clock::time_point saved = Clock::now();
    double pause = 1;
    const auto timedSave = [&] {
        const Clock::time_point begin = Clock::now();
        save();
        pause = std::max(1.0, 20 * secondsSince(begin));
        saved = Clock::now();
    };
    const bool whole = until == std::numeric_limits<std::int64_t>::max();
    const std::int64_t begin = whole ? 0 : iteration_;  // a part has progress of its own
    const auto length = static_cast<double>(std::min(until, iterations()) - begin);
    while (!done() && iteration_ < until && !control.shouldFinish()) {
        step(control);
        progress.update(static_cast<double>(iteration_ - begin) / length,
                        "iteration " + std::to_string(iteration_) + " of " + std::to_string(iterations()) + ", loss " + std::to_string(loss_));
        if (sheets_.back().step == made_) show();
        if (secondsSince(saved) >= pause) timedSave();
        control.safePoint(timedSave);
    }
    if (sheets_.back().step != made_) snapshot();
    show();
}

}  // namespace vitrine::methods
