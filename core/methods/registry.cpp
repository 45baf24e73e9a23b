// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/error.h"
#include "methods/infos.h"

namespace vitrine::methods {

const std::vector<MethodInfo>& allMethods() {
    static const std::vector<MethodInfo> methods = {baselineInfo(), repqInfo()};
    return methods;
}

const MethodInfo& methodInfo(std::string_view id) {
    const std::vector<MethodInfo>& methods = allMethods();
    const auto found = std::find_if(methods.begin(), methods.end(), [&](const MethodInfo& info) { return info.id == id; });
    if (found != methods.end()) return *found;
    std::vector<std::string> ids;
    for (const MethodInfo& info : methods) ids.push_back(info.id);
    const std::string nearest = nearestName(id, ids);
    fail(ErrorCode::notFound, "there is no method '" + std::string(id) + "'", "method",
         nearest.empty() ? "list the methods to see their names" : "did you mean '" + nearest + "'?");
}

}  // namespace vitrine::methods
