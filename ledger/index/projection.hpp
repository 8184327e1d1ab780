#pragma once

#include <cstdint>

#include <runledger/base/result.hpp>
#include <runledger/ledger/view.hpp>
#include <runledger/schemas/event_generated.h>

#include "counter_rows.hpp"

namespace runledger::ledger {

// Grows with every change of what project() derives: rows of another version are rebuilt
// when a ledger is opened for writing, before anything is appended.
inline constexpr std::uint32_t kProjectionVersion = 2;

// Everything that is derived from one event: its pairs in `index`, `retracted`, `counters` and
// `lookup`, the same whatever commit group the event was in.
//
// `event` is stamped and was checked. `before` is the state after the event before it: the rows of
// Family::events of earlier events (of the same commit group too) and their projections. The caller
// writes the event's own row, the tree and the state, and has looked its request id up
// (find_request()): an id that is known is recorded once.
//
// Errors: conflict = the event contradicts the state, e.g. it retracts what is retracted.
//         not_found = it names an event that is not there. unsupported = check_derivable().
//         damaged, io = `before` cannot be read.
Result<Changes> project(const schema::Event& event, const View& before);

// The same for one of several events that are written together: it is counted in `counters`, whose
// changes() the caller writes after the last of them. After an error `counters` are of no use.
Result<Changes> project(const schema::Event& event, const View& before, CounterRows& counters);

}  // namespace runledger::ledger
