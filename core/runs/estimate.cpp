// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/runtime.h"
#include "graph/operations.h"
#include "graph/sites.h"
#include "methods/method_info.h"
#include "runs/machine_speed.h"
#include "runs/preview.h"

namespace vitrine::runs {
namespace {

// Found by timing runs of small and middling ViTs; between machines only the measured speeds differ.
constexpr double kFixedSeconds = 0.22;    // loading the network, writing the run
constexpr double kThreadShare = 0.75;     // of the speed of small products that each thread reaches in a network
constexpr double kPerImage = 1e-4;          // of an evaluation, beside the network
constexpr double kDecodingPerPixel = 1.2e-8;  // seconds, ahead of the evaluation
constexpr double kMeasuredImages = 32;
constexpr double kSynthesisPasses = 3.5;  // forward passes that an iteration for an image takes
constexpr double kQuantizedSynthesis = 2;  // the same through a quantized network, relative to the float one
constexpr double kSuffix = 0.5;           // of a forward pass that a candidate takes: from its layer to the end, on average
constexpr double kQuantizedForward = 1.2;  // of a fake-quantized pass, relative to a float one
constexpr double kRangeSteps = 3;         // measurements for each range that is searched: as it is, and one or two wider ones
constexpr double kMeasuringPasses = 4;    // forward passes for errors, intervals and histograms
constexpr double kFloatBytes = 4;
constexpr double kProgramBytes = 190e6;   // Torch, its libraries and what they set up
constexpr double kParameterCopies = 5;    // file, graph, float and quantized networks, packed weights
constexpr double kLiveValues = 0.7;       // of the largest block, while a method looks at them
constexpr double kEvaluatedValues = 2.2;  // the same in an evaluation, with images decoded ahead

/// Sizes of a network, for one image.
struct NetworkSize {
    explicit NetworkSize(const graph::Graph& graph) : macs(static_cast<double>(graph::totalMacs(graph))) {
        std::map<std::size_t, double> blocks;
        for (const graph::Site& site : graph::findSites(graph)) {
            double elements = 1;
            for (const std::int64_t size : site.shape) elements *= size > 0 ? static_cast<double>(size) : 1.0;
            if (site.isWeight()) {
                weights += elements;
                ++layers;
                continue;
            }
            activations += elements;
            ++activationSites;
            blocks[site.block] += elements;
            if (site.role == graph::Role::postGelu && !site.shape.empty())
                gelus.push_back({elements / static_cast<double>(site.shape.back()), static_cast<double>(site.macs), elements});
        }
        for (const graph::Block& block : graph.blocks) transformers += block.kind == graph::BlockKind::transformer ? 1 : 0;
        for (const auto& [block, elements] : blocks) largestBlock = std::max(largestBlock, elements);
        parameters = static_cast<double>(graph.parameterCount());
        pixels = static_cast<double>(graph.info.imageHeight * graph.info.imageWidth);
        channels = static_cast<double>(graph.info.imageChannels);
    }

    struct Gelu {
        double tokens, macs, elements;
    };
    double macs = 0, weights = 0, activations = 0, largestBlock = 0, parameters = 0, pixels = 0, channels = 0;
    double layers = 0, activationSites = 0, transformers = 0;  ///< weights, activations, transformer blocks
    std::vector<Gelu> gelus;
};

/// What the images and parameters of a run come to.
struct Workload {
    std::string method;
    ParameterSet parameters;
    double calibration = 0, evaluation = 0, batch = 1;
};

bool has(const ParameterSet& parameters, std::string_view id) {
    return std::any_of(parameters.schema().begin(), parameters.schema().end(), [&](const ParameterSpec& spec) { return spec.id == id; });
}

double used(const ParameterSet& parameters, std::int64_t calibrationImages) {
    if (!has(parameters, "calibration.count")) return static_cast<double>(calibrationImages);
    return static_cast<double>(std::min(calibrationImages, parameters.integer("calibration.count")));
}

/// Seconds by what a run does, from the operations of the network.
class TimeModel {
  public:
    TimeModel(const NetworkSize& size, const MachineSpeed& speed, int threads)
        : size_(size), mac_(1 / (speed.productMacs * kThreadShare * threads)), element_(1 / speed.searchedElements),
          forward_(size.macs * mac_) {}

