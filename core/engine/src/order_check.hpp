#pragma once

#include <cstdint>
#include <string>

#include <runledger/strategy_abi.h>

namespace runledger {

enum class OrderVerdict : std::uint8_t { accepted, rejected, invalid };

struct OrderCheck {
  OrderVerdict verdict = OrderVerdict::accepted;
  std::string reason;  // a sentence, unless accepted
};

// Whether the contract allows an order, and whether this engine serves it. Its struct_size bytes
// can be read, and hold version 1.0's fields. `sizes_orders`: the strategy declared
// RL_SIZES_ORDERS.
OrderCheck check_order(const rl_order& order, bool sizes_orders);

}  // namespace runledger
