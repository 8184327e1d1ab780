#include "naive_engine.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace runledger::test {

void NaiveEngine::run(const std::vector<Requests>& plan) {
  for (now_ = 0; now_ < bars_.size(); ++now_) {
    open_and_events();
    path();
    closing_orders();
    equity.push_back(cash + held * bar().close);
    if (!(equity.back() > 0)) return;
    if (now_ >= plan.size()) continue;
    for (const rl_order& asked : plan[now_].orders) submit(asked);
    if (plan[now_].cancel) cancel(*plan[now_].cancel);
  }
}

// ---- The close of a bar

void NaiveEngine::submit(const rl_order& asked) {
  const bool entry = asked.size_mode == RL_SIZE_UNITS && (asked.flags & RL_REDUCE_ONLY) == 0;
  if (settings_.one_position && entry) {
    for (Order& other : orders) {
      const bool other_entry = other.role == OrderRole::plain &&
                               other.asked.size_mode == RL_SIZE_UNITS &&
                               (other.asked.flags & RL_REDUCE_ONLY) == 0;
      if (other_entry && other.outcome == OrderOutcome::waiting)
        end(other, OrderOutcome::cancelled_by_engine);
    }
  }
  Order order{.id = orders.size() + 1, .bar = now_, .asked = asked};
  order.outcome_bar = now_;
  order.best = bar().close;
  order.units = asked.size_mode == RL_SIZE_CLOSE ? -held : asked.quantity;
  if (asked.size_mode == RL_SIZE_TARGET_UNITS) order.units = asked.quantity - held;
  order.buys = order.units > 0;
  const bool at_market = asked.kind == RL_MARKET || asked.kind == RL_MARKET_ON_CLOSE;
  const bool nothing = order.units == 0 && (asked.size_mode == RL_SIZE_CLOSE || !at_market);
  orders.push_back(order);
  const std::size_t at = orders.size() - 1;
  const auto attach = [&](OrderRole role, std::uint32_t kind, double stop, double limit) {
    Order exit{.id = orders.size() + 1, .bar = now_, .asked = {}};
    exit.asked.kind = kind;
    exit.asked.flags = RL_REDUCE_ONLY;
    exit.asked.stop_price = stop;
    exit.asked.limit_price = limit;
    exit.role = role;
    exit.entry = orders[at].id;
    exit.outcome_bar = now_;
    exit.sleeps = true;
    orders.push_back(exit);
  };
  if (asked.stop_loss != 0) attach(OrderRole::stop_loss, RL_STOP, asked.stop_loss, 0);
  if (asked.take_profit != 0) attach(OrderRole::take_profit, RL_LIMIT, 0, asked.take_profit);
  if (nothing) end(orders[at], OrderOutcome::nothing);
}

void NaiveEngine::cancel(std::uint64_t id) {
  for (Order& order : orders) {
    if (order.outcome == OrderOutcome::waiting && (id == 0 || order.id == id))
      end(order, OrderOutcome::cancelled);
  }
}

// An order that ends without a fill takes what sleeps behind it along.
void NaiveEngine::end(Order& order, OrderOutcome outcome) {
  order.outcome = outcome;
  order.outcome_bar = now_;
  for (Order& exit : orders) {
    if (exit.entry != order.id || !exit.sleeps || exit.outcome != OrderOutcome::waiting) continue;
    exit.outcome = OrderOutcome::cancelled_by_engine;
    exit.outcome_bar = now_;
  }
}

// ---- The path of a bar

// One day is one bar.
bool NaiveEngine::expired(const Order& order) const {
  if (order.asked.kind == RL_MARKET || order.asked.kind == RL_MARKET_ON_CLOSE) return false;
  if (order.asked.time_in_force == RL_DAY) return now_ > order.bar + 1;
  return order.asked.time_in_force == RL_BARS && now_ > order.bar + order.asked.expire_bars;
}

void NaiveEngine::open_and_events() {
  events_.clear();
  for (Order& order : orders) {
    if (live(order) && expired(order)) end(order, OrderOutcome::expired);
  }
  for (std::size_t i = 0; i < orders.size(); ++i) {
    Order& order = orders[i];
    if (!live(order) || order.asked.kind == RL_MARKET_ON_CLOSE) continue;
    Event event = event_of(order);
    order.seen = true;
    event.order = i;
    if (event.when == Event::open) carry_out(i, event);
    if (event.when != Event::open && event.when != Event::never) events_.push_back(event);
  }
}

