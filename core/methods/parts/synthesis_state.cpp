// SPDX-License-Identifier: GPL-3.0-or-later
// How a synthesis is shown, saved and taken up again.
#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "engine/tensors.h"
#include "methods/parts/image_prior.h"
#include "methods/parts/synthesis.h"

namespace vitrine::methods {
namespace {

using results::SyntheticImages;

constexpr std::int64_t kMostTiles = 64;
constexpr std::int64_t kColumns = 8;
constexpr std::int64_t kTilePixels = 112;
constexpr std::size_t kMostSheets = 16;
constexpr std::int64_t kPredictedAtOnce = 8;

std::int64_t tilesOf(std::int64_t images) { return std::min(images, kMostTiles); }
std::int64_t columnsOf(std::int64_t images) { return std::min(tilesOf(images), kColumns); }
std::int64_t rowsOf(std::int64_t images) { return (tilesOf(images) + columnsOf(images) - 1) / columnsOf(images); }

[[noreturn]] void refuse(const std::string& what) {
    fail(ErrorCode::badFormat, "does not fit this synthesis", what, "start the run again");
}

at::Tensor readLike(const MethodState& state, const std::string& name, const at::Tensor& like) {
    const auto found = state.tensors.find(name);
    if (found == state.tensors.end() || found->second.shape != like.sizes().vec()) refuse(name);
    const at::Tensor tensor = engine::toTorch(found->second);
    if (tensor.scalar_type() != like.scalar_type()) refuse(name);
    return tensor.clone();
}

}  // namespace

SyntheticImages::Sheet contactSheet(const at::Tensor& images, const graph::ModelInfo& info, std::int64_t step) {
    const at::NoGradGuard noGradient;
    const std::int64_t tiles = tilesOf(images.size(0));
    at::Tensor pixels = denormalized(images.narrow(0, 0, tiles), info);
    const double scale = std::min(1.0, static_cast<double>(kTilePixels) / static_cast<double>(std::max(pixels.size(2), pixels.size(3))));
    const auto height = std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(pixels.size(2)) * scale));
    const auto width = std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(pixels.size(3)) * scale));
    if (scale < 1) pixels = at::adaptive_avg_pool2d(pixels, {height, width});
    if (pixels.size(1) == 1) pixels = pixels.expand({-1, 3, -1, -1});
    const std::int64_t columns = columnsOf(tiles);
    const std::int64_t rows = rowsOf(tiles);
    at::Tensor all = at::zeros({rows * columns, 3, height, width}, at::kFloat);
    all.narrow(0, 0, tiles).copy_(pixels.narrow(1, 0, 3));
    const at::Tensor bytes = (all * 255).round().to(at::kByte).view({rows, columns, 3, height, width}).permute({0, 3, 1, 4, 2}).contiguous();
    const auto* first = bytes.data_ptr<std::uint8_t>();
    return {.step = step, .tileWidth = width, .tileHeight = height, .rgb = {first, first + bytes.numel()}};
}

SyntheticImages describeImages(const std::string& id, const engine::Network& network, const at::Tensor& images, const at::Tensor& labels,
                               const jobs::Control* control) {
    const at::NoGradGuard noGradient;
    const std::int64_t count = images.size(0);
    SyntheticImages result{.method = id,
                           .width = images.size(3),
                           .height = images.size(2),
                           .columns = columnsOf(count),
                           .rows = rowsOf(count)};
    const engine::Hooks hooks{.checkpoint = [control] { if (control != nullptr) control->check(); }};
    for (std::int64_t first = 0; first < count; first += kPredictedAtOnce) {
        const std::int64_t part = std::min(kPredictedAtOnce, count - first);
        const auto [confidence, prediction] =
            engine::forward(network, images.narrow(0, first, part).to(network.device()), hooks).softmax(1).max(1);
        for (std::int64_t i = 0; i < part; ++i)
            result.images.push_back({.label = labels.defined() ? labels[first + i].item<std::int64_t>() : -1,
                                     .prediction = prediction[i].item<std::int64_t>(),
                                     .confidence = confidence[i].item<double>()});
    }
    return result;
}

bool Synthesis::isSnapshotDue() const {
    const std::int64_t every = std::max<std::int64_t>(1, iterations() / std::max<std::int64_t>(1, settings_.snapshots));
    return settings_.snapshots > 0 && (iteration_ % every == 0 || done());
}

