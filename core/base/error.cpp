// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

#include <new>
#include <utility>

namespace vitrine {

std::string_view errorCodeName(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalidArgument: return "invalid_argument";
        case ErrorCode::notFound: return "not_found";
        case ErrorCode::badFormat: return "bad_format";
        case ErrorCode::unsupported: return "unsupported";
        case ErrorCode::tooLarge: return "too_large";
        case ErrorCode::ioFailure: return "io_failure";
        case ErrorCode::stopped: return "stopped";
        case ErrorCode::internal: return "internal";
    }
    return "internal";
}

std::string Error::text() const {
    std::string line = where.empty() ? what : where + ": " + what;
    if (!remedy.empty()) line += " (" + remedy + ")";
    return line;
}

Exception::Exception(Error error) : error_(std::move(error)), text_(error_.text()) {}

void fail(ErrorCode code, std::string what, std::string where, std::string remedy) {
    throw Exception(Error{code, std::move(what), std::move(where), std::move(remedy)});
}

Error describe(const std::exception& exception) {
    if (const auto* ours = dynamic_cast<const Exception*>(&exception)) return ours->error();
    if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr)
        return {ErrorCode::tooLarge, "out of memory", {}, "use fewer images or a smaller batch"};
    return {ErrorCode::internal, exception.what(), {}, {}};
}

}  // namespace vitrine
