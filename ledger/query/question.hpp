#pragma once

#include <optional>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/ledger/view.hpp>

#include "run_scan.hpp"

namespace runledger::ledger {

// A filter as selections of run groups: each group has its own entries and counters.
struct Question {
  std::vector<Selection> selections;  // one for each group
  // The filter itself says when runs were recorded; not only `as_of` does.
  bool bounded = false;
};
// Borrows the texts of the filter. Errors: damaged, unsupported, io (reading the event of `as_of`).
Result<Question> ask(const View& view, const RunFilter& filter);

}  // namespace runledger::ledger