    double seconds(const Workload& work) const {
        const double evaluated = std::max(forward_, size_.pixels * kDecodingPerPixel) + kPerImage;
        const double measured = std::min(work.calibration, kMeasuredImages);
        return kFixedSeconds + methodSeconds(work) + 2.1 * work.evaluation * evaluated + kMeasuringPasses * measured * forward_ +
               work.calibration * size_.pixels * kDecodingPerPixel;
    }

  private:
    double methodSeconds(const Workload& work) const {
        if (work.method == "cptv") return startSeconds(work) + blockSearchSeconds(work);
        if (!has(work.parameters, "start.method") && work.method != "clampvit") return calibrationSeconds(work.method, work);
        Workload own = work;  // the images that it makes are those that it calibrates on
        const bool makes = work.method != "clampvit" || work.parameters.text("images") == "synthetic";
        if (makes) own.calibration = static_cast<double>(work.parameters.integer("synthesis.count"));
        double seconds = (makes ? synthesisSeconds(work) : 0) + startSeconds(own) + (work.method == "clampvit" ? layerSearchSeconds(own) : 0);
        if (work.method == "psaq2") seconds += studentSeconds(own);
        return seconds;
    }

    double calibrationSeconds(const std::string& method, const Workload& work) const {
        return method == "repq" ? repqSeconds(work) : baselineSeconds(work);
    }

    /// The calibration that a method begins with; nothing for the model of another run.
    double startSeconds(const Workload& work) const {
        const ParameterSet& own = work.parameters;
        if (has(own, "start.run") && !own.text("start.run").empty()) return 0;
        const std::string method = has(own, "start.method") ? own.text("start.method")
                                   : own.text("activation.calibration") == "reparameterized" ? "repq" : "baseline";
        const Workload start{method, ParameterSet(methods::methodInfo(method).parameters), work.calibration, 0, work.batch};
        return calibrationSeconds(method, start);
    }

    double candidateSeconds(const Workload& work) const { return kSuffix * kQuantizedForward * forward_ * work.calibration; }

    /// CPT-V: P passes over L blocks, each with one measurement and C children (docs/methods.md).
    double blockSearchSeconds(const Workload& work) const {
        const auto number = [&](const char* id) { return static_cast<double>(work.parameters.integer(id)); };
        const double blocks = size_.transformers * (work.parameters.text("search.blocks") == "attention" ? 1 : 2);
        return number("search.passes") * blocks * (1 + number("search.cycles")) * candidateSeconds(work);
    }

    /// CLAMP-ViT: widths of every layer behind ranges that are fitted to the widest, then visits of every layer, ranges behind it, and new
    /// images.
    double layerSearchSeconds(const Workload& work) const {
        const ParameterSet& own = work.parameters;
        const auto number = [&](const char* id) { return static_cast<double>(own.integer(id)); };
        const double passes = number("search.passes");
        const double visit = number("search.initial") + number("search.cycles") * (1 + own.real("search.diversity"));
        const double targets = forward_ * work.calibration;  // of the float network, for everything that measures
        double seconds = targets + (passes * (size_.layers * visit + rangeFit(own)) + recalibrations(own)) * candidateSeconds(work);
        if (own.text("precision") == "mixed") {
            const double widths = size_.layers * (number("bits.maximum") - number("bits.minimum") + 1);  // all else is float
            seconds += 3 * targets + (rangeFit(own) + widths / kQuantizedForward + 2) * candidateSeconds(work);
        }
        double refreshes = refreshedPasses(own);
        if (own.text("images") == "synthetic" && own.text("refresh.scope") == "layer") refreshes = 2 * passes * size_.layers;
        return seconds + refreshes * number("refresh.iterations") * kQuantizedSynthesis * kSynthesisPasses * forward_ * work.calibration;
    }

