// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/products.h"

#include <ATen/ATen.h>
#include <dnnl.hpp>
#include <omp.h>

#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace vitrine::engine {
namespace {

using dnnl::memory;
using Dims = memory::dims;
constexpr auto kFloat = memory::data_type::f32;

/// Rows for which the layout of packed weights is chosen: fixed, so that results do not depend on what ran first.
constexpr std::int64_t kTypicalRows = 1024;

const dnnl::engine& cpuEngine() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

dnnl::stream& cpuStream() {
    thread_local dnnl::stream stream(cpuEngine());
    return stream;
}

memory::desc describe(const Dims& sizes, const Dims& strides) { return {sizes, kFloat, strides}; }

memory wrap(const memory::desc& description, const at::Tensor& tensor) {
    return {description, cpuEngine(), tensor.data_ptr()};
}

/// A product made ready for certain shapes. Its scratch memory comes from the caller, so threads can share it.
struct Product {
    dnnl::matmul::primitive_desc description;
    dnnl::matmul primitive;

    explicit Product(dnnl::matmul::primitive_desc d) : description(std::move(d)), primitive(description) {}

    void run(const at::Tensor& a, const memory& b, const at::Tensor& bias, const at::Tensor& out) const {
        const auto scratch = static_cast<std::int64_t>(description.scratchpad_desc().get_size());
        const at::Tensor room = at::empty({scratch}, at::kByte);
        std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, wrap(description.src_desc(), a)},
                                                  {DNNL_ARG_WEIGHTS, b},
                                                  {DNNL_ARG_DST, wrap(description.dst_desc(), out)},
                                                  {DNNL_ARG_SCRATCHPAD, wrap(description.scratchpad_desc(), room)}};
        if (bias.defined()) arguments.insert({DNNL_ARG_BIAS, wrap(description.bias_desc(), bias)});
        primitive.execute(cpuStream(), arguments);
    }
};

/// Products by everything that their preparation depends on. Shapes are few, so the cache is emptied when it grows.
class ProductCache {
  public:
    using Key = std::vector<std::int64_t>;

    template <typename Make>
    std::shared_ptr<const Product> get(Key key, const Make& make) {
        key.push_back(omp_in_parallel() ? 1 : omp_get_max_threads());
        const std::lock_guard lock(mutex_);
        if (const auto found = products_.find(key); found != products_.end()) return found->second;
        if (products_.size() >= kCapacity) products_.clear();
        auto product = std::make_shared<const Product>(make());
        products_.emplace(std::move(key), product);
        return product;
    }

  private:
    static constexpr std::size_t kCapacity = 1024;
    std::mutex mutex_;
    std::map<Key, std::shared_ptr<const Product>> products_;
};

ProductCache& productCache() {
    static ProductCache cache;
    return cache;
}

dnnl::matmul::primitive_desc packedProduct(std::int64_t rows, std::int64_t inputs, std::int64_t outputs, bool biased,
                                           const memory::desc& weight) {
    const memory::desc source = describe({rows, inputs}, {inputs, 1});
    const memory::desc result = describe({rows, outputs}, {outputs, 1});
    const auto operation = biased ? dnnl::matmul::desc(source, weight, describe({1, outputs}, {outputs, 1}), result)
                                  : dnnl::matmul::desc(source, weight, result);
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return {operation, attributes, cpuEngine()};
}

/// The layout that oneDNN prefers for a weight, seen as [inputs, outputs].
memory::desc packedLayout(std::int64_t inputs, std::int64_t outputs) {
    const memory::desc any({inputs, outputs}, kFloat, memory::format_tag::any);
    return packedProduct(kTypicalRows, inputs, outputs, true, any).weights_desc();
}

}  // namespace

struct PackedWeight::Data {
    std::vector<std::int64_t> shape;
    std::int64_t inputs = 0;
    std::int64_t outputs = 0;
    memory::desc layout;
    at::Tensor bytes;

    memory packed() const { return wrap(layout, bytes); }
    /// The weight as [inputs, outputs] in its ordinary layout.
    memory plain(const at::Tensor& weight) const { return wrap(describe({inputs, outputs}, {1, inputs}), weight); }
};

PackedWeight::PackedWeight(const at::Tensor& weight) : data_(std::make_unique<Data>()) {
    data_->shape = weight.sizes().vec();
    data_->outputs = weight.size(0);
    data_->inputs = weight.numel() / weight.size(0);
    data_->layout = packedLayout(data_->inputs, data_->outputs);
    data_->bytes = at::empty({static_cast<std::int64_t>(data_->layout.get_size())}, at::kByte);
    const at::Tensor dense = weight.contiguous();
    memory from = data_->plain(dense);
    memory to = data_->packed();
    dnnl::reorder(from, to).execute(cpuStream(), from, to);
}

PackedWeight::~PackedWeight() = default;

at::Tensor PackedWeight::unpack() const {
    at::Tensor weight = at::empty(data_->shape, at::kFloat);
    memory from = data_->packed();
    memory to = data_->plain(weight);
    dnnl::reorder(from, to).execute(cpuStream(), from, to);
    return weight;
}

at::Tensor multiplyPacked(const at::Tensor& x, const PackedWeight& weight, const at::Tensor& bias) {
    const PackedWeight::Data& w = weight.data();
    const at::Tensor source = x.contiguous();
    const std::int64_t rows = source.numel() / w.inputs;
    std::vector<std::int64_t> sizes = x.sizes().vec();
    sizes.back() = w.outputs;
    at::Tensor result = at::empty(sizes, at::kFloat);

    const bool biased = bias.defined();
    const auto product = productCache().get({rows, w.inputs, w.outputs, biased},
                                            [&] { return packedProduct(rows, w.inputs, w.outputs, biased, w.layout); });
    product->run(source, w.packed(), biased ? bias.contiguous() : bias, result);
    return result;
}

bool productsKeepRows() {
    // Sets of instructions are sets of bits; processors that oneDNN knows nothing of have all of them.
    const auto isa = dnnl::get_effective_cpu_isa();
    const auto bits = static_cast<unsigned>(isa);
    const auto wanted = static_cast<unsigned>(dnnl::cpu_isa::avx512_core);
    return isa != dnnl::cpu_isa::all && (bits & wanted) == wanted;
}

}  // namespace vitrine::engine
