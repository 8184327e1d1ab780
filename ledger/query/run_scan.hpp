#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include <runledger/base/result.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/ledger/view.hpp>

#include "keys.hpp"

namespace runledger::ledger {

// Recorded at these times, both included.
struct TimeRange {
  TimeNs since = std::numeric_limits<TimeNs>::min();
  TimeNs until = std::numeric_limits<TimeNs>::max();
  [[nodiscard]] bool empty() const { return since > until; }
};

enum class Wanted : std::uint8_t {
  shown,
  hidden,
  all,  // both
};

// Which runs of a scope, in which state of the ledger.
struct Selection {
  Scope scope;
  TimeRange range = {};
  Wanted wanted = Wanted::shown;
  std::optional<Seq> as_of = {};  // the state right after this event; nothing: now
};

// The runs of a selection, newest first: one range scan of `index`, of `retracted`, or of both
// merged.
//
// Ownership: borrows the view and the texts of the scope.
class RunScan {
 public:
  // Reads nothing beyond the first run. Errors: damaged, io.
  static Result<RunScan> open(const View& view, const Selection& selection);

  [[nodiscard]] bool valid() const { return valid_; }
  [[nodiscard]] RunPosition position() const { return current_; }
  // The current run. Error: damaged.
  [[nodiscard]] Result<RunRow> row() const;
  // Errors: damaged, io.
  Status next();

 private:
  explicit RunScan(const Selection& selection) : selection_(selection) {}
  // Moves to the first run from here on that is wanted.
  Status settle();
  // Looks at the hidings of the run at `position` and moves past them.
  Status read_hidings(RunPosition position);
  [[nodiscard]] Result<bool> matches() const;

  Selection selection_;
  std::size_t prefix_size_ = 0;    // of the scope in keys
  std::unique_ptr<Scan> shown_;    // null when `index` is not needed
  std::unique_ptr<Scan> hidings_;  // null when `retracted` is not needed
  bool valid_ = false;
  RunPosition current_;  // of the run that is on offer
  bool current_in_index_ = false;
  bool hidden_ = false;  // in the state that was asked for
  std::string value_;    // of the run's last hiding
};

}  // namespace runledger::ledger
