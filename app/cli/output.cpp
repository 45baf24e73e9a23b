// SPDX-License-Identifier: GPL-3.0-or-later
#include "output.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/files.h"

namespace vitrine::cli {
namespace {

/// File names and ids may hold bytes that are no UTF-8; they must not end the program.
std::string dump(const nlohmann::json& json) {
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

/// Text of foreign files may hold line breaks and control sequences of terminals.
std::string oneLine(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return text;
}

}  // namespace

void printResult(const Settings& settings, const nlohmann::json& json, const std::string& text) {
    std::cout << (settings.json ? dump(json) : text);
}

void printWarnings(const Settings& settings, const std::vector<std::string>& warnings) {
    if (settings.quiet) return;
    for (const std::string& warning : warnings) std::cerr << "warning: " << oneLine(warning) << "\n";
}

void printDetail(const Settings& settings, const std::string& line) {
    if (settings.verbose) std::cerr << oneLine(line) << "\n";
}

nlohmann::json toJson(const Error& error) {
    return {
        {"code", errorCodeName(error.code)}, {"what", error.what}, {"where", error.where}, {"remedy", error.remedy}};
}

void printError(const Error& error, bool json) {
    if (json) std::cout << dump({{"error", toJson(error)}});
    std::cerr << "vitrine-cli: " << oneLine(error.text()) << std::endl;
}

void writeResult(const std::string& path, const std::string& content) {
    if (path == "-")
        std::cout << content;
    else
        writeFileAtomically(path, content);
}

void finishOutput() {
    std::cout.flush();
    if (!std::cout) fail(ErrorCode::ioFailure, "the result could not be written to stdout");
}

}  // namespace vitrine::cli
