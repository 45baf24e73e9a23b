// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json_fields.h"
#include "formats/safetensors.h"
#include "quant/quantized_model.h"

namespace vitrine::quant {
namespace {

using nlohmann::json;

constexpr int kFormat = 1;
constexpr const char* kJsonName = "quantized.json";
constexpr const char* kTensorsName = "quantized.safetensors";
constexpr std::size_t kLargestJson = std::size_t{16} << 20;

// What a tensor of the file is; the id of its parameter or site follows.
const std::string kParameter = "parameter:";
const std::string kScale = "scale:";
const std::string kZeroPoint = "zero_point:";

/// What `read` returns; its errors get the name of the file in front of the place that they name.
template <typename Read>
auto inFile(const std::filesystem::path& file, const std::string& place, Read read) {
    try {
        return read();
    } catch (const Exception& exception) {
        const Error& error = exception.error();
        const std::string& where = error.where.empty() ? place : error.where;
        fail(error.code, where.empty() ? error.what : where + ": " + error.what, file.string(), error.remedy);
    }
}

std::string siteText(const std::string& id) { return "site '" + id.substr(0, 120) + "'"; }

std::map<std::string, graph::Site> sitesById(const graph::Graph& graph) {
    std::map<std::string, graph::Site> sites;
    for (graph::Site& site : graph::findSites(graph)) {
        const std::string id = site.id;
        sites.emplace(id, std::move(site));
    }
    return sites;
}

const graph::Site& requireSite(const std::map<std::string, graph::Site>& sites, const std::string& id) {
    const auto found = sites.find(id);
    if (found == sites.end()) fail(ErrorCode::badFormat, "the network has no such site", siteText(id));
    return found->second;
}

/// The scale of a quantizer per tensor is readable in the JSON; vectors go to `tensors`.
json encodingToJson(const std::string& site, const Encoding& encoding, TensorMap& tensors) {
    json object{{"kind", quantizerKindName(encoding.kind)},
                {"bits", encoding.bits},
                {"rounding", roundingName(encoding.rounding)},
                {"granularity", granularityName(encoding.granularity)},
                {"axis", encoding.axis},
                {"qmin", encoding.qmin},
                {"qmax", encoding.qmax}};
    const auto put = [&](const char* key, const std::string& prefix, const std::vector<float>& values) {
        if (values.empty()) return;
        if (encoding.granularity == Granularity::tensor)
            object[key] = static_cast<double>(values[0]);
        else
            tensors[prefix + site] = HostTensor::of(values, {static_cast<std::int64_t>(values.size())});
    };
    put("scale", kScale, encoding.scale);
    put("zero_point", kZeroPoint, encoding.zeroPoint);
    return object;
}

/// Takes a tensor out of those that the file holds.
HostTensor take(TensorMap& tensors, const std::string& name) {
    auto node = tensors.extract(name);
    if (node.empty()) fail(ErrorCode::badFormat, "the tensor '" + name.substr(0, 120) + "' is absent", kTensorsName);
    return std::move(node.mapped());
}

std::vector<float> takeVector(TensorMap& tensors, const std::string& name) {
    const HostTensor tensor = take(tensors, name);
    if (tensor.dtype != DType::f32 || tensor.shape.size() != 1)
        fail(ErrorCode::badFormat, "the tensor '" + name.substr(0, 120) + "' is no list of F32", kTensorsName);
    return tensor.toFloats();
}

Encoding encodingFromJson(const std::string& site, const json& object, TensorMap& tensors) {
    const Fields fields(object, siteText(site),
                        {"kind", "bits", "rounding", "granularity", "axis", "qmin", "qmax", "scale", "zero_point"});
    constexpr std::int64_t kLargestCode = std::int64_t{1} << kMaxBits;
    Encoding encoding;
    encoding.kind = fields.named("kind", quantizerKindFromName);
    encoding.bits = static_cast<int>(fields.integer("bits", kMinBits, kMaxBits));
    encoding.rounding = fields.named("rounding", roundingFromName);
    encoding.granularity = fields.named("granularity", granularityFromName);
    encoding.axis = fields.integer("axis", 0, 64);
    encoding.qmin = fields.integer("qmin", -kLargestCode, kLargestCode);
    encoding.qmax = fields.integer("qmax", -kLargestCode, kLargestCode);
    const auto get = [&](const char* key, const std::string& prefix) -> std::vector<float> {
        if (encoding.granularity == Granularity::tensor) return {fields.singleNumber(key)};
        if (object.contains(key)) fields.mismatch(key, "belongs into the tensor file");
        return takeVector(tensors, prefix + site);
    };
    encoding.scale = get("scale", kScale);
    if (encoding.kind == QuantizerKind::uniform)
        encoding.zeroPoint = get("zero_point", kZeroPoint);
    else if (object.contains("zero_point"))
        fields.mismatch("zero_point", "does not fit a logarithmic quantizer");
    return encoding;
}

/// Everything that quantized.json says, with the tensors it refers to taken out of `tensors`.
QuantizedModel parse(const json& document, TensorMap tensors, const graph::Graph& source) {
    const Fields fields(document, "", {"format", "tensors_hash", "encodings", "rewritten"});
    QuantizedModel model{.rewritten = fields.texts("rewritten")};
    TensorMap replacements;
    for (const std::string& id : model.rewritten) replacements[id] = take(tensors, kParameter + id);
    model.graph = withParameters(source, replacements);

    const json& encodings = fields.at("encodings");
    if (!encodings.is_object()) fields.mismatch("encodings", "must be an object");
    const auto sites = sitesById(*model.graph);
    for (const auto& entry : encodings.items()) {
        const graph::Site& site = requireSite(sites, entry.key());
        Encoding encoding = encodingFromJson(site.id, entry.value(), tensors);
        inFile(kJsonName, siteText(site.id), [&] { requireFit(encoding, site); });
        model.encodings.emplace(site.id, std::move(encoding));
    }
    if (!tensors.empty())
        fail(ErrorCode::badFormat, "nothing refers to the tensor '" + tensors.begin()->first.substr(0, 120) + "'",
             kTensorsName);
    return model;
}

}  // namespace

void save(const QuantizedModel& model, const std::filesystem::path& folder) {
    TensorMap tensors;
    for (const std::string& id : model.rewritten) {
        const graph::Value& value = model.graph->value(model.graph->require(id));
        if (value.kind != graph::ValueKind::parameter)
            fail(ErrorCode::invalidArgument, "a value that is no parameter cannot be saved as a rewritten one", id);
        tensors[kParameter + id] = value.data;
    }
    const auto sites = sitesById(*model.graph);
    json encodings = json::object();
    for (const auto& [id, encoding] : model.encodings) {
        requireFit(encoding, requireSite(sites, id));
        encodings[id] = encodingToJson(id, encoding, tensors);
    }
    const std::filesystem::path tensorFile = folder / kTensorsName;
    formats::writeSafetensors(tensorFile, tensors);
    const json document{{"format", kFormat},
                        {"tensors_hash", hashFile(tensorFile)},
                        {"encodings", std::move(encodings)},
                        {"rewritten", model.rewritten}};
    writeFileAtomically(folder / kJsonName, document.dump(1) + "\n");
}

QuantizedModel load(const std::filesystem::path& folder, std::shared_ptr<const graph::Graph> graph) {
    const std::filesystem::path jsonFile = folder / kJsonName;
    const std::filesystem::path tensorFile = folder / kTensorsName;
    const json document = readJson(jsonFile, kLargestJson);
    return inFile(jsonFile, "", [&] {
        const Fields fields(document, "", {"format", "tensors_hash", "encodings", "rewritten"});
        const std::int64_t format = fields.integer("format", 1, INT32_MAX);
        if (format > kFormat)
            fail(ErrorCode::unsupported, "the quantized model has format " + std::to_string(format), "",
                 "open it with a newer version of the program");
        if (fields.text("tensors_hash") != hashFile(tensorFile))
            fail(ErrorCode::badFormat, "the file is damaged or was written with another " + std::string(kJsonName),
                 kTensorsName, "run the method again");
        return parse(document, formats::readSafetensors(tensorFile), *graph);
    });
}

}  // namespace vitrine::quant
