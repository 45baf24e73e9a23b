// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/parameters.h"
#include "methods/method_info.h"
#include "runs/run.h"

/// Options that several commands share, and their values as core wants them.
namespace vitrine::cli {

/// Sets every "key=value" in `parameters`. Throws Exception(invalidArgument) as ParameterSet::setText does, and for a
/// text without '='. `prefix` ("model.") is put before keys that lack it.
void applyAssignments(ParameterSet& parameters, const std::vector<std::string>& assignments,
                      const std::string& prefix = {});

/// The method that a command line names. Throws Exception(invalidArgument) that names the nearest one.
const methods::MethodInfo& chosenMethod(const std::string& id);

/// Sets what a preset of `method` says. Throws Exception(invalidArgument) that names the nearest preset.
void applyPreset(ParameterSet& parameters, const methods::MethodInfo& method, const std::string& id);

/// The rules of a policy file, where one is named, then those written out. Throws as runs::parseRule and quant::policyFromJson.
std::vector<quant::PolicyRule> parseRules(const std::string& policyFile, const std::vector<std::string>& rules);

/// The overrides that --model-set gives.
ParameterSet modelOverrides(const std::vector<std::string>& assignments);

/// --model-set.
void addModelSetOption(CLI::App& command, std::vector<std::string>& assignments);

/// Rows of a table: a file with one number a line, or ranges "a-b,c" (0-based, both ends included). Empty text: no rows, which means
/// all. Throws Exception(invalidArgument) for a range, badFormat for a line, that cannot be read, and notFound.
std::vector<std::int64_t> parseRows(const std::string& text);

/// Images as they were named on the command line.
struct DataOptions {
    std::string path;
    std::string root;
    std::string rows;

    runs::DataSpec spec() const;
};

}  // namespace vitrine::cli