void NaiveEngine::path() {
  const double up = bar().high - bar().open;
  const double down = bar().open - bar().low;
  const bool high_first = held < 0 || (held == 0 && up < down);
  const auto distance = [&](const Event& event) { return std::abs(event.at - bar().open); };
  std::ranges::stable_sort(events_, {}, distance);
  const double cash_before = cash;
  const double held_before = held;
  const std::size_t fills_before = fills.size();
  bool decided = false;
  for (const bool second : {false, true}) {
    if (second) decided = fills.size() != fills_before;
    for (const Event& event : std::vector(events_)) {
      if (event.when != Event::inside || (event.above == high_first) == second) continue;
      const Order before = orders[event.order];
      double traded = 0;
      if (live(orders[event.order])) {
        traded = carry_out(event.order, event);
        exits_in_entry_bar(event.order, event);
      }
      if (!second || !decided) continue;
      const Trade other = trade_of(before, event, cash_before, held_before);
      if (traded != other.leave + other.close + other.open) ++ambiguities;
    }
  }
  std::ranges::stable_sort(events_, {}, &Event::order);
  for (const Event& event : std::vector(events_)) {
    if (event.when == Event::inside || !live(orders[event.order])) continue;
    ++ambiguities;
    if (event.when != Event::late) continue;
    carry_out(event.order, event);
    exits_in_entry_bar(event.order, event);
  }
}

void NaiveEngine::closing_orders() {
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (!live(orders[i]) || orders[i].asked.kind != RL_MARKET_ON_CLOSE) continue;
    carry_out(i, {.when = Event::open, .at = 0, .price = bar().close});
  }
}

// ---- Section 8

double NaiveEngine::quote(bool buys) const {
  return buys ? 1 + settings_.costs.spread / 2 : 1 - settings_.costs.spread / 2;
}

NaiveEngine::Event NaiveEngine::event_of(Order& order) {
  switch (order.asked.kind) {
    case RL_MARKET:
      return {.when = Event::open, .at = bar().open, .price = bar().open};
    case RL_LIMIT:
      return limit_event(order, order.seen);
    case RL_STOP:
      return stop_event(order, order.asked.stop_price);
    case RL_STOP_LIMIT:
      return order.limit_by_now ? limit_event(order, true) : stop_limit_event(order);
    default:
      return trailing_event(order);
  }
}

NaiveEngine::Event NaiveEngine::limit_event(const Order& order, bool waited) const {
  const double limit = order.asked.limit_price;
  const double open = bar().open * quote(order.buys);
  const bool at_open = order.buys ? open <= limit : open >= limit;
  if (at_open) {
    return {.when = Event::open, .at = bar().open, .price = open, .firm = true, .maker = waited};
  }
  const bool touched =
      order.buys ? bar().low * quote(true) <= limit : bar().high * quote(false) >= limit;
  if (!touched) return {};
  return {.when = Event::inside,
          .at = limit / quote(order.buys),
          .price = limit,
          .firm = true,
          .maker = true,
          .straight = true,
          .above = !order.buys};
}

NaiveEngine::Event NaiveEngine::stop_event(const Order& order, double level) const {
  const bool at_open = order.buys ? bar().open >= level : bar().open <= level;
  if (at_open) return {.when = Event::open, .at = bar().open, .price = bar().open};
  const bool touched = order.buys ? bar().high >= level : bar().low <= level;
  if (!touched) return {};
  return {
      .when = Event::inside, .at = level, .price = level, .straight = true, .above = order.buys};
}

NaiveEngine::Event NaiveEngine::stop_limit_event(Order& order) const {
  const double limit = order.asked.limit_price;
  Event event = stop_event(order, order.asked.stop_price);
  if (event.when == Event::never) return {};
  order.limit_by_now = true;
  if (event.when == Event::open) return limit_event(order, false);
  event.firm = true;
  event.price = order.asked.stop_price * quote(order.buys);
  if (order.buys ? event.price <= limit : event.price >= limit) return event;
  event.price = limit;
  event.maker = true;
  event.straight = false;
  const double close = bar().close * quote(order.buys);
  if (order.buys ? close <= limit : close >= limit) return event;
  const bool in_range =
      order.buys ? bar().low * quote(true) <= limit : bar().high * quote(false) >= limit;
  event.when = in_range ? Event::perhaps : Event::never;
  return event;
}

