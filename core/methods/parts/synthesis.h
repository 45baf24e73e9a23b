// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "engine/engine.h"
#include "engine/gradient.h"
#include "jobs/control.h"
#include "methods/method.h"
#include "methods/parts/synthesis_losses.h"
#include "results/artefacts.h"

namespace vitrine::methods {

/// How images are made from noise. The defaults are those of PSAQ-ViT's code.
struct SynthesisSettings {
    std::string method = "clampvit";  ///< id of the synthesizer, as artefacts name it
    std::int64_t count = 32;
    std::int64_t iterations = 500;  ///< of each round
    std::int64_t rounds = 2;        ///< each begins the schedule anew; the moments of Adam go on
    double learningRate = 0.2;
    double beta1 = 0.5, beta2 = 0.9, epsilon = 1e-8;
    std::int64_t warmUp = 100;                  ///< iterations in which the rate rises linearly; then it falls as a cosine
    std::vector<std::int64_t> jitter{15, 30};   ///< images are rolled by up to so many pixels, by round; the last one goes on
    bool diagonal = true;                       ///< down and to the right alike; else two draws
    double flip = 0.5;                          ///< probability of a mirrored batch
    double variationWeight = 0.05;              ///< of |totalVariation - target|; 0: none
    double variationLow = 2500, variationHigh = 3000;  ///< the target is drawn from here once, for 32 images of 3 x 224 x 224
    std::int64_t chunk = 0;                     ///< images that are differentiated together; 0: as memoryBytes allows
    double memoryBytes = 2e8;                   ///< for what one chunk keeps between its way forth and back
    std::int64_t snapshots = 8;                 ///< how often a schedule shows its images on the way
};

/// The quantized network that losses may look at. Its hooks must be differentiable, as quant::QuantizedNetwork's are.
struct QuantizedView {
    const engine::Network* network = nullptr;
    engine::Hooks hooks;
};

/// Images made by Adam on their pixels. Every iteration can be saved and taken up again bit for bit. What an image becomes depends on
/// the chunk by rounding alone; the same chunk gives the same bytes.
class Synthesis {
  public:
    /// Gaussian images and random labels from the streams "<stream>.images", ".labels", ".prior"; ".steps" draws jitter and flips.
    Synthesis(const engine::Network& network, SynthesisSettings settings, std::vector<WeightedLoss> losses, const RandomStreams& random,
              const std::string& stream = "synthesis");

    /// Other terms from the next iteration on: features of the quantized network after a refresh, for instance. Curves of terms
    /// with new names begin there.
    void setLosses(std::vector<WeightedLoss> losses);
    /// Needed before a loss with probes of the quantized network is used. The network is looked at until it is replaced; one without
    /// a network takes it away.
    void setQuantized(QuantizedView view);

    /// Begins a schedule of `rounds` rounds of `iterations` from the present images; the constructor begins that of the settings.
    /// The moments of Adam start at zero.
    void restart(std::int64_t iterations, std::int64_t rounds);

    bool done() const;
    std::int64_t iteration() const { return iteration_; }    ///< of the present schedule
    std::int64_t iterations() const;                          ///< that the present schedule has

    /// One iteration, during which control.check() is called at least every 100 ms of work on a network of usual size. When it
    /// throws, the state is that before the iteration.
    void step(const jobs::Control& control);

    /// Iterations until the schedule is done, `until` of it are made, or the user wants to finish early. Calls `save` once a second (less often where that would
    /// take more than a twentieth of the time) and where the user pauses, `show` after each snapshot and at the end.
    void run(jobs::Control& control, jobs::Progress& progress, const std::function<void()>& save, const std::function<void()>& show,
             std::int64_t until = std::numeric_limits<std::int64_t>::max());

    const at::Tensor& images() const { return images_; }  ///< [count,C,H,W], normalized; in the valid box once a step was made
    const at::Tensor& labels() const { return labels_; }  ///< int64 [count]: what the class term asks for
    double loss() const;                                   ///< mean over images of the last iteration, with the pixel prior

    /// What there is to show. Computes the float network's predictions of the present images; looks at `control` where it is given.
    results::SyntheticImages artefact(const jobs::Control* control = nullptr) const;

    /// Everything, under names that begin with `prefix`; and back. restore() throws Exception(badFormat) when it does not fit.
    void save(MethodState& state, const std::string& prefix = "synthesis") const;
    void restore(const MethodState& state, const std::string& prefix = "synthesis");
    static bool isIn(const MethodState& state, const std::string& prefix = "synthesis");

  private:
    struct Curve {
        std::string name;
        double weight = 1;
        std::vector<std::vector<double>> values;  ///< by noted step, then image
    };
    struct Gradient {
        at::Tensor byPixel;
        std::vector<std::vector<double>> terms;  ///< by loss, then image
    };
    struct Probes {
        std::vector<graph::ValueId> floating, quantized;
    };

    std::int64_t chunkSize() const;
    Probes probes() const;
    Gradient gradientOf(const at::Tensor& view, const jobs::Control& control) const;
    at::Tensor gradientOfChunk(const at::Tensor& view, const at::Tensor& labels, const Probes& probes, const jobs::Control& control,
                               std::vector<std::vector<double>>& terms) const;
    double addVariation(const at::Tensor& view, at::Tensor& gradient) const;
    void update(const at::Tensor& gradient);
    void note(const Gradient& gradient, double variation);
    Curve& curve(const std::string& name, double weight);
    void snapshot();
    bool isSnapshotDue() const;

    const engine::Network& network_;
    SynthesisSettings settings_;
    std::vector<WeightedLoss> losses_;
    engine::GradientNetwork floating_;
    QuantizedView quantized_;
    std::optional<engine::GradientNetwork> quantizedGradients_;
    Random random_;
    at::Tensor images_, first_, second_, labels_;
    at::Tensor low_, high_;  ///< the valid box
    double variationTarget_ = 0;
    std::int64_t perRound_ = 0, rounds_ = 0;  ///< of the present schedule
    std::int64_t iteration_ = 0;              ///< of the present schedule
    std::int64_t updates_ = 0;                ///< of Adam since its moments were zero
    std::int64_t made_ = 0;                   ///< iterations of all schedules
    double loss_ = 0;
    std::int64_t stride_ = 1;                 ///< every such iteration is noted
    std::vector<std::int64_t> steps_;
    std::vector<Curve> curves_;
    std::vector<results::SyntheticImages::Sheet> sheets_;
};

/// Calibration images in memory: synthetic ones, handed to any method.
class SyntheticData final : public CalibrationData {
  public:
    explicit SyntheticData(at::Tensor images) : images_(std::move(images)) {}
    std::int64_t count() const override { return images_.size(0); }
    at::Tensor images(std::int64_t first, std::int64_t count) const override { return images_.narrow(0, first, count); }

  private:
    at::Tensor images_;
};

/// "synthesis.*" of a schema with the defaults of PSAQ-ViT's code, and back from its values. `count` images are made by default.
void appendSynthesis(ParameterSchema& schema, std::int64_t count);
SynthesisSettings synthesisSettings(const ParameterSet& parameters);

/// All images side by side, as an artefact shows them: at most 64, in rows of 8, shrunk to at most 112 pixels.
results::SyntheticImages::Sheet contactSheet(const at::Tensor& images, const graph::ModelInfo& info, std::int64_t step);

/// What artefacts say of finished images: sizes, the grid, labels (may be undefined) and the float network's predictions.
results::SyntheticImages describeImages(const std::string& id, const engine::Network& network, const at::Tensor& images,
                                        const at::Tensor& labels, const jobs::Control* control);

}  // namespace vitrine::methods
