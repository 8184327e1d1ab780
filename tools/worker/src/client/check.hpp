#pragma once

#include <functional>

#include <runledger/worker/worker.hpp>

namespace runledger::worker {

// How a check runs what it compares.
struct CheckRuns {
  std::function<Result<RunOutcome>(const RunCall& call, schema::FutureShown future)> run;
  std::function<void()> renew;  // the next run is in a new process, laid out anew
};

// Runs `call` in the ways that CheckReport compares. Stops at the first run that fails.
Result<CheckOutcome> check_purity(const RunCall& call, const CheckRuns& runs);

}  // namespace runledger::worker
