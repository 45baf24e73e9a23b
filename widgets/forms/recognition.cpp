// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/recognition.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <array>
#include <system_error>

#include "data/dataset.h"
#include "graph/sites.h"
#include "models/model.h"
#include "project/project.h"
#include "widgets/base/text.h"
#include "widgets/forms/draft.h"
#include "widgets/forms/parameter_text.h"

namespace vitrine::widgets {
namespace fs = std::filesystem;
namespace {

constexpr int kSamples = 6;
constexpr std::size_t kMostFolders = 200;  // beside a table

QString translated(const char* text) { return QCoreApplication::translate("vitrine::widgets::recognition", text); }

QString countText(std::int64_t count) { return QLocale().toString(static_cast<qlonglong>(count)); }

std::string lowerCase(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

bool isCheckpointName(const fs::path& path) {
    constexpr std::array<std::string_view, 7> kExtensions{".safetensors", ".pth", ".pt", ".bin", ".ckpt", ".onnx", ".npz"};
    return std::find(kExtensions.begin(), kExtensions.end(), lowerCase(path.extension().string())) != kExtensions.end();
}

bool isPictureName(const fs::path& path) {
    constexpr std::array<std::string_view, 8> kExtensions{".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif", ".tif", ".tiff"};
    return std::find(kExtensions.begin(), kExtensions.end(), lowerCase(path.extension().string())) != kExtensions.end();
}

bool isIdxName(const fs::path& path) {
    return path.filename().string().find("-idx3-") != std::string::npos ||
           path.filename().string().find("images-idx3") != std::string::npos;
}

project::ImageRole roleByName(const fs::path& path) {
    const std::string name = lowerCase(path.filename().string());
    const auto has = [&](std::string_view word) { return name.find(word) != std::string::npos; };
    if (has("calib") || has("train")) return project::ImageRole::calibration;
    return has("eval") || has("val") || has("test") || has("t10k") ? project::ImageRole::evaluation : project::ImageRole::any;
}

/// The only checkpoint of a folder, as repositories of networks have it.
std::optional<fs::path> onlyCheckpoint(const fs::path& folder) {
    std::optional<fs::path> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (!entry.is_regular_file(ignored) || !isCheckpointName(entry.path())) continue;
        if (found) return std::nullopt;
        found = entry.path();
    }
    return found;
}

QString familyTitle(const std::string& family) {
    return family == "deit_distilled" ? translated("DeiT, distilled") : readableTitle(family);
}

void readModel(Recognition& result, const InputHints& hints) {
    result.kind = InputKind::model;
    ParameterSet overrides{models::overrideSchema()};
    for (const auto& [id, text] : hints.overrides) overrides.setText(id, text);
    try {
        const models::LoadedModel model = models::loadModel(result.path, models::overridesFrom(overrides));
        const graph::ModelInfo& info = model.graph->info;
        const std::vector<graph::Site> sites = graph::findSites(*model.graph);
        result.facts.emplace_back(translated("Family"), familyTitle(info.family));
        if (!info.architecture.empty()) result.facts.emplace_back(translated("Architecture"), toQt(info.architecture));
        result.facts.emplace_back(translated("Parameters"),
                                  translated("%1 million").arg(numberText(static_cast<double>(model.graph->parameterCount()) / 1e6, 3)));
        const QString channels = info.imageChannels == 1 ? translated("grey") : translated("%1 channels").arg(info.imageChannels);
        result.facts.emplace_back(translated("Image"),
                                  translated("%1 × %2 pixels, %3").arg(info.imageHeight).arg(info.imageWidth).arg(channels));
        result.facts.emplace_back(translated("Classes"), countText(info.classes));
        result.facts.emplace_back(
            translated("Sites"),
            translated("%1 in %2 blocks").arg(countText(static_cast<std::int64_t>(sites.size()))).arg(model.graph->blocks.size()));
        for (const std::string& warning : model.warnings) result.warnings.append(problemText(warning, {}));
    } catch (const Exception& exception) {
        // Tensors that were read but not understood may need a word from the user; a broken file does not.
        result.wantsOverrides = exception.error().code == ErrorCode::invalidArgument;
        throw;
    }
    result.wantsOverrides = !result.warnings.isEmpty();
}

void takeSamples(Recognition& result, const data::ImageSet& set) {
    std::optional<Error> first;
    int unreadable = 0, tried = 0;
    for (std::int64_t i = 0; i < std::min<std::int64_t>(kSamples, set.size()); ++i) {
        const std::int64_t index = set.size() <= kSamples ? i : i * (set.size() - 1) / (kSamples - 1);
        ++tried;
        try {
            const formats::Image image = set.load(index);
            const QImage whole(image.rgb.data(), image.width, image.height, qsizetype{3} * image.width, QImage::Format_RGB888);
            result.samples.append(whole.scaled(kSampleSide, kSampleSide, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation));
        } catch (const Exception& exception) {
            ++unreadable;
            if (!first) first = exception.error();
        }
    }
    if (unreadable == 0) return;
    if (unreadable == tried) throw Exception(*first);
    result.warnings.append(
        translated("%1 of %2 pictures that were tried cannot be read. %3").arg(unreadable).arg(tried).arg(errorText(*first)));
}

/// Where the pictures of a table are when they are not in its folder: in a folder that was dropped with it, in one of its own name, in one beside
/// it, or one level higher. Empty: nobody knows.
fs::path findRoot(const fs::path& table, const std::vector<fs::path>& beside) {
    const data::ImageSet listed = data::openImages(table);
    if (listed.size() == 0) return {};
    const fs::path name = listed.item(0).name, home = table.parent_path();
    std::error_code ignored;
    if (fs::exists(home / name, ignored)) return {};
    std::vector<fs::path> candidates;
    for (const fs::path& path : beside) {
        if (!fs::is_directory(path, ignored)) continue;
        candidates.push_back(path);
        candidates.push_back(path.parent_path());  // the table may name the folder too
    }
    candidates.push_back(home / table.stem());
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(home, ignored))
        if (entry.is_directory(ignored) && folders.size() < kMostFolders) folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    candidates.insert(candidates.end(), folders.begin(), folders.end());
    candidates.push_back(home.parent_path());
    const auto found = std::find_if(candidates.begin(), candidates.end(), [&](const fs::path& root) { return fs::exists(root / name, ignored); });
    return found == candidates.end() ? fs::path() : fs::weakly_canonical(*found, ignored);
}

void readImages(Recognition& result, const InputHints& hints) {
    result.kind = InputKind::images;
    result.role = roleByName(result.path);
    result.isTable = fs::is_regular_file(result.path) && !isIdxName(result.path);
    if (result.isTable) result.root = hints.root.empty() ? findRoot(result.path, hints.beside) : hints.root;
    const data::ImageSet set = data::openImages(result.path, result.root);
    result.images = set.size();
    result.facts.emplace_back(translated("Images"), countText(set.size()));
    std::int64_t classes = static_cast<std::int64_t>(set.classNames().size()), unlabelled = 0;
    for (std::int64_t i = 0; i < set.size(); ++i) {
        classes = std::max(classes, set.item(i).label + 1);
        unlabelled += set.item(i).label == data::kUnlabelled ? 1 : 0;
    }
    result.facts.emplace_back(translated("Labels"),
                              unlabelled == set.size() ? translated("none: good for calibration")
                              : unlabelled > 0
                                  ? translated("%1 of %2 images").arg(countText(set.size() - unlabelled), countText(set.size()))
                                  : translated("classes 0 to %1").arg(countText(classes - 1)));
    if (set.size() > 0 && unlabelled == set.size()) result.role = project::ImageRole::calibration;
    for (const std::string& warning : set.warnings()) result.warnings.append(problemText(warning, {}));
    if (set.size() == 0) fail(ErrorCode::badFormat, "lists no images", result.path.string(), "choose a table or folder with pictures");
    takeSamples(result, set);
}

void readFolder(Recognition& result, const InputHints& hints) {
    if (project::Project::exists(result.path)) {
        result.kind = InputKind::project;
        return;
    }
    if (const auto checkpoint = onlyCheckpoint(result.path)) {
        result.path = *checkpoint;
        return readModel(result, hints);
    }
    readImages(result, hints);
}

void read(Recognition& result, const InputHints& hints) {
    std::error_code ignored;
    if (!fs::exists(result.path, ignored))
        fail(ErrorCode::notFound, "there is no such file or folder", result.path.string(), "choose another, or put it back");
    if (fs::is_directory(result.path)) return readFolder(result, hints);
    if (result.path.filename() == "study.vitrine") {
        result.path = result.path.parent_path();
        result.kind = InputKind::project;
        return;
    }
    if (isPictureName(result.path))
        fail(ErrorCode::unsupported, "is a single picture", result.path.string(), "add the folder that holds the pictures");
    const std::string extension = lowerCase(result.path.extension().string());
    if (isIdxName(result.path) || extension == ".csv" || extension == ".tsv" || extension == ".txt") return readImages(result, hints);
    // Whatever its name, the content of a checkpoint tells its format.
    result.kind = isCheckpointName(result.path) ? InputKind::model : InputKind::unknown;
    readModel(result, hints);
}

std::string proposedName(const fs::path& path) {
    const bool folder = fs::is_directory(path);
    const std::string name = (folder ? path.filename() : path.stem()).string();
    if (name == "model" || name == "pytorch_model") return path.parent_path().filename().string();
    return name.empty() ? "input" : name;
}

template <typename Entry>
std::string addUnder(std::vector<Entry>& entries, Entry entry) {
    std::vector<std::string> taken;
    for (const Entry& each : entries) taken.push_back(each.name);
    entry.name = freeName(entry.name, taken);
    entries.push_back(entry);
    return entries.back().name;
}

void proposeFor(project::RunDraft& draft, project::ImageRole role, const std::string& name) {
    if (role != project::ImageRole::evaluation && draft.calibration.empty()) draft.calibration = name;
    if (role != project::ImageRole::calibration && draft.evaluation.empty()) draft.evaluation = name;
}

}  // namespace

