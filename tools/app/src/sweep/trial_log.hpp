#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/ledger/ledger.hpp>

#include "../run_events.hpp"

namespace runledger::app {

// What is remembered of a trial that completed.
struct TrialRow {
  Seq id{};
  std::uint32_t ticker = 0;
  std::uint32_t point = 0;
  double objective = 0, return_pct = 0, sharpe_ratio = 0, max_drawdown = 0;
  std::uint32_t total_trades = 0;
};

// Trials that wait for being recorded: an event each, and a row for each that completed.
struct TrialBatch {
  Events events;  // first those that introduce, if any
  std::vector<std::optional<TrialRow>>
      rows;  // one an event; none for those that introduce or failed
  std::uint64_t failed = 0;
};

// Records batches on a thread of its own, as many at once as wait, so that workers do not wait for
// the disk.
//
// Threads: put() from any; the rest from the one that made it.
class TrialLog {
 public:
  static Result<std::unique_ptr<TrialLog>> open(const Context& context);
  ~TrialLog();
  TrialLog(const TrialLog&) = delete;
  TrialLog& operator=(const TrialLog&) = delete;

  // Waits while much is waiting already. False: recording has failed, nothing more is taken.
  bool put(TrialBatch batch);
  // Records all that waits, and ends.
  Status finish();

  [[nodiscard]] std::uint64_t recorded() const;
  [[nodiscard]] std::uint64_t failed() const;
  // After finish(): the durable ones.
  [[nodiscard]] std::vector<TrialRow>& rows() { return rows_; }

 private:
  explicit TrialLog(ledger::Committer committer);
  void run();
  void record(std::deque<TrialBatch>& batches);

  ledger::Committer committer_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<TrialBatch> waiting_;
  std::size_t waiting_events_ = 0;
  bool finishing_ = false;
  std::optional<Error> error_;
  std::uint64_t recorded_ = 0, failed_ = 0;
  std::vector<TrialRow> rows_;
  std::thread thread_;
};

}  // namespace runledger::app
