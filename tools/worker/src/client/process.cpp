#include "process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <runledger/base/errno_text.hpp>

#include "channel.hpp"
#include "spawn.hpp"

namespace runledger::worker {
namespace {

constexpr std::chrono::milliseconds kKeeperWait{2'000};
// What a worker may not do to the file that both sides map: a shrunk one would end the client.
constexpr int kStatusSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
constexpr int kControlFd = 3;
constexpr int kForegroundChannelFd = 3;
constexpr int kForegroundStatusFd = 4;

Error no_worker(std::string_view what) {
  return {ErrorCode::io, fmt::format("A worker process cannot be started: {}.", what)};
}

Error no_worker(int error) { return no_worker(errno_text(error)); }

struct Pair {
  Fd ours, theirs;
};

std::optional<Pair> make_socket_pair(int type) {
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds.data()) != 0) return std::nullopt;
  return Pair{.ours = move_up(Fd(fds[0])), .theirs = move_up(Fd(fds[1]))};
}

std::optional<Pair> make_pipe() {
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pair{.ours = move_up(Fd(fds[0])), .theirs = move_up(Fd(fds[1]))};
}

bool make_nonblocking(const Fd& fd) {
  const int flags = ::fcntl(fd.get(), F_GETFL);
  return flags >= 0 && ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) == 0;
}

std::vector<std::string> command_line(const WorkerOptions& options) {
  std::vector<std::string> arguments = options.prefix;
  arguments.push_back(options.program.string());
  return arguments;
}

}  // namespace

Result<std::unique_ptr<Process>> Process::keep(const WorkerOptions& options) {
  std::unique_ptr<Process> process(new Process);
  process->options_ = options;
  auto control = make_socket_pair(SOCK_SEQPACKET);
  auto output = make_pipe();
  if (!control || !output || !make_nonblocking(output->ours)) {
    return std::unexpected(no_worker(errno));
  }
  auto arguments = command_line(options);
  arguments.insert(arguments.end(), {"--keep", std::to_string(kControlFd)});
  const std::array fds{PassedFd{output->theirs.get(), STDOUT_FILENO},
                       PassedFd{output->theirs.get(), STDERR_FILENO},
                       PassedFd{control->theirs.get(), kControlFd}};
  RL_TRY(process->child_, spawn(arguments, fds, Ground::background));
  process->control_ = std::move(control->ours);
  process->output_ = std::move(output->ours);
  return process;
}

Result<std::unique_ptr<Process>> Process::debug(const WorkerOptions& options) {
  std::unique_ptr<Process> process(new Process);
  process->options_ = options;
  Fd channel;
  Fd status_file;
  RL_TRY_VOID(process->make_channel(channel, status_file));
  const Fd low_channel = move_up(std::move(channel));
  std::vector<std::string> arguments{"/bin/sh", "-c", "exec " + options.under + " \"$@\"", "sh"};
  for (std::string& part : command_line(options)) arguments.push_back(std::move(part));
  arguments.insert(arguments.end(), {"--foreground", std::to_string(kForegroundChannelFd),
                                     std::to_string(kForegroundStatusFd)});
  const std::array fds{PassedFd{low_channel.get(), kForegroundChannelFd},
                       PassedFd{status_file.get(), kForegroundStatusFd}};
  RL_TRY(process->child_, spawn(arguments, fds, Ground::foreground));
  return process;
}

Process::~Process() {
  forget_worker();
  control_.reset();
  output_.reset();
  constexpr auto kWait = static_cast<int>(kKeeperWait.count());
  if (child_ <= 0 || wait_for(child_, kWait)) return;
  // A keeper that does not end by itself is ended by its guard, with what it kept.
  ::kill(child_, SIGTERM);
  if (wait_for(child_, kWait)) return;
  ::kill(child_, SIGKILL);
  wait_for(child_, -1);
}

