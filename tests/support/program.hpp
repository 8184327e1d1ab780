#pragma once

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace runledger::test {

// How a program is started: the first word is its path.
struct Launch {
  std::vector<std::string> words;
  std::filesystem::path directory;
  std::vector<std::string> environment;  // all of it: `NAME=value`
  std::string input = {};
  int output = -1;  // a descriptor that becomes its stdout; else stdout is collected
};

// How a program ended.
struct Outcome {
  int status = -1;  // the exit status, or minus the signal
  std::string out, err;
};

// A descriptor of a file in memory, closed at the end.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content = {})
      : descriptor_(::memfd_create("test", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("no memory file");
    while (!content.empty()) {
      const ssize_t n = ::write(descriptor_, content.data(), content.size());
      if (n <= 0) throw std::runtime_error("cannot fill a memory file");
      content.remove_prefix(static_cast<std::size_t>(n));
    }
    ::lseek(descriptor_, 0, SEEK_SET);
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] std::string content() const {
    std::string text(static_cast<std::size_t>(::lseek(descriptor_, 0, SEEK_END)), '\0');
    const ssize_t n = ::pread(descriptor_, text.data(), text.size(), 0);
    text.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return text;
  }

 private:
  int descriptor_;
};

// A program under way, its streams in memory files: however much it writes, it never waits for us.
class RunningProgram {
 public:
  explicit RunningProgram(const Launch& launch) : input_(launch.input) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input_.descriptor(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(
        &actions, launch.output >= 0 ? launch.output : out_.descriptor(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err_.descriptor(), STDERR_FILENO);
    posix_spawn_file_actions_addchdir_np(&actions, launch.directory.c_str());
    // As a shell starts it, whatever this test inherited.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int failed =
        ::posix_spawn(&pid_, launch.words.front().c_str(), &actions, &attributes,
                      pointers(launch.words).data(), pointers(launch.environment).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error("cannot start " + launch.words.front());
  }
  ~RunningProgram() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    (void)wait();
  }
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  void signal(int number) const { ::kill(pid_, number); }
  [[nodiscard]] std::string err_so_far() const { return err_.content(); }
  Outcome wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) != pid_) {
    }
    pid_ = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), out_.content(),
            err_.content()};
  }

 private:
  static std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
  }

  MemoryFile input_, out_, err_;
  pid_t pid_ = -1;
};

inline Outcome run_to_end(const Launch& launch) { return RunningProgram(launch).wait(); }

}  // namespace runledger::test
