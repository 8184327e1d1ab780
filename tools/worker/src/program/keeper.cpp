#include "keeper.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.hpp"
#include "confine.hpp"
#include "control.hpp"
#include "high_fd.hpp"
#include "last_words.hpp"
#include "serve.hpp"
#include "status.hpp"

namespace runledger::worker {
namespace {

constexpr int kSweepsMax = 1000;

pid_t first_child() {
  const Fd list(::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC));
  std::array<char, 64> text{};
  const ssize_t size = list ? ::read(list.get(), text.data(), text.size()) : 0;
  pid_t child = 0;
  std::from_chars(text.data(), text.data() + std::max<ssize_t>(size, 0), child);
  return child;
}

// Ends every child that is still there: what a worker forked comes here when its parent ends.
// Returns how many.
int sweep() {
  int count = 0;
  for (int i = 0; i < kSweepsMax; ++i) {
    if (::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD) break;
    if (const pid_t child = first_child(); child > 0) {
      ::kill(child, SIGKILL);
      if (::waitpid(child, nullptr, 0) == child) ++count;
    }
  }
  return count;
}

// Blocks the signals; returns those that were blocked before.
sigset_t block_signals(const sigset_t& signals) {
  sigset_t before;
  ::sigprocmask(SIG_BLOCK, &signals, &before);
  return before;
}

sigset_t signal_set(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

class Keeper {
 public:
  explicit Keeper(Fd control) : control_(std::move(control)) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    const sigset_t ended = signal_set({SIGCHLD});
    signal_mask_ = block_signals(ended);
    child_signals_ = Fd(::signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK));
  }

  void keep() {
    for (;;) {
      std::array<pollfd, 2> waits{{{.fd = control_.get(), .events = POLLIN, .revents = 0},
                                   {.fd = child_signals_.get(), .events = POLLIN, .revents = 0}}};
      if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) break;
      if (waits[1].revents != 0) reap();
      if (waits[0].revents != 0 && !obey()) break;
    }
    if (worker_ > 0) ::kill(worker_, SIGKILL);
    sweep();
  }

 private:
  // False when the client is gone.
  bool obey() {
    ControlMessage message{};
    auto received =
        receive_some(control_.get(), {reinterpret_cast<std::uint8_t*>(&message), sizeof message});
    if (!received || received->size != sizeof message) return false;
    if (message.kind == ControlKind::start) {
      start(message, std::move(received->fds[0]), std::move(received->fds[1]));
    } else if (message.kind == ControlKind::kill && worker_ > 0) {
      ::kill(worker_, SIGKILL);
    }
    return true;
  }

  void start(const ControlMessage& message, Fd channel, Fd status_file) {
    WorkerStatus* status = map_status(status_file);
    status_file.reset();
    if (worker_ > 0 || !channel || status == nullptr) return tell_failed(EINVAL);
    const pid_t keeper = ::getpid();
    const pid_t worker = ::fork();
    if (worker < 0) return tell_failed(errno);
    if (worker == 0) {
      be_worker(keeper, message, std::move(channel), *status);
    }
    ::munmap(status, kStatusBytes);
    worker_ = worker;
    const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, worker, 0)));
    tell({.kind = ControlKind::started, .flags = 0, .value = worker, .extra = 0}, process.get());
  }

  [[noreturn]] void be_worker(pid_t keeper, const ControlMessage& message, Fd channel,
                              WorkerStatus& status) {
    ::setsid();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != keeper) ::_exit(kExitClosed);
    ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    control_.reset();
    child_signals_.reset();
    ::sigprocmask(SIG_SETMASK, &signal_mask_, nullptr);
    // What is printed is not to wait in a buffer for a crash.
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    Fd high = to_high_fd(std::move(channel));
    leave_last_words(status);
    std::uint32_t confinement = confine_resources() | kConfinedChildren;
    if (limit_memory(1u << 30) != 0) confinement |= kConfinedMemory;
    limit_memory(0);
    if ((message.flags & kStartConfined) != 0) confinement |= confine_system_calls();
    status.confinement = confinement;
    ::_exit(serve(std::move(high), status));
  }

  // Collects every process that has ended; tells when the worker is among them.
  void reap() {
    signalfd_siginfo seen;
    while (::read(child_signals_.get(), &seen, sizeof seen) > 0) {
    }
    int status = 0;
    for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      if (ended == worker_) worker_status_ = status;
    }
    if (!worker_status_) return;
    const pid_t group = std::exchange(worker_, 0);
    ::kill(-group, SIGKILL);
    const int leftovers = sweep();
    tell({.kind = ControlKind::ended,
          .flags = 0,
          .value = *std::exchange(worker_status_, std::nullopt),
          .extra = leftovers},
         -1);
  }

  void tell_failed(int error) {
    tell({.kind = ControlKind::failed, .flags = 0, .value = error, .extra = 0}, -1);
  }

  void tell(const ControlMessage& message, int fd) {
    const std::span<const int> fds = fd >= 0 ? std::span(&fd, 1) : std::span<const int>();
    send_all(control_.get(), {reinterpret_cast<const std::uint8_t*>(&message), sizeof message},
             fds);
  }

  Fd control_;
  Fd child_signals_;
  sigset_t signal_mask_{};
  pid_t worker_ = 0;
  std::optional<int> worker_status_;
};

}  // namespace

void keep_workers(Fd control) {
  prepare_last_words();
  // A strategy can kill its parent, the keeper. What it had forked comes here then, to a process
  // that is not its parent.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  const sigset_t awaited = signal_set({SIGCHLD, SIGTERM});
  const sigset_t before = block_signals(awaited);
  const pid_t guard = ::getpid();
  const pid_t keeper = ::fork();
  if (keeper > 0) {
    control.reset();
    while (::waitpid(keeper, nullptr, WNOHANG) == 0) {
      if (::sigwaitinfo(&awaited, nullptr) == SIGTERM) ::kill(keeper, SIGKILL);
    }
    sweep();
    return;
  }
  if (keeper == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != guard) return;
  }
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  Keeper(std::move(control)).keep();
}

WorkerStatus* map_status(const Fd& file) {
  struct stat about{};
  if (!file || ::fstat(file.get(), &about) != 0 || about.st_size != kStatusBytes) return nullptr;
  void* memory = ::mmap(nullptr, kStatusBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (memory == MAP_FAILED) return nullptr;
  auto* status = static_cast<WorkerStatus*>(memory);
  status->magic = kStatusMagic;
  status->version = kStatusVersion;
  return status;
}

}  // namespace runledger::worker