NaiveEngine::Event NaiveEngine::trailing_event(Order& order) const {
  const auto stop_at = [&](double best) {
    const double trail = (order.asked.flags & RL_TRAIL_PERCENT) != 0
                             ? best * (order.asked.trail / 100)
                             : order.asked.trail;
    return order.buys ? best + trail : best - trail;
  };
  const auto better = [&](double a, double b) {
    return order.buys ? std::min(a, b) : std::max(a, b);
  };
  const double old_best = order.best;
  order.best = better(old_best, order.buys ? bar().low : bar().high);
  const Event open = stop_event(order, stop_at(old_best));
  if (open.when == Event::open) return open;
  const Event event = stop_event(order, stop_at(better(old_best, bar().open)));
  if (event.when == Event::inside) return event;
  const double late = stop_at(order.best);
  const bool in_range = order.buys ? bar().high >= late : bar().low <= late;
  const bool proven = order.buys ? bar().close >= late : bar().close <= late;
  if (!in_range) return {};
  return {.when = proven ? Event::late : Event::perhaps, .at = late, .price = late};
}

// ---- Sections 2, 3, 5, 12 and 13

double NaiveEngine::fee(double units, double price, bool maker) const {
  const Costs& costs = settings_.costs;
  const double rate =
      maker && costs.commission_maker_rate ? *costs.commission_maker_rate : costs.commission_rate;
  return std::max(costs.commission_min, std::abs(units) * price * rate +
                                            std::abs(units) * costs.commission_per_unit +
                                            costs.commission_fixed);
}

NaiveEngine::Trade NaiveEngine::trade_of(const Order& order, const Event& event, double cash_now,
                                         double held_now) const {
  const auto paid = [&](double units) {
    if (event.firm) return event.price;
    const double slip = settings_.costs.slippage_rate;
    return event.price * quote(units > 0) * (units > 0 ? 1 + slip : 1 - slip);
  };
  double units = order.units;
  const bool target = order.asked.size_mode == RL_SIZE_TARGET_UNITS;
  const bool at_market = order.asked.kind == RL_MARKET || order.asked.kind == RL_MARKET_ON_CLOSE;
  if (target) units = order.asked.quantity - held_now;
  if (target && !at_market && (units > 0) != order.buys) units = 0;
  if ((order.asked.flags & RL_REDUCE_ONLY) != 0) {
    units = units * held_now < 0
                ? std::copysign(std::min(std::abs(units), std::abs(held_now)), units)
                : 0;
  }
  Trade trade;
  if (units == 0) {
    trade.none = true;
    return trade;
  }
  const bool entry = order.role == OrderRole::plain && order.asked.size_mode == RL_SIZE_UNITS &&
                     (order.asked.flags & RL_REDUCE_ONLY) == 0;
  if (settings_.one_position && entry && held_now != 0) {
    if (units * held_now > 0) {
      trade.leave = -held_now;
      trade.leave_price = paid(trade.leave);
      cash_now -=
          trade.leave * trade.leave_price + fee(trade.leave, trade.leave_price, event.maker);
      held_now = 0;
    } else {
      units -= held_now;
    }
  }
  trade.price = paid(units);
  if (units * held_now < 0) trade.close = std::abs(units) >= std::abs(held_now) ? -held_now : units;
  trade.open = units - trade.close;
  if (trade.open == 0) return trade;
  const double cost = fee(units, trade.price, event.maker);
  const double open_fee = trade.close == 0
                              ? cost
                              : std::abs(trade.open) * trade.price *
                                        (event.maker && settings_.costs.commission_maker_rate
                                             ? *settings_.costs.commission_maker_rate
                                             : settings_.costs.commission_rate) +
                                    std::abs(trade.open) * settings_.costs.commission_per_unit;
  const double cash_after = cash_now - trade.close * trade.price - (cost - open_fee);
  const double held_after = held_now + trade.close;
  const bool allowed = trade.open > 0
                           ? trade.open * trade.price + open_fee <= cash_after * settings_.leverage
                           : std::abs(held_after + trade.open) * trade.price <=
                                 (cash_after + held_after * trade.price) * settings_.leverage;
  if (!allowed) trade.refused = std::exchange(trade.open, 0);
  return trade;
}

