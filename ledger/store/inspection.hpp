#pragma once

#include <memory>
#include <optional>

#include <runledger/base/result.hpp>

#include "database.hpp"
#include "head.hpp"
#include "layout.hpp"
#include "lock.hpp"
#include "state.hpp"

namespace runledger::ledger {

// A ledger as it lies, opened for who checks it: frozen as for a reader, but whatever is unfinished
// or damaged stays so, and nothing is written.
struct Inspection {
  // Nothing when neither slot of HEAD counts.
  std::optional<HeadRecord> head;          // before the database was opened, which so must hold it
  std::optional<HeadRecord> acknowledged;  // since then
  HeadShape shape = HeadShape::changed;    // as it is in the end
  std::unique_ptr<Database> database;
  std::optional<LogState> state;  // nothing when the row is missing or cannot be read
  // One commit group lies beyond HEAD, and nobody lives who would acknowledge it.
  bool unfinished = false;
};

// Waits until HEAD covers what the database holds, as long as a committer lives. Whether the two
// fit together is for the caller to say. Errors: damaged (the database cannot be opened), locked,
// io.
Result<Inspection> inspect(const Layout& layout, Patience& patience);

}  // namespace runledger::ledger
