// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a manifest, what the user wrote, a run's record and a result: refused with an Exception, or read, and then written and read again
// without a change.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json_fields.h"
#include "project/codecs/artefact_json.h"
#include "project/codecs/edits_json.h"
#include "project/codecs/record_json.h"
#include "project/manifest.h"

namespace {

using namespace vitrine;

template <typename Rewrite>
void requireStable(const std::string& text, Rewrite rewrite) {
    std::string once;
    try {
        once = rewrite(text);
    } catch (const Exception& exception) {
        if (exception.error().code == ErrorCode::internal) std::abort();
        return;
    }
    if (rewrite(once) != once) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    requireStable(text, [](const std::string& from) { return project::Manifest::parse(from, "fuzz").text(); });
    requireStable(text, [](const std::string& from) {
        const nlohmann::json json = parseJson(from, "fuzz");
        return dumpJson(project::toJson(project::editsFrom(Fields(json, "fuzz"))));
    });
    requireStable(text, [](const std::string& from) {
        project::Manifest manifest = project::Manifest::parse(from, "fuzz");
        manifest.setEdits(manifest.edits());
        return manifest.text();
    });
    requireStable(text, [](const std::string& from) {
        return dumpJson(project::toJson(project::recordFromJson(parseJson(from, "fuzz"))));
    });
    requireStable(text, [](const std::string& from) {
        return dumpJson(project::toJson(project::artefactFromJson(parseJson(from, "fuzz"))));
    });
    return 0;
}
