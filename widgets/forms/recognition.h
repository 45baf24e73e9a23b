// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <QStringList>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "project/edits.h"

/// Finds out what a path that was dropped or chosen is. No widgets; reads the disk, so it belongs on a thread of its own.
namespace vitrine::widgets {

enum class InputKind { unknown, model, images, project };

/// What the user says about an input beyond its path.
struct InputHints {
    std::map<std::string, std::string> overrides;  ///< of a network: ids of models::overrideSchema()
    std::filesystem::path root;                    ///< of a table of images: what its paths are relative to; empty: to be found
    std::vector<std::filesystem::path> beside;     ///< what was dropped with it: folders among them may hold the pictures of a table
};

struct Recognition {
    InputKind kind = InputKind::unknown;
    std::filesystem::path path;                         ///< what is to be added: may be a file in the folder that was dropped
    std::string name;                                   ///< proposed
    project::ImageRole role = project::ImageRole::any;  ///< proposed, by the words in its name
    std::vector<std::pair<QString, QString>> facts;     ///< "Family", "DeiT"
    QStringList warnings;                               ///< and assumptions
    std::optional<Error> error;                         ///< it cannot be added as it is
    bool isTable = false;                               ///< images listed in a file: `root` may be told
    bool wantsOverrides = false;                        ///< something about the network was assumed, or is missing
    std::filesystem::path root;                         ///< of a table: where its pictures are; empty: in its folder
    std::int64_t images = 0;
    QList<QImage> samples;  ///< a few pictures, at most kSampleSide pixels

    bool isUsable() const { return !error && kind != InputKind::unknown; }
};
inline constexpr int kSampleSide = 96;

/// Thread safe. Throws nothing: what is wrong is in `error`.
Recognition recognise(const std::filesystem::path& path, const InputHints& hints = {});

/// What is added to a project.
struct InputChoice {
    InputKind kind = InputKind::unknown;
    std::filesystem::path path;
    std::string name;
    project::ImageRole role = project::ImageRole::any;
    std::int64_t images = 0;
    InputHints hints;
};

/// Adds networks and images under free names, and puts the first of each where the draft has none. `folder`: of the project.
void addInputs(project::Edits& edits, const std::filesystem::path& folder, const std::vector<InputChoice>& choices);

QString imageRoleTitle(project::ImageRole role);  ///< "Calibration", "Evaluation", "Both": what images are used for

}  // namespace vitrine::widgets
