#pragma once

#include <optional>
#include <span>
#include <vector>

#include <runledger/ledger/ledger.hpp>

#include "counter_rows.hpp"
#include "head.hpp"
#include "overlay.hpp"
#include "state.hpp"
#include "tree.hpp"

namespace runledger::ledger {

// Whether these events may be recorded together: check_pending() of each, and the limits of
// protocol.hpp. Errors: invalid_input, too_large, unsupported.
Status check_append(std::span<const PendingEvent> events);

// One commit group in the making: gives events their place in the log and derives everything that
// is written with them. Writes nothing.
//
// Threads:   one at a time.
// Ownership: borrows the view, the counters and the tree; the tree grows in finish().
class CommitGroup {
 public:
  // `counters`, `state` and `tree` are those of `below`; `now` is the wall clock.
  CommitGroup(const View& below, const CounterRows& counters, const LogState& state, Tree& tree,
              TimeNs now)
      : state_(state), tree_(tree), now_(now), overlay_(&below), counters_(&counters) {}

  // Takes the events of one appender, all or none; events whose request ids are known are not taken
  // again.
  // Errors: invalid_input, too_large, unsupported, conflict, not_found, damaged, io.
  Result<Recorded> add(std::span<const PendingEvent> events);

  // The seqs of the first time when the request ids are known; nothing when they are all new.
  // Errors: as add().
  [[nodiscard]] Result<std::optional<Recorded>> recall(std::span<const PendingEvent> events) const;

  [[nodiscard]] bool empty() const { return leaves_.empty(); }
  // Whether these seqs were given by this group, and not by an earlier one.
  [[nodiscard]] bool holds(const Recorded& recorded) const;

  struct Finished {
    Changes changes;
    LogState state;
    HeadRecord head;  // after the changes have been written
  };
  Finished finish();
  // What the changes hold of counters: for those below, once it has been written.
  [[nodiscard]] CounterRows& counters() { return counters_; }

 private:
  Result<std::optional<Recorded>> find_recorded(std::span<const PendingEvent> events) const;

  LogState state_;  // after the events taken so far
  Tree& tree_;
  TimeNs now_;
  Overlay overlay_;  // all but the counters
  CounterRows counters_;
  std::vector<Digest> leaves_;
  Digest newest_;  // hash of the newest event
};

}  // namespace runledger::ledger
