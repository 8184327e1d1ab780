#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include <runledger/worker/check.hpp>

namespace runledger::worker {

inline constexpr std::uint64_t kNoBar = std::numeric_limits<std::uint64_t>::max();

// Whether the strategy submitted it; what was attached to an order is part of that order.
inline bool submitted(const OrderRecord& order) { return order.role == OrderRole::plain; }

// The first bar, of those up to `last`, on which other orders were submitted, bit for bit, or other
// orders taken back: what the decision digest is over.
std::optional<std::uint64_t> first_difference(const RunResult& one, const RunResult& other,
                                              std::uint64_t last = kNoBar - 1);

// What was asked for on `bar`.
BarDecisions decisions_on(const RunResult& result, std::uint64_t bar);

// The bars on which something was asked for, ascending, each once.
std::vector<std::uint64_t> decision_bars(const RunResult& result);

}  // namespace runledger::worker
