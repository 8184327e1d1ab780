#pragma once

#include <optional>

#include <runledger/ledger/ledger.hpp>

#include "check_log.hpp"
#include "inspection.hpp"

namespace runledger::ledger {

// What the log was found to be, apart from HEAD.
struct LogFound {
  LogSize size;        // events 0 to size - 1, holes included
  bool whole = false;  // nothing was wrong with any of them
};

// Acknowledged events that are after the end of the log.
std::optional<SeqRange> missing_events(const Inspection& inspection, const LogFound& log);

// Whether the database is what HEAD says, or one commit group further; both can be read.
bool fit_together(const Inspection& inspection);

// Says how HEAD and the database stand to each other: what was acknowledged, what is there, what is
// missing, and what to do. A HEAD of which no slot counts is a finding of its caller.
void check_head(const Inspection& inspection, const LogFound& log, Findings& findings,
                Findings& notes);

}  // namespace runledger::ledger
