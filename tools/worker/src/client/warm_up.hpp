#pragma once

#include "check.hpp"

namespace runledger::worker {

inline constexpr std::uint64_t kLaterStarts = 4;

// Compares `whole`, the result of `call` with FutureShown::real, with what comes of later starts,
// spread over the first half of the bars.
Result<WarmUp> compare_starts(const RunCall& call, const RunResult& whole, const CheckRuns& runs);

// How many bars after `start` the run `later`, which begins there, agrees with `whole` for good;
// nothing: not up to the last of `bars` bars of the whole run.
std::optional<std::uint64_t> bars_until_agreed(const RunResult& whole, const RunResult& later,
                                               std::uint64_t start, std::uint64_t bars);

}  // namespace runledger::worker
