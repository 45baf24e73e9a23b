// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "methods/clampvit_start.h"
#include "methods/infos.h"
#include "methods/parts/common_parameters.h"
#include "methods/parts/start_model.h"
#include "methods/psaq.h"

namespace vitrine::methods {
namespace {

const char* const kPaper = "CLAMP-ViT, ECCV 2024";
const char* const kCode = "CLAMP-ViT code, georgia-tech-synergy-lab/CLAMP-ViT";

constexpr std::int64_t kWideActivationBits = 8;
constexpr double kHeadroom = 2;

void appendImages(ParameterSchema& schema) {
    schema.push_back(choiceParameter("images", {"synthetic", "given"}, "synthetic",
        "Whether images are made from noise, or calibration images are taken instead."));
    appendCalibrationCount(schema, 32, 1024, Provenance::ours, "");
    for (ParameterSpec& spec : clampVitSynthesis()) schema.push_back(std::move(spec));
    const auto change = [&](const char* id, ParameterValue value) {
        const auto found = std::find_if(schema.begin(), schema.end(), [&](const ParameterSpec& spec) { return spec.id == id; });
        found->defaultValue = std::move(value);
        found->provenance = Provenance::ours;
        found->reference.clear();
    };
    change("synthesis.iterations", std::int64_t{100});
    change("synthesis.rounds", std::int64_t{1});
    change("synthesis.warmup", std::int64_t{10});
}

void appendPrecision(ParameterSchema& schema) {
    schema.push_back(from(Provenance::published, kPaper, choiceParameter("precision", {"fixed", "mixed"}, "fixed",
        "Whether all weights have weight.bits, or each layer its own width.")));
    appendBits(schema, 4, 8, Provenance::published, kPaper);
    schema.push_back(from(Provenance::code, kCode, inUnit("bits", integerParameter("bits.minimum", 2, 2, 8,
        "Narrowest weight in mixed precision."))));
    schema.push_back(from(Provenance::code, kCode, inUnit("bits", integerParameter("bits.maximum", 8, 2, 8,
        "Widest weight in mixed precision."))));
    schema.push_back(choiceParameter("budget.form", {"bound", "pressure"}, "bound",
        "What keeps mixed precision narrow: hard limits, or a loss that grows with the size."));
    schema.push_back(inUnit("bits", realParameter("budget.weight_bits", 5, 0, 32,
        "Most bits of a weight on average over parameters; 0: no limit. Under pressure, where the search begins.")));
    schema.push_back(inUnit("MB", realParameter("budget.size", 0, 0, 1e6, "Most megabytes of all parameters; 0: no limit.")));
    schema.push_back(inUnit("G", realParameter("budget.bops", 0, 0, 1e9, "Most bit operations for one image, in 1e9; 0: no limit.")));
    schema.push_back(advanced(realParameter("budget.pressure", 0.4, 0, 10,
        "Power of size / size at 8 bits that multiplies the loss under pressure.")));
    schema.push_back(advanced(choiceParameter("sensitivity.loss", {"logits", "fitness"}, "logits",
        "What chooses the widths in mixed precision: the squared error of the logits, or the loss of the search, most of whose probes "
        "do not see the last layers.")));
    schema.push_back(choiceParameter("activation.width", {"given", "sensitivity"}, "given",
        "Width of activations in mixed precision: activation.bits, or that of the weight that reads them and 1 bit more, 2 in the most "
        "sensitive third of the layers. The paper derives them from the sensitivity of weights and does not say how."));
}

void appendRanges(ParameterSchema& schema) {
    schema.push_back(choiceParameter("activation.calibration", {"reparameterized", "minmax", "percentile", "omse"}, "reparameterized",
        "How activations get their ranges: RepQ-ViT's way with scales folded into layer norms, smallest and largest value (as the paper "
        "has it), quantiles, or the least squared error. Plain ranges fail where a few activations are huge."));
    schema.push_back(choiceParameter("activation.fold", {"auto", "all", "none"}, "auto",
        "Whether the spread of channel scales behind layer norms is folded into the weights; auto: not at 8-bit activations, which can "
        "afford one scale for all channels, while folded weights are harder to quantize."));
    schema.push_back(realParameter("activation.headroom", 0, 0, 16,
        "Ranges of channels behind layer norms are widened so much: synthetic images reach less of them than real ones. 0: 2 at 8 bits, "
        "which is one of the 8 bits, else 1."));
    schema.push_back(booleanParameter("activation.recompute", true,
        "Calibrate the activations that a layer feeds anew when its weight or the images have changed; kept where the logits stay as near."));
    schema.push_back(choiceParameter("activation.search", {"post_gelu", "all", "none"}, "post_gelu",
        "Ranges that are widened step by step while the logits come nearer to those of the float network: those behind a GELU, where "
        "massive activations arise, all of them, or none."));
    schema.push_back(choiceParameter("weight.range", {"percentile", "minmax", "omse"}, "percentile",
        "The range of a weight before the search: quantiles of least squared error, smallest and largest value as the paper has it, or "
        "the shrunk range of least squared error."));
    appendStart(schema, "repq");
    std::erase_if(schema, [](const ParameterSpec& spec) { return spec.id == "start.method"; });
    for (ParameterSpec& spec : schema) {
        if (spec.id == "start.run") spec.help = "Id of a run of this project and network whose model is improved; empty: one is calibrated.";
        if (spec.id == "start.set") spec.help = "Parameters of the calibration beyond those here: \"repq.softmax=log2\".";
    }
}

void appendSearch(ParameterSchema& schema) {
    schema.push_back(integerParameter("search.passes", 2, 0, 1000, "How often all layers are visited; 10 in the paper."));
    schema.push_back(integerParameter("search.cycles", 4, 0, 1000, "Children of a layer per visit; 6 in the paper."));
    schema.push_back(integerParameter("search.population", 15, 1, 1000, "Candidates that are kept of a layer."));
    schema.push_back(integerParameter("search.initial", 2, 1, 1000,
        "Candidates that a visit begins with: the present one, then other widths or mutations."));
    schema.push_back(integerParameter("search.tournament", 10, 1, 1000, "Draws, with replacement, of which the two best become parents."));
    schema.push_back(realParameter("search.diversity", 0.1, 0, 1, "Chance that a cycle also tries a candidate from nowhere."));
    schema.push_back(realParameter("search.confidence", 2, 0, 10,
        "A change of a layer is kept where it lowers the loss by so many standard errors over the images; 0: whenever it lowers the loss of "
        "these images."));
    schema.push_back(choiceParameter("search.mutation", {"relative", "absolute"}, "relative",
        "Whether the noise of a child is in proportion to its scales or has a fixed size."));
    schema.push_back(realParameter("search.amplitude", 0, 0, 0.5,
        "Size of the noise; 0: 0.02 for relative noise, else 0.001 up to 4 bits, 0.0001 at 8, geometric in between."));
    schema.push_back(from(Provenance::published, kPaper, choiceParameter("fitness", {"contrastive", "mse", "kl", "cosine"}, "contrastive",
        "How the quantized and the float network are compared at a probe.")));
    schema.push_back(choiceParameter("fitness.probes", {"attention", "blocks", "output"}, "attention",
        "Where they are compared: behind every attention module or every block from the searched one on, and at the logits; or at the "
        "logits alone."));
    schema.push_back(realParameter("fitness.temperature", 1, 0.001, 1000, "Temperature of the contrastive fitness."));
    schema.push_back(inUnit("images", integerParameter("fitness.batch", 32, 2, 1024,
        "Images that are compared with each other: one positive and the others negatives.")));
    schema.push_back(choiceParameter("refresh.scope", {"pass", "layer", "never"}, "pass",
        "When images are renewed: before every pass but the first, or every half of the cycles of a layer as the paper has it."));
    schema.push_back(integerParameter("refresh.iterations", 20, 0, 10000, "Iterations that renew the images."));
    schema.push_back(choiceParameter("refresh.features", {"quant", "fp", "both"}, "quant",
        "Whose patches are contrasted when images are renewed: the quantized network's, the float one's, or both."));
    schema.push_back(advanced(inUnit("MB", integerParameter("memory.cache", 2000, 1, 1000000,
        "Memory for inputs of blocks; with less of it more is computed again, with the same result."))));
}

ParameterSchema schema() {
    ParameterSchema schema;
    appendPrecision(schema);
    appendImages(schema);
    appendRanges(schema);
    appendSearch(schema);
    appendScope(schema);
    return schema;
}

quant::Policy policy(const ParameterSet& parameters) {
    return startPolicy(clamp::startOf(parameters, parameters.integer("calibration.count")));
}

std::vector<ParameterPreset> presets() {
    return {{"fast", "Fast (8 images, 1 pass)", "For a first look.",
             {{"synthesis.count", "8"}, {"synthesis.iterations", "40"}, {"search.passes", "1"}, {"search.cycles", "2"}}},
            {"w8a8", "W8A8", "8-bit weights and activations.", {{"weight.bits", "8"}}},
            {"mixed", "Mixed precision, 5 bits", "Widths from 2 to 8 bits, 5 on average; activations at 8 bits.",
             {{"precision", "mixed"}, {"budget.weight_bits", "5"}}},
            {"mixed_both", "Mixed weights and activations", "Widths of activations follow from the sensitivity of the layers.",
             {{"precision", "mixed"}, {"budget.weight_bits", "5"}, {"activation.width", "sensitivity"}}},
            {"release", "Scope of the release", "Attention probabilities stay in float, as in the published code.",
             {{"scope.softmax", "float"}}},
            {"full", "Everything quantized", "Attention probabilities too.", {{"scope.softmax", "same"}}},
            {"published", "Effort of the paper", "10 passes of 6 cycles, 1000 iterations, images renewed within every visit. Takes hours.",
             {{"search.passes", "10"}, {"search.cycles", "6"}, {"synthesis.iterations", "500"}, {"synthesis.rounds", "2"},
              {"synthesis.warmup", "100"}, {"refresh.scope", "layer"}, {"refresh.iterations", "100"}}}};
}

}  // namespace

ParameterSet clamp::startOf(const ParameterSet& own, std::int64_t images) {
    const std::string& range = own.text("activation.calibration");
    const bool folds = range == "reparameterized";
    ParameterSchema schema = own.schema();
    schema.push_back(choiceParameter("start.method", {"repq", "baseline"}, folds ? "repq" : "baseline", ""));
    ParameterSet start(schema);
    for (const ParameterSpec& spec : own.schema()) start.set(spec.id, own.value(spec.id));
    start.set("calibration.count", images);
    // In mixed precision everything is calibrated behind the widest weights.
    if (own.text("precision") == "mixed") start.set("weight.bits", std::max(own.integer("bits.minimum"), own.integer("bits.maximum")));
    const bool wide = own.integer("activation.bits") >= kWideActivationBits;
    const double asked = own.real("activation.headroom");
    const std::string& fold = own.text("activation.fold");
    const bool unfolded = fold == "none" || (fold == "auto" && wide);
    const std::string room = "repq.headroom=" + parameterText(asked == 0 ? (wide ? kHeadroom : 1.0) : std::max(1.0, asked)) +
                             "; repq.folded=" + (unfolded ? "0" : "1");
    const std::string plain = "activation.observer=" + range + "; weight.symmetric=false; weight.observer=" + own.text("weight.range");
    start.set("start.set", (folds ? room : plain) + "; " + own.text("start.set"));
    return start;
}

MethodInfo clampvitInfo() {
    return {.id = "clampvit",
            .title = "CLAMP-ViT",
            .paper = "A. Ramachandran, S. Kundu, T. Krishna: CLAMP-ViT: Contrastive Data-Free Learning for Adaptive Post-Training "
                     "Quantization of ViTs. ECCV 2024, arXiv 2407.05266",
            .summary = "Needs no images: it makes some from noise, so that neighbouring patches contrast in the network's attention. Then it "
                       "searches scales, and widths in mixed precision, layer by layer under a contrastive loss, and renews the images as the "
                       "quantized network changes.",
            .needsData = false,
            .parameters = schema(),
            .stages = {{"synthesize", "Make images", 0.4},
                       {"start", "Calibrate quantizers", 0.1},
                       {"allocate", "Choose widths", 0.1},
                       {"search", "Search scales and widths", 0.4}},
            .presets = presets(),
            .policy = policy};
}

}  // namespace vitrine::methods
