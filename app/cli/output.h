// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "settings.h"

/// Results go to stdout, everything else to stderr.
namespace vitrine::cli {

/// Prints a result: `json` with --json, else `text`.
void printResult(const Settings& settings, const nlohmann::json& json, const std::string& text);

/// One "warning: ..." line each on stderr, unless quiet.
void printWarnings(const Settings& settings, const std::vector<std::string>& warnings);

/// One line on stderr, with --verbose only.
void printDetail(const Settings& settings, const std::string& line);

/// One line on stderr, and with `json` also {"error": {...}} on stdout.
void printError(const Error& error, bool json);

/// Writes a result that the user asked for as a file; "-" is stdout. Throws Exception(ioFailure).
void writeResult(const std::string& path, const std::string& content);

/// Throws Exception(ioFailure) when something that was printed did not arrive, on a full disk for instance.
void finishOutput();

nlohmann::json toJson(const Error& error);

}  // namespace vitrine::cli
