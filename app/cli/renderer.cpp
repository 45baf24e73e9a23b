// SPDX-License-Identifier: GPL-3.0-or-later
#include "renderer.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "interrupt.h"
#include "report/svg.h"

namespace vitrine::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongestOutput = std::size_t{64} << 10;
constexpr int kPause = 20;  ///< milliseconds between looks at an interrupt
constexpr std::chrono::seconds kStartTime{60};
constexpr std::chrono::seconds kFigureTime{10};

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "vitrine-figures-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            fail(ErrorCode::ioFailure, std::string("no folder can be made: ") + std::strerror(errno), name,
                 "set TMPDIR");
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

/// A program that runs. Its standard output goes nowhere, because ours is a result; what it says on stderr is
/// collected.
class Child {
  public:
    Child(const fs::path& program, const fs::path& request) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(ErrorCode::ioFailure, "no pipe could be made");
        const std::string programText = program.string(), requestText = request.string();
        const std::array<const char*, 4> arguments{programText.c_str(), "--render-list", requestText.c_str(), nullptr};
        const pid_t parent = ::getpid();
        pid_ = ::fork();
        if (pid_ == 0) become(arguments, ends[1], parent);
        const int reason = errno;
        ::close(ends[1]);
        channel_ = ends[0];
        if (pid_ < 0)
            fail(ErrorCode::ioFailure, std::string("cannot be started: ") + std::strerror(reason), programText);
    }
    ~Child() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
            }
        }
        ::close(channel_);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Reads what it says until it has ended. False when it has not by `deadline`, or when `givenUp` is set.
    bool listen(std::string& output, Clock::time_point deadline, const std::atomic<bool>& givenUp) {
        std::array<char, 4096> buffer{};
        bool speaks = true;
        while (Clock::now() < deadline && !givenUp) {
            if (!speaks && hasEnded()) return true;
            pollfd waiting{speaks ? channel_ : -1, POLLIN, 0};
            if (::poll(&waiting, 1, kPause) <= 0) continue;
            const ssize_t count = ::read(channel_, buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR) continue;
            speaks = count > 0;
            if (speaks)
                output.append(buffer.data(), std::min(static_cast<std::size_t>(count), kLongestOutput - output.size()));
        }
        return false;
    }

  private:
    /// Between fork() and exec() only what is safe in a process with other threads.
    [[noreturn]] static void become(const std::array<const char*, 4>& arguments, int channel, pid_t parent) {
        ::setpgid(0, 0);  // Ctrl+C reaches us alone, who then say what happened
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(127);  // it died before the line above
        const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        ::dup2(nowhere, STDIN_FILENO);
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(channel, STDERR_FILENO);
        ::execv(arguments[0], const_cast<char* const*>(arguments.data()));
        const char* text = "the program cannot be started\n";
        [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
        ::_exit(127);
    }

    bool hasEnded() {
        if (::waitpid(pid_, nullptr, WNOHANG) == 0) return false;
        pid_ = 0;
        return true;
    }

    pid_t pid_ = 0;
    int channel_ = -1;
};

nlohmann::json requestOf(const report::Figure& figure, const fs::path& project, const fs::path& out) {
    nlohmann::json request{{"project", project.string()},
                           {"run", figure.run},
                           {"against", figure.against},
                           {"view", figure.view},
                           {"site", figure.site},
                           {"options", figure.options.empty() ? nlohmann::json::object() : nlohmann::json::parse(figure.options)},
                           {"out", out.string()}};
    if (figure.widthMm > 0) request["width_mm"] = figure.widthMm;
    if (figure.heightMm > 0) request["height_mm"] = figure.heightMm;
    return request;
}

fs::path outOf(const fs::path& folder, std::size_t index) { return folder / (std::to_string(index) + ".svg"); }

std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::optional<fs::path> rendererProgram() {
    std::error_code error;
    if (const char* chosen = std::getenv("VITRINE_RENDERER"); chosen != nullptr && *chosen != '\0') {
        if (fs::is_regular_file(chosen, error)) return fs::absolute(chosen);
        fail(ErrorCode::notFound, "the program that VITRINE_RENDERER names is not there", chosen);
    }
    const fs::path beside = fs::read_symlink("/proc/self/exe", error).parent_path() / "vitrine";
    return fs::is_regular_file(beside, error) ? std::optional(beside) : std::nullopt;
}

Drawings drawFigures(const fs::path& program, const fs::path& project, const std::vector<report::Figure*>& figures) {
    const TemporaryFolder folder;
    nlohmann::json requests = nlohmann::json::array();
    for (std::size_t k = 0; k < figures.size(); ++k)
        requests.push_back(requestOf(*figures[k], project, outOf(folder.path(), k)));
    const fs::path list = folder.path() / "figures.json";
    writeFileAtomically(list, requests.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));

    Drawings drawings;
    std::atomic<bool> interrupted = false;
    const auto deadline = Clock::now() + kStartTime + kFigureTime * static_cast<int>(figures.size());
    {
        const InterruptWatcher watcher([&interrupted](Interrupt) { interrupted = true; });
        Child child(program, list);
        const bool ended = child.listen(drawings.output, deadline, interrupted);
        if (interrupted) fail(ErrorCode::stopped, "The report was cancelled");
        drawings.complaint = ended ? firstLine(drawings.output) : "it took too long";
    }
    for (std::size_t k = 0; k < figures.size(); ++k) {
        const fs::path file = outOf(folder.path(), k);
        std::error_code ignored;
        if (fs::is_regular_file(file, ignored) && fs::file_size(file, ignored) <= report::kMaximumSvg)
            drawings.svg[figures[k]->id] = readTextFile(file, report::kMaximumSvg);
    }
    return drawings;
}

}  // namespace vitrine::cli
