#pragma once

#include <functional>
#include <memory>

#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/ledger/view.hpp>

#include "counter_rows.hpp"
#include "overlay.hpp"

namespace runledger::ledger {

class Database;

// The projections of a log, derived again from its events, beside those that are stored: in memory,
// and in a scratch database in the system's directory for temporary files when they are large.
//
// Ownership: borrows the log's view.
class RebuiltProjections {
 public:
  // From the first `size` events. Errors: damaged (an event cannot be read, or contradicts those
  // before it), unsupported (a newer version recorded it), io, write_failed.
  static Result<std::unique_ptr<RebuiltProjections>> build(const View& log, LogSize size,
                                                           const ProgressFn& progress);
  ~RebuiltProjections();
  RebuiltProjections(const RebuiltProjections&) = delete;
  RebuiltProjections& operator=(const RebuiltProjections&) = delete;

  // Everything but the projections is the log's own.
  [[nodiscard]] const View& view() const { return overlay_; }

 private:
  class Below;
  explicit RebuiltProjections(const View& log);
  // Lays what was counted over the other projections.
  void settle_counters();
  Status spill();

  std::unique_ptr<Below> below_;
  Overlay overlay_;
  CounterRows counters_;  // not in the overlay yet
};

// Compares the projections of two views pair for pair, in key order, and hands out what would make
// `stored` equal to `rebuilt`. Counts pairs (of `rebuilt`) and differing ones.
Result<Reindexed> compare_projections(const View& stored, const View& rebuilt,
                                      const std::function<Status(Change)>& on_difference);

}  // namespace runledger::ledger
