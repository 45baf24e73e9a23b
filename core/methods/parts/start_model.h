// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "methods/method.h"

/// Methods that improve a quantized model begin with one: that of a stored run, or what another method makes.
namespace vitrine::methods {

/// "start.method", "start.run" and "start.set" of a schema.
void appendStart(ParameterSchema& schema, const std::string& method);

/// The parameters that "start.method" runs with: those that both schemas have take the values of `own`, then "start.set" counts.
/// Throws Exception(invalidArgument) on a malformed "start.set", notFound for an unknown method.
ParameterSet startParameters(const ParameterSet& own);

/// The policy of the start: that of "start.method" with its parameters.
quant::Policy startPolicy(const ParameterSet& own);

/// The start: `context.start` where there is one, else what "start.method" makes of the calibration images. Saves where it is after
/// every stage of that method, and takes up there.
MethodState makeStart(MethodState state, MethodContext& context);

}  // namespace vitrine::methods
