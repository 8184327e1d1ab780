// What the tests of core/engine/FILLS.md share: orders, settings, and what came out.
#pragma once

#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.hpp"

namespace runledger::test {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

inline rl_order units(double quantity) { return Script::order_of(quantity); }
inline rl_order sized(double quantity, std::uint32_t mode) {
  return Script::order_of(quantity, mode);
}
inline rl_order by_run(double side) { return Script::order_of(side, RL_SIZE_RUN); }
inline rl_order close_order() { return Script::order_of(1, RL_SIZE_CLOSE); }

inline rl_order limit(double quantity, double price) {
  rl_order order = units(quantity);
  order.kind = RL_LIMIT;
  order.limit_price = price;
  return order;
}
inline rl_order stop(double quantity, double price) {
  rl_order order = units(quantity);
  order.kind = RL_STOP;
  order.stop_price = price;
  return order;
}
struct StopLimit {
  double stop, limit;
};
inline rl_order stop_limit(double quantity, StopLimit prices) {
  rl_order order = stop(quantity, prices.stop);
  order.kind = RL_STOP_LIMIT;
  order.limit_price = prices.limit;
  return order;
}
inline rl_order trailing(double quantity, double trail, std::uint32_t flags = 0) {
  rl_order order = Script::order_of(quantity, RL_SIZE_UNITS, flags);
  order.kind = RL_TRAILING_STOP;
  order.trail = trail;
  return order;
}
inline rl_order at_close(double quantity) {
  rl_order order = units(quantity);
  order.kind = RL_MARKET_ON_CLOSE;
  return order;
}
inline rl_order reduce_only(rl_order order) {
  order.flags |= RL_REDUCE_ONLY;
  return order;
}
inline rl_order for_the_day(rl_order order) {
  order.time_in_force = RL_DAY;
  return order;
}
inline rl_order for_bars(rl_order order, std::uint32_t bars) {
  order.time_in_force = RL_BARS;
  order.expire_bars = bars;
  return order;
}
// Zero for none.
struct Exits {
  double stop_loss, take_profit;
};
inline rl_order with_exits(rl_order order, Exits exits) {
  order.stop_loss = exits.stop_loss;
  order.take_profit = exits.take_profit;
  return order;
}

inline Settings with_cash(double cash) {
  Settings settings;
  settings.cash = cash;
  return settings;
}
inline Settings with_sizing(double cash, SizingKind kind, double amount) {
  Settings settings = with_cash(cash);
  settings.sizing = {kind, amount};
  return settings;
}
inline Settings with_rate(double cash, double rate) {
  Settings settings = with_cash(cash);
  settings.costs.commission_rate = rate;
  return settings;
}
inline Settings with_fixed(double cash, double fixed) {
  Settings settings = with_cash(cash);
  settings.costs.commission_fixed = fixed;
  return settings;
}
inline Settings with_lot(double cash, double lot) {
  Settings settings = with_cash(cash);
  settings.lot_size = lot;
  return settings;
}
inline Settings reference(double cash) {
  Settings settings = with_cash(cash);
  settings.account = AccountKind::reference;
  return settings;
}

inline RunResult result_of(const OrderPlan& plan, const PaddedBars& bars,
                           const Settings& settings) {
  Outcome outcome = run_plan(plan, bars, settings);
  EXPECT_TRUE(outcome.has_value());
  return outcome ? std::move(*outcome) : RunResult{};
}

inline std::vector<double> quantities(const RunResult& result) {
  std::vector<double> all;
  for (const FillRecord& fill : result.fills) all.push_back(fill.quantity);
  return all;
}
inline std::vector<double> prices(const RunResult& result) {
  std::vector<double> all;
  for (const FillRecord& fill : result.fills) all.push_back(fill.price);
  return all;
}
inline std::vector<OrderOutcome> outcomes(const RunResult& result) {
  std::vector<OrderOutcome> all;
  for (const OrderRecord& order : result.orders) all.push_back(order.outcome);
  return all;
}
inline std::vector<double> pnls(const RunResult& result) {
  std::vector<double> all;
  for (const TradeRecord& trade : result.trades) all.push_back(trade.pnl);
  return all;
}
inline std::vector<double> commissions(const RunResult& result) {
  std::vector<double> all;
  for (const TradeRecord& trade : result.trades) all.push_back(trade.commission);
  return all;
}

// The one refusal of a run that filled nothing.
inline void expect_refused(const RunResult& result, RefusalCode code, const char* reason) {
  EXPECT_THAT(result.fills, IsEmpty());
  ASSERT_THAT(result.refusals, SizeIs(1));
  EXPECT_EQ(result.refusals[0].code, code);
  EXPECT_EQ(result.refusals[0].reason, reason);
  EXPECT_EQ(result.orders[result.refusals[0].order_id - 1].outcome, OrderOutcome::refused);
}

inline const PaddedBars& tens() {
  static const PaddedBars bars = daily(std::vector<double>(6, 10));
  return bars;
}

inline constexpr Candle kTen{10, 10, 10, 10};

// The orders are submitted on a bar at ten; the bars that follow are given.
inline RunResult after_ten(const std::vector<rl_order>& orders, std::vector<Candle> bars,
                           const Settings& settings = with_cash(1000)) {
  bars.insert(bars.begin(), kTen);
  return result_of({orders}, candles(bars), settings);
}

// ... of which there is one fill, on this bar at this price.
inline void expect_fill(const RunResult& result, std::uint64_t bar, double price) {
  ASSERT_THAT(result.fills, SizeIs(1));
  EXPECT_EQ(result.fills[0].bar, bar);
  EXPECT_EQ(result.fills[0].price, price);
}

}  // namespace runledger::test
