#pragma once

#include <cstdint>
#include <limits>

#include <runledger/engine/result.hpp>
#include <runledger/strategy_abi.h>

namespace runledger {

inline constexpr double kNoPrice = std::numeric_limits<double>::quiet_NaN();

// An order that has been taken and not ended, with what changes while it waits. What was asked for
// is its OrderRecord.
struct WaitingOrder {
  enum class State : std::uint8_t {
    asleep,  // attached to an entry that has not filled
    live,
    ended,
  };

  std::uint64_t id = 0;
  std::uint64_t bar = 0;    // of its submission
  double units = kNoPrice;  // signed; NaN while its size is not known
  double limit = kNoPrice, stop = kNoPrice;
  double trail = 0;         // money, or a share of the price
  double best = kNoPrice;   // of a trailing stop: the best price since submission
  std::uint64_t entry = 0;  // of an attached order: the order that it leaves
  std::uint32_t kind = RL_MARKET;
  std::uint32_t time_in_force = RL_GTC, expire_bars = 0;
  OrderRole role = OrderRole::plain;
  State state = State::live;
  bool buys = false;
  bool trail_is_share = false;
  bool triggered = false;       // of a stop-limit: it is a limit by now
  bool fresh = true;            // no bar has been held against it
  bool has_exits = false;       // the orders behind it in the book may be attached to it
  bool opens_position = false;  // an entry in the sense of one position at a time

  [[nodiscard]] bool live() const { return state == State::live; }
  // Carried out on the next bar, come what may.
  [[nodiscard]] bool at_market() const { return kind == RL_MARKET || kind == RL_MARKET_ON_CLOSE; }
};

}  // namespace runledger
