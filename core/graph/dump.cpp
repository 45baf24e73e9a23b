// SPDX-License-Identifier: GPL-3.0-or-later
#include <sstream>

#include "graph/graph.h"
#include "graph/operations.h"

namespace vitrine::graph {
namespace {

std::string shapeWithBatch(const Shape& shape) {
    std::string text = shapeText(shape);
    if (!shape.empty() && shape[0] == kBatch) text.replace(1, 2, "B");
    return text;
}

}  // namespace

std::string dump(const Graph& graph) {
    std::ostringstream out;
    out << graph.info.family << " " << graph.info.architecture << ": " << graph.parameterCount() << " parameters, "
        << totalMacs(graph) << " MACs\n";
    for (const Block& block : graph.blocks) {
        out << "\n[" << block.id << "] " << blockKindName(block.kind) << ": " << graph.value(block.input).id << " -> "
            << graph.value(block.output).id << "\n";
        for (NodeId id = block.firstNode; id < block.endNode; ++id) {
            const Node& node = graph.node(id);
            const Value& result = graph.value(node.output);
            out << "  " << result.id << " " << shapeWithBatch(result.shape) << " = " << operationInfo(node.op).name << "(";
            for (std::size_t i = 0; i < node.inputs.size(); ++i) out << (i ? ", " : "") << graph.value(node.inputs[i]).id;
            out << ")";
            if (const std::int64_t count = macs(graph, node)) out << "  " << count << " MACs";
            out << "\n";
        }
    }
    return out.str();
}

}  // namespace vitrine::graph