Recognition recognise(const fs::path& path, const InputHints& hints) {
    Recognition result;
    std::error_code ignored;
    result.path = fs::weakly_canonical(fs::absolute(path, ignored), ignored);
    if (result.path.empty()) result.path = path;
    try {
        read(result, hints);
    } catch (const Exception& exception) {
        result.error = exception.error();
    } catch (const std::exception& exception) {
        result.error = describe(exception);
    }
    if (result.error && result.error->remedy.empty())
        result.error->remedy = result.isTable
                                   ? "choose the folder that the paths in the table begin in"
                                   : "choose a checkpoint (safetensors, .pth or .pt), a folder of pictures, or a table that lists them";
    result.name = proposedName(result.path);
    return result;
}

void addInputs(project::Edits& edits, const fs::path& folder, const std::vector<InputChoice>& choices) {
    const bool used = !edits.draft.method.empty();
    for (const InputChoice& choice : choices) {
        if (choice.kind == InputKind::model) {
            const std::string name =
                addUnder(edits.models, {.name = choice.name, .path = storedPath(folder, choice.path), .overrides = choice.hints.overrides});
            if (used && edits.draft.model.empty()) edits.draft.model = name;
        } else if (choice.kind == InputKind::images) {
            const std::string name = addUnder(edits.imageSets, {.name = choice.name,
                                                                .role = choice.role,
                                                                .path = storedPath(folder, choice.path),
                                                                .root = storedPath(folder, choice.hints.root),
                                                                .rows = {},
                                                                .images = choice.images});
            if (used) proposeFor(edits.draft, choice.role, name);
        }
    }
}

QString imageRoleTitle(project::ImageRole role) {
    switch (role) {
        case project::ImageRole::any:
            return translated("Both");
        case project::ImageRole::calibration:
            return translated("Calibration");
        case project::ImageRole::evaluation:
            return translated("Evaluation");
    }
    return {};
}

}  // namespace vitrine::widgets
