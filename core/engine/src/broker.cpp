#include "broker.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "costs.hpp"
#include "plugin_text.hpp"
#include "refusal_text.hpp"

namespace runledger {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool is_target(std::uint32_t mode) {
  return mode >= RL_SIZE_TARGET_UNITS && mode <= RL_SIZE_TARGET_EQUITY_PCT;
}

// At most what is held, and against it.
double reduced(double units, double held) {
  if ((held > 0 && units < 0) || (held < 0 && units > 0)) {
    return std::abs(units) > std::abs(held) ? -held : units;
  }
  return 0;
}

// Whether an order of no size says nothing worth a refusal.
bool may_be_nothing(const OrderRecord& order, const Account& account) {
  return account.reference() || is_target(order.size_mode) || order.size_mode == RL_SIZE_CLOSE ||
         (order.flags & RL_REDUCE_ONLY) != 0;
}

bool within_limits(double units, double price) {
  return std::abs(units) <= kUnitsMax && std::abs(units * price) <= kNotionalMax;
}

}  // namespace

Broker::Broker(const Settings& settings, const BarColumns& bars, RunResult& result)
    : open_(bars.open.data()),
      close_(bars.close.data()),
      result_(result),
      account_(settings),
      trades_(result.trades) {
  result_.start_cash = settings.cash;
  result_.equity.resize(bars.size());
  equity_ = result_.equity.data();
}

OrderRecord& Broker::add_record(const rl_order& order, std::uint64_t bar) {
  return result_.orders.emplace_back(
      OrderRecord{.id = result_.orders.size() + 1,
                  .bar = bar,
                  .kind = order.kind,
                  .size_mode = order.size_mode,
                  .quantity = order.quantity,
                  .limit_price = order.limit_price,
                  .stop_price = order.stop_price,
                  .trail = order.trail,
                  .stop_loss = order.stop_loss,
                  .take_profit = order.take_profit,
                  .time_in_force = order.time_in_force,
                  .expire_bars = order.expire_bars,
                  .flags = order.flags,
                  .outcome = OrderOutcome::waiting,
                  .outcome_bar = bar,
                  .reason = plugin_text(order.reason, kOrderReasonBytesMax)});
}

std::uint64_t Broker::submit(const rl_order& order, std::uint64_t bar) {
  const OrderRecord& record = add_record(order, bar);
  Waiting waiting{record.id, kNaN};
  const OrderSize size = order_size(order.size_mode, order.quantity, account_.settings());
  if (sized_at_signal(size.mode)) {
    const Holdings to_spend =
        size.mode == RL_SIZE_CASH_PCT ? after_waiting_exits(close_[bar]) : holdings();
    waiting.units = units_at_signal(size, to_spend, close_[bar]);
    note_rounding(size, to_spend, waiting.units, close_[bar]);
    if (size.mode == RL_SIZE_CLOSE && waiting.units == 0) {
      end_order(record.id, bar, OrderOutcome::nothing);
      return waiting.id;
    }
  }
  waiting_.push_back(waiting);
  return waiting.id;
}

// The reference account knows the cash of the signal bar only.
Holdings Broker::after_waiting_exits(double price) const {
  Holdings after = holdings();
  if (account_.reference()) return after;
  for (const Waiting& waiting : waiting_) {
    if (result_.orders[waiting.id - 1].size_mode != RL_SIZE_CLOSE || after.units == 0) continue;
    Parts exit = split_order(after, account_.settings().costs, waiting.units, price);
    exit.opening = exit.opening_fee = 0;
    standard_account::apply(after, exit);
  }
  return after;
}

std::uint64_t Broker::reject(const rl_order& order, std::uint64_t bar, RefusalCode code,
                             std::string reason) {
  OrderRecord& record = add_record(order, bar);
  record.outcome = OrderOutcome::refused;
  result_.refusals.push_back({record.id, bar, order.quantity, code, std::move(reason)});
  return record.id;
}

bool Broker::cancel(std::uint64_t id, std::uint64_t bar) {
  const auto cancelled = [&](const Waiting& waiting) {
    if (id != 0 && waiting.id != id) return false;
    end_order(waiting.id, bar, OrderOutcome::cancelled);
    return true;
  };
  return std::erase_if(waiting_, cancelled) > 0 || id == 0;
}

std::span<const rl_open_order* const> Broker::open_orders() {
  open_orders_.clear();
  open_order_pointers_.clear();
  for (const Waiting& waiting : waiting_) {
    const OrderRecord& order = record(waiting.id);
    open_orders_.push_back({.struct_size = sizeof(rl_open_order),
                            .series = 0,
                            .order_id = waiting.id,
                            .kind = order.kind,
                            .flags = order.flags,
                            .quantity = waiting.units,
                            .limit_price = kNaN,
                            .stop_price = kNaN});
  }
  for (const rl_open_order& order : open_orders_) open_order_pointers_.push_back(&order);
  return open_order_pointers_;
}

