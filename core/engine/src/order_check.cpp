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

// Which of an order's prices its kind has; it has all of those and no other.
struct PriceFields {
  bool limit, stop, trail;
};

PriceFields fields_of(std::uint32_t kind) {
  return {.limit = kind == RL_LIMIT || kind == RL_STOP_LIMIT,
          .stop = kind == RL_STOP || kind == RL_STOP_LIMIT,
          .trail = kind == RL_TRAILING_STOP};
}

OrderCheck check_price(const rl_order& order, const char* what, bool has, double price) {
  if (has == (price != 0)) return {};
  return invalid(
      fmt::format("{} {} {}", kind_name(order.kind), has ? "has no" : "carries a", what));
}

OrderCheck check_prices(const rl_order& order) {
  const PriceFields fields = fields_of(order.kind);
  OrderCheck check = check_price(order, "limit price", fields.limit, order.limit_price);
  if (check.verdict == OrderVerdict::accepted)
    check = check_price(order, "stop price", fields.stop, order.stop_price);
  if (check.verdict == OrderVerdict::accepted)
    check = check_price(order, "trail", fields.trail, order.trail);
  if (check.verdict == OrderVerdict::accepted && order.trail < 0)
    return invalid(fmt::format("an order trails by {}, which is below zero", order.trail));
  return check;
}

OrderCheck check_validity(const rl_order& order) {
  if ((order.time_in_force == RL_BARS) == (order.expire_bars != 0)) return {};
  return invalid(order.expire_bars != 0 ? "an order without RL_BARS carries expire_bars"
                                        : "an order for some bars is for none");
}

}  // namespace

OrderCheck check_order(const rl_order& order, bool sizes_orders) {
  OrderCheck check = check_known(order);
  if (check.verdict == OrderVerdict::accepted) check = check_contract(order, sizes_orders);
  if (check.verdict == OrderVerdict::accepted) check = check_prices(order);
  if (check.verdict == OrderVerdict::accepted) check = check_validity(order);
  if (check.verdict == OrderVerdict::accepted && (order.flags & RL_TRAIL_PERCENT) != 0 &&
      order.kind != RL_TRAILING_STOP) {
    return rejected(
        fmt::format("{} has the flags {:#x}, of which that of a percent trail (2) is "
                    "served for trailing stops only",
                    kind_name(order.kind), order.flags));
  }
  return check;
}

}  // namespace runledger
