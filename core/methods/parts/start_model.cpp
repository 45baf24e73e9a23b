// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/start_model.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>

#include "base/error.h"
#include "methods/parts/common_parameters.h"

namespace vitrine::methods {
namespace {

const char* const kStageKey = "start.stage";

ParameterSpec textParameter(std::string id, std::string help) {
    return {.id = std::move(id), .type = ParameterType::text, .defaultValue = std::string(), .help = std::move(help)};
}

/// One stage of the start method, with its own view of progress and checkpoints.
MethodState runStage(const Method& method, std::size_t stage, MethodState state, MethodContext& outer, const ParameterSet& parameters) {
    const auto& stages = method.info().stages;
    jobs::Progress progress = outer.progress.child(1.0 / static_cast<double>(stages.size()), stages[stage].title);
    MethodContext context{.network = outer.network,
                          .parameters = parameters,
                          .policy = outer.policy,
                          .data = outer.data,
                          .random = outer.random,
                          .control = outer.control,
                          .progress = progress,
                          .emit = outer.emit,
                          .saveCheckpoint = [](const MethodState&) {},
                          .checkpoint = std::nullopt};
    return method.run(stage, std::move(state), context);
}

}  // namespace

void appendStart(ParameterSchema& schema, const std::string& method) {
    schema.push_back(choiceParameter("start.method", {"repq", "baseline"}, method,
        "The method that makes the quantized model which the search improves."));
    schema.push_back(textParameter("start.run",
        "Id of a run of this project and network whose model is improved; empty: start.method makes one."));
    schema.push_back(advanced(textParameter("start.set",
        "Parameters of start.method beyond those it shares with this method: \"search.post_gelu=value_error; repq.softmax=log2\".")));
}

ParameterSet startParameters(const ParameterSet& own) {
    ParameterSet parameters(methodInfo(own.text("start.method")).parameters);
    for (const ParameterSpec& spec : parameters.schema())
        for (const ParameterSpec& mine : own.schema())
            if (mine.id == spec.id) parameters.setText(spec.id, parameterText(own.value(mine.id)));
    std::istringstream items(own.text("start.set"));
    for (std::string item; std::getline(items, item, ';');) {
        item.erase(0, item.find_first_not_of(' '));
        if (item.empty()) continue;
        const std::size_t equals = item.find('=');
        if (equals == std::string::npos)
            fail(ErrorCode::invalidArgument, "'" + item + "' is not of the form key=value", "start.set");
        std::string value = item.substr(equals + 1);
        value.erase(value.find_last_not_of(' ') + 1);
        parameters.setText(item.substr(0, equals), value);
    }
    return parameters;
}

quant::Policy startPolicy(const ParameterSet& own) {
    return methodInfo(own.text("start.method")).policy(startParameters(own));
}

MethodState makeStart(MethodState state, MethodContext& context) {
    if (context.start != nullptr) {
        state.model = *context.start;
        return state;
    }
    const ParameterSet parameters = startParameters(context.parameters);
    const Method& start = method(context.parameters.text("start.method"));
    if (context.checkpoint) state = *context.checkpoint;
    for (std::size_t stage = state.data.value(kStageKey, std::size_t{0}); stage < start.info().stages.size(); ++stage) {
        state = runStage(start, stage, std::move(state), context, parameters);
        state.data[kStageKey] = stage + 1;
        context.saveCheckpoint(state);
        context.control.safePoint([] {});  // the state is on disk already
    }
    state.data.erase(kStageKey);
    return state;
}

}  // namespace vitrine::methods
