// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QFileInfo>
#include <map>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "report/run_content.h"
#include "widgets/base/text.h"
#include "widgets/views/figures.h"
#include "widgets/views/figures_sources.h"

namespace vitrine::widgets {
namespace {

constexpr qint64 kMostListBytes = 16 << 20;

/// What several requests share.
class Sources {
  public:
    const project::Project& project(const QString& folder) {
        auto found = projects_.find(folder);
        if (found == projects_.end()) found = projects_.emplace(folder, project::Project::open(toPath(folder))).first;
        return found->second;
    }
    RunDataPtr run(const QString& folder, const QString& id) {
        RunDataPtr& kept = runs_[{folder, id}];
        if (!kept) kept = std::make_shared<const report::RunContent>(report::readRun(project(folder), toStd(id)));
        return kept;
    }
    NetworkPtr network(const QString& folder, const RunDataPtr& run) {
        NetworkPtr& kept = networks_[{folder, toQt(run->record.id)}];
        if (!kept) kept = readNetwork(project(folder), run->record);
        return kept;
    }
    const ImageSource& images(const QString& folder, const RunDataPtr& run) {
        const Key key{folder, toQt(run->record.id)};
        auto found = images_.find(key);
        if (found == images_.end()) found = images_.emplace(key, readImages(project(folder), run->record)).first;
        return found->second;
    }
    const analysis::PatchMapsPtr& patches(const QString& folder, const analysis::PatchRequest& request) {
        analysis::PatchMapsPtr& kept = patches_[{folder, request}];
        if (!kept) kept = readPatchMaps(project(folder), request);
        return kept;
    }

