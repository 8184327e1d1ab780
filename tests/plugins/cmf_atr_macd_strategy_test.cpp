// What no recorded case of the old system contains.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_run.hpp"

namespace runledger::test {
namespace {

// Short lengths, so that a few bars after the money flow's twenty decide.
RunResult run_on(const PaddedBars& bars) {
  const Parameters parameters{
      {"macd1", 1}, {"macd2", 2}, {"macdsig", 2}, {"atrperiod", 1}, {"atrdist", 1}};
  Settings settings;
  settings.account = AccountKind::reference;
  return run_plugin("cmf_atr_macd_strategy", parameters, bars, settings).value();
}

// Eighteen bars up and down, then `rest`.
PaddedBars after_quiet_bars(const std::vector<OpenClose>& rest) {
  std::vector<OpenClose> bars(18, {100, 101});
  for (std::size_t i = 1; i < bars.size(); i += 2) bars[i] = {101, 100};
  bars.insert(bars.end(), rest.begin(), rest.end());
  return daily(bars);
}

std::vector<std::string> reasons_on(const RunResult& result, std::uint64_t bar) {
  std::vector<std::string> reasons;
  for (const OrderRecord& order : result.orders)
    if (order.bar == bar) reasons.push_back(order.reason);
  return reasons;
}

// Bar 19 buys, and bar 20 opens too high; the levels stay. Bar 23 sells short, and bar 24 falls
// under the stop of the one and the target of the other.
RunResult two_orders_leave() {
  return run_on(after_quiet_bars(
      {{98, 98}, {98, 110}, {117, 110}, {105, 98}, {98, 100}, {100, 95}, {95, 83}, {83, 84}}));
}

TEST(CmfAtrMacd, LeavesTwiceWhenTheLevelsOfBothSidesAreHit) {
  const RunResult result = two_orders_leave();
  ASSERT_EQ(result.refusals.size(), 1u);
  EXPECT_EQ(result.refusals[0].bar, 20u);
  EXPECT_THAT(reasons_on(result, 23),
              testing::ElementsAre("MACD below its signal, money flows out"));
  EXPECT_THAT(reasons_on(result, 24), testing::ElementsAre("stop of a long", "target of a short"));
}

TEST(CmfAtrMacd, TheSecondOrderOpensTheOppositePosition) {
  const RunResult result = two_orders_leave();
  ASSERT_EQ(result.trades.size(), 2u);
  const TradeRecord& closed = result.trades[0];
  const TradeRecord& opened = result.trades[1];
  EXPECT_LT(closed.size, 0);
  EXPECT_EQ(closed.exit_bar, 25u);
  EXPECT_EQ(opened.entry_bar, 25u);
  EXPECT_EQ(opened.size, -closed.size);
  EXPECT_FALSE(opened.exit_bar.has_value());
  EXPECT_EQ(result.final_position, opened.size);
}

TEST(CmfAtrMacd, TheSecondOrderIsRefusedAsAnyEntryThatCashDoesNotCover) {
  const RunResult result = run_on(after_quiet_bars(
      {{98, 98}, {98, 100}, {112, 108}, {110, 102}, {102, 112}, {112, 107}, {107, 108}}));
  EXPECT_THAT(reasons_on(result, 22), testing::ElementsAre("target of a long", "stop of a short"));
  ASSERT_EQ(result.refusals.size(), 2u);
  EXPECT_EQ(result.refusals[1].bar, 23u);
  EXPECT_EQ(result.final_position, 0);
}

TEST(CmfAtrMacd, BarsWithoutRangeHaveNoFlowAndStopNothing) {
  std::vector<double> prices(60);
  for (std::size_t i = 0; i < prices.size(); ++i) prices[i] = 100 + static_cast<double>(i % 7);
  EXPECT_TRUE(run_on(daily(prices)).orders.empty())
      << "a flow of zero is neither above nor below zero";
}

}  // namespace
}  // namespace runledger::test
