// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "models/model.h"

namespace vitrine::models {
namespace {

constexpr double kLargestImage =
    4096;  // pixels a side; bounds the masks and position indices that are computed from it

ParameterSpec spec(std::string id, ParameterType type, ParameterValue value, std::string help) {
    return {.id = std::move(id), .type = type, .defaultValue = std::move(value), .help = std::move(help)};
}

ParameterSpec choice(std::string id, std::vector<std::string> choices, std::string help) {
    ParameterSpec result = spec(std::move(id), ParameterType::choice, std::string("auto"), std::move(help));
    result.choices = std::move(choices);
    result.choices.insert(result.choices.begin(), "auto");
    return result;
}

ParameterSpec number(ParameterSpec result, double maximum) {
    result.minimum = 0;
    result.maximum = maximum;
    return result;
}

ParameterSchema makeSchema() {
    using Type = ParameterType;
    const auto count = [](std::string id, std::string help) {
        return number(spec(std::move(id), Type::integer, std::int64_t{0}, std::move(help)), 4096);
    };
    const auto text = [](std::string id, std::string help) {
        return spec(std::move(id), Type::text, std::string(), std::move(help));
    };
    return {
        text("model.architecture",
             "Name of a published architecture, such as deit_tiny_patch16_224. Empty: found by itself."),
        choice("model.family", {"vit", "deit", "deit_distilled", "swin"},
               "Family of the network; tells ViT and DeiT apart, which have equal tensors but other image statistics."),
        count("model.heads",
              "Attention heads of a ViT or DeiT. 0: from the file or a published architecture of these sizes."),
        count("model.head_dim",
              "Channels of one attention head, where that is known instead of the number. 0: not given."),
        choice("model.activation", {"gelu_erf", "gelu_tanh", "relu"},
               "Activation of the MLPs. auto: the file's, else GELU."),
        choice("model.norm", {"pre", "post"},
               "Layer norms before attention and MLP, or after their residual additions."),
        choice("model.pooling", {"cls", "mean"},
               "What the classifier sees: the class token or the mean of the patch tokens."),
        number(spec("model.epsilon", Type::real, 0.0, "Epsilon of the layer norms. 0: the file's, else the family's."),
               1.0),
        text("model.image_size", "Image side in pixels (224), or height x width (104x88). Empty: read off the file."),
        text("model.mean", "Mean of each image channel, of pixels in [0,1]: 0.485,0.456,0.406. Empty: the family's."),
        text("model.std", "Standard deviation of each image channel, likewise. Empty: the family's."),
        number(spec("model.crop", Type::real, 0.0,
                    "Share of the resized image that the centre crop keeps. 0: the family's."),
               1.0),
        choice("model.interpolation", {"bicubic", "bilinear"}, "How images are resized."),
    };
}

[[noreturn]] void malformed(std::string_view id, std::string_view value, const char* wanted) {
    fail(ErrorCode::invalidArgument, "'" + std::string(value) + "' cannot be read", std::string(id), wanted);
}

template <typename Number>
bool parseAll(std::string_view text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

std::vector<double> parseList(std::string_view id, std::string_view text) {
    std::vector<double> numbers;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        double value = 0;
        if (!parseAll(rest.substr(0, comma), value) || !(value >= -1e3 && value <= 1e3))
            malformed(id, text, "it takes one number for each image channel, such as 0.5,0.5,0.5");
        numbers.push_back(value);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return numbers;
}

std::array<std::int64_t, 2> parseSize(std::string_view id, std::string_view text) {
    const std::size_t cross = text.find('x');
    std::array<std::int64_t, 2> size{};
    const bool read = cross == std::string_view::npos
                          ? parseAll(text, size[0])
                          : parseAll(text.substr(0, cross), size[0]) && parseAll(text.substr(cross + 1), size[1]);
    if (cross == std::string_view::npos) size[1] = size[0];
    if (!read || size[0] < 1 || size[1] < 1 || size[0] > kLargestImage || size[1] > kLargestImage)
        malformed(id, text, "it takes a side in pixels from 1 to 4096, such as 224, or height x width, such as 104x88");
    return size;
}

template <typename Value>
std::optional<Value> unlessZero(Value value) {
    return value == Value{} ? std::nullopt : std::optional<Value>(std::move(value));
}

std::optional<std::string> chosen(const ParameterSet& parameters, std::string_view id) {
    const std::string& text = parameters.text(id);
    return text == "auto" ? std::nullopt : std::optional<std::string>(text);
}

}  // namespace

const ParameterSchema& overrideSchema() {
    static const ParameterSchema schema = makeSchema();
    return schema;
}

ModelOverrides overridesFrom(const ParameterSet& parameters) {
    ModelOverrides result;
    result.architecture = unlessZero(parameters.text("model.architecture"));
    result.family = chosen(parameters, "model.family");
    result.heads = unlessZero(parameters.integer("model.heads"));
    result.headDim = unlessZero(parameters.integer("model.head_dim"));
    if (const auto name = chosen(parameters, "model.activation"))
        result.activation = *name == "relu"        ? Activation::relu
                            : *name == "gelu_tanh" ? Activation::geluTanh
                                                   : Activation::geluErf;
    if (const auto name = chosen(parameters, "model.norm"))
        result.norm = *name == "post" ? NormPlacement::post : NormPlacement::pre;
    if (const auto name = chosen(parameters, "model.pooling"))
        result.pooling = *name == "mean" ? Pooling::mean : Pooling::classToken;
    result.epsilon = unlessZero(parameters.real("model.epsilon"));
    const std::string& size = parameters.text("model.image_size");
    if (!size.empty()) result.imageSize = parseSize("model.image_size", size);
    result.mean = parseList("model.mean", parameters.text("model.mean"));
    result.standardDeviation = parseList("model.std", parameters.text("model.std"));
    for (const double deviation : result.standardDeviation)
        if (deviation <= 0) malformed("model.std", parameters.text("model.std"), "standard deviations are positive");
    result.cropFraction = unlessZero(parameters.real("model.crop"));
    result.interpolation = chosen(parameters, "model.interpolation");
    return result;
}

}  // namespace vitrine::models
