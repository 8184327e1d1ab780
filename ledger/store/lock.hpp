#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <runledger/base/result.hpp>
#include <runledger/ledger/ledger.hpp>

#include "files.hpp"
#include "layout.hpp"

namespace runledger::ledger {

using Clock = std::chrono::steady_clock;

// A wait with an end, that says once that it is waiting.
class Patience {
 public:
  Patience(std::chrono::milliseconds timeout, std::function<void(const std::string&)> on_wait,
           std::function<std::string()> sentence);
  [[nodiscard]] bool over() const { return Clock::now() >= deadline_; }
  [[nodiscard]] Clock::time_point deadline() const { return deadline_; }
  [[nodiscard]] std::chrono::milliseconds timeout() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - start_);
  }
  // Sleeps a little, longer each time.
  void pause();
  // Says that we wait, once, when a second has passed.
  void notice();

 private:
  static constexpr std::int64_t kShortestNs = 200'000;
  Clock::time_point start_, deadline_;
  std::function<void(const std::string&)> on_wait_;
  std::function<std::string()> sentence_;
  std::int64_t pause_ns_ = kShortestNs;
};

// Our own lock of a ledger: one writer, or any number of opening readers.
//
// Whoever wants it first takes the turnstile, a second file, and keeps it until the lock is his:
// while a writer waits for readers to leave, no new reader gets in, and the other way round.
// Locks are flock(2): the kernel releases them when the process dies.
//
// A copy of a ledger may come without the two files. A writer that misses one makes it, and nobody
// ever replaces it, so that all lock the same file. A reader writes nothing: it goes on without,
// and looks again whether a writer came, which could not have started without it.
class LedgerLock {
 public:
  enum class Kind : std::uint8_t { shared, exclusive };

  // One attempt after another of one waiter; keeps its place at the turnstile between them.
  class Waiter {
   public:
    // After the file FORMAT was checked: an exclusive one makes files. Errors: damaged (a symbolic
    // link, which could lead to a file of somebody else's choice), io; write_failed = exclusive,
    // and the ledger cannot be written.
    static Result<Waiter> open(const Layout& layout, Kind kind);
    // The lock, or nothing while others hold it.
    Result<std::optional<LedgerLock>> attempt();

   private:
    Waiter(Layout layout, Kind kind) : layout_(std::move(layout)), kind_(kind) {}
    [[nodiscard]] Result<Fd> open_file(const std::filesystem::path& path) const;
    Status open_missing();
    Layout layout_;
    Kind kind_;
    Fd turnstile_, lock_;  // none while the file is missing
    bool at_turnstile_ = false;
  };

  // Makes the two files of a new ledger.
  static Status create(const Layout& layout);

  // Whether no writer can have come since it was taken: of a shared one that went on without a
  // file, whether there is none still.
  [[nodiscard]] bool kept_writers_out() const;

 private:
  explicit LedgerLock(Fd fd) : fd_(std::move(fd)) {}
  explicit LedgerLock(std::filesystem::path missing) : missing_(std::move(missing)) {}
  Fd fd_;
  std::filesystem::path missing_;  // the file, when there is none
};

// Waits for the exclusive lock. Errors: locked, write_failed (the ledger cannot be written), io.
Result<LedgerLock> take_lock(const Layout& layout, const AppendOptions& options);

// What a waiter says: who holds the ledger, and how it goes on when that process is stopped.
std::string waiting_sentence(const Layout& layout);
// "process 1234" when the lock file names its holder, else "another process".
std::string lock_holder(const Layout& layout);
// The error `locked`, naming the holder, and whether it is stopped.
Error locked_error(const Layout& layout, std::chrono::milliseconds timeout);

}  // namespace runledger::ledger