  private:
    using Key = std::pair<QString, QString>;
    std::map<QString, project::Project> projects_;
    std::map<Key, RunDataPtr> runs_;
    std::map<Key, NetworkPtr> networks_;
    std::map<Key, ImageSource> images_;
    std::map<std::pair<QString, analysis::PatchRequest>, analysis::PatchMapsPtr> patches_;
};

const ViewInfo& knownView(const QString& id) {
    if (const ViewInfo* info = viewInfo(id)) return *info;
    std::vector<std::string> known;
    for (const ViewInfo& info : allViews()) known.push_back(toStd(info.id));
    const std::string near = nearestName(toStd(id), known);
    fail(ErrorCode::notFound, "there is no view of this name", toStd(id), near.empty() ? "" : "Did you mean '" + near + "'?");
}

QString titleOf(const project::Project& project, const std::string& run) {
    const auto& runs = project.edits().runs;
    const auto found = runs.find(run);
    return toQt(found == runs.end() || found->second.name.empty() ? run : found->second.name);
}

QString blockOf(const NetworkPtr& network, const RunDataPtr& run, const QString& site) {
    if (network)
        for (const graph::Site& one : network->sites)
            if (toQt(one.id) == site) return toQt(network->graph->blocks[one.block].id);
    if (const auto* errors = run->errors("local"))
        for (const auto& row : errors->rows)
            if (toQt(row.site) == site) return toQt(row.block);
    return {};
}

ViewInput inputOf(const RenderRequest& request, const ViewInfo& info, Sources& sources) {
    ViewInput input;
    input.a = sources.run(request.project, request.run);
    input.selection.runA = request.run;
    input.titleA = titleOf(sources.project(request.project), input.a->record.id);
    if (!request.against.isEmpty()) {
        input.b = sources.run(request.project, request.against);
        input.selection.runB = request.against;
        input.selection.mode = request.mode;
        input.titleB = titleOf(sources.project(request.project), input.b->record.id);
    }
    if (info.needsNetwork) input.network = sources.network(request.project, input.a);
    if (info.showsImages) input.images = sources.images(request.project, input.a);
    input.selection.site = request.site;
    input.selection.block = blockOf(input.network, input.a, request.site);
    return input;
}

void setOptions(View& view, const QStringList& settings) {
    ParameterSet values(view.options());
    for (const QString& setting : settings) {
        const qsizetype equals = setting.indexOf(u'=');
        if (equals < 0) fail(ErrorCode::invalidArgument, "an option of a view is written as NAME=VALUE", toStd(setting));
        values.setText(toStd(setting.left(equals).trimmed()), toStd(setting.mid(equals + 1).trimmed()));
    }
    view.setOptions(values);
}

void renderWith(const RenderRequest& request, Sources& sources) {
    const ViewInfo& info = knownView(request.view);
    const bool isCsv = QFileInfo(request.out).suffix().toLower() == u"csv";
    const auto format = figureFormatOf(request.out);
    if (!format && !isCsv) fail(ErrorCode::invalidArgument, "the file must end in .svg, .pdf, .png or .csv", toStd(request.out));
    if (info.comparesOnly && request.against.isEmpty())
        fail(ErrorCode::invalidArgument, "this view compares two runs", toStd(info.id), "Name the second one with --against");
    const std::unique_ptr<View> view(info.make(nullptr));
    ViewInput input = inputOf(request, info, sources);
    view->setInput(input);
    setOptions(*view, request.options);
    if (const QString empty = view->emptyText(); !empty.isEmpty())
        fail(ErrorCode::notFound, "there is nothing to draw: " + toStd(empty), toStd(request.run + u'/' + info.id));
    if (const auto missing = view->patchesMissing(); !missing.empty() && !isCsv) {
        for (const analysis::PatchRequest& patches : missing) input.patches.known[patches] = sources.patches(request.project, patches);
        view->setInput(input);
    }
    FigureOptions options = request.figure;
    const QSizeF good = view->figureSizeMm();
    if (options.sizeMm.width() < 0) options.sizeMm.setWidth(good.width());
    if (options.sizeMm.height() < 0) options.sizeMm.setHeight(good.height());
    const QByteArray bytes = isCsv ? figureCsv(*view) : figure(*view, *format, options);
    writeFileAtomically(toPath(request.out), std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

[[noreturn]] void badList(const std::string& what, std::size_t index) {
    fail(ErrorCode::badFormat, what, "figure " + std::to_string(index + 1));
}

QString textOf(const nlohmann::json& value, const std::string& key, std::size_t index) {
    if (!value.is_string()) badList("'" + key + "' must be a text", index);
    return toQt(value.get_ref<const std::string&>());
}

QStringList optionsOf(const nlohmann::json& object, std::size_t index) {
    if (!object.is_object()) badList("'options' must be an object", index);
    QStringList list;
    for (const auto& [key, value] : object.items()) list.append(toQt(key) + u'=' + (value.is_string() ? textOf(value, key, index) : toQt(value.dump())));
    return list;
}

double lengthOf(const nlohmann::json& value, const std::string& key, std::size_t index) {
    if (!value.is_number() || !(value.get<double>() > 0)) badList("'" + key + "' must be a number above 0", index);
    return value.get<double>();
}

CompareMode modeOf(const QString& name, std::size_t index) {
    if (name == u"a") return CompareMode::a;
    if (name == u"b") return CompareMode::b;
    if (name == u"overlay") return CompareMode::overlay;
    if (name != u"difference") badList("'mode' must be a, b, overlay or difference", index);
    return CompareMode::difference;
}

RenderRequest requestOf(const nlohmann::json& object, std::size_t index) {
    if (!object.is_object()) badList("every entry must be an object", index);
    RenderRequest request;
    const std::map<std::string, QString*> texts{{"project", &request.project}, {"run", &request.run},   {"view", &request.view},
                                                {"against", &request.against}, {"site", &request.site}, {"out", &request.out}};
    for (const auto& [key, value] : object.items()) {
        if (const auto text = texts.find(key); text != texts.end())
            *text->second = textOf(value, key, index);
        else if (key == "options")
            request.options = optionsOf(value, index);
        else if (key == "mode")
            request.mode = modeOf(textOf(value, key, index), index);
        else if (key == "width_mm")
            request.figure.sizeMm.setWidth(lengthOf(value, key, index));
        else if (key == "height_mm")
            request.figure.sizeMm.setHeight(lengthOf(value, key, index));
        else
            badList("'" + key + "' is not known", index);
    }
    for (const char* key : {"project", "run", "view", "out"})
        if (texts.at(key)->isEmpty()) badList(std::string("'") + key + "' is missing", index);
    if (const ViewInfo* info = viewInfo(request.view)) request.figure.title = info->title;
    return request;
}

}  // namespace

void render(const RenderRequest& request) {
    Sources sources;
    renderWith(request, sources);
}

std::vector<std::pair<std::size_t, Error>> renderAll(const std::vector<RenderRequest>& requests) {
    Sources sources;
    std::vector<std::pair<std::size_t, Error>> errors;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        try {
            renderWith(requests[i], sources);
        } catch (const std::exception& exception) {
            errors.emplace_back(i, describe(exception));
        }
    }
    return errors;
}

std::vector<RenderRequest> readRenderList(const QString& file) {
    QFile input(file);
    if (!input.open(QIODevice::ReadOnly)) fail(ErrorCode::notFound, "the list of figures cannot be read: " + toStd(input.errorString()), toStd(file));
    if (input.size() > kMostListBytes) fail(ErrorCode::tooLarge, "a list of figures has at most 16 MiB", toStd(file));
    const QByteArray bytes = input.readAll();
    const nlohmann::json list = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
    if (!list.is_array()) fail(ErrorCode::badFormat, "this is no JSON list of figures", toStd(file));
    std::vector<RenderRequest> requests;
    for (const auto& entry : list) requests.push_back(requestOf(entry, requests.size()));
    return requests;
}

}  // namespace vitrine::widgets
