#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/ledger/view.hpp>
#include <runledger/schemas/event_generated.h>

#include "keys.hpp"

namespace runledger::ledger {

// What the projections know of a run: its line in lists, and what it is found by.
struct RunFacts {
  RunRow row;
  std::vector<std::string> tickers;  // of all its inputs, each once
  std::string sweep;                 // empty: none
  std::string actor;                 // empty: not said

  // The sets of runs that it is in: by any of ticker, strategy and, for a run of a sweep, sweep.
  // They borrow from the facts.
  [[nodiscard]] std::vector<Scope> scopes() const;
  [[nodiscard]] RunPosition position() const { return {row.recorded_at, row.id}; }
};

// The facts of a recorded run; nothing for an event that is no run.
std::optional<RunFacts> run_facts(const schema::Event& event);
// The facts of run `id`. Errors: not_found (no such event), conflict (it is no run), damaged, io.
Result<RunFacts> read_run_facts(const View& view, Seq id);

// The value of an index entry: all of a RunRow that its key does not say. Format: ledger/FORMAT.md,
// "Index entries".
std::string encode_run_row(const RunRow& row);
// Nothing when the bytes are not such a value. `rest` gets what follows the row.
std::optional<RunRow> decode_run_row(RunGroup group, RunPosition position, std::string_view value,
                                     std::string_view& rest);

}  // namespace runledger::ledger
