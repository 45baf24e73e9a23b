// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/operations.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "base/error.h"

namespace vitrine::graph {
namespace {

using Shapes = std::span<const Shape>;

[[noreturn]] void misfit(const std::string& what, Shapes inputs) {
    std::string shapes;
    for (const Shape& shape : inputs) shapes += (shapes.empty() ? "" : ", ") + shapeText(shape);
    fail(ErrorCode::badFormat, what + " (shapes: " + shapes + ")");
}

void require(bool condition, const char* what, Shapes inputs) {
    if (!condition) misfit(what, inputs);
}

/// Elements of one image: the batch counts as one.
std::int64_t elementsPerImage(const Shape& shape) {
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1},
                           [](std::int64_t product, std::int64_t size) { return size == kBatch ? product : product * size; });
}

std::size_t axisOf(std::int64_t axis, Shapes inputs) {
    require(axis >= 0 && axis < static_cast<std::int64_t>(inputs[0].size()), "the axis is outside the tensor", inputs);
    return static_cast<std::size_t>(axis);
}

Shape sameShape(const Node&, Shapes inputs) { return inputs[0]; }

Shape convShape(const Node& node, Shapes inputs) {
    const auto& a = node.as<ConvAttributes>();
    const Shape& x = inputs[0];
    const Shape& w = inputs[1];
    require(x.size() == 4 && w.size() == 4 && a.groups > 0 && x[1] == w[1] * a.groups && w[0] % a.groups == 0,
            "the convolution's weight does not fit its input", inputs);
    require(inputs.size() < 3 || inputs[2] == Shape{w[0]}, "the convolution's bias does not fit its weight", inputs);
    Shape result{x[0], w[0], 0, 0};
    for (std::size_t i = 0; i < 2; ++i) {
        const std::int64_t room = x[i + 2] + 2 * a.padding[i] - w[i + 2];
        require(room >= 0 && a.stride[i] > 0, "the convolution's kernel is larger than its input", inputs);
        result[i + 2] = room / a.stride[i] + 1;
    }
    return result;
}

std::int64_t convMacs(const Node&, Shapes inputs, const Shape& output) {
    return elementsPerImage(output) * elementsPerImage({inputs[1].begin() + 1, inputs[1].end()});
}

Shape linearShape(const Node&, Shapes inputs) {
    require(!inputs[0].empty() && inputs[1].size() == 2 && inputs[0].back() == inputs[1][1],
            "the linear layer's weight does not fit its input", inputs);
    require(inputs.size() < 3 || inputs[2] == Shape{inputs[1][0]}, "the linear layer's bias does not fit its weight", inputs);
    Shape result = inputs[0];
    result.back() = inputs[1][0];
    return result;
}

std::int64_t linearMacs(const Node&, Shapes inputs, const Shape& output) {
    return elementsPerImage(output) * inputs[1][1];
}

Shape matmulShape(const Node& node, Shapes inputs) {
    const Shape& a = inputs[0];
    const Shape& b = inputs[1];
    const bool transposed = node.as<MatMulAttributes>().transposeB;
    require(a.size() >= 2 && a.size() == b.size() && std::equal(a.begin(), a.end() - 2, b.begin()),
            "the operands of a matrix product have different leading dimensions", inputs);
    const std::int64_t inner = transposed ? b[b.size() - 1] : b[b.size() - 2];
    require(a.back() == inner, "the inner dimensions of a matrix product differ", inputs);
    Shape result = a;
    result.back() = transposed ? b[b.size() - 2] : b.back();
    return result;
}

std::int64_t matmulMacs(const Node&, Shapes inputs, const Shape& output) {
    return elementsPerImage(output) * inputs[0].back();
}

Shape layerNormShape(const Node&, Shapes inputs) {
    require(!inputs[0].empty() && inputs[1] == Shape{inputs[0].back()} && inputs[2] == inputs[1],
            "the layer norm's weight or bias does not fit its input", inputs);
    return inputs[0];
}

Shape addShape(const Node&, Shapes inputs) {
    const Shape& longer = inputs[0].size() >= inputs[1].size() ? inputs[0] : inputs[1];
    const Shape& shorter = inputs[0].size() >= inputs[1].size() ? inputs[1] : inputs[0];
    Shape result = longer;
    for (std::size_t i = 1; i <= shorter.size(); ++i) {
        std::int64_t& size = result[result.size() - i];
        const std::int64_t other = shorter[shorter.size() - i];
        require(size == other || other == 1 || size == 1, "the operands of an addition cannot be broadcast", inputs);
        if (size == 1) size = other;
    }
    return result;
}

Shape reshapeShape(const Node& node, Shapes inputs) {
    const Shape& target = node.as<ReshapeAttributes>().shape;
    const bool batched = !inputs[0].empty() && inputs[0][0] == kBatch;
    const bool targetBatched = !target.empty() && target[0] == kBatch;
    require(batched == targetBatched && elementsPerImage(target) == elementsPerImage(inputs[0]),
            "a reshape changes the number of elements", inputs);
    return target;
}

Shape permuteShape(const Node& node, Shapes inputs) {
    const auto& axes = node.as<PermuteAttributes>().axes;
    require(axes.size() == inputs[0].size(), "a permutation does not name every dimension", inputs);
    Shape result;
    std::vector<bool> used(axes.size());
    for (const std::int64_t axis : axes) {
        const std::size_t i = axisOf(axis, inputs);
        require(!used[i], "a permutation names a dimension twice", inputs);
        used[i] = true;
        result.push_back(inputs[0][i]);
    }
    require(std::find(result.begin() + 1, result.end(), kBatch) == result.end(), "a permutation moves the batch", inputs);
    return result;
}

