// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/weights.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace vitrine::models {
namespace {

constexpr std::size_t kNamesShown = 20;

/// "a, b, c and 7 more"
std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i) text += (i ? ", " : "") + names[i];
    if (names.size() > kNamesShown) text += " and " + std::to_string(names.size() - kNamesShown) + " more";
    return text;
}

std::string counted(const std::vector<std::string>& names, const char* what) {
    return std::to_string(names.size()) + (names.size() == 1 ? " tensor " : " tensors ") + what + ": " + listed(names);
}

bool isFloating(DType dtype) {
    return dtype == DType::f32 || dtype == DType::f64 || dtype == DType::f16 || dtype == DType::bf16;
}

}  // namespace

const Shape& Weights::shape(const std::string& name, std::size_t rank) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end())
        fail(ErrorCode::badFormat, "tensor '" + name + "' is missing", {},
             "a complete checkpoint of the network is needed");
    const Shape& shape = found->second.shape;
    if (shape.size() != rank || std::ranges::any_of(shape, [](std::int64_t size) { return size < 1; }))
        fail(ErrorCode::badFormat, "tensor '" + name + "' has shape " + shapeText(shape) + ", not " +
                                       std::to_string(rank) + " dimensions of at least 1");
    return shape;
}

HostTensor Weights::accept(const std::string& name, const Shape& expected) {
    used_.insert(name);
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) {
        missing_.push_back(name);
        return {.shape = expected};
    }
    const HostTensor& tensor = found->second;
    if (!isFloating(tensor.dtype)) {
        notFloating_.push_back(name + " (" + std::string(dtypeName(tensor.dtype)) + ")");
        return {.shape = expected};
    }
    if (tensor.shape != expected) {
        misshaped_.push_back(name + " " + shapeText(tensor.shape) + " instead of " + shapeText(expected));
        return {.shape = expected};
    }
    if (tensor.dtype == DType::f32) return tensor;
    converted_[std::string(dtypeName(tensor.dtype))].push_back(name);
    return HostTensor::of(tensor.toFloats(), tensor.shape);
}

graph::ValueId Weights::parameter(graph::GraphBuilder& builder, const std::string& name, const Shape& expected) {
    HostTensor tensor = accept(name, expected);
    if (tensor.bytes && !std::ranges::all_of(tensor.as<float>(), [](float value) { return std::isfinite(value); }))
        notFinite_.push_back(name);
    return builder.parameter(name, std::move(tensor));
}

std::vector<std::string> Weights::finish() const {
    std::string problems;
    const auto report = [&](const std::vector<std::string>& names, const char* what) {
        if (!names.empty()) problems += (problems.empty() ? "" : "; ") + counted(names, what);
    };
    report(missing_, "missing");
    report(misshaped_, "of another shape");
    report(notFloating_, "not of a supported floating type");
    if (!problems.empty()) fail(ErrorCode::badFormat, "the weights do not fit the network: " + problems);

    std::vector<std::string> warnings;
    std::vector<std::string> surplus;
    for (const auto& entry : tensors_)
        if (!used_.contains(entry.first)) surplus.push_back(entry.first);
    if (!surplus.empty()) warnings.push_back(counted(surplus, "not used"));
    for (const auto& [type, names] : converted_)
        warnings.push_back(counted(names, ("converted from " + type + " to F32").c_str()));
    if (!notFinite_.empty()) warnings.push_back(counted(notFinite_, "with values that are infinite or no numbers"));
    return warnings;
}

}  // namespace vitrine::models