    /// Measurements that widen the ranges of a pass.
    double rangeFit(const ParameterSet& own) const {
        const std::string& searched = own.text("activation.search");
        if (searched == "none") return 0;
        return kRangeSteps * (searched == "all" ? size_.activationSites : static_cast<double>(size_.gelus.size()));
    }

    /// Measurements of ranges that are calibrated anew, two a layer, in passes where weights or images change.
    double recalibrations(const ParameterSet& own) const {
        if (!own.boolean("activation.recompute")) return 0;
        const bool searches = own.integer("search.cycles") > 0 || own.integer("search.initial") > 1;
        return 2 * size_.layers * (searches ? static_cast<double>(own.integer("search.passes")) : refreshedPasses(own));
    }

    static double refreshedPasses(const ParameterSet& own) {
        if (own.text("images") != "synthetic" || own.text("refresh.scope") != "pass") return 0;
        return std::max(0.0, static_cast<double>(own.integer("search.passes")) - 1);
    }

    /// PSAQ-ViT V2: the way of the images through the quantized network, and its lessons. Of the first one only the calibration counts,
    /// of the last one, on the finished images, it is counted already.
    double studentSeconds(const Workload& work) const {
        const ParameterSet& own = work.parameters;
        const double lessons = std::ceil(iterations(work) / static_cast<double>(own.integer("psaq2.student_every")));
        const double wayOfAll = kQuantizedSynthesis * kSynthesisPasses * forward_ * work.calibration;
        const double made = own.real("psaq2.disagreement_weight") > 0 ? iterations(work) : 0;
        const double trained = own.real("psaq2.student_rate") > 0 ? lessons * static_cast<double>(own.integer("psaq2.student_steps")) : 0;
        return lessons * startSeconds(work) + (made + trained) * wayOfAll;
    }

    double iterations(const Workload& work) const {
        if (!has(work.parameters, "synthesis.iterations")) return 0;
        return static_cast<double>(work.parameters.integer("synthesis.iterations") * work.parameters.integer("synthesis.rounds"));
    }

    /// Methods that make their images: each iteration goes forth and back.
    double synthesisSeconds(const Workload& work) const {
        return kSynthesisPasses * forward_ * iterations(work) * static_cast<double>(work.parameters.integer("synthesis.count"));
    }

    double baselineSeconds(const Workload& work) const {
        const std::string observer = has(work.parameters, "activation.observer") ? work.parameters.text("activation.observer") : "minmax";
        const double perElement = observer == "omse" ? kOmse : observer == "percentile" ? kQuantiles : kExtremes;
        const double passes = observer == "omse" ? 2 : 1;
        return work.calibration * (passes * forward_ + size_.activations * element_ * perElement) + size_.weights * element_ * kExtremes;
    }

    double repqSeconds(const Workload& work) const {
        const ParameterSet& parameters = work.parameters;
        const double candidates = static_cast<double>(parameters.reals("search.percentiles").size());
        const double search = size_.activations * element_ * kSearch * (kSearchBase + (1 - kSearchBase) * candidates / 3);
        const bool byOutput = !parameters.boolean("repq.compat") && parameters.text("search.post_gelu") == "output_error";
        return work.calibration * (1.3 * forward_ + search) + size_.weights * element_ + (byOutput ? outputSearches(work) : 0);
    }

    /// 40 products of at most 4096 tokens for each site after a GELU.
    double outputSearches(const Workload& work) const {
        double seconds = 0;
        for (const NetworkSize::Gelu& gelu : size_.gelus) {
            const double images = std::min(work.calibration, 4096 / std::max(gelu.tokens, 1.0));
            seconds += 40 * images * (gelu.macs * mac_ + gelu.elements * element_ * kErrorPass);
        }
        return seconds;
    }

