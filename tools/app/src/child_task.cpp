#include "child_task.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <runledger/base/errno_text.hpp>
#include <runledger/base/fd.hpp>

extern char** environ;

namespace runledger::app {
namespace {

enum class FrameKind : std::uint8_t { progress = 1, answer = 2, notice = 3 };
constexpr std::uint32_t kFrameBytesMax = 64u << 20;
constexpr int kPollMs = 100;

void send_frame(FrameKind kind, ByteView body) {
  const Bytes frame = ByteWriter()
                          .number(static_cast<std::uint8_t>(kind))
                          .number(static_cast<std::uint32_t>(body.size()))
                          .raw(body)
                          .take();
  ByteView rest = frame;
  while (!rest.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) ::_exit(1);  // nobody listens any more
    rest = rest.subspan(static_cast<std::size_t>(written));
  }
}

// Takes whole frames off the front of `bytes`; false when they are not well formed.
bool take_frames(const Context& context, Bytes& bytes, std::optional<Bytes>& answer) {
  for (;;) {
    ByteReader reader(bytes);
    const auto kind = static_cast<FrameKind>(reader.number<std::uint8_t>());
    const auto size = reader.number<std::uint32_t>();
    if (!reader.ok()) return true;
    if (size > kFrameBytesMax) return false;
    const ByteView body = reader.raw(size);
    if (!reader.ok()) return true;
    if (kind == FrameKind::answer) {
      answer = Bytes(body.begin(), body.end());
    } else if (kind == FrameKind::notice) {
      context.notice(std::string(text_of(body)));
    } else {
      ByteReader numbers(body);
      const auto done = numbers.number<std::uint64_t>();
      context.progress(done, numbers.number<std::uint64_t>(), "checks");
    }
    const ByteView rest = reader.rest();
    bytes = Bytes(rest.begin(), rest.end());
  }
}

// A started child, killed unless it was waited for.
class Child {
 public:
  Child(pid_t pid, Fd output) : pid_(pid), output_(std::move(output)) {}
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    (void)wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] int output() const { return output_.get(); }
  ChildEnd wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status), .exit_status = 0};
    return {.signal = 0, .exit_status = WEXITSTATUS(status)};
  }

 private:
  pid_t pid_;
  Fd output_;
};

Error not_started(int error) {
  return {ErrorCode::io, "the checking process could not be started: " + errno_text(error)};
}

Result<std::unique_ptr<Child>> start(const Context& context, const std::vector<std::string>& task) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(not_started(errno));
  Fd output(ends[0]);
  const Fd input(ends[1]);
  std::vector<std::string> arguments{context.layout.program.string(), std::string(kChildMark)};
  arguments.insert(arguments.end(), task.begin(), task.end());
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.get(), STDOUT_FILENO);
  // What a broken invariant prints is no sentence for people; the parent says what happened.
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  const int error =
      ::posix_spawn(&pid, arguments.front().c_str(), &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return std::unexpected(not_started(error));
  return std::make_unique<Child>(pid, std::move(output));
}

}  // namespace

Result<ChildAnswer> run_in_child(const Context& context, const std::vector<std::string>& task) {
  RL_TRY(const std::unique_ptr<Child> child, start(context, task));
  ChildAnswer result;
  Bytes received;
  std::array<std::uint8_t, 65536> piece{};
  for (;;) {
    if (context.stop_wanted()) return fail(ErrorCode::interrupted, "interrupted");
    pollfd waiting{.fd = child->output(), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, kPollMs);
    if (ready < 0 && errno != EINTR)
      return fail(ErrorCode::io, "the checking process could not be waited for; run it again");
    if (ready <= 0) continue;
    const ssize_t got = ::read(child->output(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    received.insert(received.end(), piece.begin(), piece.begin() + got);
    if (!take_frames(context, received, result.answer))
      return fail(ErrorCode::internal, "the checking process gave an answer that is none");
  }
  result.end = child->wait();
  return result;
}

void send_progress(std::uint64_t done, std::uint64_t total) {
  send_frame(FrameKind::progress, ByteWriter().number(done).number(total).bytes());
}
void send_notice(const std::string& sentence) { send_frame(FrameKind::notice, bytes_of(sentence)); }
void send_answer(ByteView answer) { send_frame(FrameKind::answer, answer); }

}  // namespace runledger::app