Shape expandShape(const Node&, Shapes inputs) {
    require(!inputs[0].empty() && inputs[0][0] == 1, "only a first dimension of 1 expands to the batch", inputs);
    Shape result = inputs[0];
    result[0] = kBatch;
    return result;
}

Shape concatShape(const Node& node, Shapes inputs) {
    const std::size_t axis = axisOf(node.as<AxisAttributes>().axis, inputs);
    Shape result = inputs[0];
    for (const Shape& part : inputs.subspan(1)) {
        require(part.size() == result.size(), "the parts of a concatenation have different ranks", inputs);
        for (std::size_t i = 0; i < part.size(); ++i)
            require(i == axis || part[i] == result[i], "the parts of a concatenation differ in another dimension", inputs);
        result[axis] += part[axis];
    }
    return result;
}

Shape sliceShape(const Node& node, Shapes inputs) {
    const auto& a = node.as<SliceAttributes>();
    const std::size_t axis = axisOf(a.axis, inputs);
    require(axis > 0 || inputs[0][0] != kBatch, "a slice cuts the batch", inputs);
    require(a.start >= 0 && a.length > 0 && a.start + a.length <= inputs[0][axis], "a slice leaves the tensor", inputs);
    require(!a.squeeze || a.length == 1, "only a slice of length 1 drops its dimension", inputs);
    Shape result = inputs[0];
    result[axis] = a.length;
    if (a.squeeze) result.erase(result.begin() + static_cast<std::ptrdiff_t>(axis));
    return result;
}

Shape rollShape(const Node& node, Shapes inputs) {
    const auto& a = node.as<RollAttributes>();
    require(a.axes.size() == a.shifts.size(), "a roll needs one shift for each axis", inputs);
    for (const std::int64_t axis : a.axes) require(inputs[0][axisOf(axis, inputs)] != kBatch, "a roll moves the batch", inputs);
    return inputs[0];
}

Shape padShape(const Node& node, Shapes inputs) {
    const auto& a = node.as<PadAttributes>();
    require(a.axes.size() == a.after.size(), "a padding needs one size for each axis", inputs);
    Shape result = inputs[0];
    for (std::size_t i = 0; i < a.axes.size(); ++i) {
        const std::size_t axis = axisOf(a.axes[i], inputs);
        require(a.after[i] >= 0 && result[axis] != kBatch, "a padding is negative or pads the batch", inputs);
        result[axis] += a.after[i];
    }
    return result;
}

Shape gatherShape(const Node&, Shapes inputs) {
    require(!inputs[0].empty(), "a gather needs a table", inputs);
    Shape result = inputs[1];
    result.insert(result.end(), inputs[0].begin() + 1, inputs[0].end());
    return result;
}

Shape meanShape(const Node& node, Shapes inputs) {
    const std::size_t axis = axisOf(node.as<AxisAttributes>().axis, inputs);
    require(inputs[0][axis] > 0, "a mean runs over the batch or over nothing", inputs);
    Shape result = inputs[0];
    result.erase(result.begin() + static_cast<std::ptrdiff_t>(axis));
    return result;
}

// In the order of Op.
constexpr OperationInfo kOperations[] = {
    {"conv2d", 2, 3, false, convShape, convMacs},
    {"linear", 2, 3, false, linearShape, linearMacs},
    {"matmul", 2, 2, false, matmulShape, matmulMacs},
    {"softmax", 1, 1, false, sameShape, nullptr},
    {"layer_norm", 3, 3, false, layerNormShape, nullptr},
    {"gelu", 1, 1, false, sameShape, nullptr},
    {"relu", 1, 1, false, sameShape, nullptr},
    {"add", 2, 2, false, addShape, nullptr},
    {"reshape", 1, 1, true, reshapeShape, nullptr},
    {"permute", 1, 1, true, permuteShape, nullptr},
    {"expand", 1, 1, true, expandShape, nullptr},
    {"concat", 1, 64, false, concatShape, nullptr},
    {"slice", 1, 1, true, sliceShape, nullptr},
    {"roll", 1, 1, true, rollShape, nullptr},
    {"pad", 1, 1, false, padShape, nullptr},
    {"gather", 2, 2, false, gatherShape, nullptr},
    {"mean", 1, 1, false, meanShape, nullptr},
};
static_assert(std::size(kOperations) == kOpCount);

}  // namespace

const OperationInfo& operationInfo(Op op) { return kOperations[static_cast<std::size_t>(op)]; }

Shape inferShape(const Node& node, Shapes inputs) {
    const OperationInfo& info = operationInfo(node.op);
    const int count = static_cast<int>(inputs.size());
    require(count >= info.minInputs && count <= info.maxInputs, "an operation has too few or too many inputs", inputs);
    return info.shape(node, inputs);
}

std::int64_t macs(const Graph& graph, const Node& node) {
    const OperationInfo& info = operationInfo(node.op);
    if (info.macs == nullptr) return 0;
    std::vector<Shape> shapes;
    for (const ValueId input : node.inputs) shapes.push_back(graph.value(input).shape);
    return info.macs(node, shapes, graph.value(node.output).shape);
}

std::int64_t totalMacs(const Graph& graph) {
    std::int64_t total = 0;
    for (const Node& node : graph.nodes) total += macs(graph, node);
    return total;
}

}  // namespace vitrine::graph
