// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hints.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/files.h"

namespace vitrine::models {
namespace {

using nlohmann::json;

/// Metadata entries and the override keys that read them.
constexpr std::array<std::pair<const char*, const char*>, 12> kMetadataKeys = {{
    {"arch", "model.architecture"},
    {"num_heads", "model.heads"},
    {"head_dim", "model.head_dim"},
    {"act", "model.activation"},
    {"norm", "model.norm"},
    {"pool", "model.pooling"},
    {"ln_eps", "model.epsilon"},
    {"img", "model.image_size"},
    {"mean", "model.mean"},
    {"std", "model.std"},
    {"crop", "model.crop"},
    {"interpolation", "model.interpolation"},
}};

/// Entries of a JSON description: where they stand and the override key that reads them.
constexpr std::array<std::pair<const char*, const char*>, 12> kDescriptionKeys = {{
    {"/architecture", "model.architecture"},
    {"/model_args/num_heads", "model.heads"},
    {"/cfg/num_heads", "model.heads"},
    {"/model_args/img_size", "model.image_size"},
    {"/cfg/img_size", "model.image_size"},
    {"/pretrained_cfg/input_size", "model.image_size"},
    {"/global_pool", "model.pooling"},
    {"/layernorm_eps", "model.epsilon"},
    {"/pretrained_cfg/mean", "model.mean"},
    {"/pretrained_cfg/std", "model.std"},
    {"/pretrained_cfg/crop_pct", "model.crop"},
    {"/pretrained_cfg/interpolation", "model.interpolation"},
}};

/// Collects overrides key by key; what a key does not accept becomes a warning.
class HintReader {
  public:
    explicit HintReader(std::string where) : where_(std::move(where)) {}

    void set(const char* key, const char* name, const std::string& text) {
        ParameterSet alone(overrideSchema());
        try {
            alone.setText(key, text);
            found_.hints = combine(std::move(found_.hints), overridesFrom(alone));
        } catch (const Exception&) {
            warn(std::string(name) + " = '" + text + "' is not understood and ignored");
        }
    }
    void warn(const std::string& what) { found_.warnings.push_back(where_ + ": " + what); }
    FoundHints take() { return std::move(found_); }

  private:
    std::string where_;
    FoundHints found_;
};

/// A JSON entry as an override's text; "" for entries that say nothing to a single-stage network (lists of heads).
std::string textOf(const json& entry, std::string_view key) {
    if (entry.is_string()) {
        const auto text = entry.get<std::string>();
        if (key == "model.pooling") return text == "token" ? "cls" : text == "avg" ? "mean" : text;
        return text;
    }
    if (entry.is_number()) return entry.dump();
    if (!entry.is_array() || entry.empty() || key == "model.heads") return {};
    for (const json& element : entry)
        if (!element.is_number()) return {};
    if (key == "model.epsilon") return entry[0].dump();
    const bool isSize = key == "model.image_size";  // [height, width], or [channels, height, width]
    std::string text;
    for (std::size_t i = isSize && entry.size() == 3 ? 1 : 0; i < entry.size(); ++i)
        text += (text.empty() ? "" : isSize ? "x" : ",") + entry[i].dump();
    return text;
}

/// The description beside "net.legacy.pth": "net.legacy.json", "net.json" or "config.json"; "" when there is none.
std::filesystem::path descriptionOf(const std::filesystem::path& checkpoint) {
    std::filesystem::path stem = checkpoint;
    while (stem.has_extension()) {
        stem.replace_extension();
        std::filesystem::path file = stem;
        file += ".json";
        if (std::filesystem::is_regular_file(file)) return file;
    }
    const std::filesystem::path common = checkpoint.parent_path() / "config.json";
    return std::filesystem::is_regular_file(common) ? common : std::filesystem::path();
}

}  // namespace

FoundHints hintsFromMetadata(const std::map<std::string, std::string>& metadata) {
    HintReader reader("metadata");
    for (const auto& [name, key] : kMetadataKeys)
        if (const auto entry = metadata.find(name); entry != metadata.end()) reader.set(key, name, entry->second);
    return reader.take();
}

FoundHints hintsBeside(const std::filesystem::path& checkpoint) {
    const std::filesystem::path file = descriptionOf(checkpoint);
    if (file.empty()) return {};
    HintReader reader(file.filename().string());
    json description;
    try {
        description = json::parse(readTextFile(file, std::size_t{4} << 20));
    } catch (const std::exception& exception) {  // unreadable or no JSON: the checkpoint can stand without it
        reader.warn("not understood and ignored (" + describe(exception).text() + ")");
        return reader.take();
    }
    for (const auto& [name, key] : kDescriptionKeys) {
        const json::json_pointer place(name);
        if (!description.is_object() || !description.contains(place)) continue;
        if (const std::string text = textOf(description.at(place), key); !text.empty()) reader.set(key, name, text);
    }
    return reader.take();
}

ModelOverrides combine(ModelOverrides first, const ModelOverrides& second) {
    const auto complete = [](auto& mine, const auto& other) {
        if (!mine) mine = other;
    };
    complete(first.architecture, second.architecture);
    complete(first.family, second.family);
    if (!first.heads && !first.headDim) {  // two ways to say one thing
        first.heads = second.heads;
        first.headDim = second.headDim;
    }
    complete(first.activation, second.activation);
    complete(first.norm, second.norm);
    complete(first.pooling, second.pooling);
    complete(first.epsilon, second.epsilon);
    complete(first.imageSize, second.imageSize);
    complete(first.cropFraction, second.cropFraction);
    complete(first.interpolation, second.interpolation);
    if (first.mean.empty()) first.mean = second.mean;
    if (first.standardDeviation.empty()) first.standardDeviation = second.standardDeviation;
    return first;
}

}  // namespace vitrine::models
