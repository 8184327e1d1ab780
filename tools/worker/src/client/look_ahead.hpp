#pragma once

#include "check.hpp"

namespace runledger::worker {

// How many runs look_ahead() makes at most.
inline constexpr std::uint64_t kLookAheadRunsMax = 3 + 3 * (kCutsNearDecisions + kCutsAnywhere);

// Compares `real`, the result of `call` with FutureShown::real, with what comes of other futures.
// `call` is repeatable.
Result<LookAhead> look_ahead(const RunCall& call, const RunResult& real, std::uint64_t seed,
                             const CheckRuns& runs);

}  // namespace runledger::worker
