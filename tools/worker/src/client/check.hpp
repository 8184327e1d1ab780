#pragma once

#include <functional>

#include <runledger/worker/check.hpp>
#include <runledger/worker/worker.hpp>

namespace runledger::worker {

// How a check runs what it compares.
struct CheckRuns {
  std::function<Result<RunOutcome>(const RunCall& call, schema::FutureShown future)> run;
  std::function<void()> renew;    // the next run is in a new process, laid out anew
  std::function<void()> refresh;  // the next run is in a process that has run nothing
};

// Runs `call` in the ways that CheckReport compares. Stops at the first run that fails with the
// bars as they are.
Result<CheckOutcome> check_purity(const RunCall& call, const CheckRuns& runs,
                                  const CheckProgress& progress);

}  // namespace runledger::worker
