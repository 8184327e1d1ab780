// Random orders of every kind on random bars: against a naive engine, and against what must always
// hold.
#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fills_support.hpp"
#include "naive_engine.hpp"

namespace runledger::test {
namespace {

struct Scenario {
  std::vector<Candle> bars;
  std::vector<Requests> plan;
};

// A coarse grid, so that prices are met exactly, with gaps.
std::vector<Candle> random_bars() {
  std::vector<Candle> bars;
  const int count = *rc::gen::inRange(2, 25);
  int last = 40;
  for (int i = 0; i < count; ++i) {
    const int open = std::max(8, last + *rc::gen::inRange(-3, 4) * *rc::gen::element(0, 1, 1, 3));
    const int close = std::max(8, open + *rc::gen::inRange(-8, 9));
    const int high = std::max(open, close) + *rc::gen::inRange(0, 6);
    const int low = std::max(4, std::min(open, close) - *rc::gen::inRange(0, 6));
    bars.push_back({open * 0.25, high * 0.25, low * 0.25, close * 0.25});
    last = close;
  }
  return bars;
}

double near_price(double close) {
  return std::max(0.25, close + *rc::gen::inRange(-10, 11) * 0.25);
}

rl_order random_kind(double quantity, double close) {
  switch (*rc::gen::inRange(0, 9)) {
    case 0:
      return at_close(quantity);
    case 1:
    case 2:
      return limit(quantity, near_price(close));
    case 3:
    case 4:
      return stop(quantity, near_price(close));
    case 5:
      return stop_limit(quantity, {near_price(close), near_price(close)});
    case 6:
      return trailing(quantity, *rc::gen::inRange(1, 9) * 0.25);
    case 7:
      return trailing(quantity, *rc::gen::element(2.0, 5.0, 12.5), RL_TRAIL_PERCENT);
    default:
      return units(quantity);
  }
}

rl_order random_order(double close) {
  const int whole = *rc::gen::inRange(1, 9);
  rl_order order = random_kind(*rc::gen::element(1, -1) * whole, close);
  order.size_mode = *rc::gen::elementOf(std::vector<std::uint32_t>{
      RL_SIZE_UNITS, RL_SIZE_UNITS, RL_SIZE_UNITS, RL_SIZE_CLOSE, RL_SIZE_TARGET_UNITS});
  if (*rc::gen::inRange(0, 4) == 0) order = reduce_only(order);
  const int validity = *rc::gen::inRange(0, 5);
  if (validity == 0) order = for_the_day(order);
  if (validity == 1) order = for_bars(order, *rc::gen::inRange(1U, 4U));
  if (*rc::gen::arbitrary<bool>()) order.stop_loss = near_price(close);
  if (*rc::gen::arbitrary<bool>()) order.take_profit = near_price(close);
  return order;
}

Scenario random_scenario() {
  Scenario scenario{random_bars(), {}};
  for (const Candle& bar : scenario.bars) {
    Requests& requests = scenario.plan.emplace_back();
    const int count = *rc::gen::element(0, 0, 1, 1, 2, 3);
    for (int i = 0; i < count; ++i) requests.orders.push_back(random_order(bar.close));
    const int cancels = *rc::gen::inRange(0, 12);
    if (cancels == 0) requests.cancel = 0;
    if (cancels == 1 || cancels == 2) requests.cancel = *rc::gen::inRange<std::uint64_t>(1, 20);
  }
  return scenario;
}

Settings random_settings() {
  Settings settings = with_cash(*rc::gen::element(60.0, 200.0, 1000.0));
  settings.leverage = *rc::gen::element(1.0, 1.0, 3.0);
  settings.one_position = *rc::gen::inRange(0, 3) == 0;
  settings.costs.commission_rate = *rc::gen::element(0.0, 0.0, 0.0625);
  settings.costs.commission_fixed = *rc::gen::element(0.0, 0.0, 0.5);
  settings.costs.commission_per_unit = *rc::gen::element(0.0, 0.25);
  settings.costs.commission_min = *rc::gen::element(0.0, 0.0, 2.0);
  if (*rc::gen::arbitrary<bool>()) settings.costs.commission_maker_rate = 0.03125;
  settings.costs.spread = *rc::gen::element(0.0, 0.0, 0.0625);
  settings.costs.slippage_rate = *rc::gen::element(0.0, 0.0, 0.03125);
  return settings;
}

RunResult run_scenario(const Scenario& scenario, const Settings& settings) {
  Script script;
  script.on_bar = [&](Script& self, const rl_step& step) -> rl_status {
    const Requests& requests = scenario.plan[step.series[0].count - 1];
    for (const rl_order& order : requests.orders) {
      if (const rl_status status = self.submit(order); status != RL_OK) return status;
    }
    if (requests.cancel) self.host->cancel(self.host, *requests.cancel);
    return RL_OK;
  };
  return run(script, candles(scenario.bars), settings).value();
}

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
}

void check_against_naive(const Scenario& scenario, const Settings& settings) {
  const RunResult result = run_scenario(scenario, settings);
  NaiveEngine naive(scenario.bars, settings);
  naive.run(scenario.plan);
  std::vector<NaiveEngine::Fill> fills;
  for (const FillRecord& fill : result.fills) {
    if (fill.order_id != 0) fills.push_back({fill.order_id, fill.bar, fill.quantity, fill.price});
  }
  RC_ASSERT(fills == naive.fills);
  RC_ASSERT(result.refusals.size() == naive.refusals);
  RC_ASSERT(result.ambiguities == naive.ambiguities);
  RC_ASSERT(result.equity.size() == naive.equity.size());
  RC_ASSERT(result.orders.size() == naive.orders.size());
  for (std::size_t i = 0; i < naive.orders.size(); ++i) {
    const OrderRecord& order = result.orders[i];
    RC_ASSERT(order.role == naive.orders[i].role);
    RC_ASSERT(entry_of(result.orders, order) == naive.orders[i].entry);
    // The naive engine leaves a bankrupt account as it is.
    const bool at_the_end = result.bankrupt && order.outcome_bar + 1 == result.equity.size();
    if (at_the_end && order.outcome == OrderOutcome::cancelled_by_engine) continue;
    RC_ASSERT(order.outcome == naive.orders[i].outcome);
    RC_ASSERT(order.outcome_bar == naive.orders[i].outcome_bar);
  }
  const std::size_t solvent = result.equity.size() - (result.bankrupt ? 1 : 0);
  for (std::size_t bar = 0; bar < solvent; ++bar)
    RC_ASSERT(near(result.equity[bar], naive.equity[bar]));
}

RC_GTEST_PROP(Fills, EqualThoseOfTheNaiveEngine, ()) {
  for (int i = 0; i < 8; ++i) check_against_naive(random_scenario(), random_settings());
}

// ---- What must always hold, in sizes and settings that the naive engine does not know

Scenario scenario_of_every_size() {
  Scenario scenario = random_scenario();
  for (Requests& requests : scenario.plan) {
    for (rl_order& order : requests.orders) {
      if (*rc::gen::arbitrary<bool>()) continue;
      order.size_mode =
          *rc::gen::inRange<std::uint32_t>(RL_SIZE_UNITS, RL_SIZE_TARGET_EQUITY_PCT + 1);
      if (order.size_mode == RL_SIZE_RUN) order.quantity = std::copysign(1, order.quantity);
      if (order.size_mode >= RL_SIZE_VALUE) order.quantity *= 10;
    }
  }
  return scenario;
}

Settings every_setting() {
  Settings settings = random_settings();
  settings.lot_size = *rc::gen::element(0.0, 0.0, 0.5);
  settings.tick_size = 0.125;
  settings.costs.slippage_ticks = *rc::gen::element(0.0, 0.0, 1.0);
  settings.costs.slippage_volume = *rc::gen::element(0.0, 0.25);
  settings.maintenance_margin = *rc::gen::element(0.0, 0.3, 0.9);
  settings.borrow_rate = *rc::gen::element(0.0, 10.0);
  settings.cash_rate = *rc::gen::element(0.0, 5.0);
  settings.margin_rate = *rc::gen::element(0.0, 10.0);
  return settings;
}

void check_books(const RunResult& result, const Scenario& scenario) {
  double cash = result.start_cash + result.interest - result.borrow_fees;
  double units = 0;
  double fees = 0;
  for (const FillRecord& fill : result.fills) {
    cash -= fill.quantity * fill.price + fill.fee;
    units += fill.quantity;
    fees += fill.fee;
  }
  RC_ASSERT(near(cash, result.final_cash));
  RC_ASSERT(near(units, result.final_position));
  double pnl = result.interest - result.borrow_fees;
  double commission = 0;
  const double close = scenario.bars[result.equity.size() - 1].close;
  for (const TradeRecord& trade : result.trades) {
    commission += trade.commission;
    pnl += trade.exit_bar ? trade.pnl : trade.size * (close - trade.entry_price) - trade.commission;
  }
  RC_ASSERT(near(commission, fees));
  RC_ASSERT(near(pnl, result.equity.back() - result.start_cash));
}

// Without spread and slippage a price is one of its bar, and what the order allows.
void check_price(const FillRecord& fill, const OrderRecord& order, const Candle& bar) {
  RC_ASSERT(fill.price >= bar.low && fill.price <= bar.high);
  const bool buys = fill.quantity > 0;
  if (order.kind == RL_STOP) {
    RC_ASSERT((buys ? fill.price >= order.stop_price : fill.price <= order.stop_price));
    RC_ASSERT(fill.price == order.stop_price || order.role == OrderRole::stop_loss ||
              fill.price == bar.open);
  }
}

void check_limit(const FillRecord& fill, const OrderRecord& order) {
  if (order.limit_price == 0) return;
  RC_ASSERT(
      (fill.quantity > 0 ? fill.price <= order.limit_price : fill.price >= order.limit_price));
}

void check_fills(const RunResult& result, const Scenario& scenario, const Settings& settings) {
  const Costs& costs = settings.costs;
  const bool plain_prices = costs.spread == 0 && costs.slippage_rate == 0 &&
                            costs.slippage_ticks == 0 && costs.slippage_volume == 0;
  double held = 0;
  std::map<std::uint64_t, int> exits;
  for (const FillRecord& fill : result.fills) {
    const double before = held;
    held += fill.quantity;
    if (fill.order_id == 0) continue;
    const OrderRecord& order = result.orders[fill.order_id - 1];
    RC_ASSERT(fill.bar > order.bar);
    RC_ASSERT(order.outcome == OrderOutcome::filled && order.outcome_bar == fill.bar);
    // With one position at a time the closing of what was held is on the other side.
    const bool closes_first = settings.one_position && before * fill.quantity < 0;
    if (!closes_first && plain_prices) check_price(fill, order, scenario.bars[fill.bar]);
    if (!closes_first) check_limit(fill, order);
    if ((order.flags & RL_REDUCE_ONLY) != 0) {
      RC_ASSERT(before * fill.quantity < 0);
      RC_ASSERT(std::abs(fill.quantity) <= std::abs(before) * (1 + 1e-9));
    }
    if (order.role == OrderRole::plain) continue;
    const std::uint64_t entry_id = entry_of(result.orders, order);
    RC_ASSERT(++exits[entry_id] == 1);
    const OrderRecord& entry = result.orders[entry_id - 1];
    RC_ASSERT(entry.outcome == OrderOutcome::filled && entry.outcome_bar <= fill.bar);
  }
}

RC_GTEST_PROP(Fills, NeverBreakWhatAnOrderAllows, ()) {
  for (int i = 0; i < 4; ++i) {
    const Scenario scenario = scenario_of_every_size();
    const Settings settings = every_setting();
    const RunResult result = run_scenario(scenario, settings);
    check_books(result, scenario);
    check_fills(result, scenario, settings);
    const Bytes bytes = encode_result(result);
    RC_ASSERT(encode_result(decode_result(bytes).value()) == bytes);
    RC_ASSERT(result_digest(result) == sha256(bytes));
  }
}

}  // namespace
}  // namespace runledger::test
