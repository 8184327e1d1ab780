#include "broker.hpp"

#include <cmath>
#include <utility>

#include <runledger/base/time.hpp>

#include "plugin_text.hpp"
#include "refusal_text.hpp"

namespace runledger {
namespace {

// An entry in the sense of one position at a time.
bool opens_position(const rl_order& order) {
  return !is_target(order.size_mode) && order.size_mode != RL_SIZE_CLOSE &&
         (order.flags & RL_REDUCE_ONLY) == 0;
}

void describe(WaitingOrder& waiting, const rl_order& order) {
  waiting.kind = order.kind;
  waiting.buys = order.quantity > 0;
  waiting.has_exits = order.stop_loss != 0 || order.take_profit != 0;
  if (waiting.at_market()) return;
  const bool limited = order.kind == RL_LIMIT || order.kind == RL_STOP_LIMIT;
  const bool stopped = order.kind == RL_STOP || order.kind == RL_STOP_LIMIT;
  const bool share = (order.flags & RL_TRAIL_PERCENT) != 0;
  if (limited) waiting.limit = order.limit_price;
  if (stopped) waiting.stop = order.stop_price;
  waiting.trail = share ? order.trail / 100 : order.trail;
  waiting.trail_is_share = share;
  waiting.time_in_force = order.time_in_force;
  waiting.expire_bars = order.expire_bars;
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
      finances_(financing_.active() || settings.maintenance_margin > 0) {
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
  const bool exclusive = execution_.account().settings().one_position && opens_position(order);
  if (exclusive) book_.cancel_entries(bar);
  const std::uint64_t id = add_record(order, bar).id;
  const std::size_t at = book_.size();
  WaitingOrder& waiting = book_.add(id, bar);
  describe(waiting, order);
  waiting.opens_position = exclusive;
  waiting.best = close_[bar];
  const bool waits = size_at_signal(waiting, order);
  if (order.stop_loss != 0) add_exit(bar, OrderRole::stop_loss, order.stop_loss);
  if (order.take_profit != 0) add_exit(bar, OrderRole::take_profit, order.take_profit);
  if (!waits) {
    book_.end(book_.orders()[at], bar, OrderOutcome::nothing);
    book_.drop_ended();
  }
  return id;
}

void Broker::add_exit(std::uint64_t bar, OrderRole role, double price) {
  const bool stops = role == OrderRole::stop_loss;
  rl_order order{};
  order.kind = stops ? RL_STOP : RL_LIMIT;
  order.flags = RL_REDUCE_ONLY;
  (stops ? order.stop_price : order.limit_price) = price;
  OrderRecord& record = add_record(order, bar);
  record.role = role;
  WaitingOrder& waiting = book_.add(record.id, bar);
  describe(waiting, order);
  waiting.entry = entry_of(result_.orders, record);
  waiting.role = role;
  waiting.state = WaitingOrder::State::asleep;
}

bool Broker::size_at_signal(WaitingOrder& order, const rl_order& asked) {
  const Account& account = execution_.account();
  const double close = close_[order.bar];
  const OrderSize size = order_size(asked.size_mode, asked.quantity, account.settings());
  if (sized_at_signal(size.mode)) {
    const Holdings held = size.mode == RL_SIZE_CASH_PCT ? to_spend(order) : execution_.holdings();
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
Holdings Broker::to_spend(const WaitingOrder& asked) const {
  const double price = close_[asked.bar];
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
    if (order.id == asked.id) break;
    const bool sooner = order.kind == RL_MARKET || order.kind == asked.kind;
    if (order.at_market() && sooner && book_.record(order).size_mode == RL_SIZE_CLOSE)
      exit(order.units);
  }
  if (asked.opens_position) exit(-after.units);
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
  if (finances_) [[unlikely]]
    return close_financed(bar);
  return take_equity(bar);
}

double Broker::take_equity(std::uint64_t bar) {
  double equity = execution_.account().equity(close_[bar]);
  if (!(equity > 0) && !execution_.account().reference()) [[unlikely]]
    equity = close_bankrupt(bar);
  equity_[bar] = equity;
  return equity;
}

double Broker::close_financed(std::uint64_t bar) {
  if (bar > 0) pay_financing(bar);
  const double equity = take_equity(bar);
  carry_over(bar, equity);
  return equity;
}

// Notes what the next bar charges, or closes.
void Broker::carry_over(std::uint64_t bar, double equity) {
  const Account& account = execution_.account();
  financing_.hold(account.holdings(), equity, close_[bar]);
  if (bankrupt() || !margin_call(account.settings(), account.holdings(), equity, close_[bar]))
    return;
  margin_call_ = true;
  book_.cancel_all(bar);
}

double Broker::close_bankrupt(std::uint64_t bar) {
  result_.bankrupt = true;
  execution_.close_position({.price = close_[bar], .volume = bars_.volume[bar]}, bar,
                            FillCause::bankrupt);
  book_.cancel_live_exits(bar);
  book_.drop_ended();
  return holdings().cash;
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
