// SPDX-License-Identifier: GPL-3.0-or-later
#include "interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <utility>

#include "base/error.h"
#include "exit_code.h"

namespace vitrine::cli {
namespace {

constexpr char kInterrupted = 'i';
constexpr char kTerminated = 't';
constexpr char kWatcherEnds = 'e';

// The only thing that the handler touches. Lock-free, so it is safe in a handler.
std::atomic<int> writeEnd{-1};
static_assert(std::atomic<int>::is_always_lock_free);

void send(char message) {
    while (write(writeEnd.load(), &message, 1) < 0 && errno == EINTR) {
    }
}

extern "C" void passOn(int signal) {
    const int saved = errno;
    send(signal == SIGINT ? kInterrupted : kTerminated);
    errno = saved;
}

extern "C" void leave(int) { _exit(static_cast<int>(ExitCode::stopped)); }

void setHandler(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

void exitOnInterrupt() { setHandler(leave); }

InterruptWatcher::InterruptWatcher(std::function<void(Interrupt)> react) : react_(std::move(react)) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail(ErrorCode::ioFailure, "no pipe for signals could be made");
    readEnd_ = ends[0];
    writeEnd = ends[1];
    thread_ = std::thread([this] { watch(); });
    setHandler(passOn);
}

InterruptWatcher::~InterruptWatcher() {
    setHandler(leave);
    send(kWatcherEnds);
    thread_.join();
    close(writeEnd.exchange(-1));
    close(readEnd_);
}

void InterruptWatcher::watch() {
    int interrupts = 0;
    char message = 0;
    for (;;) {
        const ssize_t count = read(readEnd_, &message, 1);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0 || message == kWatcherEnds) return;
        if (message == kInterrupted && ++interrupts > 2) _exit(static_cast<int>(ExitCode::stopped));
        react_(message == kInterrupted && interrupts == 1 ? Interrupt::stop : Interrupt::cancel);
    }
}

}  // namespace vitrine::cli
