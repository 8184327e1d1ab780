// Sections 10 to 12 of core/engine/FILLS.md, each test a row by its number.
#include "fills_support.hpp"

namespace runledger::test {
namespace {

using enum OrderOutcome;

// ---- 10. Stop-loss and take-profit

TEST(Fills, Row10_1ExitsSleepWhileTheirEntryWaits) {
  const auto result = after_ten({with_exits(stop(1, 12), {9, 14})}, {{8.5, 9, 7, 8}});
  EXPECT_THAT(result.fills, IsEmpty());
  EXPECT_THAT(outcomes(result), ElementsAre(waiting, waiting, waiting));
}

TEST(Fills, Row10_1ExitsThatSleepAreNotListed) {
  Script script;
  std::vector<std::size_t> seen;
  script.on_bar = [&](Script& self, const rl_step& step) -> rl_status {
    seen.push_back(step.account->open_order_count);
    return step.series[0].count == 1 ? self.submit(with_exits(limit(4, 9), {7, 12})) : RL_OK;
  };
  ASSERT_TRUE(run(script, candles({kTen, kTen, {9, 9, 9, 9}, {9, 9, 9, 9}})).has_value());
  EXPECT_THAT(seen, ElementsAre(0, 1, 2, 2));
}

TEST(Fills, Row10_2ExitsLeaveWhatTheirEntryOpened) {
  const OrderPlan plan{{units(-5)}, {with_exits(units(8), {9, 0})}};
  const auto result = result_of(plan, candles({kTen, kTen, kTen, {10, 10, 8, 8}}), with_cash(1000));
  EXPECT_THAT(quantities(result), ElementsAre(-5, 8, -3));
  EXPECT_THAT(result.fills.back().order_id, 3u);
  EXPECT_EQ(entry_of(result.orders, result.orders[2]), 2u);
  EXPECT_EQ(result.orders[2].role, OrderRole::stop_loss);
  EXPECT_EQ(result.orders[2].stop_price, 9);
}

TEST(Fills, Row10_2TheirIdsFollowThatOfTheirEntry) {
  Script script;
  script.on_bar = [&](Script& self, const rl_step& step) -> rl_status {
    if (step.series[0].count == 1) {
      self.submit(with_exits(units(1), {8, 12}));
      EXPECT_EQ(self.last_id, 1u);
      self.submit(with_exits(units(1), {0, 12}));
      EXPECT_EQ(self.last_id, 4u);
      self.buy(1);
      EXPECT_EQ(self.last_id, 6u);
    } else if (step.series[0].count == 2) {
      const rl_open_order* const* open = step.account->open_orders;
      EXPECT_EQ(step.account->open_order_count, 3u);
      EXPECT_EQ(open[0]->order_id, 2u);
      EXPECT_EQ(open[0]->kind, static_cast<std::uint32_t>(RL_STOP));
      EXPECT_EQ(open[0]->flags, RL_REDUCE_ONLY);
      EXPECT_EQ(open[0]->stop_price, 8);
      EXPECT_EQ(open[0]->quantity, -1);
      EXPECT_EQ(open[1]->order_id, 3u);
      EXPECT_EQ(open[1]->limit_price, 12);
      EXPECT_EQ(open[2]->order_id, 5u);
    }
    return RL_OK;
  };
  EXPECT_TRUE(run(script, candles({kTen, kTen})).has_value());
}

TEST(Fills, Row10_3ExitsEndWithAnEntryThatOpenedNothing) {
  const Exits exits{8, 12};
  // Expired, refused, closing only, nothing to close.
  EXPECT_THAT(outcomes(after_ten({for_the_day(with_exits(limit(1, 9), exits))}, {kTen, kTen})),
              ElementsAre(expired, cancelled_by_engine, cancelled_by_engine));
  EXPECT_THAT(outcomes(after_ten({with_exits(units(1e6), exits)}, {kTen})),
              ElementsAre(refused, cancelled_by_engine, cancelled_by_engine));
  EXPECT_THAT(outcomes(after_ten({units(2), with_exits(units(-1), exits)}, {kTen})),
              ElementsAre(filled, filled, cancelled_by_engine, cancelled_by_engine));
  EXPECT_THAT(outcomes(after_ten({with_exits(close_order(), exits)}, {kTen})),
              ElementsAre(nothing, cancelled_by_engine, cancelled_by_engine));
}

TEST(Fills, Row10_4OneCancelsTheOther) {
  const std::vector<rl_order> bracket{with_exits(units(1), {9, 12})};
  const auto stopped = after_ten(bracket, {kTen, {9, 10, 8, 9}, {12, 12, 12, 12}});
  EXPECT_THAT(prices(stopped), ElementsAre(10, 9));
  EXPECT_THAT(outcomes(stopped), ElementsAre(filled, filled, cancelled_by_engine));
  EXPECT_EQ(stopped.orders[2].outcome_bar, 2u);
  const auto taken = after_ten(bracket, {kTen, {12, 12, 8, 9}});
  EXPECT_THAT(prices(taken), ElementsAre(10, 12));
  EXPECT_THAT(outcomes(taken), ElementsAre(filled, cancelled_by_engine, filled));
}

TEST(Fills, Row10_5ExitsAreCutToWhatIsHeld) {
  const OrderPlan plan{{with_exits(units(10), {9, 0})}, {units(-4)}};
  const auto result = result_of(plan, candles({kTen, kTen, kTen, {10, 10, 8, 8}}), with_cash(1000));
  EXPECT_THAT(quantities(result), ElementsAre(10, -4, -6));
}

TEST(Fills, Row10_6ExitsEndWithThePosition) {
  const OrderPlan flat{{with_exits(units(10), {9, 0})}, {units(-10)}};
  const auto gone = result_of(flat, candles({kTen, kTen, kTen, {8, 8, 8, 8}}), with_cash(1000));
  EXPECT_THAT(quantities(gone), ElementsAre(10, -10));
  EXPECT_EQ(gone.orders[1].outcome, cancelled_by_engine);
  EXPECT_EQ(gone.orders[1].outcome_bar, 2u);
  // Turned: the exits of the long are gone, those of the short live.
  const OrderPlan turned{{with_exits(units(10), {9, 0})}, {with_exits(units(-15), {11, 0})}};
  const auto result =
      result_of(turned, candles({kTen, kTen, kTen, {10, 11, 8, 10}}), with_cash(1000));
  EXPECT_THAT(quantities(result), ElementsAre(10, -15, 5));
  EXPECT_EQ(result.orders[1].outcome, cancelled_by_engine);
}

TEST(Fills, Row10_6TheFirstOfSeveralStopsThatEndsThePositionEndsTheOthers) {
  const auto result = after_ten({with_exits(units(1), {9, 0}), with_exits(units(1), {8, 0})},
                                {kTen, {10, 10, 8.5, 9}, {7, 7, 7, 7}});
  EXPECT_THAT(prices(result), ElementsAre(10, 10, 9, 7));
  const OrderPlan one{{with_exits(units(1), {9, 0}), with_exits(units(1), {8, 0})}, {units(-1)}};
  const auto cut = result_of(one, candles({kTen, kTen, kTen, {10, 10, 8, 8}}), with_cash(1000));
  EXPECT_THAT(prices(cut), ElementsAre(10, 10, 10, 9));
  EXPECT_EQ(cut.orders[3].outcome, cancelled_by_engine);
}

TEST(Fills, Row10_7TheWholeBarCountsForAnEntryAtTheOpen) {
  const auto stopped = after_ten({with_exits(units(1), {9, 0})}, {{10, 11, 8, 10}});
  EXPECT_THAT(prices(stopped), ElementsAre(10, 9));
  const auto taken = after_ten({with_exits(units(-1), {0, 9})}, {{10, 11, 8, 10}});
  EXPECT_THAT(prices(taken), ElementsAre(10, 9));
  EXPECT_EQ(taken.ambiguities, 0u);
}

TEST(Fills, Row10_8AnExitThatThePriceIsBeyondFillsAtOnce) {
  const auto stopped = after_ten({with_exits(units(1), {9, 0})}, {{8, 8, 8, 8}});
  EXPECT_THAT(prices(stopped), ElementsAre(8, 8));
  const auto inside = after_ten({with_exits(limit(1, 9), {9.5, 0})}, {{10, 10, 8.5, 10}});
  EXPECT_THAT(prices(inside), ElementsAre(9, 9));
  const auto taken = after_ten({with_exits(stop(1, 11), {0, 10.5})}, {{10, 12, 10, 12}});
  EXPECT_THAT(prices(taken), ElementsAre(11, 11));
  EXPECT_EQ(inside.ambiguities + taken.ambiguities, 0u);
}

TEST(Fills, Row10_9WhatLiesFurtherOnTheWayIsReachedAfterTheEntry) {
  const auto stopped = after_ten({with_exits(limit(1, 9), {8, 0})}, {{10, 10, 7, 9}});
  EXPECT_THAT(prices(stopped), ElementsAre(9, 8));
  const auto taken = after_ten({with_exits(stop(1, 11), {0, 12})}, {{10, 13, 10, 11}});
  EXPECT_THAT(prices(taken), ElementsAre(11, 12));
  const auto covered = after_ten({with_exits(limit(-1, 11), {12, 0})}, {{10, 13, 10, 11}});
  EXPECT_THAT(prices(covered), ElementsAre(11, 12));
  EXPECT_EQ(stopped.ambiguities + taken.ambiguities + covered.ambiguities, 0u);
}

TEST(Fills, Row10_10TheCloseProvesAnExit) {
  const auto taken = after_ten({with_exits(limit(1, 9), {0, 11})}, {{10, 12, 9, 12}});
  EXPECT_THAT(prices(taken), ElementsAre(9, 11));
  const auto stopped = after_ten({with_exits(stop(1, 11), {9, 0})}, {{10, 12, 8, 8.5}});
  EXPECT_THAT(prices(stopped), ElementsAre(11, 9));
  EXPECT_EQ(taken.ambiguities + stopped.ambiguities, 0u);
}

TEST(Fills, Row10_11AStopLossWithinTheRangeIsTakenAsReached) {
  const auto result = after_ten({with_exits(stop(1, 11), {10, 0})}, {{10, 12, 9, 11}});
  EXPECT_THAT(prices(result), ElementsAre(11, 10));
  EXPECT_EQ(result.ambiguities, 1u);
}

TEST(Fills, Row10_12ATakeProfitWithinTheRangeIsNot) {
  const auto result =
      after_ten({with_exits(limit(1, 9), {0, 11})}, {{10, 12, 9, 10}, {10, 10, 10, 10}});
  EXPECT_THAT(prices(result), ElementsAre(9));
  EXPECT_EQ(result.ambiguities, 1u);
  EXPECT_EQ(result.orders[1].outcome, waiting);
}

TEST(Fills, Row10_13OfBothInTheEntryBarTheStopLossIsTaken) {
  const auto result = after_ten({with_exits(stop(1, 11), {10, 12})}, {{10, 13, 9, 11}});
  EXPECT_THAT(prices(result), ElementsAre(11, 10));
  EXPECT_EQ(result.ambiguities, 1u);
  EXPECT_THAT(outcomes(result), ElementsAre(filled, filled, cancelled_by_engine));
}

TEST(Fills, Row10_14ExitsOfAnEntryAtTheCloseLiveFromTheNextBar) {
  const auto result =
      after_ten({with_exits(at_close(1), {9, 0})}, {{10, 11, 8, 10}, {10, 10, 9, 10}});
  EXPECT_THAT(prices(result), ElementsAre(10, 9));
  EXPECT_EQ(result.fills[1].bar, 2u);
}

// Cancels an order by its id at the close of the second bar.
RunResult cancelling(const rl_order& order, std::uint64_t id, const std::vector<Candle>& bars) {
  Script script;
  script.on_bar = [&](Script& self, const rl_step& step) -> rl_status {
    if (step.series[0].count == 1) self.submit(order);
    return step.series[0].count == 2 ? self.host->cancel(self.host, id) : RL_OK;
  };
  return run(script, candles(bars), with_cash(1000)).value();
}

TEST(Fills, Row10_15EitherExitIsCancelledByItsId) {
  const std::vector<Candle> bars{kTen, kTen, {10, 13, 8, 10}};
  const rl_order bracket = with_exits(units(1), {9, 12});
  const auto no_stop = cancelling(bracket, 2, bars);
  EXPECT_THAT(prices(no_stop), ElementsAre(10, 12));
  EXPECT_THAT(outcomes(no_stop), ElementsAre(filled, cancelled, filled));
  const auto no_target = cancelling(bracket, 3, bars);
  EXPECT_THAT(outcomes(no_target), ElementsAre(filled, filled, cancelled));
  EXPECT_THAT(outcomes(cancelling(bracket, 0, bars)), ElementsAre(filled, cancelled, cancelled));
}

TEST(Fills, Row10_15AnExitThatSleepsIsCancelledToo) {
  const std::vector<Candle> bars{kTen, kTen, {9, 9, 9, 9}, {8, 8, 8, 8}};
  const auto result = cancelling(with_exits(limit(1, 9), {8.5, 12}), 2, bars);
  EXPECT_THAT(prices(result), ElementsAre(9));
  EXPECT_THAT(outcomes(result), ElementsAre(filled, cancelled, waiting));
}

TEST(Fills, Row10_15CancellingAnEntryTakesItsExits) {
  const rl_order bracket = with_exits(limit(1, 5), {4, 12});
  const std::vector<Candle> bars{kTen, kTen, kTen};
  for (const std::uint64_t id : {1U, 0U}) {
    EXPECT_THAT(outcomes(cancelling(bracket, id, bars)),
                ElementsAre(cancelled, cancelled_by_engine, cancelled_by_engine));
  }
}

TEST(Fills, Row10_16OfABankruptAccountWhatLivesIsCancelled) {
  const auto result = after_ten({with_exits(units(-100), {25, 0}), with_exits(limit(1, 5), {4, 0})},
                                {{10, 20, 10, 20}});
  EXPECT_TRUE(result.bankrupt);
  EXPECT_THAT(outcomes(result), ElementsAre(filled, cancelled_by_engine, waiting, waiting));
}

// ---- 11. Ambiguity

std::uint64_t ambiguities(const std::vector<rl_order>& orders, const std::vector<Candle>& bars) {
  return after_ten(orders, bars).ambiguities;
}

TEST(Fills, Row11_1WhatTheFirstExtremeDecidesIsCounted) {
  const rl_order bracket = with_exits(units(1), {9, 11});
  EXPECT_EQ(ambiguities({bracket}, {kTen, {10, 12, 8, 10}}), 1u);
  EXPECT_EQ(ambiguities({bracket}, {{10, 12, 8, 10}}), 1u);
  EXPECT_EQ(ambiguities({bracket}, {kTen, {10, 12, 10, 10}}), 0u);
  // Two exits by hand are the same decision.
  const OrderPlan by_hand{{units(1)}, {reduce_only(stop(-1, 9)), reduce_only(limit(-1, 11))}};
  EXPECT_EQ(result_of(by_hand, candles({kTen, kTen, {10, 12, 8, 10}}), with_cash(1000)).ambiguities,
            1u);
  // Both trade whatever comes first.
  EXPECT_EQ(ambiguities({limit(1, 9), stop(1, 11)}, {{10, 12, 8, 10}}), 0u);
}

TEST(Fills, Row11_2ExitsInTheBarOfTheirEntryAreCounted) {
  EXPECT_EQ(ambiguities({with_exits(limit(1, 9), {0, 11})}, {{10, 12, 9, 10}}), 1u);
  EXPECT_EQ(ambiguities({with_exits(limit(1, 9), {8, 11})}, {{10, 12, 7, 10}}), 1u);
  EXPECT_EQ(ambiguities({with_exits(limit(1, 9), {8, 11})}, {{10, 10, 7, 10}}), 0u);
  EXPECT_EQ(ambiguities({with_exits(limit(1, 9), {8, 11})}, {{10, 10, 8.5, 10}}), 0u);
}

TEST(Fills, Row11_3AStopLimitThatMayHaveFilledIsCounted) {
  EXPECT_EQ(ambiguities({stop_limit(1, {11, 10.5})}, {{10, 12, 10, 12}}), 1u);
  EXPECT_EQ(ambiguities({stop_limit(1, {11, 9.5})}, {{10, 12, 10, 12}}), 0u);
}

TEST(Fills, Row11_4ATrailingStopThatMayHaveFilledIsCounted) {
  EXPECT_EQ(ambiguities({trailing(-1, 2)}, {{10, 13, 10, 12}}), 1u);
  EXPECT_EQ(ambiguities({trailing(-1, 2)}, {{10, 11, 10, 11}}), 0u);
}

// ---- 12. One position at a time

Settings one_position(double cash) {
  Settings settings = with_cash(cash);
  settings.one_position = true;
  return settings;
}

TEST(Fills, Row12_1AnEntryCancelsTheEntriesThatWait) {
  rl_order target = limit(5, 7);
  target.size_mode = RL_SIZE_TARGET_UNITS;
  const auto result =
      after_ten({with_exits(limit(1, 9), {7, 0}), target, reduce_only(stop(-1, 8)), limit(2, 8)},
                {{10, 10, 8.5, 10}}, one_position(1000));
  EXPECT_THAT(result.fills, IsEmpty());
  EXPECT_THAT(outcomes(result),
              ElementsAre(cancelled_by_engine, cancelled_by_engine, waiting, waiting, waiting));
  EXPECT_EQ(result.orders[0].outcome_bar, 0u);
}

TEST(Fills, Row12_2AnEntryAgainstAPositionTurnsIt) {
  const auto result = result_of({{units(5)}, {units(-3)}}, tens(), one_position(1000));
  EXPECT_THAT(quantities(result), ElementsAre(5, -8));
  EXPECT_EQ(result.final_position, -3);
}

TEST(Fills, Row12_3AnEntryOnTopOfAPositionReplacesIt) {
  Settings settings = one_position(1000);
  settings.costs.commission_fixed = 1;
  const auto result = result_of({{units(5)}, {units(3)}}, tens(), settings);
  EXPECT_THAT(quantities(result), ElementsAre(5, -5, 3));
  EXPECT_EQ(result.fills[1].order_id, 2u);
  EXPECT_EQ(result.fills[2].order_id, 2u);
  EXPECT_EQ(result.final_cash, 1000 - 30 - 3);
  EXPECT_THAT(result.trades, SizeIs(2));
}

TEST(Fills, Row12_3TheExitsOfThePositionBeforeAreGone) {
  const OrderPlan plan{{with_exits(units(5), {9, 0})}, {with_exits(units(3), {8, 0})}};
  const auto result =
      result_of(plan, candles({kTen, kTen, kTen, {10, 10, 8, 8}}), one_position(1000));
  EXPECT_THAT(quantities(result), ElementsAre(5, -5, 3, -3));
  EXPECT_EQ(result.orders[1].outcome, cancelled_by_engine);
}

TEST(Fills, Row12_4CashPercentCountsThePositionAsClosed) {
  const auto result =
      result_of({{units(5)}, {sized(50, RL_SIZE_CASH_PCT)}}, tens(), one_position(100));
  EXPECT_THAT(quantities(result), ElementsAre(5, -5, 5));
}

TEST(Fills, Row12_5ARefusedOpeningLeavesTheClosingDone) {
  const auto result = result_of({{units(5)}, {units(20)}}, tens(), one_position(50));
  EXPECT_THAT(quantities(result), ElementsAre(5, -5));
  ASSERT_THAT(result.refusals, SizeIs(1));
  EXPECT_EQ(result.refusals[0].quantity, 20);
  EXPECT_EQ(result.orders[1].outcome, filled);
  EXPECT_EQ(result.final_position, 0);
}

}  // namespace
}  // namespace runledger::test
