#include "order_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace runledger {
namespace {

OrderCheck invalid(std::string reason) { return {OrderVerdict::invalid, std::move(reason)}; }
OrderCheck rejected(std::string reason) { return {OrderVerdict::rejected, std::move(reason)}; }

// Of a kind that is known.
std::string kind_name(std::uint32_t kind) {
  constexpr std::array<std::string_view, 7> kNames{
      "", "market", "limit", "stop", "stop-limit", "trailing stop", "market-on-close"};
  return fmt::format("a {} order", kNames.at(kind));
}

bool needs_quantity(std::uint32_t mode) {
  return mode != RL_SIZE_CLOSE && mode < RL_SIZE_TARGET_UNITS;
}

// Whether the sender's order says something in a field that this host does not know.
bool says_more(const rl_order& order) {
  const std::span bytes(reinterpret_cast<const std::byte*>(&order), order.struct_size);
  return order.struct_size > sizeof(rl_order) &&
         std::ranges::any_of(bytes.subspan(sizeof(rl_order)),
                             [](std::byte byte) { return byte != std::byte{0}; });
}

// A later version may define what this one does not know, and with it what the rest of the order
// may be: such an order is understood and refused, before any rule of this version is applied.
OrderCheck check_known(const rl_order& order) {
  constexpr std::uint32_t kFlags = RL_REDUCE_ONLY | RL_TRAIL_PERCENT;
  if (order.kind < RL_MARKET || order.kind > RL_MARKET_ON_CLOSE)
    return rejected(fmt::format("an order has the kind {}, which is not known here", order.kind));
  if (order.size_mode > RL_SIZE_TARGET_EQUITY_PCT) {
    return rejected(
        fmt::format("an order has the size mode {}, which is not known here", order.size_mode));
  }
  if (order.time_in_force > RL_BARS) {
    return rejected(
        fmt::format("an order has the validity {}, which is not known here", order.time_in_force));
  }
  if ((order.flags & ~kFlags) != 0) {
    return rejected(
        fmt::format("an order has the flags {:#x}, not all of which are known here", order.flags));
  }
  if (order.reserved != 0 || says_more(order))
    return rejected("an order uses a field that is not known here");
  return {};
}

// What no order may be, whatever its kind.
OrderCheck check_contract(const rl_order& order, bool sizes_orders) {
  if (order.series != 0) {
    return invalid(fmt::format("an order names series {}, and the run has one, 0", order.series));
  }
  for (const double number : {order.quantity, order.limit_price, order.stop_price, order.trail,
                              order.stop_loss, order.take_profit}) {
    if (!std::isfinite(number)) {
      return invalid(fmt::format("an order carries {}, which is not a finite number", number));
    }
  }
  if (order.quantity == 0 && needs_quantity(order.size_mode)) {
    return invalid("an order has the quantity zero");
  }
  if (order.size_mode == RL_SIZE_RUN && sizes_orders) {
    return invalid("an order leaves its size to the run, though its strategy sizes its own orders");
  }
  if (order.size_mode == RL_SIZE_RUN && std::abs(order.quantity) != 1) {
    return invalid(
        fmt::format("an order sized by the run has the quantity {}, not 1 or -1", order.quantity));
  }
  return {};
}

OrderCheck check_market(const rl_order& order) {
  if (order.limit_price != 0 || order.stop_price != 0 || order.trail != 0) {
    return invalid("a market order carries a limit price, stop price or trail");
  }
  if ((order.flags & ~std::uint32_t{RL_REDUCE_ONLY}) != 0) {
    return rejected(
        fmt::format("a market order has the flags {:#x}, of which only reduce-only (1) is served",
                    order.flags));
  }
  if (order.time_in_force != RL_GTC) {
    return rejected("an order's validity other than good-till-cancelled is not served");
  }
  if (order.expire_bars != 0) return invalid("an order without RL_BARS carries expire_bars");
  if (order.stop_loss != 0 || order.take_profit != 0) {
    return rejected("an attached stop-loss or take-profit is not served");
  }
  return {};
}

}  // namespace

OrderCheck check_order(const rl_order& order, bool sizes_orders) {
  OrderCheck check = check_known(order);
  if (check.verdict == OrderVerdict::accepted) check = check_contract(order, sizes_orders);
  if (check.verdict != OrderVerdict::accepted) return check;
  if (order.kind != RL_MARKET) {
    return rejected(kind_name(order.kind) + " is not served; only market orders are");
  }
  return check_market(order);
}

}  // namespace runledger
