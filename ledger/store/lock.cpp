#include "lock.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <limits>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <runledger/base/text.hpp>

namespace runledger::ledger {
namespace {

constexpr std::chrono::seconds kSpeakAfter{1};
constexpr std::int64_t kLongestPauseNs = 8'000'000;
// Longer waits overflow the clock.
constexpr std::chrono::milliseconds kTimeoutMax = std::chrono::days(365);
constexpr std::size_t kLockFileSizeMax = 64;

// True when taken, false while others hold it.
Result<bool> try_flock(int fd, int operation, const std::filesystem::path& path) {
  for (;;) {
    if (::flock(fd, operation | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR)
      return std::unexpected(file_error(ErrorCode::io, "Cannot lock", path, errno));
  }
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
  waiter.lock_ = open_fd(layout.lock(), O_RDWR);
  if (!waiter.lock_ && (errno == EROFS || errno == EACCES) && kind == Kind::shared) {
    waiter.read_only_ = true;
    waiter.lock_ = open_fd(layout.lock(), O_RDONLY);
  }
  if (!waiter.lock_)
    return std::unexpected(
        file_error(kind == Kind::shared ? ErrorCode::io : ErrorCode::write_failed, "Cannot open",
                   layout.lock(), errno));
  waiter.turnstile_ = open_fd(layout.turnstile(), waiter.read_only_ ? O_RDONLY : O_RDWR);
  if (!waiter.turnstile_)
    return std::unexpected(
        file_error(kind == Kind::shared ? ErrorCode::io : ErrorCode::write_failed, "Cannot open",
                   layout.turnstile(), errno));
  return waiter;
}

Result<std::optional<LedgerLock>> LedgerLock::Waiter::attempt() {
  if (!at_turnstile_) {
    RL_TRY(at_turnstile_, try_flock(turnstile_.get(), LOCK_EX, layout_.turnstile()));
    if (!at_turnstile_) return std::nullopt;
  }
  const int operation = kind_ == Kind::exclusive ? LOCK_EX : LOCK_SH;
  RL_TRY(const bool taken, try_flock(lock_.get(), operation, layout_.lock()));
  if (!taken) return std::nullopt;
  (void)::flock(turnstile_.get(), LOCK_UN);
  at_turnstile_ = false;
  if (kind_ == Kind::exclusive) write_holder(lock_.get());
  return LedgerLock(std::move(lock_));
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
  const auto bytes = read_file(layout.lock(), kLockFileSizeMax);
  const auto pid = bytes ? parse_int(trim(text_of(*bytes))) : std::optional<std::int64_t>();
  const bool alive = pid && *pid > 0 && *pid <= std::numeric_limits<pid_t>::max() &&
                     (::kill(static_cast<pid_t>(*pid), 0) == 0 || errno == EPERM);
  return alive ? "process " + std::to_string(*pid) : "another process";
}

std::string waiting_sentence(const Layout& layout) {
  return "Waiting for the ledger " + layout.root.string() + ", which " + lock_holder(layout) +
         " holds.";
}

Error locked_error(const Layout& layout, std::chrono::milliseconds timeout) {
  return {ErrorCode::locked, "The ledger " + layout.root.string() + " stayed locked by " +
                                 lock_holder(layout) + " for " + std::to_string(timeout.count()) +
                                 " ms. Try again when it is done, or wait longer with "
                                 "--lock-timeout."};
}

}  // namespace runledger::ledger
