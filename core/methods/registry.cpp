// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/error.h"
#include "methods/builtin.h"
#include "methods/infos.h"

namespace vitrine::methods {
namespace {

/// The one list of methods: descriptor and implementation.
struct Entry {
    MethodInfo (*info)();
    const Method& (*method)();
};
constexpr Entry kEntries[] = {{baselineInfo, baseline}, {repqInfo, repq}, {cptvInfo, cptv}, {psaqInfo, psaq}, {psaq2Info, psaq2}, {noiseInfo, noise}, {clampvitInfo, clampvit}};

std::size_t indexOf(std::string_view id) {
    const std::vector<MethodInfo>& methods = allMethods();
    const auto found = std::find_if(methods.begin(), methods.end(), [&](const MethodInfo& info) { return info.id == id; });
    if (found != methods.end()) return static_cast<std::size_t>(found - methods.begin());
    std::vector<std::string> ids;
    for (const MethodInfo& info : methods) ids.push_back(info.id);
    const std::string nearest = nearestName(id, ids);
    fail(ErrorCode::notFound, "there is no method '" + std::string(id) + "'", "method",
         nearest.empty() ? "list the methods to see their names" : "did you mean '" + nearest + "'?");
}

}  // namespace

const std::vector<MethodInfo>& allMethods() {
    static const std::vector<MethodInfo> methods = [] {
        std::vector<MethodInfo> infos;
        for (const Entry& entry : kEntries) infos.push_back(entry.info());
        return infos;
    }();
    return methods;
}

const MethodInfo& methodInfo(std::string_view id) { return allMethods()[indexOf(id)]; }

const Method& method(std::string_view id) { return kEntries[indexOf(id)].method(); }

}  // namespace vitrine::methods