Status Process::make_channel(Fd& theirs, Fd& status_file) {
  auto channel = make_socket_pair(SOCK_STREAM);
  status_file = move_up(Fd(::memfd_create("runledger-status", MFD_CLOEXEC | MFD_ALLOW_SEALING)));
  if (!channel || !status_file || !make_nonblocking(channel->ours) ||
      ::ftruncate(status_file.get(), kStatusBytes) != 0 ||
      ::fcntl(status_file.get(), F_ADD_SEALS, kStatusSeals) != 0) {
    return std::unexpected(no_worker(errno));
  }
  void* memory =
      ::mmap(nullptr, kStatusBytes, PROT_READ | PROT_WRITE, MAP_SHARED, status_file.get(), 0);
  if (memory == MAP_FAILED) return std::unexpected(no_worker(errno));
  status_ = static_cast<WorkerStatus*>(memory);
  channel_ = std::move(channel->ours);
  theirs = std::move(channel->theirs);
  return {};
}

Status Process::start() {
  stop();
  if (lost_) return std::unexpected(no_worker("its keeper is gone"));
  Fd channel;
  Fd status_file;
  RL_TRY_VOID(make_channel(channel, status_file));
  const std::array fds{channel.get(), status_file.get()};
  tell_keeper(ControlKind::start, options_.confine ? kStartConfined : 0, fds);
  channel.reset();
  Fd process;
  const auto answer = take_message(kKeeperWait, process);
  if (answer && answer->kind == ControlKind::started && process) {
    worker_ = std::move(process);
    return {};
  }
  forget_worker();
  lost_ = true;
  if (answer) return std::unexpected(no_worker(static_cast<int>(answer->value)));
  read_output();
  const std::string said = tail_.text();
  return std::unexpected(
      no_worker(said.empty() ? options_.program.string() + " does not answer"
                             : fmt::format("{} says: {}", options_.program.string(),
                                           said.substr(0, said.find_last_not_of('\n') + 1))));
}

bool Process::started() {
  if (worker_ && take_ended(std::chrono::milliseconds(0))) forget_worker();
  return static_cast<bool>(worker_) && !lost_;
}

void Process::stop() {
  if (!started()) return forget_worker();
  tell_keeper(ControlKind::kill, 0);
  if (!take_ended(kKeeperWait)) lost_ = true;
  forget_worker();
}

void Process::forget_worker() {
  if (worker_) ::syscall(SYS_pidfd_send_signal, worker_.get(), SIGKILL, nullptr, 0);
  worker_.reset();
  channel_.reset();
  if (status_ != nullptr) ::munmap(status_, kStatusBytes);
  status_ = nullptr;
}

void Process::tell_keeper(ControlKind kind, std::uint32_t flags, std::span<const int> fds) {
  const ControlMessage message{.kind = kind, .flags = flags, .value = 0, .extra = 0};
  send_all(control_.get(), {reinterpret_cast<const std::uint8_t*>(&message), sizeof message}, fds);
}

std::optional<ControlMessage> Process::take_message(std::chrono::milliseconds wait, Fd& fd) {
  pollfd ready{.fd = control_.get(), .events = POLLIN, .revents = 0};
  int count = 0;
  do {
    count = ::poll(&ready, 1, static_cast<int>(wait.count()));
  } while (count < 0 && errno == EINTR);
  if (count <= 0) return std::nullopt;
  ControlMessage message{};
  auto received =
      receive_some(control_.get(), {reinterpret_cast<std::uint8_t*>(&message), sizeof message});
  if (!received || received->size != sizeof message) {
    lost_ = true;
    return std::nullopt;
  }
  fd = std::move(received->fds[0]);
  return message;
}

std::optional<Process::Ended> Process::take_ended(std::chrono::milliseconds wait) {
  Fd none;
  const auto message = take_message(wait, none);
  if (!message || message->kind != ControlKind::ended) return std::nullopt;
  return Ended{.wait_status = static_cast<int>(message->value), .leftovers = message->extra};
}

void Process::read_output() {
  // More than a pipe holds; a worker that never stops printing must not keep us here.
  constexpr int kReads = 4;
  std::array<char, 64u << 10> bytes{};
  for (int i = 0; i < kReads; ++i) {
    const ssize_t size = ::read(output_.get(), bytes.data(), bytes.size());
    if (size <= 0) return;
    tail_.append({bytes.data(), static_cast<std::size_t>(size)});
  }
}

void Process::wait_for_debugger() {
  channel_.reset();
  if (child_ > 0) wait_for(child_, -1);
  child_ = -1;
}

}  // namespace runledger::worker
