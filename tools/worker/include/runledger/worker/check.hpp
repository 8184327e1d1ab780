#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <runledger/engine/result.hpp>
#include <runledger/schemas/worker_generated.h>
#include <runledger/worker/outcome.hpp>

namespace runledger::worker {

// Whether a run gives the same again.
struct CheckFinding {
  bool same = true;
  std::optional<std::uint64_t> bar;  // the first whose orders are not the same, if orders differ
  std::string message;               // one sentence, unless same
};

// What a strategy asked for on one bar.
struct BarDecisions {
  std::vector<OrderRecord> orders;       // in the order of submission
  std::vector<std::uint64_t> cancelled;  // ids of the orders that it took back, ascending
};

// The first bar on which something else was decided because something else lay beyond it.
struct LookAheadDifference {
  schema::OtherFuture future = schema::OtherFuture::none;
  std::optional<std::uint64_t> cut;  // the last bar that was as recorded; absent: behind every bar
  std::uint64_t bar = 0;             // the first that differs, at most `cut`
  BarDecisions real{}, otherwise{};
  std::string failure{};  // how the run with the other future failed on that bar, if it did
};

// How many bars near decisions the data is cut and changed after, and how many drawn from all.
inline constexpr std::size_t kCutsNearDecisions = 8;
inline constexpr std::size_t kCutsAnywhere = 8;

// Whether what is decided on a bar depends on what lies beyond it, by executing the run again with
// other futures: behind every bar prices that go up and down by chance, rise, and fall, until each
// has closed; and for each of `cuts` with the data cut off after that bar, with prices that rise
// from there, and with prices that fall. What was decided up to the bar, on_end apart, must be the
// same, bit for bit; a strategy that fails there instead has noticed the future too. The cuts are
// drawn evenly over the bars with decisions and those right before them, and over all bars. The
// same run gives the same cuts.
struct LookAhead {
  schema::CheckVerdict verdict = schema::CheckVerdict::inconclusive;
  std::string why;                                // inconclusive: one sentence
  std::optional<LookAheadDifference> difference;  // failed
  std::uint64_t seed = 0;                         // of the cuts and the other futures
  std::vector<std::uint64_t> cuts;  // ascending; the last bar that the run with another future has
                                    // as recorded
  std::uint64_t runs = 0;           // with another future, and compared
  std::uint64_t orders = 0;         // of the run, without those of on_end
  std::uint64_t orders_before = 0;  // of them, those on a bar up to the last cut
};

// How long the decisions depend on where the data begins: the run is started later, and compared
// with the run from the first bar on. Two starts agree from the bar on after which, on every bar,
// the same orders are submitted but for their sizes (kind and side), the same are taken back, and
// the position is on the same side. Sizes hang on the cash of each, so they are no part of it.
struct WarmUp {
  std::vector<std::uint64_t> starts;  // the first bars of the later starts; empty: none was tried
  std::string why;                    // none was tried: why, in one sentence
  // How many bars after a later start it agrees for good, of the start that takes longest; absent:
  // one of them does not agree up to the last bar.
  std::optional<std::uint64_t> bars;
  std::uint64_t start = 0;         // the one that takes longest, or does not agree
  std::uint64_t orders_after = 0;  // submitted while they agreed, by all later starts
};

// Whether a strategy is a pure function of its bars and parameters: rule 9 of core/ABI.md.
struct CheckReport {
  schema::RunReplyT run;  // in a fresh process
  CheckFinding repeat;    // another fresh process gives the same result
  CheckFinding warm;      // the same process again does: no state outside the instance
  LookAhead look_ahead;   // inconclusive when it is not repeatable
  WarmUp warm_up;         // likewise not tried
};
using CheckOutcome = std::expected<CheckReport, RunFailure>;

// Told how many of a check's runs are done; may be empty.
using CheckProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

}  // namespace runledger::worker
