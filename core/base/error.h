// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace vitrine {

/// What kind of failure an Error reports. The command line maps it to an exit code, the window to an icon.
enum class ErrorCode {
    invalidArgument,  ///< a parameter or a command-line value is wrong
    notFound,         ///< a file, run, site or parameter does not exist
    badFormat,        ///< a file is malformed
    unsupported,      ///< a file is legal but needs something that Vitrine does not do
    tooLarge,         ///< a file claims more memory than it can justify, or than is allowed
    ioFailure,        ///< the operating system refused a read or write
    stopped,          ///< the user cancelled the work
    internal,         ///< a broken invariant: our own fault
};

/// Lower-case stable name of a code, as written to JSON ("bad_format").
std::string_view errorCodeName(ErrorCode code);

/// A failure as a value: what failed, where, and what the user can do about it.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string what;    ///< one sentence: what failed
    std::string where;   ///< the file, site or parameter it failed with; may be empty
    std::string remedy;  ///< what the user can do; may be empty

    /// "where: what. remedy" on one line.
    std::string text() const;
};

/// The one exception type that core throws. Job borders turn it into an Error value.
class Exception : public std::exception {
  public:
    explicit Exception(Error error);
    const Error& error() const noexcept { return error_; }
    const char* what() const noexcept override { return text_.c_str(); }

  private:
    Error error_;
    std::string text_;
};

/// Throws Exception{Error{code, what, where, remedy}}.
[[noreturn]] void fail(ErrorCode code, std::string what, std::string where = {}, std::string remedy = {});

/// The Error that describes an exception in flight: its own Error when it is ours, else an `internal` one.
Error describe(const std::exception& exception);

}  // namespace vitrine
