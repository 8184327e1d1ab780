#include "order_plan.hpp"

#include <cmath>

#include <runledger/engine/run.hpp>

#include "refusal_text.hpp"

namespace runledger {
namespace {

// At most what is held, and against it.
double reduced(double units, double held) {
  if ((held > 0 && units < 0) || (held < 0 && units > 0)) {
    return std::abs(units) > std::abs(held) ? -held : units;
  }
  return 0;
}

// Whether an order of no size says nothing worth a refusal.
bool may_be_nothing(const OrderRecord& record, const Account& account) {
  return account.reference() || is_target(record.size_mode) || record.size_mode == RL_SIZE_CLOSE ||
         (record.flags & RL_REDUCE_ONLY) != 0;
}

bool within_limits(double units, double price) {
  return std::abs(units) <= kUnitsMax && std::abs(units * price) <= kNotionalMax;
}

// The units that spread and slippage leave; none if those turn the side.
double units_at_cost(const Account& account, const OrderRecord& record, const WaitingOrder& order,
                     const Offer& offer, bool buys) {
  const double price = account.prices().before_volume(offer.price, buys);
  const double units = units_of(account, record, order, account.costs(offer.maker), price);
  return (units > 0) == buys ? units : 0;
}

// A target that has come near, or that lies on the other side by now, is none.
bool leaves_nothing(const OrderRecord& record, const WaitingOrder& order, double units,
                    double held) {
  if (units == 0) return true;
  if (!is_target(record.size_mode)) return false;
  return std::abs(units) <= kDust * std::abs(held) ||
         (!order.at_market() && (units > 0) != order.buys);
}

// Of units that spread and slippage have been thought of in.
OrderPlan plan_trade(const Account& account, const WaitingOrder& order, const Offer& offer,
                     double units) {
  const Costs& costs = account.costs(offer.maker);
  const PriceCosts& prices = account.prices();
  const auto paid = [&](double traded) {
    return offer.firm || prices.none() ? offer.price
                                       : prices.paid(offer.price, traded, offer.volume);
  };
  const Holdings* before = &account.holdings();
  Holdings left;
  std::optional<Parts> leave;
  if (order.opens_position && before->units != 0) {
    if ((units > 0) == (before->units > 0)) {
      leave = split_order(*before, costs, -before->units, paid(-before->units));
      left = *before;
      account.apply(left, *leave);
      before = &left;
    } else {
      units -= before->units;
    }
  }
  const double price = paid(units);
  OrderPlan plan{
      .units = units, .leave = leave, .parts = split_order(*before, costs, units, price)};
  if (plan.parts.opening != 0 && !within_limits(plan.parts.opening, price)) {
    plan.denial = Denial{RefusalCode::size_not_finite, size_not_finite_text(units, price)};
  } else {
    plan.denial = account.check_opening(*before, plan.parts);
  }
  if (!plan.denial) [[likely]]
    return plan;
  // An exit is never refused: of an order through zero only the opening part is.
  plan.denied = plan.parts.opening;
  plan.parts =
      plan.parts.closing == 0 ? Parts{} : split_order(*before, costs, plan.parts.closing, price);
  return plan;
}

}  // namespace

bool is_target(std::uint32_t size_mode) {
  return size_mode >= RL_SIZE_TARGET_UNITS && size_mode <= RL_SIZE_TARGET_EQUITY_PCT;
}

double units_of(const Account& account, const OrderRecord& record, const WaitingOrder& order,
                const Costs& costs, double price) {
  double units = order.units;
  if (std::isnan(units)) {
    const OrderSize size = order_size(record.size_mode, record.quantity, account.settings());
    units = units_at_fill(size, account, costs, price);
  }
  return (record.flags & RL_REDUCE_ONLY) != 0 ? reduced(units, account.holdings().units) : units;
}

OrderPlan plan_order(const Account& account, const OrderRecord& record, const WaitingOrder& order,
                     const Offer& offer) {
  double units = units_of(account, record, order, account.costs(offer.maker), offer.price);
  if (!offer.firm && !account.prices().none() && units != 0)
    units = units_at_cost(account, record, order, offer, units > 0);
  if (leaves_nothing(record, order, units, account.holdings().units))
    return {.nothing = may_be_nothing(record, account)};
  return plan_trade(account, order, offer, units);
}

}  // namespace runledger
