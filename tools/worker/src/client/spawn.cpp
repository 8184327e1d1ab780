#include "spawn.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <runledger/base/errno_text.hpp>

namespace runledger::worker {
namespace {

// exp, log and pow of the C library give the same bits on every x86-64 only if it does not choose
// its variants for FMA.
constexpr std::string_view kTunables = "GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2";
constexpr std::array<std::string_view, 3> kPlain{"LANG=C", "LC_ALL=C", "TZ=UTC"};
constexpr int kLowestOfOurs = 64;

std::vector<std::string> make_environment(Ground ground) {
  std::vector<std::string> entries{std::string(kTunables)};
  entries.insert(entries.end(), kPlain.begin(), kPlain.end());
  if (ground == Ground::background) return entries;
  // A debugger wants its terminal and home folder; the strategy is to see the rest as always.
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('=') + 1);
    const auto same = [&](const std::string& set) { return set.starts_with(name); };
    if (std::ranges::none_of(entries, same)) entries.emplace_back(text);
  }
  return entries;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

class Attributes {
 public:
  explicit Attributes(Ground ground) {
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_init(&actions_);
    sigset_t signals;
    sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (ground == Ground::background) flags |= POSIX_SPAWN_SETSID;
    ::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags));
  }
  ~Attributes() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  void pass(std::span<const PassedFd> fds, Ground ground) {
    for (int standard = 0; ground == Ground::background && standard <= 2; ++standard) {
      if (std::ranges::find(fds, standard, &PassedFd::theirs) != fds.end()) continue;
      ::posix_spawn_file_actions_addopen(&actions_, standard, "/dev/null",
                                         standard == 0 ? O_RDONLY : O_WRONLY, 0);
    }
    for (const PassedFd& fd : fds) {
      ::posix_spawn_file_actions_adddup2(&actions_, fd.ours, fd.theirs);
    }
  }

  posix_spawnattr_t attributes_{};
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

Result<pid_t> spawn(const std::vector<std::string>& arguments, std::span<const PassedFd> fds,
                    Ground ground) {
  Attributes attributes(ground);
  attributes.pass(fds, ground);
  const std::vector<std::string> environment = make_environment(ground);
  pid_t child = -1;
  const int error = ::posix_spawn(&child, arguments.front().c_str(), &attributes.actions_,
                                  &attributes.attributes_, pointers(arguments).data(),
                                  pointers(environment).data());
  if (error == 0) return child;
  if (error == ENOENT) {
    return fail(ErrorCode::not_found,
                fmt::format("The program {} does not exist; is runledger installed completely?",
                            arguments.front()));
  }
  return fail(ErrorCode::io, fmt::format("The program {} cannot be started: {}.", arguments.front(),
                                         errno_text(error)));
}

std::optional<int> wait_for(pid_t child, int milliseconds) {
  if (milliseconds >= 0) {
    const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    pollfd wait{.fd = process.get(), .events = POLLIN, .revents = 0};
    if (process && ::poll(&wait, 1, milliseconds) == 0) return std::nullopt;
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return 0;  // somebody else has waited for it
  }
  return status;
}

Fd move_up(Fd fd) { return Fd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, kLowestOfOurs)); }

}  // namespace runledger::worker
