// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

// Lowest first; a room may include itself and the rooms before it (ARCHITECTURE.md, "The rooms").
const std::vector<std::string> kRooms = {"base",    "jobs",     "graph",   "formats", "models",  "engine", "data",
                                         "quant",   "results",  "analysis", "methods", "project", "report", "runs"};

// The rooms of widgets/, likewise.
const std::vector<std::string> kWidgetRooms = {"base", "session", "views", "forms", "panels", "window"};

struct Include {
    fs::path file;
    std::string target;
};

std::vector<Include> includesUnder(const fs::path& root) {
    static const std::regex line(R"(#\s*include\s*[<"]([^>"]+)[>"])");
    std::vector<Include> found;
    if (!fs::exists(root)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".h" && extension != ".cpp") continue;
        const std::string text = readTextFile(entry.path());
        for (std::sregex_iterator it(text.begin(), text.end(), line), end; it != end; ++it)
            found.push_back({entry.path(), (*it)[1]});
    }
    return found;
}

std::size_t indexIn(const std::vector<std::string>& rooms, const std::string& name) {
    return static_cast<std::size_t>(std::find(rooms.begin(), rooms.end(), name) - rooms.begin());
}

std::size_t roomIndex(const std::string& name) { return indexIn(kRooms, name); }

const fs::path kSource = VITRINE_SOURCE_DIR;

TEST(Architecture, EveryRoomIsKnown) {
    for (const auto& entry : fs::directory_iterator(kSource / "core")) {
        if (!entry.is_directory()) continue;
        EXPECT_LT(roomIndex(entry.path().filename().string()), kRooms.size()) << entry.path();
    }
}

TEST(Architecture, IncludesPointDownwards) {
    const auto includes = includesUnder(kSource / "core");
    ASSERT_GT(includes.size(), 50u);
    for (const Include& include : includes) {
        const std::size_t from = roomIndex(fs::relative(include.file, kSource / "core").begin()->string());
        const std::size_t to = roomIndex(fs::path(include.target).begin()->string());
        if (to == kRooms.size()) continue;  // a system or third-party header
        EXPECT_LE(to, from) << include.file << " includes " << include.target;
    }
}

TEST(Architecture, WidgetRoomsPointDownwards) {
    const auto includes = includesUnder(kSource / "widgets");
    ASSERT_GT(includes.size(), 50u);
    for (const Include& include : includes) {
        const fs::path target(include.target);
        if (*target.begin() != "widgets") continue;
        const std::size_t from = indexIn(kWidgetRooms, fs::relative(include.file, kSource / "widgets").begin()->string());
        const std::size_t to = indexIn(kWidgetRooms, std::next(target.begin())->string());
        ASSERT_LT(from, kWidgetRooms.size()) << include.file;
        EXPECT_LE(to, from) << include.file << " includes " << include.target;
    }
}

TEST(Architecture, CoreKnowsNoWindow) {
    for (const Include& include : includesUnder(kSource / "core"))
        EXPECT_NE(*fs::path(include.target).begin(), "widgets") << include.file << " includes " << include.target;
}

TEST(Architecture, CoreKnowsNoQt) {
    static const std::regex qt("^Q[A-Z].*|^Qt.*");
    for (const Include& include : includesUnder(kSource / "core"))
        EXPECT_FALSE(std::regex_match(include.target, qt)) << include.file << " includes " << include.target;
}

bool namesTorch(const std::string& target) {
    return target.rfind("torch/", 0) == 0 || target.rfind("ATen/", 0) == 0 || target.rfind("c10/", 0) == 0;
}

/// Whether a header of core reaches Torch, itself or through others.
bool reachesTorch(const std::string& header, const std::vector<Include>& includes, std::set<std::string>& seen) {
    if (!seen.insert(header).second) return false;
    return std::any_of(includes.begin(), includes.end(), [&](const Include& include) {
        return include.file == kSource / "core" / header &&
               (namesTorch(include.target) || reachesTorch(include.target, includes, seen));
    });
}

TEST(Architecture, WidgetsReachNoTorchHeader) {
    const auto core = includesUnder(kSource / "core");
    for (const Include& include : includesUnder(kSource / "widgets")) {
        std::set<std::string> seen;
        EXPECT_FALSE(namesTorch(include.target) || reachesTorch(include.target, core, seen))
            << include.file << " reaches Torch through " << include.target;
    }
}

TEST(Architecture, PublicHeadersAreFreeOfTorch) {
    const auto core = includesUnder(kSource / "core");
    for (const char* header : {"graph/graph.h", "graph/sites.h", "quant/encoding.h", "quant/spec.h", "quant/quantized_model.h",
                               "results/artefacts.h", "methods/method_info.h", "jobs/job.h", "project/project.h",
                               "report/document.h", "runs/run.h"}) {
        std::set<std::string> seen;
        ASSERT_TRUE(fs::exists(kSource / "core" / header)) << header;
        EXPECT_FALSE(reachesTorch(header, core, seen)) << header << " reaches Torch";
    }
}

}  // namespace
}  // namespace vitrine
