// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/detect.h"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "base/error.h"
#include "graph/graph.h"
#include "models/architectures.h"

namespace vitrine::models {
namespace {

struct UnsupportedPart {
    const char* pattern;
    const char* what;
};

/// Tensors that change what the network computes and that the graph has no operation for.
constexpr UnsupportedPart kUnsupported[] = {
    {"*.ls?.gamma", "layer scale"},
    {"*.gamma_?", "layer scale"},
    {"*.attn.q_norm.*", "normalized queries"},
    {"*.attn.logit_scale", "cosine attention (Swin V2)"},
    {"*.attn.cpb_mlp.*", "computed position biases (Swin V2)"},
    {"*.attn.q_bias", "separate query and value biases"},
    {"blocks.*.attn.relative_position_bias_table", "relative positions without windows"},
    {"pre_logits.fc.*", "a representation layer with tanh"},
    {"norm_pre.*", "a norm before the first block"},
    {"reg_token", "register tokens"},
    {"absolute_pos_embed", "absolute positions in a Swin"},
    {"attn_pool.*", "attention pooling"},
};

bool hasAny(const Weights& weights, std::string_view pattern) {
    return std::ranges::any_of(weights.tensors(),
                               [&](const auto& entry) { return graph::matchesPattern(entry.first, pattern); });
}

void refuseUnsupported(const Weights& weights) {
    for (const UnsupportedPart& part : kUnsupported)
        for (const auto& entry : weights.tensors())
            if (graph::matchesPattern(entry.first, part.pattern))
                fail(ErrorCode::unsupported,
                     std::string("the network uses ") + part.what + " ('" + entry.first + "'), which is not supported");
}

[[noreturn]] void refuseUnknownNetwork(const Weights& weights) {
    std::string names;
    int shown = 0;
    for (const auto& entry : weights.tensors())
        if (shown++ < 5) names += (names.empty() ? "'" : ", '") + entry.first + "'";
    fail(ErrorCode::unsupported,
         "the checkpoint is no ViT, DeiT or Swin: it has neither 'blocks.N.attn.qkv.weight' nor "
         "'layers.N.blocks.N.attn.qkv.weight'" +
             (names.empty() ? "; it is empty" : "; its first tensors are " + names));
}

/// The file name in lower case, without folders.
std::string lowerName(const std::string& name) {
    std::string result = name.substr(name.find_last_of('/') + 1);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// What the hints and the file name say about the family, or "".
std::string hintedFamily(const DetectionInput& input) {
    if (input.hints.family) return *input.hints.family;
    if (input.hints.architecture)
        if (const auto family = familyNamed(*input.hints.architecture); !family.empty() && family != "vit")
            return std::string(family);
    const std::string name = lowerName(input.name);
    if (const auto family = familyNamed(name); !family.empty() && family != "vit") return std::string(family);
    const bool saysVit =
        (input.hints.architecture && familyNamed(*input.hints.architecture) == "vit") || familyNamed(name) == "vit";
    return saysVit ? "vit" : "";
}

void chooseFamily(const DetectionInput& input, bool windows, bool distilled, ModelPlan& plan) {
    const std::string hinted = hintedFamily(input);
    const std::string structural = windows ? "swin" : distilled ? "deit_distilled" : "";
    const bool explicitly = input.hints.family.has_value();
    const bool contradicts = structural.empty() ? hinted == "swin" || hinted == "deit_distilled"
                                                : hinted != structural && !(distilled && hinted == "deit");
    if (explicitly && contradicts)
        fail(ErrorCode::invalidArgument, "the tensors are not those of the family '" + hinted + "'", "model.family",
             structural.empty() ? "use vit or deit" : "use " + structural);
    if (!structural.empty()) {
        plan.info.family = structural;
    } else if (hinted.empty() || contradicts) {
        plan.info.family = "vit";
        if (!input.foreignLayout)
            plan.info.assumptions.push_back(
                "the network is taken for a ViT; a DeiT has equal tensors but the image statistics of ImageNet "
                "(model.family=deit)");
    } else {
        plan.info.family = hinted;
    }
}

/// The published architecture that the plan's sizes and family are those of, or null.
const KnownArchitecture* matchingArchitecture(const ModelPlan& plan) {
    const graph::ModelInfo& info = plan.info;
    const bool square = info.imageHeight == info.imageWidth;
    for (const KnownArchitecture& known : knownArchitectures())
        if (known.family == info.family && known.embed == info.embedDim && known.depths == info.depths && square &&
            known.heads == info.heads && known.patch == info.patchSize && known.image == info.imageHeight &&
            known.window == info.windowSize)
            return &known;
    return nullptr;
}

std::vector<double> perChannel(std::vector<double> values, std::int64_t channels, const char* key) {
    const auto count = static_cast<std::size_t>(channels);
    if (values.size() == 1) values.resize(count, values[0]);
    if (values.size() != count)
        fail(ErrorCode::invalidArgument,
             std::to_string(values.size()) + " values were given for images of " + std::to_string(channels) +
                 " channels",
             key);
    return values;
}

std::string listText(const std::vector<double>& values) {
    std::ostringstream text;
    for (std::size_t i = 0; i < values.size(); ++i) text << (i ? "," : "") << values[i];
    return text.str();
}

void choosePreprocessing(const DetectionInput& input, bool published, ModelPlan& plan) {
    graph::ModelInfo& info = plan.info;
    Preprocessing standard = familyPreprocessing(info.family);
    if (!published) standard.cropFraction = 1.0;
    // A file that states its own normalization was not trained by the recipe of timm: the usual 256 -> 224 of ImageNet.
    const bool ownRecipe = published && !input.hints.mean.empty() && !input.hints.cropFraction;
    if (ownRecipe) standard.cropFraction = 0.875;
    if (input.foreignLayout || info.imageChannels != 3) {
        standard.mean = {0.0};
        standard.standardDeviation = {1.0};
    }
    const ModelOverrides& hints = input.hints;
    info.mean = perChannel(hints.mean.empty() ? standard.mean : hints.mean, info.imageChannels, "model.mean");
    info.standardDeviation =
        perChannel(hints.standardDeviation.empty() ? standard.standardDeviation : hints.standardDeviation,
                   info.imageChannels, "model.std");
    info.cropFraction = hints.cropFraction.value_or(standard.cropFraction);
    info.interpolation = hints.interpolation.value_or("bicubic");
    if (ownRecipe)
        info.assumptions.push_back("the file gives a normalization but no crop: short sides are resized to 8/7 of the "
                                   "network's size (model.crop=0.875)");
    if (published) return;
    if (hints.mean.empty() || hints.standardDeviation.empty())
        info.assumptions.push_back("images are normalized with mean " + listText(info.mean) +
                                   " and standard deviation " + listText(info.standardDeviation) +
                                   " (model.mean, model.std)");
    if (!hints.cropFraction)
        info.assumptions.push_back("images are resized to the network's size, nothing is cropped (model.crop=1)");
}

void chooseArithmetic(const DetectionInput& input, bool windows, bool published, ModelPlan& plan) {
    const ModelOverrides& hints = input.hints;
    const double standard = windows || input.foreignLayout ? 1e-5 : 1e-6;
    plan.activation = hints.activation.value_or(Activation::geluErf);
    plan.norm = hints.norm.value_or(NormPlacement::pre);
    plan.epsilon = hints.epsilon.value_or(standard);
    if (published) return;
    std::vector<std::string>& assumptions = plan.info.assumptions;
    if (!hints.activation) assumptions.push_back("the activation is GELU in the erf form (model.activation)");
    if (!hints.norm) assumptions.push_back("layer norms stand before attention and MLP (model.norm)");
    if (!hints.epsilon)
        assumptions.push_back(std::string("the epsilon of the layer norms is ") + (standard < 5e-6 ? "1e-6" : "1e-5") +
                              " (model.epsilon)");
}

}  // namespace

ModelPlan detectPlan(const Weights& weights, const DetectionInput& input) {
    const bool windows = hasAny(weights, "layers.*.blocks.*.attn.qkv.weight");
    if (!windows && !hasAny(weights, "blocks.*.attn.qkv.weight")) refuseUnknownNetwork(weights);
    refuseUnsupported(weights);

    ModelPlan plan;
    const Shape& patch = weights.shape("patch_embed.proj.weight", 4);
    if (patch[2] != patch[3])
        fail(ErrorCode::unsupported,
             "patches of " + std::to_string(patch[2]) + "x" + std::to_string(patch[3]) + " are not square",
             "patch_embed.proj.weight");
    plan.info.embedDim = patch[0];
    plan.info.imageChannels = patch[1];
    plan.info.patchSize = patch[2];
    plan.info.classes = weights.shape("head.weight", 2)[0];
    plan.distillationToken = !windows && weights.has("dist_token");
    chooseFamily(input, windows, plan.distillationToken, plan);
    if (windows)
        detectSwin(weights, input, plan);
    else
        detectVit(weights, input, plan);

    const KnownArchitecture* known = matchingArchitecture(plan);
    if (known != nullptr) plan.info.architecture = known->name;
    const bool published = known != nullptr && !input.foreignLayout;
    chooseArithmetic(input, windows, published, plan);
    choosePreprocessing(input, published, plan);
    if (windows && plan.norm == NormPlacement::post)
        fail(ErrorCode::unsupported, "a Swin with norms after the residual additions is not supported", "model.norm");
    return plan;
}

}  // namespace vitrine::models
