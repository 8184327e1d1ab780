#pragma once

#include <cstdint>

#include <runledger/strategy_abi.h>

#include "account.hpp"

namespace runledger {

// How much an order trades, after the run's own sizing stands in for RL_SIZE_RUN.
struct OrderSize {
  std::uint32_t mode;  // RL_SIZE_*, never RL_SIZE_RUN
  double quantity;     // as rl_order has it; the sign is the side
  double lot_size;     // 0: fractional
};

OrderSize order_size(std::uint32_t mode, double quantity, const Settings& settings);

// True for sizes that the close of the signal bar decides; the others wait for the fill price.
inline bool sized_at_signal(std::uint32_t mode) {
  return mode == RL_SIZE_UNITS || mode == RL_SIZE_CASH_PCT || mode == RL_SIZE_CLOSE;
}

// Signed units, rounded toward zero to lots.
double units_at_signal(const OrderSize& size, const Holdings& holdings, double close);
// `costs`: those of the fill.
double units_at_fill(const OrderSize& size, const Account& account, const Costs& costs,
                     double price);

// Toward zero; what is within a billionth of a whole lot counts as whole. Zero: as it is.
double round_to_lots(double units, double lot_size);

}  // namespace runledger
