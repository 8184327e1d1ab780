#include "execution.hpp"

#include <cmath>
#include <utility>

#include "refusal_text.hpp"
#include "sizing.hpp"

namespace runledger {

OrderBook::Carried Execution::carry_out(const WaitingOrder& order, const Offer& offer,
                                        std::uint64_t bar) {
  const OrderRecord& record = result_.orders[order.id - 1];
  if (account_.settings().lot_size > 0) note_rounding(record, order, offer.price);
  volume_missed_ |= account_.prices().by_volume() && !offer.firm && std::isnan(offer.volume);
  OrderPlan plan = plan_order(account_, record, order, offer);
  if (plan.nothing) {
    end(order.id, bar, OrderOutcome::nothing);
    return {};
  }
  if (plan.units == 0) {
    refuse(order, bar, record.quantity,
           {RefusalCode::size_zero, size_zero_text(account_.settings().lot_size)});
    return {};
  }
  const double held = holdings().units;
  if (plan.leave) fill(order.id, bar, *plan.leave, FillCause::order);
  const bool trades = plan.parts.closing != 0 || plan.parts.opening != 0;
  if (trades) fill(order.id, bar, plan.parts, FillCause::order);
  if (plan.denial) {
    refuse(order, bar, plan.denied, std::move(*plan.denial));
    if (trades || plan.leave) end(order.id, bar, OrderOutcome::filled);
  }
  return {.traded = plan.traded(),
          .opened = plan.parts.opening,
          .position_gone = held != 0 && (plan.leave || plan.parts.closing == -held)};
}

void Execution::close_position(const Offer& offer, std::uint64_t bar, FillCause cause) {
  const double held = holdings().units;
  if (held == 0) return;
  const double price = account_.prices().paid(offer.price, -held, offer.volume);
  fill(0, bar, split_order(holdings(), account_.costs(false), -held, price), cause);
}

void Execution::refuse(const WaitingOrder& order, std::uint64_t bar, double units, Denial denial) {
  notices_.push_back({.refusal = true, .index = result_.refusals.size()});
  result_.refusals.push_back({order.id, bar, units, denial.code, std::move(denial.reason)});
  end(order.id, bar, OrderOutcome::refused);
}

void Execution::fill(std::uint64_t id, std::uint64_t bar, const Parts& parts, FillCause cause) {
  if (parts.closing != 0) {
    const double held = holdings().units;
    const double after = parts.closing == -held ? 0 : held + parts.closing;
    trades_.close({bar, parts.closing, parts.price, parts.closing_fee}, after);
  }
  if (parts.opening != 0) trades_.open({bar, parts.opening, parts.price, parts.opening_fee});
  account_.apply(parts);
  notices_.push_back({.refusal = false, .index = result_.fills.size()});
  result_.fills.push_back({.order_id = static_cast<std::uint32_t>(id),
                           .cause = cause,
                           .bar = bar,
                           .quantity = parts.closing + parts.opening,
                           .price = parts.price,
                           .fee = parts.closing_fee + parts.opening_fee});
  if (id != 0) end(id, bar, OrderOutcome::filled);
}

void Execution::end(std::uint64_t id, std::uint64_t bar, OrderOutcome outcome) {
  OrderRecord& record = result_.orders[id - 1];
  record.outcome = outcome;
  record.outcome_bar = bar;
}

void Execution::note_rounding(const OrderSize& size, const Holdings& to_spend, double units,
                              double price) {
  if (rounded_ || !(size.lot_size > 0)) return;
  OrderSize fractional = size;
  fractional.lot_size = 0;
  rounded_ = units != (sized_at_signal(size.mode)
                           ? units_at_signal(fractional, to_spend, price)
                           : units_at_fill(fractional, account_, account_.costs(false), price));
}

void Execution::note_rounding(const OrderRecord& record, const WaitingOrder& order, double price) {
  if (rounded_ || !std::isnan(order.units)) return;
  const OrderSize size = order_size(record.size_mode, record.quantity, account_.settings());
  note_rounding(size, holdings(), units_at_fill(size, account_, account_.costs(false), price),
                price);
}

}  // namespace runledger
