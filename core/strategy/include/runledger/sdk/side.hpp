// Strategies that may be told to enter only one side.
#pragma once

#include <cstdint>

#include <runledger/sdk/step.hpp>

namespace runledger {

// Which positions a strategy enters. As a parameter:
//
//   .choice("side", &S::side, {"long", "short", "both"}, "Which positions it enters.")
enum class Side : std::uint8_t { only_long, only_short, both };

// Leaves a short position, and enters long if `side` has it.
inline Placed turn_long(const Step& step, Side side, const char* reason = "") {
  if (side != Side::only_short) return step.enter_long(reason);
  return step.close(reason);
}
// The same the other way round.
inline Placed turn_short(const Step& step, Side side, const char* reason = "") {
  if (side != Side::only_long) return step.enter_short(reason);
  return step.close(reason);
}

}  // namespace runledger