void Broker::open_bar(std::uint64_t bar) {
  std::swap(waiting_, carried_out_);
  if (account_.reference()) check_at_submit(bar);
  for (const Waiting& waiting : carried_out_) carry_out(waiting, bar);
  carried_out_.clear();
}

// Cash runs through the orders in sequence; a refused order's share of it is not given back.
void Broker::check_at_submit(std::uint64_t bar) {
  double cash = holdings().cash;
  std::erase_if(carried_out_, [&](const Waiting& waiting) {
    const double signal_close = close_[record(waiting.id).bar];
    const double units = units_at(waiting, signal_close);
    if (units == 0) return false;  // not an order that could be refused
    cash =
        reference_account::cash_after_submit(cash, account_.settings().costs, units, signal_close);
    if (!(cash < 0)) return false;
    refuse(waiting.id, bar, units,
           {RefusalCode::submit_check, submit_check_text(units, signal_close, cash)});
    return true;
  });
}

double Broker::units_at(const Waiting& waiting, double price) {
  const OrderRecord& order = record(waiting.id);
  double units = waiting.units;
  if (std::isnan(units)) {
    const OrderSize size = order_size(order.size_mode, order.quantity, account_.settings());
    units = units_at_fill(size, account_, price);
    note_rounding(size, holdings(), units, price);
  }
  return (order.flags & RL_REDUCE_ONLY) != 0 ? reduced(units, holdings().units) : units;
}

void Broker::note_rounding(const OrderSize& size, const Holdings& to_spend, double units,
                           double price) {
  if (rounded_ || !(size.lot_size > 0)) return;
  OrderSize fractional = size;
  fractional.lot_size = 0;
  rounded_ = units != (sized_at_signal(size.mode) ? units_at_signal(fractional, to_spend, price)
                                                  : units_at_fill(fractional, account_, price));
}

void Broker::carry_out(const Waiting& waiting, std::uint64_t bar) {
  const double price = open_[bar];
  const double units = units_at(waiting, price);
  const OrderRecord& order = record(waiting.id);
  const bool dust =
      is_target(order.size_mode) && std::abs(units) <= kDust * std::abs(holdings().units);
  if (units == 0 || dust) {
    if (may_be_nothing(order, account_)) return end_order(order.id, bar, OrderOutcome::nothing);
    return refuse(order.id, bar, order.quantity,
                  {RefusalCode::size_zero, size_zero_text(account_.settings().lot_size)});
  }
  Parts parts = split_order(holdings(), account_.settings().costs, units, price);
  std::optional<Denial> denial;
  if (parts.opening != 0 && !within_limits(parts.opening, price)) {
    denial = Denial{RefusalCode::size_not_finite, size_not_finite_text(units, price)};
  } else {
    denial = account_.check_opening(parts);
  }
  if (!denial) return fill(order.id, bar, parts);
  // An exit is never refused: of an order through zero only the opening part is.
  const double denied = parts.opening;
  parts.opening = parts.opening_fee = 0;
  const bool closes = parts.closing != 0;
  if (closes) fill(order.id, bar, parts);
  refuse(order.id, bar, denied, std::move(*denial));
  if (closes) end_order(order.id, bar, OrderOutcome::filled);
}

void Broker::fill(std::uint64_t id, std::uint64_t bar, const Parts& parts) {
  if (parts.closing != 0) {
    const double held = holdings().units;
    const double after = parts.closing == -held ? 0 : held + parts.closing;
    trades_.close({bar, parts.closing, parts.price, parts.closing_fee}, after);
  }
  if (parts.opening != 0) trades_.open({bar, parts.opening, parts.price, parts.opening_fee});
  account_.apply(parts);
  notices_.push_back({.refusal = false, .index = result_.fills.size()});
  result_.fills.push_back(
      {id, bar, parts.closing + parts.opening, parts.price, parts.closing_fee + parts.opening_fee});
  if (id != 0) end_order(id, bar, OrderOutcome::filled);
}

void Broker::refuse(std::uint64_t id, std::uint64_t bar, double units, Denial denial) {
  notices_.push_back({.refusal = true, .index = result_.refusals.size()});
  result_.refusals.push_back({id, bar, units, denial.code, std::move(denial.reason)});
  end_order(id, bar, OrderOutcome::refused);
}

void Broker::end_order(std::uint64_t id, std::uint64_t bar, OrderOutcome outcome) {
  OrderRecord& order = record(id);
  order.outcome = outcome;
  order.outcome_bar = bar;
}

double Broker::close_bar(std::uint64_t bar) {
  double equity = account_.equity(close_[bar]);
  if (!(equity > 0) && !account_.reference()) {
    close_bankrupt(bar);
    equity = holdings().cash;
  }
  equity_[bar] = equity;
  return equity;
}

void Broker::close_bankrupt(std::uint64_t bar) {
  result_.bankrupt = true;
  const double held = holdings().units;
  if (held != 0)
    fill(0, bar, split_order(holdings(), account_.settings().costs, -held, close_[bar]));
}

void Broker::finish() {
  trades_.finish();
  result_.final_cash = holdings().cash;
  result_.final_position = holdings().units;
}

}  // namespace runledger
