// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/candidate_evaluator.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "engine/tensors.h"
#include "quant/quantized_network.h"
#include "quant/quantizers.h"

namespace vitrine::methods {
namespace {

double bytesOf(const at::Tensor& tensor) { return static_cast<double>(tensor.numel()) * static_cast<double>(tensor.element_size()); }

/// The tensor in memory of its own size: a view would keep all of what it looks at.
at::Tensor compact(const at::Tensor& tensor) {
    return static_cast<double>(tensor.storage().nbytes()) > bytesOf(tensor) ? tensor.clone(at::MemoryFormat::Contiguous) : tensor;
}

/// Puts parameters of a network back when it goes.
class ParameterGuard {
  public:
    explicit ParameterGuard(engine::Network& network) : network_(network) {}
    ParameterGuard(const ParameterGuard&) = delete;
    ParameterGuard& operator=(const ParameterGuard&) = delete;
    ~ParameterGuard() {
        for (const auto& [value, tensor] : kept_) network_.setParameter(value, tensor);
    }
    void keep(graph::ValueId value) { kept_.emplace(value, network_.parameter(value)); }

  private:
    engine::Network& network_;
    std::map<graph::ValueId, at::Tensor> kept_;
};

}  // namespace

CandidateEvaluator::CandidateEvaluator(const engine::Network& floating, const quant::QuantizedModel& model, at::Tensor images,
                                       Options options, const jobs::Control& control)
    : floating_(floating), graph_(model.graph), network_(model.graph, floating.device()), encodings_(network_.sites().size()),
      options_(std::move(options)), control_(control) {
    if (options_.probes.empty() || options_.lossBatch < 1 || options_.chunk < 1)
        fail(ErrorCode::invalidArgument, "a search needs something to compare, and at least one image at a time", "search");
    options_.chunk = std::min(options_.chunk, options_.lossBatch);
    // Chunks must not straddle the batches of the loss.
    while (options_.lossBatch % options_.chunk != 0) --options_.chunk;
    SiteEncodings weights;
    for (std::size_t i = 0; i < sites().size(); ++i) {
        const auto found = model.encodings.find(sites()[i].id);
        if (found == model.encodings.end()) continue;
        encodings_[i] = found->second;
        if (sites()[i].isWeight()) weights.emplace(i, found->second);
    }
    putWeights(weights);
    setImages(std::move(images));
}

void CandidateEvaluator::setImages(at::Tensor images) {
    images_ = std::move(images);
    blockInputs_.clear();
    cut_.reset();
    prepared_.reset();
    computeTargets();
}

std::size_t CandidateEvaluator::chunkCount() const {
    return static_cast<std::size_t>((images_.size(0) + options_.chunk - 1) / options_.chunk);
}

at::Tensor CandidateEvaluator::chunkImages(std::size_t chunk) const {
    const std::int64_t first = static_cast<std::int64_t>(chunk) * options_.chunk;
    return images_.slice(0, first, std::min(first + options_.chunk, images_.size(0)));
}

std::span<const graph::ValueId> CandidateEvaluator::probesFrom(graph::NodeId node) const {
    const auto first = std::find_if(options_.probes.begin(), options_.probes.end(),
                                    [&](graph::ValueId probe) { return graph_->value(probe).producer >= node; });
    return {first, options_.probes.end()};
}

std::vector<at::Tensor> CandidateEvaluator::rowsOf(const engine::Network& network, const engine::Hooks& hooks,
                                                   const engine::ValueTensors& given, std::span<const graph::ValueId> probes) const {
    const engine::ValueTensors values = engine::evaluate(network, given, probes, hooks);
    std::vector<at::Tensor> rows;
    for (const graph::ValueId probe : probes) rows.push_back(values.at(probe).flatten(1));
    return rows;
}

void CandidateEvaluator::computeTargets() {
    targets_.clear();
    for (std::size_t chunk = 0; chunk < chunkCount(); ++chunk)
        targets_.push_back(rowsOf(floating_, {.checkpoint = [this] { control_.check(); }}, {{graph_->input, chunkImages(chunk)}},
                                  options_.probes));
}

engine::Hooks CandidateEvaluator::hooks(const std::vector<std::optional<quant::Encoding>>& encodings) const {
    return {.quantize =
                [&encodings](std::size_t site, at::Tensor value, bool mayOverwrite) {
                    const auto& encoding = encodings[site];
                    if (!encoding) return value;
                    if (!mayOverwrite) return quant::fakeQuantize(value, *encoding);
                    quant::fakeQuantizeInPlace(value, *encoding);
                    return value;
                },
            .quantizesElements = quant::quantizesElements(encodings),
            .checkpoint = [this] { control_.check(); }};
}

at::Tensor CandidateEvaluator::weightWith(std::size_t site, const quant::Encoding& encoding) const {
    const at::Tensor weight = engine::toTorch(graph_->value(sites()[site].value).data).to(network_.device());
    return options_.quantizeWeight ? options_.quantizeWeight(weight, encoding) : quant::fakeQuantize(weight, encoding);
}

void CandidateEvaluator::putWeights(const SiteEncodings& encodings) {
    for (const auto& [site, encoding] : encodings)
        if (sites()[site].isWeight()) network_.setParameter(sites()[site].value, weightWith(site, encoding));
}

graph::NodeId CandidateEvaluator::firstChangedNode(const SiteEncodings& candidate) const {
    if (candidate.empty()) return 0;
    graph::NodeId first = static_cast<graph::NodeId>(graph_->nodes.size()) - 1;
    for (const auto& [site, encoding] : candidate)
        for (const graph::Operand& operand : sites()[site].operands) first = std::min(first, operand.node);
    return first;
}

/// The values that nodes from `node` on read and that earlier nodes, or nobody, compute.
std::vector<graph::ValueId> CandidateEvaluator::cutBefore(graph::NodeId node) const {
    std::set<graph::ValueId> alive;
    for (std::size_t reader = static_cast<std::size_t>(node); reader < graph_->nodes.size(); ++reader)
        for (const graph::ValueId id : graph_->nodes[reader].inputs) {
            const graph::Value& value = graph_->value(id);
            if (value.kind != graph::ValueKind::parameter && value.producer < node) alive.insert(id);
        }
    return {alive.begin(), alive.end()};
}

std::size_t CandidateEvaluator::nearestCachedBlock(std::size_t block) const {
    const auto above = blockInputs_.upper_bound(block);
    return above == blockInputs_.begin() ? 0 : std::prev(above)->first;
}

engine::ValueTensors CandidateEvaluator::startOf(std::size_t chunk, std::size_t block) const {
    const auto found = blockInputs_.find(block);
    if (found == blockInputs_.end()) return {{graph_->input, chunkImages(chunk)}};
    return {{graph_->blocks[block].input, found->second[chunk]}};
}

double CandidateEvaluator::bytesOfValue(graph::ValueId value) const {
    double values = static_cast<double>(images_.size(0));
    const Shape& shape = graph_->value(value).shape;
    for (std::size_t d = 1; d < shape.size(); ++d) values *= static_cast<double>(shape[d]);
    return 4 * values;
}

/// Inputs of blocks up to `block` that are not known yet: of `block` itself, and as many evenly spaced ones as `bytes` hold.
void CandidateEvaluator::cacheBlockInputs(std::size_t block, double bytes) {
    const auto inputBytes = [&](std::size_t b) { return bytesOfValue(graph_->blocks[b].input); };
    double held = 0;
    for (const auto& [b, chunks] : blockInputs_) held += inputBytes(b);
    const std::size_t from = nearestCachedBlock(block);
    std::vector<std::size_t> kept;
    if (block > from) {
        double largest = 0;
        for (std::size_t b = from + 1; b <= block; ++b) largest = std::max(largest, inputBytes(b));
        const auto room = static_cast<std::size_t>(bytes / largest);
        const std::size_t step = room == 0 ? 0 : (block - from + room - 1) / room;
        for (std::size_t b = block; room > 0 && b > from; b = b > step ? b - step : 0) kept.push_back(b);
        for (const std::size_t b : kept) held += inputBytes(b);
    }
    while (held > bytes && !blockInputs_.empty()) {  // searches go from block to block: what is farthest away is needed last
        const std::size_t first = blockInputs_.begin()->first, last = blockInputs_.rbegin()->first;
        const bool firstIsFarther = last <= block || (first < block && block - first > last - block);
        const auto farthest = firstIsFarther ? blockInputs_.begin() : std::prev(blockInputs_.end());
        held -= inputBytes(farthest->first);
        blockInputs_.erase(farthest);
    }
    if (kept.empty()) return;
    std::vector<graph::ValueId> wanted;
    for (const std::size_t b : kept) wanted.push_back(graph_->blocks[b].input);
    const std::size_t start = nearestCachedBlock(block);
    std::map<std::size_t, std::vector<at::Tensor>> found;
    for (std::size_t chunk = 0; chunk < chunkCount(); ++chunk) {
        const engine::ValueTensors values = engine::evaluate(network_, startOf(chunk, start), wanted, hooks(encodings_));
        for (const std::size_t b : kept) found[b].push_back(compact(values.at(graph_->blocks[b].input)));
    }
    blockInputs_.merge(found);
}

/// Fills the caches for candidates that change `node` first.
void CandidateEvaluator::prepare(graph::NodeId node) {
    if (prepared_ == node) return;
    cut_.reset();
    const std::vector<graph::ValueId> alive = cutBefore(node);
    double cutBytes = 0;
    for (const graph::ValueId value : alive)
        if (value != graph_->input) cutBytes += bytesOfValue(value);
    const bool keepsCut = cutBytes <= options_.cacheBytes;
    const std::size_t block = graph_->blockOf(node);
    cacheBlockInputs(block, options_.cacheBytes - (keepsCut ? cutBytes : 0));
    if (keepsCut) {
        Cut values;
        for (std::size_t chunk = 0; chunk < chunkCount(); ++chunk) {
            values.push_back(engine::evaluate(network_, startOf(chunk, nearestCachedBlock(block)), alive, hooks(encodings_)));
            for (auto& [id, value] : values.back())
                if (id != graph_->input) value = compact(value);  // images are there anyway
        }
        cut_ = std::move(values);
    }
    prepared_ = node;
}

double CandidateEvaluator::measure(const SiteEncodings& candidate, const Loss& loss) {
    const at::NoGradGuard noGradient;
    const graph::NodeId node = firstChangedNode(candidate);
    prepare(node);
    std::vector<std::optional<quant::Encoding>> encodings = encodings_;
    ParameterGuard present(network_);
    for (const auto& [site, encoding] : candidate) {
        encodings[site] = encoding;
        if (sites()[site].isWeight()) present.keep(sites()[site].value);
    }
    putWeights(candidate);
    const std::size_t perBatch = static_cast<std::size_t>(options_.lossBatch / options_.chunk);
    double sum = 0;
    std::int64_t batches = 0;
    for (std::size_t first = 0; first < chunkCount(); first += perBatch, ++batches)
        sum += batchLoss(first, std::min(first + perBatch, chunkCount()), {node, encodings, probesFrom(node), loss});
    ++evaluations_;
    return sum / static_cast<double>(batches);
}

double CandidateEvaluator::batchLoss(std::size_t firstChunk, std::size_t endChunk, const Measured& what) const {
    // Before `node` the candidate changes nothing: without a cut, the walk through its network begins at an earlier value.
    const std::size_t block = nearestCachedBlock(graph_->blockOf(what.node));
    const std::size_t firstProbe = options_.probes.size() - what.probes.size();
    std::vector<std::vector<at::Tensor>> quantized(what.probes.size()), floating(what.probes.size());
    for (std::size_t chunk = firstChunk; chunk < endChunk; ++chunk) {
        const engine::ValueTensors start = cut_ ? (*cut_)[chunk] : startOf(chunk, block);
        const std::vector<at::Tensor> rows = rowsOf(network_, hooks(what.encodings), start, what.probes);
        for (std::size_t probe = 0; probe < rows.size(); ++probe) {
            quantized[probe].push_back(rows[probe]);
            floating[probe].push_back(targets_[chunk][firstProbe + probe]);
        }
    }
    std::vector<at::Tensor> q, f;
    for (std::size_t probe = 0; probe < quantized.size(); ++probe) {
        q.push_back(at::cat(quantized[probe]));
        f.push_back(at::cat(floating[probe]));
    }
    return what.loss(q, f);
}

void CandidateEvaluator::install(const SiteEncodings& candidate) {
    const at::NoGradGuard noGradient;
    for (const auto& [site, encoding] : candidate) encodings_[site] = encoding;
    putWeights(candidate);
    forget(firstChangedNode(candidate));
}

/// Drops what nodes from `from` on have computed.
void CandidateEvaluator::forget(graph::NodeId from) {
    std::erase_if(blockInputs_, [&](const auto& entry) { return graph_->value(graph_->blocks[entry.first].input).producer >= from; });
    if (prepared_ && *prepared_ > from) {
        cut_.reset();
        prepared_.reset();
    }
}

double CandidateEvaluator::targetBytes() const {
    double bytes = 0;
    for (const auto& chunk : targets_)
        for (const at::Tensor& rows : chunk) bytes += bytesOf(rows);
    return bytes;
}

double CandidateEvaluator::cachedBytes() const {
    double bytes = 0;
    for (const auto& [block, chunks] : blockInputs_)
        for (const at::Tensor& input : chunks) bytes += bytesOf(input);
    if (cut_)
        for (const engine::ValueTensors& values : *cut_)
            for (const auto& [id, value] : values)
                if (id != graph_->input) bytes += bytesOf(value);
    return bytes;
}

}  // namespace vitrine::methods
