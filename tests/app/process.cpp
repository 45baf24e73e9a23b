// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

namespace vitrine::test {
namespace {

/// Appends what `pipe` holds to `text`; closes it at its end.
void drain(int& pipe, std::string& text) {
    std::array<char, 4096> buffer{};
    const ssize_t count = read(pipe, buffer.data(), buffer.size());
    if (count > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
    } else {
        close(pipe);
        pipe = -1;
    }
}

[[noreturn]] void become(const std::vector<std::string>& arguments, int out, int error) {
    dup2(out, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    for (const char* name : {"LC_ALL", "OPENBLAS_CORETYPE"}) unsetenv(name);
    setenv("LC_ALL", "C", 1);
    std::vector<char*> pointers{const_cast<char*>(VITRINE_CLI)};
    for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
    pointers.push_back(nullptr);
    execv(VITRINE_CLI, pointers.data());
    _exit(127);
}

}  // namespace

nlohmann::json ProcessResult::json() const {
    nlohmann::json parsed = nlohmann::json::parse(out, nullptr, false);
    EXPECT_FALSE(parsed.is_discarded()) << "no JSON on stdout: " << out << "\nstderr: " << error;
    return parsed;
}

Process::Process(const std::vector<std::string>& arguments) {
    std::array<int, 2> out{};
    std::array<int, 2> error{};
    if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(error.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipes");
    pid_ = fork();
    if (pid_ == 0) become(arguments, out[1], error[1]);
    close(out[1]);
    close(error[1]);
    outPipe_ = out[0];
    errorPipe_ = error[0];
}

Process::~Process() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    if (outPipe_ >= 0) close(outPipe_);
    if (errorPipe_ >= 0) close(errorPipe_);
}

bool Process::readSome(std::chrono::milliseconds pause) {
    std::array<pollfd, 2> pipes{{{outPipe_, POLLIN, 0}, {errorPipe_, POLLIN, 0}}};
    if (poll(pipes.data(), pipes.size(), static_cast<int>(pause.count())) < 0) return false;
    if (outPipe_ >= 0 && pipes[0].revents != 0) drain(outPipe_, result_.out);
    if (errorPipe_ >= 0 && pipes[1].revents != 0) drain(errorPipe_, result_.error);
    return outPipe_ >= 0 || errorPipe_ >= 0;
}

bool Process::waitForError(const std::string& text, std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (result_.error.find(text) == std::string::npos) {
        if (std::chrono::steady_clock::now() > end) return false;
        if (!readSome(std::chrono::milliseconds(50))) return result_.error.find(text) != std::string::npos;
    }
    return true;
}

void Process::interrupt(int signal) { kill(pid_, signal); }

ProcessResult Process::finish() {
    while (readSome(std::chrono::milliseconds(1000))) {
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    if (WIFEXITED(status)) result_.exitCode = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) result_.signal = WTERMSIG(status);
    return result_;
}

ProcessResult run(const std::vector<std::string>& arguments) { return Process(arguments).finish(); }

}  // namespace vitrine::test