    // Against a percentile search of three candidates in one thread, for one element.
    static constexpr double kExtremes = 0.65;
    static constexpr double kQuantiles = 1.6;
    static constexpr double kOmse = 1.6;
    static constexpr double kSearch = 1.9;
    static constexpr double kSearchBase = 0.6;  ///< share of finding the quantiles
    static constexpr double kErrorPass = 0.11;

    const NetworkSize& size_;
    double mac_, element_, forward_;
};

double bytesOf(const NetworkSize& size, const Workload& work) {
    const double calibrated = work.method == "repq" ? work.calibration : std::min(work.calibration, work.batch);
    const double evaluated = std::min(work.evaluation, work.batch);
    const double blocks = std::max(calibrated * kLiveValues, evaluated * kEvaluatedValues);
    return kProgramBytes + kFloatBytes * (kParameterCopies * size.parameters + work.calibration * size.pixels * size.channels +
                                          blocks * size.largestBlock);
}

/// Bytes that the parameters take at `weightBits` on average.
double sizeAt(const NetworkSize& size, double weightBits) {
    return size.weights * weightBits / 8 + (size.parameters - size.weights) * kFloatBytes;
}

bool isOfTheNetwork(const project::RunRecord& run, const EstimateInput& input, const NetworkSize& size) {
    const project::RunFigures& figures = run.figures;
    if (run.family != input.network.info.family || run.architecture != input.network.info.architecture) return false;
    if (!figures.sizeBytes || !figures.averageWeightBits) return false;
    const double expected = sizeAt(size, *figures.averageWeightBits);
    return std::abs(*figures.sizeBytes - expected) <= 0.02 * expected;
}

/// What a run of the past worked on; parameters that its schema has no longer are left out.
Workload workloadOf(const project::RunRecord& run, const ParameterSchema& schema) {
    Workload work{.method = run.method, .parameters = ParameterSet(schema), .batch = static_cast<double>(run.batch)};
    for (const project::ParameterRecord& parameter : run.parameters) {
        if (!has(work.parameters, parameter.id)) continue;
        try {
            work.parameters.set(parameter.id, parameter.value);
        } catch (const Exception&) {
            continue;  // of a version with another range: its default is near enough
        }
    }
    for (const project::InputRecord& input : run.inputs) {
        if (input.role == "calibration") work.calibration = used(work.parameters, input.images);
        if (input.role == "evaluation") work.evaluation = static_cast<double>(input.images);
    }
    return work;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

Estimate estimate(const EstimateInput& input) {
    const NetworkSize size(input.network);
    const int threads = engine::runtimeInfo().threads;
    const TimeModel time(size, machineSpeed(), threads);
    const Workload wanted{input.method, input.parameters, used(input.parameters, input.calibrationImages),
                          static_cast<double>(input.evaluationImages), static_cast<double>(input.batch)};
    std::vector<double> slowness, fatness;
    for (const project::RunRecord& run : input.runs) {
        const bool comparable = run.state == project::RunState::finished && run.method == input.method && run.threads == threads;
        if (!comparable || run.seconds <= 0 || !isOfTheNetwork(run, input, size)) continue;
        const Workload done = workloadOf(run, input.parameters.schema());
        slowness.push_back(run.seconds / time.seconds(done));
        fatness.push_back(static_cast<double>(run.peakMemoryBytes) / bytesOf(size, done));
    }
    Estimate result{time.seconds(wanted), bytesOf(size, wanted), "from the network's operations"};
    if (slowness.empty()) return result;
    result.seconds *= median(slowness);
    result.bytes *= median(fatness);
    const std::string count = std::to_string(slowness.size());
    result.basis = "from " + count + (slowness.size() == 1 ? " run" : " runs") + " of this method and network";
    return result;
}

}  // namespace vitrine::runs
