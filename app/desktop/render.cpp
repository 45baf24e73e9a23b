// SPDX-License-Identifier: GPL-3.0-or-later
#include "render.h"

#include <exception>
#include <iostream>
#include <memory>

#include "widgets/base/text.h"

namespace vitrine::desktop {
namespace {

void printError(const Error& error) { std::cerr << "vitrine: " << error.text() << "\n"; }

void listViews() {
    for (const widgets::ViewInfo& info : widgets::allViews()) {
        std::cout << widgets::toStd(info.id) << (info.comparesOnly ? "  (needs --against)" : "") << "\n    "
                  << widgets::toStd(info.description) << "\n";
        const std::unique_ptr<widgets::View> view(info.make(nullptr));
        for (const ParameterSpec& option : view->options()) {
            std::cout << "    --set " << option.id << "=" << parameterText(option.defaultValue);
            if (const std::string range = option.rangeText(); !range.empty()) std::cout << "  [" << range << "]";
            std::cout << "  " << option.help << "\n";
        }
    }
}

cli::ExitCode renderList(const QString& file) {
    const auto errors = widgets::renderAll(widgets::readRenderList(file));
    for (const auto& [index, error] : errors)
        std::cerr << "vitrine: figure " << index + 1 << ": " << error.text() << "\n";
    return errors.empty() ? cli::ExitCode::done : cli::exitCodeOf(errors.front().second.code);
}

}  // namespace

cli::ExitCode render(const CommandLine& line) {
    try {
        if (line.mode == CommandLine::Mode::listViews) {
            listViews();
            return cli::ExitCode::done;
        }
        if (line.mode == CommandLine::Mode::renderList) return renderList(line.list);
        widgets::render(line.render);
        return cli::ExitCode::done;
    } catch (const std::exception& exception) {
        const Error error = describe(exception);
        printError(error);
        return cli::exitCodeOf(error.code);
    }
}

}  // namespace vitrine::desktop