/// Sheets are bounded: when there are too many, every second one between the first and the last goes.
void Synthesis::snapshot() {
    if (!sheets_.empty() && sheets_.back().step == made_) sheets_.pop_back();
    sheets_.push_back(contactSheet(images_, network_.graph().info, made_));
    if (sheets_.size() <= kMostSheets) return;
    std::vector<SyntheticImages::Sheet> fewer;
    for (std::size_t i = 0; i < sheets_.size(); ++i)
        if (i % 2 == 0 || i + 1 == sheets_.size()) fewer.push_back(std::move(sheets_[i]));
    sheets_ = std::move(fewer);
}

SyntheticImages Synthesis::artefact(const jobs::Control* control) const {
    SyntheticImages result = describeImages(settings_.method, network_, images_, labels_, control);
    result.sheets = sheets_;
    result.steps = steps_;
    for (const Curve& curve : curves_) result.terms.push_back({curve.name, curve.weight, curve.values});
    return result;
}

bool Synthesis::isIn(const MethodState& state, const std::string& prefix) { return state.data.contains(prefix); }

void Synthesis::save(MethodState& state, const std::string& prefix) const {
    nlohmann::json data{{"iteration", iteration_}, {"per_round", perRound_}, {"rounds", rounds_},   {"updates", updates_},
                        {"made", made_},           {"stride", stride_},      {"loss", loss_},       {"target", variationTarget_},
                        {"steps", steps_},         {"random", random_.state()}};
    const auto tensor = [&](const std::string& name, const at::Tensor& value) {
        state.tensors[prefix + "/" + name] = engine::toHost(value.clone());  // the images go on changing
    };
    tensor("images", images_);
    tensor("first", first_);
    tensor("second", second_);
    tensor("labels", labels_);
    data["curves"] = nlohmann::json::array();
    for (const Curve& curve : curves_) {
        std::vector<double> values;
        for (const std::vector<double>& row : curve.values) values.insert(values.end(), row.begin(), row.end());
        const auto rows = static_cast<std::int64_t>(curve.values.size());
        state.tensors[prefix + "/curve/" + curve.name] = HostTensor::of(std::move(values), {rows, settings_.count});
        data["curves"].push_back({{"name", curve.name}, {"weight", curve.weight}});
    }
    data["sheets"] = nlohmann::json::array();
    for (const SyntheticImages::Sheet& sheet : sheets_) {
        const auto size = static_cast<std::int64_t>(sheet.rgb.size());
        state.tensors[prefix + "/sheet/" + std::to_string(sheet.step)] = HostTensor::of(sheet.rgb, {size});
        data["sheets"].push_back({{"step", sheet.step}, {"width", sheet.tileWidth}, {"height", sheet.tileHeight}});
    }
    state.data[prefix] = std::move(data);
}

void Synthesis::restore(const MethodState& state, const std::string& prefix) {
    try {
        const nlohmann::json& data = state.data.at(prefix);
        images_ = readLike(state, prefix + "/images", images_);
        first_ = readLike(state, prefix + "/first", images_);
        second_ = readLike(state, prefix + "/second", images_);
        labels_ = readLike(state, prefix + "/labels", labels_);
        iteration_ = data.at("iteration");
        perRound_ = data.at("per_round");
        rounds_ = data.at("rounds");
        updates_ = data.at("updates");
        made_ = data.at("made");
        stride_ = data.at("stride");
        loss_ = data.at("loss");
        variationTarget_ = data.at("target");
        steps_ = data.at("steps").get<std::vector<std::int64_t>>();
        random_.restore(data.at("random"));
        curves_.clear();
        const auto count = static_cast<std::size_t>(settings_.count);
        for (const nlohmann::json& item : data.at("curves")) {
            Curve curve{.name = item.at("name"), .weight = item.at("weight")};
            const auto values = state.tensors.at(prefix + "/curve/" + curve.name).as<double>();
            if (values.size() != steps_.size() * count) refuse(curve.name);
            for (std::size_t row = 0; row < steps_.size(); ++row)
                curve.values.emplace_back(values.begin() + static_cast<std::ptrdiff_t>(row * count),
                                          values.begin() + static_cast<std::ptrdiff_t>((row + 1) * count));
            curves_.push_back(std::move(curve));
        }
        sheets_.clear();
        for (const nlohmann::json& item : data.at("sheets")) {
            const auto bytes = state.tensors.at(prefix + "/sheet/" + std::to_string(item.at("step").get<std::int64_t>())).as<std::uint8_t>();
            sheets_.push_back({.step = item.at("step"), .tileWidth = item.at("width"), .tileHeight = item.at("height"),
                               .rgb = {bytes.begin(), bytes.end()}});
        }
        if (sheets_.empty() || perRound_ < 0 || stride_ < 1) refuse(prefix);
    } catch (const nlohmann::json::exception&) {
        refuse(prefix);
    } catch (const std::out_of_range&) {
        refuse(prefix);
    }
}

}  // namespace vitrine::methods
