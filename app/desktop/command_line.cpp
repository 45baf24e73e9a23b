// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "widgets/base/text.h"

namespace vitrine::desktop {
namespace {

const char* const kFooter =
    R"(A VIEW is one of those that --views lists. The extension of OUT says the format: .svg, .pdf, .png or .csv.
Drawing needs no display. Exit codes: 0 done, 1 fault of the program, 2 wrong usage, 3 bad input.

Examples:
  vitrine                                    open the window, with the last project
  vitrine study                              open a project
  vitrine vit_tiny.safetensors images/       add a network and images to a project
  vitrine --render study r0001-repq errors errors.svg
  vitrine --render study r0002-repq compare_sites sites.pdf --against r0001-repq --size 180x100
  vitrine --render study r0001-repq errors errors.png --set metric=cosine --theme dark --scale 3
  vitrine --render study r0003-clampvit images patches.svg --set show=one --set image=3 --set map=attention --set row=5 --set column=8
  vitrine --views)";

/// The options as they are typed.
struct Typed {
    std::vector<std::string> files, render, set;
    std::string against, site, theme = "light", mode = "overlay", size, list;
    double scale = 2;
    bool views = false, resetLayout = false;
};

/// "160x90" in millimetres.
std::optional<QSizeF> sizeOf(const std::string& text) {
    const QStringList parts = widgets::toQt(text).toLower().split(QLatin1Char('x'));
    if (parts.size() != 2) return std::nullopt;
    bool widthIsNumber = false, heightIsNumber = false;
    const QSizeF size(parts[0].toDouble(&widthIsNumber), parts[1].toDouble(&heightIsNumber));
    if (!widthIsNumber || !heightIsNumber || size.isEmpty()) return std::nullopt;
    return size;
}

std::string isSize(const std::string& text) {
    return sizeOf(text) ? std::string() : "'" + text + "' is no size in mm such as 160x90";
}

widgets::CompareMode modeOf(const std::string& name) {
    if (name == "a") return widgets::CompareMode::a;
    if (name == "b") return widgets::CompareMode::b;
    return name == "difference" ? widgets::CompareMode::difference : widgets::CompareMode::overlay;
}

void addOptions(CLI::App& app, Typed& typed) {
    app.name("vitrine");
    app.get_formatter()->column_width(34);
    app.footer(kFooter);
    app.set_version_flag("--version", "vitrine " VITRINE_VERSION, "Version of the program");
    app.add_option("PROJECT|FILE", typed.files, "Project to open, or networks and images to add")->type_name("");
    app.add_flag("--reset-layout", typed.resetLayout, "Start with the panels where they were shipped");
    app.add_flag("--views", typed.views, "List the views and their options");
    CLI::Option* render = app.add_option("--render", typed.render, "Draw one view of a run into a file")
                              ->expected(4)
                              ->type_name("PROJECT RUN VIEW OUT");
    app.add_option("--render-list", typed.list, "Draw the figures that a JSON file lists")
        ->type_name("FILE")
        ->excludes(render);
    CLI::Option* const ofRender[] = {
        app.add_option("--against", typed.against, "Run B of a comparison")->type_name("RUN"),
        app.add_option("--mode", typed.mode, "How two runs are shown")
            ->check(CLI::IsMember({"a", "b", "overlay", "difference"}))
            ->capture_default_str(),
        app.add_option("--site", typed.site, "Site to select")->type_name("ID"),
        app.add_option("--set", typed.set, "Option of the view; may be repeated")
            ->type_name("OPTION=VALUE")
            ->take_all()
            ->expected(1),
        app.add_option("--size", typed.size, "Size in mm; without it what is good for the view")->type_name("WxH")->check(isSize),
        app.add_option("--theme", typed.theme, "Colours")
            ->check(CLI::IsMember({"light", "dark"}))
            ->capture_default_str(),
        app.add_option("--scale", typed.scale, "Pixels of a PNG per 1/96 inch")
            ->check(CLI::Range(0.1, 16.0))
            ->capture_default_str(),
    };
    for (CLI::Option* option : ofRender) option->needs(render);
}

widgets::RenderRequest requestOf(const Typed& typed) {
    widgets::RenderRequest request;
    request.project = widgets::toQt(typed.render[0]);
    request.run = widgets::toQt(typed.render[1]);
    request.view = widgets::toQt(typed.render[2]);
    request.out = widgets::toQt(typed.render[3]);
    request.against = widgets::toQt(typed.against);
    request.site = widgets::toQt(typed.site);
    request.mode = modeOf(typed.mode);
    for (const std::string& option : typed.set) request.options.append(widgets::toQt(option));
    const widgets::ViewInfo* view = widgets::viewInfo(request.view);
    if (const auto size = sizeOf(typed.size)) request.figure.sizeMm = *size;
    request.figure.scale = typed.scale;
    request.figure.theme = typed.theme == "dark" ? &widgets::Theme::night() : &widgets::Theme::day();
    request.figure.title = view ? view->title : request.view;
    return request;
}

CommandLine lineOf(const Typed& typed) {
    CommandLine line;
    for (const std::string& file : typed.files) line.files.append(widgets::toQt(file));
    line.resetLayout = typed.resetLayout;
    line.list = widgets::toQt(typed.list);
    if (typed.views) {
        line.mode = CommandLine::Mode::listViews;
    } else if (!typed.render.empty()) {
        line.mode = CommandLine::Mode::render;
        line.render = requestOf(typed);
    } else if (!typed.list.empty()) {
        line.mode = CommandLine::Mode::renderList;
    }
    return line;
}

}  // namespace

ParsedCommandLine parseCommandLine(int argc, const char* const* argv) {
    CLI::App app{"Workbench for post-training quantization of vision transformers."};
    Typed typed;
    addOptions(app, typed);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {  // --help and --version
        return {{}, app.exit(success)};
    } catch (const CLI::ParseError& error) {
        std::cerr << "vitrine: " << error.what() << "\nsee 'vitrine --help'\n";
        return {{}, static_cast<int>(cli::ExitCode::usage)};
    }
    return {lineOf(typed), std::nullopt};
}

}  // namespace vitrine::desktop
