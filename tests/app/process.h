// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vitrine::test {

/// What a program left when it ended.
struct ProcessResult {
    int exitCode = -1;  ///< -1 when a signal ended it
    int signal = 0;
    std::string out;
    std::string error;

    /// The one JSON object on stdout; fails the test when there is something else.
    nlohmann::json json() const;
};

/// vitrine-cli as a child process. Its locale is C and its output no terminal.
class Process {
  public:
    explicit Process(const std::vector<std::string>& arguments);
    ~Process();  ///< kills it when it still runs
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Waits until stderr holds `text`; false after `limit` or when the program ended without it.
    bool waitForError(const std::string& text, std::chrono::seconds limit = std::chrono::seconds(120));
    void interrupt(int signal);
    ProcessResult finish();

  private:
    bool readSome(std::chrono::milliseconds pause);

    pid_t pid_ = -1;
    int outPipe_ = -1;
    int errorPipe_ = -1;
    ProcessResult result_;
};

/// Runs it to its end.
ProcessResult run(const std::vector<std::string>& arguments);

}  // namespace vitrine::test
