#include "lock.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <limits>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <runledger/base/text.hpp>

namespace runledger::ledger {
namespace {

constexpr std::chrono::seconds kSpeakAfter{1};
constexpr std::int64_t kLongestPauseNs = 8'000'000;
// Longer waits overflow the clock.
constexpr std::chrono::milliseconds kTimeoutMax = std::chrono::days(365);
constexpr std::size_t kLockFileSizeMax = 64;
constexpr std::size_t kProcessFileSizeMax = 4'096;

// True when taken, false while others hold it.
Result<bool> try_flock(int fd, int operation, const std::filesystem::path& path) {
  for (;;) {
    if (::flock(fd, operation | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR)
      return std::unexpected(file_error(ErrorCode::io, "Cannot lock", path, errno));
  }
}

// Whether the open file is the one at `path`, and not one that somebody has taken away since.
bool is_at(int fd, const std::filesystem::path& path) {
  struct stat ours{};
  struct stat there{};
  return ::fstat(fd, &ours) == 0 && ::stat(path.c_str(), &there) == 0 &&
         ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

std::string seconds_text(std::chrono::milliseconds time) {
  return format_double(static_cast<double>(time.count()) / 1000) + " s";
}

// The process that the lock file names, while there is one of that number.
std::optional<pid_t> named_holder(const Layout& layout) {
  const auto bytes = read_file(layout.lock(), kLockFileSizeMax);
  const auto pid = bytes ? parse_int(trim(text_of(*bytes))) : std::optional<std::int64_t>();
  if (!pid || *pid <= 0 || *pid > std::numeric_limits<pid_t>::max()) return std::nullopt;
  const auto holder = static_cast<pid_t>(*pid);
  if (::kill(holder, 0) != 0 && errno != EPERM) return std::nullopt;
  return holder;
}

// Whether it was stopped, by Ctrl-Z or SIGSTOP: proc(5), /proc/PID/stat, the field after the name,
// which stands in parentheses and may hold some.
bool is_stopped(pid_t process) {
  const auto bytes = read_file("/proc/" + std::to_string(process) + "/stat", kProcessFileSizeMax);
  if (!bytes) return false;
  const std::string_view text = text_of(*bytes);
  const std::size_t name_end = text.rfind(')');
  return name_end != std::string_view::npos && text.substr(name_end).starts_with(") T");
}

// "It is stopped; resume it with `kill -CONT 1234`.", or nothing when it is not.
std::string stopped_sentence(const Layout& layout) {
  const auto holder = named_holder(layout);
  if (!holder || !is_stopped(*holder)) return {};
  return "It is stopped; resume it with `kill -CONT " + std::to_string(*holder) + "`.";
}

// Names us in the lock file, for the message that others print. Best effort.
void write_holder(int fd) {
  std::string text = std::to_string(::getpid());
  text.resize(16, ' ');
  text.back() = '\n';
  (void)pwrite_all(fd, bytes_of(text), 0);
}

}  // namespace

Patience::Patience(std::chrono::milliseconds timeout,
                   std::function<void(const std::string&)> on_wait,
                   std::function<std::string()> sentence)
    : start_(Clock::now()),
      deadline_(start_ + std::clamp(timeout, std::chrono::milliseconds(0), kTimeoutMax)),
      on_wait_(std::move(on_wait)),
      sentence_(std::move(sentence)) {}

void Patience::notice() {
  if (!on_wait_ || Clock::now() - start_ < kSpeakAfter) return;
  on_wait_(sentence_());
  on_wait_ = nullptr;
}

void Patience::pause() {
  notice();
  // A spread of a quarter keeps waiters from knocking in step.
  std::uint8_t spread = 0;
  fill_random({&spread, 1});
  const std::chrono::nanoseconds pause(pause_ns_ + pause_ns_ * spread / 1024);
  std::this_thread::sleep_until(std::min<Clock::time_point>(Clock::now() + pause, deadline_));
  pause_ns_ = std::min(pause_ns_ * 2, kLongestPauseNs);
}

Result<LedgerLock::Waiter> LedgerLock::Waiter::open(const Layout& layout, Kind kind) {
  Waiter waiter(layout, kind);
  RL_TRY_VOID(waiter.open_missing());
  return waiter;
}

// No file for a reader where there is none.
Result<Fd> LedgerLock::Waiter::open_file(const std::filesystem::path& path) const {
  const bool reads = kind_ == Kind::shared;
  Fd fd = open_fd(path, O_RDWR | O_NOFOLLOW);
  if (!fd && errno == ENOENT && !reads) fd = open_fd(path, O_RDWR | O_NOFOLLOW | O_CREAT);
  if (!fd && reads && (errno == EROFS || errno == EACCES))
    fd = open_fd(path, O_RDONLY | O_NOFOLLOW);
  if (fd || (reads && errno == ENOENT)) return fd;
  if (errno == ELOOP)
    return fail(ErrorCode::damaged,
                path.string() +
                    " is a symbolic link, and a lock of a ledger is a file of its own. Remove the "
                    "link; the next command that writes makes the file.");
  return std::unexpected(
      file_error(reads ? ErrorCode::io : ErrorCode::write_failed, "Cannot open", path, errno));
}

Status LedgerLock::Waiter::open_missing() {
  if (!lock_) {
    RL_TRY(lock_, open_file(layout_.lock()));
  }
  if (!turnstile_) {
    RL_TRY(turnstile_, open_file(layout_.turnstile()));
  }
  return {};
}

Result<std::optional<LedgerLock>> LedgerLock::Waiter::attempt() {
  RL_TRY_VOID(open_missing());
  if (turnstile_ && !at_turnstile_) {
    RL_TRY(at_turnstile_, try_flock(turnstile_.get(), LOCK_EX, layout_.turnstile()));
    if (!at_turnstile_) return std::nullopt;
  }
  if (lock_) {
    const int operation = kind_ == Kind::exclusive ? LOCK_EX : LOCK_SH;
    RL_TRY(const bool taken, try_flock(lock_.get(), operation, layout_.lock()));
    if (!taken) return std::nullopt;
  }
  if (turnstile_) (void)::flock(turnstile_.get(), LOCK_UN);
  at_turnstile_ = false;
  if (!lock_) return LedgerLock(layout_.lock());
  if (!is_at(lock_.get(), layout_.lock())) {
    lock_.reset();
    return std::nullopt;
  }
  if (kind_ == Kind::exclusive) write_holder(lock_.get());
  return LedgerLock(std::move(lock_));
}

bool LedgerLock::kept_writers_out() const {
  std::error_code ignored;
  return fd_ || !std::filesystem::exists(missing_, ignored);
}

Status LedgerLock::create(const Layout& layout) {
  RL_TRY_VOID(write_new_file(layout.lock(), {}));
  return write_new_file(layout.turnstile(), {});
}

Result<LedgerLock> take_lock(const Layout& layout, const AppendOptions& options) {
  RL_TRY(auto waiter, LedgerLock::Waiter::open(layout, LedgerLock::Kind::exclusive));
  Patience patience(options.lock_timeout, options.on_wait,
                    [&layout] { return waiting_sentence(layout); });
  for (;;) {
    RL_TRY(auto lock, waiter.attempt());
    if (lock) return *std::move(lock);
    if (patience.over()) return std::unexpected(locked_error(layout, patience.timeout()));
    patience.pause();
  }
}

std::string lock_holder(const Layout& layout) {
  const auto holder = named_holder(layout);
  return holder ? "process " + std::to_string(*holder) : "another process";
}

std::string waiting_sentence(const Layout& layout) {
  const std::string stopped = stopped_sentence(layout);
  return "Waiting for the ledger " + layout.root.string() + ", which " + lock_holder(layout) +
         " holds." + (stopped.empty() ? "" : " " + stopped);
}

Error locked_error(const Layout& layout, std::chrono::milliseconds timeout) {
  const std::string stopped = stopped_sentence(layout);
  return {ErrorCode::locked,
          "The ledger " + layout.root.string() + " stayed locked by " + lock_holder(layout) +
              " for " + seconds_text(timeout) + ". " +
              (stopped.empty() ? "Try again when it is done, or wait longer with --lock-timeout."
                               : stopped)};
}

}  // namespace runledger::ledger
