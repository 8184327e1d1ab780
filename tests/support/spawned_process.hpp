#pragma once

#include <chrono>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace runledger::test {

// A child process whose output we read line by line. Spawned, never forked: a fork of a process
// that has RocksDB open hangs.
class SpawnedProcess {
 public:
  using Clock = std::chrono::steady_clock;

  // `environment` is added to ours.
  explicit SpawnedProcess(std::vector<std::string> command,
                          const std::vector<std::string>& environment = {}) {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe for " + command.front());
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    std::vector<char*> arguments;
    for (std::string& part : command) arguments.push_back(part.data());
    arguments.push_back(nullptr);
    std::vector<std::string> added = environment;
    std::vector<char*> variables;
    for (std::string& variable : added) variables.push_back(variable.data());
    for (char** variable = environ; *variable != nullptr; ++variable)
      variables.push_back(*variable);
    variables.push_back(nullptr);
    const int failed = ::posix_spawn(&pid_, command.front().c_str(), &actions, nullptr,
                                     arguments.data(), variables.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    stdin_ = in[1];
    stdout_ = out[0];
    if (failed != 0) throw std::runtime_error("cannot start " + command.front());
  }
  ~SpawnedProcess() {
    if (!status_) kill(SIGKILL);
    (void)wait();
    close_input();
    ::close(stdout_);
  }
  SpawnedProcess(const SpawnedProcess&) = delete;
  SpawnedProcess& operator=(const SpawnedProcess&) = delete;

  [[nodiscard]] pid_t id() const { return pid_; }
  void kill(int signal) const { ::kill(pid_, signal); }
  // Returns when no thread of it runs any more, until SIGCONT.
  void stop() const {
    kill(SIGSTOP);
    ::waitid(P_PID, static_cast<id_t>(pid_), nullptr, WSTOPPED | WEXITED | WNOWAIT);
  }
  // The end of its input: driver programs leave then.
  void close_input() {
    if (stdin_ >= 0) ::close(stdin_);
    stdin_ = -1;
  }

  // The next line, or nothing at the deadline or at the end.
  std::optional<std::string> line(Clock::time_point deadline) {
    for (;;) {
      if (const auto end = received_.find('\n'); end != std::string::npos) {
        std::string text = received_.substr(0, end);
        received_.erase(0, end + 1);
        return text;
      }
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
      pollfd item{stdout_, POLLIN, 0};
      if (::poll(&item, 1, left > 0 ? static_cast<int>(left) : 0) <= 0) return std::nullopt;
      char buffer[65536];
      const ssize_t n = ::read(stdout_, buffer, sizeof buffer);
      if (n <= 0) return std::nullopt;
      received_.append(buffer, static_cast<std::size_t>(n));
    }
  }
  // Lines until the deadline or the end.
  std::vector<std::string> lines(Clock::time_point deadline) {
    std::vector<std::string> all;
    while (auto next = line(deadline)) all.push_back(std::move(*next));
    return all;
  }
  // Waits for a line that begins with `start`; drops the others. False at the deadline or the end.
  bool await(std::string_view start, std::chrono::seconds patience = std::chrono::seconds(30)) {
    const auto deadline = Clock::now() + patience;
    while (const auto next = line(deadline))
      if (next->starts_with(start)) return true;
    return false;
  }

  // The exit status, or minus the signal.
  int wait() {
    while (!status_) {
      int status = 0;
      if (::waitpid(pid_, &status, 0) != pid_) continue;
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    return *status_;
  }

 private:
  pid_t pid_ = -1;
  int stdin_ = -1;
  int stdout_ = -1;
  std::string received_;
  std::optional<int> status_;
};

// Runs a program to its end: its lines and its exit status.
struct Finished {
  std::vector<std::string> lines;
  int status = 0;
};
inline Finished run_program(std::vector<std::string> command,
                            const std::vector<std::string>& environment = {}) {
  SpawnedProcess process(std::move(command), environment);
  process.close_input();
  Finished finished;
  finished.lines = process.lines(SpawnedProcess::Clock::now() + std::chrono::minutes(2));
  finished.status = process.wait();
  return finished;
}

}  // namespace runledger::test