double NaiveEngine::carry_out(std::size_t index, const Event& event) {
  Order& order = orders[index];
  const Trade trade = trade_of(order, event, cash, held);
  const double before = held;
  if (trade.none) {
    end(order, OrderOutcome::nothing);
    return 0;
  }
  const auto book = [&](double units, double price) {
    if (units == 0) return;
    fills.push_back({order.id, now_, units, price});
    cash -= units * price + fee(units, price, event.maker);
    held += units;
    order.outcome = OrderOutcome::filled;
    order.outcome_bar = now_;
  };
  book(trade.leave, trade.leave_price);
  book(trade.close + trade.open, trade.price);
  if (trade.refused != 0) {
    ++refusals;
    if (order.outcome == OrderOutcome::waiting) end(order, OrderOutcome::refused);
  }
  if (order.role != OrderRole::plain) {
    for (Order& other : orders) {
      if (other.entry == order.entry && other.outcome == OrderOutcome::waiting)
        end(other, OrderOutcome::cancelled_by_engine);
    }
  }
  const bool gone = before != 0 && (trade.leave != 0 || held == 0 || held * before < 0);
  for (Order& exit : orders) {
    const bool waits = exit.role != OrderRole::plain && exit.outcome == OrderOutcome::waiting;
    if (waits && !exit.sleeps && gone) end(exit, OrderOutcome::cancelled_by_engine);
    if (!waits || !exit.sleeps || exit.entry != order.id) continue;
    if (trade.open == 0) {
      end(exit, OrderOutcome::cancelled_by_engine);
      continue;
    }
    exit.sleeps = false;
    exit.units = -trade.open;
    exit.buys = trade.open < 0;
  }
  return trade.leave + trade.close + trade.open;
}

// ---- Section 10

void NaiveEngine::exits_in_entry_bar(std::size_t index, const Event& event) {
  const bool bought = orders[index].buys;
  const double entry = event.firm ? event.price / quote(bought) : event.price;
  std::optional<std::size_t> stop, take;
  for (std::size_t i = index + 1; i < orders.size() && orders[i].entry == orders[index].id; ++i) {
    if (!live(orders[i])) continue;
    (orders[i].role == OrderRole::stop_loss ? stop : take) = i;
    orders[i].seen = true;
  }
  if (!stop && !take) return;
  const double exit_quote = quote(!bought);
  const bool went_on_up = event.straight && entry > bar().open;
  const bool went_on_down = event.straight && entry < bar().open;
  bool stop_reached = false, stop_proven = false, take_reached = false, take_proven = false;
  double level = 0, target = 0;
  if (stop) {
    level = orders[*stop].asked.stop_price;
    if (bought ? level >= entry : level <= entry) {
      carry_out(*stop, {.when = Event::open, .at = entry, .price = entry});
      return;
    }
    stop_reached = bought ? bar().low <= level : bar().high >= level;
    stop_proven =
        (bought ? went_on_down || bar().close <= level : went_on_up || bar().close >= level);
  }
  if (take) {
    target = orders[*take].asked.limit_price;
    const double at_entry = entry * exit_quote;
    if (bought ? target <= at_entry : target >= at_entry) {
      carry_out(*take, {.when = Event::open, .at = entry, .price = at_entry, .firm = true});
      return;
    }
    take_reached = bought ? bar().high * exit_quote >= target : bar().low * exit_quote <= target;
    take_proven = bought ? went_on_up || bar().close * exit_quote >= target
                         : went_on_down || bar().close * exit_quote <= target;
  }
  if (stop_reached) {
    if (!stop_proven || take_reached) ++ambiguities;
    carry_out(*stop, {.when = Event::inside, .at = level, .price = level});
  } else if (take_reached && take_proven) {
    carry_out(*take,
              {.when = Event::inside, .at = target, .price = target, .firm = true, .maker = true});
  } else if (take_reached) {
    ++ambiguities;
  }
}

}  // namespace runledger::test
