#pragma once

#include <optional>

#include <runledger/engine/result.hpp>

#include "account.hpp"
#include "sizing.hpp"
#include "waiting_order.hpp"

namespace runledger {

// A price at which an order can be carried out.
struct Offer {
  double price;
  bool firm = false;   // a limit's: no spread and no slippage come on top
  bool maker = false;  // the order had waited as a limit
  double volume = 0;   // of the bar; NaN where it is not known
};

// What an order would do to an account.
struct OrderPlan {
  double units = 0;      // signed, beside `leave`; zero: there is nothing to trade
  bool nothing = false;  // ... and that is worth no refusal
  std::optional<Parts> leave =
      std::nullopt;   // first, all that is held: section 12 of core/engine/FILLS.md
  Parts parts{};      // then what of `units` is allowed
  double denied = 0;  // the rest, and why
  std::optional<Denial> denial = std::nullopt;

  [[nodiscard]] double traded() const {
    return (leave ? leave->closing : 0) + parts.closing + parts.opening;
  }
};

// Plans without doing: `account` stays as it is.
OrderPlan plan_order(const Account& account, const OrderRecord& record, const WaitingOrder& order,
                     const Offer& offer);

// Signed units of an order at this price with these costs, cut to what is held if it only reduces.
double units_of(const Account& account, const OrderRecord& record, const WaitingOrder& order,
                const Costs& costs, double price);

// Whether the size of an order is a target: what to hold afterwards.
bool is_target(std::uint32_t size_mode);

}  // namespace runledger
