#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/ledger/ledger.hpp>

#include "commit_service.hpp"
#include "counter_rows.hpp"
#include "database.hpp"
#include "head.hpp"
#include "layout.hpp"
#include "lock.hpp"
#include "state.hpp"
#include "tree.hpp"

namespace runledger::ledger {

class CommitGroup;

// A ledger opened for writing by the holder of its lock: the commit pipeline, without threads and
// without a network.
//
// Opening: FORMAT, then the database read-only against HEAD, then read-write, then against HEAD
// again. A group that was written but not acknowledged is completed, and HEAD is on the disk before
// anything is built on it; projections that are half rebuilt or of an older version are rebuilt.
// On a full disk it stays at read-only, and answers what is recorded already, until there is space.
//
// Threads: one at a time.
// Errors:  damaged, rolled_back, unsupported: nothing was touched. write_failed: nothing was
//          recorded. unknown: see commit().
class LedgerWriter {
 public:
  static Result<std::unique_ptr<LedgerWriter>> open(const Layout& layout, LedgerLock lock);
  ~LedgerWriter();
  LedgerWriter(const LedgerWriter&) = delete;
  LedgerWriter& operator=(const LedgerWriter&) = delete;

  // Records the appends as one commit group: each whole or not at all, each with its own result.
  // When writing or syncing fails, everything in the group is `unknown`, also what was refused for
  // the sake of events in it, and the ledger is opened again, checks and all, before anything else
  // is recorded.
  std::vector<Result<Recorded>> commit(std::span<const std::vector<PendingEvent>> appends);

  // Error: write_failed = the disk was full at the last look, so that nothing new is recorded.
  [[nodiscard]] Status writable() const;

  // Keeps the database's files until release_files(), after moving a long log into tables.
  Result<Pin> hold_files();
  // Error: io = the database was opened again in between.
  Status release_files(Pin pin);

  // Moves the write-ahead log into tables. Errors: write_failed, unknown.
  Status flush();

  // Derives every projection again and writes the pairs that differ. Interrupted, the next opening
  // for writing does it again. Needs writable().
  Result<Reindexed> rebuild_projections(const ProgressFn& progress);

  [[nodiscard]] const View& view() const { return *database_; }
  [[nodiscard]] const HeadRecord& head() const { return head_->record(); }

 private:
  LedgerWriter(Layout layout, LedgerLock lock)
      : layout_(std::move(layout)), lock_(std::move(lock)) {}
  Status ensure_open();
  Status open_database();
  Status complete_group(const HeadRecord& head);
  [[nodiscard]] Result<Recorded> recall(const CommitGroup& group,
                                        std::span<const PendingEvent> events,
                                        const Error& refusal) const;
  Status write_group(const Changes& changes, const HeadRecord& head);
  void close_database();

  Layout layout_;
  LedgerLock lock_;
  std::optional<HeadFile> head_;
  std::unique_ptr<Database> database_;  // nothing after a failure, until it is opened again
  std::optional<Error> full_;           // why the database is open read-only
  // Of the database: what the groups since its opening have counted.
  std::optional<CounterRows> counters_;
  LogState state_;
  Tree tree_;
  std::uint64_t opening_ = 0;    // how often the database was opened
  std::uint64_t log_bytes_ = 0;  // in the write-ahead log since the last flush
};

}  // namespace runledger::ledger
