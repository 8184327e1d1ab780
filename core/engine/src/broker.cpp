#include "broker.hpp"

#include <cmath>
#include <utility>

#include <runledger/base/time.hpp>

#include "plugin_text.hpp"
#include "refusal_text.hpp"

namespace runledger {
namespace {

std::size_t orders_in(const rl_order& order) {
  return 1U + (order.stop_loss != 0 ? 1U : 0U) + (order.take_profit != 0 ? 1U : 0U);
}

double price_or_none(bool has, double price) { return has ? price : kNoPrice; }

// An entry in the sense of one position at a time.
bool opens_position(const rl_order& order) {
  return !is_target(order.size_mode) && order.size_mode != RL_SIZE_CLOSE &&
         (order.flags & RL_REDUCE_ONLY) == 0;
}

WaitingOrder waiting_order(const rl_order& order, std::uint64_t id, std::uint64_t bar) {
  const bool limited = order.kind == RL_LIMIT || order.kind == RL_STOP_LIMIT;
  const bool stopped = order.kind == RL_STOP || order.kind == RL_STOP_LIMIT;
  const bool share = (order.flags & RL_TRAIL_PERCENT) != 0;
  WaitingOrder waiting{.id = id, .bar = bar};
  waiting.kind = order.kind;
  waiting.limit = price_or_none(limited, order.limit_price);
  waiting.stop = price_or_none(stopped, order.stop_price);
  waiting.trail = share ? order.trail / 100 : order.trail;
  waiting.trail_is_share = share;
  waiting.time_in_force = order.time_in_force;
  waiting.expire_bars = order.expire_bars;
  waiting.buys = order.quantity > 0;
  waiting.has_exits = orders_in(order) > 1;
  return waiting;
}

}  // namespace

Broker::Broker(const Settings& settings, const BarColumns& bars, RunResult& result)
    : bars_(bars),
      close_(bars.close.data()),
      result_(result),
      execution_(settings, result),
      book_(result.orders, bars),
      matching_(book_, execution_, bars, result),
      financing_(settings),
      finances_(financing_.active()),
      watches_margin_(settings.maintenance_margin > 0) {
  result_.start_cash = settings.cash;
  result_.equity.resize(bars.size());
  equity_ = result_.equity.data();
}

bool Broker::has_room_for(const rl_order& order) const {
  const std::size_t more = orders_in(order);
  return result_.orders.size() + more <= kOrdersMax && book_.size() + more <= kWaitingOrdersMax;
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
  const bool exclusive = execution_.account().settings().one_position && opens_position(order);
  if (exclusive) book_.cancel_entries(bar);
  const std::uint64_t id = add_record(order, bar).id;
  WaitingOrder waiting = waiting_order(order, id, bar);
  waiting.opens_position = exclusive;
  waiting.best = price_or_none(order.kind == RL_TRAILING_STOP, close_[bar]);
  const bool waits = size_at_signal(waiting, order);
  const std::size_t at = book_.size();
  book_.add(waiting);
  if (order.stop_loss != 0) add_exit(id, bar, OrderRole::stop_loss, order.stop_loss);
  if (order.take_profit != 0) add_exit(id, bar, OrderRole::take_profit, order.take_profit);
  if (!waits) {
    book_.end(book_.orders()[at], bar, OrderOutcome::nothing);
    book_.drop_ended();
  }
  return id;
}

void Broker::add_exit(std::uint64_t entry, std::uint64_t bar, OrderRole role, double price) {
  const bool stops = role == OrderRole::stop_loss;
  rl_order order{};
  order.kind = stops ? RL_STOP : RL_LIMIT;
  order.flags = RL_REDUCE_ONLY;
  (stops ? order.stop_price : order.limit_price) = price;
  OrderRecord& record = add_record(order, bar);
  record.entry = entry;
  record.role = role;
  WaitingOrder waiting = waiting_order(order, record.id, bar);
  waiting.entry = entry;
  waiting.role = role;
  waiting.state = WaitingOrder::State::asleep;
  book_.add(waiting);
}

bool Broker::size_at_signal(WaitingOrder& order, const rl_order& asked) {
  const Account& account = execution_.account();
  const double close = close_[order.bar];
  const OrderSize size = order_size(asked.size_mode, asked.quantity, account.settings());
  if (sized_at_signal(size.mode)) {
    const Holdings held =
        size.mode == RL_SIZE_CASH_PCT ? to_spend(asked, close) : execution_.holdings();
    order.units = units_at_signal(size, held, close);
    execution_.note_rounding(size, held, order.units, close);
    if (size.mode != RL_SIZE_CLOSE) return true;
    order.buys = order.units > 0;
    return order.units != 0;
  }
  if (!is_target(size.mode) || order.at_market()) return true;
  const double difference = units_at_fill(size, account, account.costs(false), close);
  order.buys = difference > 0;
  return std::abs(difference) > kDust * std::abs(account.holdings().units);
}

// The reference account knows the cash of the signal bar only.
Holdings Broker::to_spend(const rl_order& asked, double price) const {
  const Account& account = execution_.account();
  Holdings after = account.holdings();
  if (account.reference()) return after;
  const auto exit = [&](double units) {
    if (after.units == 0) return;
    Parts parts = split_order(after, account.costs(false), units, price);
    parts.opening = parts.opening_fee = 0;
    account.apply(after, parts);
  };
  for (const WaitingOrder& order : book_.orders()) {
    const bool sooner = order.kind == RL_MARKET || order.kind == asked.kind;
    if (order.at_market() && sooner && book_.record(order).size_mode == RL_SIZE_CLOSE)
      exit(order.units);
  }
  if (account.settings().one_position && opens_position(asked)) exit(-after.units);
  return after;
}

std::uint64_t Broker::reject(const rl_order& order, std::uint64_t bar, RefusalCode code,
                             std::string reason) {
  OrderRecord& record = add_record(order, bar);
  record.outcome = OrderOutcome::refused;
  result_.refusals.push_back({record.id, bar, order.quantity, code, std::move(reason)});
  return record.id;
}

std::span<const rl_open_order* const> Broker::open_orders() {
  open_orders_.clear();
  open_order_pointers_.clear();
  for (const WaitingOrder& order : book_.orders()) {
    if (!order.live()) continue;
    const bool trails = order.kind == RL_TRAILING_STOP;
    open_orders_.push_back({.struct_size = sizeof(rl_open_order),
                            .series = 0,
                            .order_id = order.id,
                            .kind = order.kind,
                            .flags = book_.record(order).flags,
                            .quantity = order.units,
                            .limit_price = order.limit,
                            .stop_price = trails ? trailing_trigger(order) : order.stop});
  }
  for (const rl_open_order& order : open_orders_) open_order_pointers_.push_back(&order);
  return open_order_pointers_;
}

void Broker::carry_out(std::uint64_t bar) {
  if (std::exchange(margin_call_, false)) {
    execution_.close_position({.price = bars_.open[bar], .volume = bars_.volume[bar]}, bar,
                              FillCause::margin_call);
  }
  if (execution_.account().reference()) check_at_submit(bar);
  matching_.carry_out(bar);
}

// Cash runs through the orders in sequence; a refused order's share of it is not given back.
void Broker::check_at_submit(std::uint64_t bar) {
  const Account& account = execution_.account();
  double cash = account.holdings().cash;
  for (WaitingOrder& order : book_.orders()) {
    if (!order.live() || !order.fresh || order.role != OrderRole::plain) continue;
    const double price = !std::isnan(order.limit)  ? order.limit
                         : !std::isnan(order.stop) ? order.stop
                                                   : close_[order.bar];
    execution_.note_rounding(book_.record(order), order, price);
    const double units = units_of(account, book_.record(order), order, account.costs(false), price);
    if (units == 0) continue;  // not an order that could be refused
    cash = reference_account::cash_after_submit(cash, account.settings().costs, units, price);
    if (!(cash < 0)) continue;
    execution_.refuse(order, bar, units,
                      {RefusalCode::submit_check, submit_check_text(units, price, cash)});
    book_.carried_out(order, bar, {});
  }
}

double Broker::close_bar(std::uint64_t bar) {
  const Account& account = execution_.account();
  if (finances_ && bar > 0) pay_financing(bar);
  double equity = account.equity(close_[bar]);
  if (!(equity > 0) && !account.reference()) {
    close_bankrupt(bar);
    equity = account.holdings().cash;
  } else if (watches_margin_ &&
             margin_call(account.settings(), account.holdings(), equity, close_[bar])) {
    margin_call_ = true;
    book_.cancel_all(bar);
  }
  if (finances_) financing_.hold(account.holdings(), equity, close_[bar]);
  equity_[bar] = equity;
  return equity;
}

void Broker::close_bankrupt(std::uint64_t bar) {
  result_.bankrupt = true;
  execution_.close_position({.price = close_[bar], .volume = bars_.volume[bar]}, bar,
                            FillCause::bankrupt);
  book_.cancel_live_exits(bar);
  book_.drop_ended();
}

void Broker::pay_financing(std::uint64_t bar) {
  const Financing::Flows due =
      financing_.due(elapsed_ns(bars_.close_time[bar - 1], bars_.close_time[bar]));
  execution_.add_cash(due.interest - due.borrow_fee);
  result_.borrow_fees += due.borrow_fee;
  result_.interest += due.interest;
}

void Broker::finish() {
  execution_.finish();
  result_.final_cash = holdings().cash;
  result_.final_position = holdings().units;
}

}  // namespace runledger
