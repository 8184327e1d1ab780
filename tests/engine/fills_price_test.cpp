// Sections 8 and 9 of core/engine/FILLS.md, each test a row by its number.
#include <runledger/base/time.hpp>

#include "fills_support.hpp"

namespace runledger::test {
namespace {

constexpr Candle kDownAndUp{10, 11, 8, 10};
constexpr Candle kUp{10, 12, 9, 10};

// ---- 8. Orders that wait for a price

TEST(Fills, Row8_1ALimitFillsAtItsPrice) {
  expect_fill(after_ten({limit(1, 9)}, {kDownAndUp}), 1, 9);
  expect_fill(after_ten({limit(-1, 10.5)}, {kDownAndUp}), 1, 10.5);
}

TEST(Fills, Row8_2ALimitFillsAtABetterOpen) {
  expect_fill(after_ten({limit(1, 9)}, {{8, 9, 7, 8}}), 1, 8);
  expect_fill(after_ten({limit(-1, 11)}, {{12, 13, 11, 12}}), 1, 12);
}

TEST(Fills, Row8_3AStopFillsAtItsPrice) {
  expect_fill(after_ten({stop(1, 11)}, {kUp}), 1, 11);
  expect_fill(after_ten({stop(-1, 9)}, {kDownAndUp}), 1, 9);
}

TEST(Fills, Row8_4AStopFillsAtAWorseOpen) {
  expect_fill(after_ten({stop(1, 11)}, {{13, 14, 12, 13}}), 1, 13);
  expect_fill(after_ten({stop(-1, 9)}, {{7, 8, 6, 7}}), 1, 7);
}

TEST(Fills, Row8_5AnExactTouchFills) {
  expect_fill(after_ten({limit(1, 9)}, {{10, 11, 9, 10}}), 1, 9);
  expect_fill(after_ten({limit(-1, 11)}, {{10, 11, 9, 10}}), 1, 11);
  expect_fill(after_ten({stop(1, 11)}, {{10, 11, 9, 10}}), 1, 11);
  expect_fill(after_ten({stop(-1, 9)}, {{10, 11, 9, 10}}), 1, 9);
}

TEST(Fills, Row8_6WhatIsNotTouchedWaits) {
  const Candle narrow{10, 10.5, 9.5, 10};
  const auto result = after_ten(
      {limit(1, 9), limit(-1, 11), stop(1, 11), stop(-1, 9), stop_limit(1, {11, 12})}, {narrow});
  EXPECT_THAT(result.fills, IsEmpty());
  EXPECT_THAT(outcomes(result), testing::Each(OrderOutcome::waiting));
  EXPECT_EQ(result.orders[0].outcome_bar, 0u);
}

TEST(Fills, Row8_6TheBarOfTheOrderDoesNotCount) {
  const auto result = result_of({{limit(1, 9)}}, candles({{10, 12, 8, 10}, kTen}), with_cash(1000));
  EXPECT_THAT(result.fills, IsEmpty());
}

TEST(Fills, Row8_7AStopLimitFillsAtAnOpenWithinItsLimit) {
  expect_fill(after_ten({stop_limit(1, {11, 12})}, {{11.5, 13, 11, 12}}), 1, 11.5);
  expect_fill(after_ten({stop_limit(-1, {9, 8})}, {{8.5, 9, 7, 8}}), 1, 8.5);
}

TEST(Fills, Row8_8AStopLimitBeyondItsLimitAtTheOpenIsALimitFromThere) {
  expect_fill(after_ten({stop_limit(1, {11, 12})}, {{13, 14, 12, 13}}), 1, 12);
  // For good: on the next bar the stop is not asked again.
  expect_fill(after_ten({stop_limit(1, {11, 12})}, {{13, 14, 13, 14}, {10, 10.5, 10, 10}}), 2, 10);
}

TEST(Fills, Row8_9AStopLimitFillsAtItsStop) {
  expect_fill(after_ten({stop_limit(1, {11, 12})}, {kUp}), 1, 11);
  expect_fill(after_ten({stop_limit(-1, {9, 8})}, {kDownAndUp}), 1, 9);
}

TEST(Fills, Row8_10AStopLimitFillsAtItsLimitWhenTheCloseProvesIt) {
  const auto result = after_ten({stop_limit(1, {11, 10.5})}, {kUp});
  expect_fill(result, 1, 10.5);
  EXPECT_EQ(result.ambiguities, 0u);
}

TEST(Fills, Row8_11AStopLimitWhosePriceMayNotHaveComeBackWaits) {
  const auto result = after_ten({stop_limit(1, {11, 10.5})}, {{10, 12, 10, 12}, {12, 12, 10, 11}});
  expect_fill(result, 2, 10.5);
  EXPECT_EQ(result.ambiguities, 1u);
}

TEST(Fills, Row8_12ATrailingStopFollowsTheHighsBeforeTheBar) {
  const auto result = after_ten({trailing(-1, 2)}, {{10, 13, 10, 12}, {12, 12, 10, 11}});
  expect_fill(result, 2, 11);
  const auto buying = after_ten({trailing(1, 2)}, {{10, 10, 7, 8}, {8, 10, 8, 9}});
  expect_fill(buying, 2, 9);
}

TEST(Fills, Row8_12TheOpenOfTheBarCountsForATrailingStop) {
  expect_fill(after_ten({trailing(-1, 2)}, {{14, 15, 12, 14}}), 1, 12);
}

TEST(Fills, Row8_13ATrailingStopFillsAtAWorseOpen) {
  expect_fill(after_ten({trailing(-1, 2)}, {{10, 13, 10, 12}, {10, 10, 9, 9}}), 2, 10);
}

TEST(Fills, Row8_14ATrailMayBeAPercentage) {
  const auto result =
      after_ten({trailing(-1, 10, RL_TRAIL_PERCENT)}, {{20, 20, 19, 20}, {19, 19, 17, 18}});
  expect_fill(result, 2, 18);
}

TEST(Fills, Row8_15ATrailingStopFillsWhenTheCloseProvesIt) {
  const auto result = after_ten({trailing(-1, 2)}, {{10, 13, 10, 10.5}});
  expect_fill(result, 1, 11);
  EXPECT_EQ(result.ambiguities, 1u);
}

TEST(Fills, Row8_16AnOrderAtTheCloseFillsAtTheNextClose) {
  expect_fill(after_ten({at_close(1)}, {{10, 12, 9, 11}}), 1, 11);
}

TEST(Fills, Row8_17AnOrderForTheDayEndsWithTheNextBarsDay) {
  const auto result =
      after_ten({for_the_day(limit(1, 9))}, {{10, 11, 10, 10}, {9, 9, 9, 9}, {9, 9, 9, 9}});
  EXPECT_THAT(result.fills, IsEmpty());
  EXPECT_EQ(result.orders[0].outcome, OrderOutcome::expired);
  EXPECT_EQ(result.orders[0].outcome_bar, 2u);
}

TEST(Fills, Row8_17AnIntradayOrderForTheDayLastsUntilMidnight) {
  Bars bars;
  bars.interval = {6, IntervalUnit::hour};
  for (int bar = 0; bar < 8; ++bar) {
    // The day before 1970 is a day like any other.
    bars.label.push_back((bar - 5) * 6 * kHourNs);
    const double price = bar == 6 ? 9 : 10;
    for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close}) column->push_back(price);
    bars.volume.push_back(1);
  }
  // On 18:00 of the day before yesterday; good on the four bars of yesterday.
  const auto result = result_of({{for_the_day(limit(1, 9))}}, PaddedBars(bars), with_cash(100));
  EXPECT_EQ(result.orders[0].outcome, OrderOutcome::expired);
  EXPECT_EQ(result.orders[0].outcome_bar, 5u);
  const auto longer =
      result_of({{}, {}, {}, {}, {for_the_day(limit(1, 9))}}, PaddedBars(bars), with_cash(100));
  EXPECT_EQ(longer.orders[0].outcome, OrderOutcome::filled);
  EXPECT_EQ(longer.orders[0].outcome_bar, 6u);
}

TEST(Fills, Row8_18AnOrderForSomeBarsIsGoodOnThatMany) {
  const Candle nine{9, 9, 9, 9};
  const auto second = after_ten({for_bars(limit(1, 9), 2)}, {kTen, nine});
  expect_fill(second, 2, 9);
  const auto third = after_ten({for_bars(limit(1, 9), 2)}, {kTen, kTen, nine});
  EXPECT_THAT(third.fills, IsEmpty());
  EXPECT_EQ(third.orders[0].outcome, OrderOutcome::expired);
  EXPECT_EQ(third.orders[0].outcome_bar, 3u);
}

TEST(Fills, Row8_19MarketOrdersNeverExpire) {
  const auto result = after_ten({for_bars(units(1), 1), for_the_day(at_close(1))}, {kTen});
  EXPECT_THAT(quantities(result), ElementsAre(1, 1));
}

TEST(Fills, Row8_20ASizeThatWaitsIsThatOfTheLimit) {
  rl_order order = limit(90, 9);
  order.size_mode = RL_SIZE_VALUE;
  EXPECT_THAT(quantities(after_ten({order}, {kDownAndUp})), ElementsAre(10));
}

TEST(Fills, Row8_21ACloseThatWaitsHasTheUnitsOfItsSignalBar) {
  rl_order close = limit(1, 12);
  close.size_mode = RL_SIZE_CLOSE;
  const OrderPlan plan{{units(4)}, {close}, {units(-4)}};
  const std::vector<Candle> bars{kTen, kTen, kTen, kTen, {11, 12, 11, 12}};
  EXPECT_EQ(result_of(plan, candles(bars), with_cash(1000)).final_position, -4);
  const OrderPlan careful{{units(4)}, {reduce_only(close)}, {units(-4)}};
  const auto result = result_of(careful, candles(bars), with_cash(1000));
  EXPECT_EQ(result.final_position, 0);
  EXPECT_EQ(result.orders[1].outcome, OrderOutcome::nothing);
}

rl_order target(double units, double price) {
  rl_order order = limit(units, price);
  order.size_mode = RL_SIZE_TARGET_UNITS;
  return order;
}

TEST(Fills, Row8_22ATargetThatWaitsTradesToItsSide) {
  const std::vector<Candle> bars{kTen, kTen, kTen, kDownAndUp};
  const auto run_with = [&](const OrderPlan& plan) {
    return result_of(plan, candles(bars), with_cash(1000));
  };
  const auto bought = run_with({{units(4)}, {target(10, 9)}});
  EXPECT_THAT(quantities(bought), ElementsAre(4, 6));
  EXPECT_THAT(prices(bought), ElementsAre(10, 9));
  EXPECT_EQ(run_with({{units(4)}, {target(4, 9)}}).orders[1].outcome, OrderOutcome::nothing);
  const auto overtaken = run_with({{units(4)}, {target(10, 9)}, {units(8)}});
  EXPECT_THAT(quantities(overtaken), ElementsAre(4, 8));
  EXPECT_EQ(overtaken.orders[1].outcome, OrderOutcome::nothing);
}

TEST(Fills, Row8_23ATouchedOrderMayBeRefused) {
  const auto result = after_ten({limit(10, 9)}, {kTen, kDownAndUp}, with_cash(80));
  EXPECT_THAT(result.fills, IsEmpty());
  ASSERT_THAT(result.refusals, SizeIs(1));
  EXPECT_EQ(result.refusals[0].bar, 2u);
  EXPECT_EQ(result.refusals[0].reason, "10 x 9.00 is more than cash 80");
}

TEST(Fills, Row8_24TheReferenceAccountChecksOnceAtTheOrdersPrice) {
  const auto refused = after_ten({limit(11, 9.5)}, {kTen, kTen}, reference(100));
  ASSERT_THAT(refused.refusals, SizeIs(1));
  EXPECT_EQ(refused.refusals[0].code, RefusalCode::submit_check);
  EXPECT_EQ(refused.refusals[0].bar, 1u);
  // What another order spends later is found at the fill.
  const OrderPlan plan{{limit(10, 9)}, {units(5)}};
  const auto later = result_of(plan, candles({kTen, kTen, kTen, kDownAndUp}), reference(100));
  EXPECT_THAT(quantities(later), ElementsAre(5));
  ASSERT_THAT(later.refusals, SizeIs(1));
  EXPECT_EQ(later.refusals[0].code, RefusalCode::fill_check);
}

TEST(Fills, Row8_24TheReferenceAccountFillsByTheSameRules) {
  const auto result = after_ten({with_exits(limit(5, 9), {8, 0}), stop(1, 11)},
                                {{10, 11, 9, 10}, {9, 9, 7, 8}}, reference(100));
  EXPECT_THAT(prices(result), ElementsAre(9, 11, 8));
  EXPECT_THAT(quantities(result), ElementsAre(5, 1, -5));
}

// ---- 9. The order of one bar

TEST(Fills, Row9_1WhatIsNotValidIsTakenOffBeforeTheOpen) {
  const auto result = after_ten({for_bars(limit(1, 9), 1)}, {kTen, {9, 9, 9, 9}});
  EXPECT_THAT(result.fills, IsEmpty());
  EXPECT_EQ(result.orders[0].outcome_bar, 2u);
}

TEST(Fills, Row9_2TheOpenDecidesInOrderOfSubmission) {
  const OrderPlan plan{{with_exits(units(2), {9, 0})}, {units(1)}};
  const auto result = result_of(plan, candles({kTen, kTen, {8, 8, 8, 8}}), with_cash(1000));
  EXPECT_THAT(quantities(result), ElementsAre(2, -2, 1));
  const OrderPlan other_way{{units(2)}, {units(1), reduce_only(stop(-9, 9))}};
  const auto sold = result_of(other_way, candles({kTen, kTen, {8, 8, 8, 8}}), with_cash(1000));
  EXPECT_THAT(quantities(sold), ElementsAre(2, 1, -3));
}

TEST(Fills, Row9_3TheExtremeAgainstThePositionComesFirst) {
  const std::vector<rl_order> exits{reduce_only(limit(-5, 11)), reduce_only(stop(-5, 9))};
  const auto longs =
      result_of({{units(5)}, exits}, candles({kTen, kTen, {10, 12, 8, 10}}), with_cash(1000));
  EXPECT_THAT(prices(longs), ElementsAre(10, 9));
  const std::vector<rl_order> covers{reduce_only(limit(5, 9)), reduce_only(stop(5, 11))};
  const auto shorts =
      result_of({{units(-5)}, covers}, candles({kTen, kTen, {10, 12, 8, 10}}), with_cash(1000));
  EXPECT_THAT(prices(shorts), ElementsAre(10, 11));
}

TEST(Fills, Row9_3WhenFlatTheNearerExtremeComesFirst) {
  const std::vector<rl_order> both{stop(1, 11), limit(1, 9)};
  EXPECT_THAT(prices(after_ten(both, {{10, 11, 8, 10}})), ElementsAre(11, 9));
  EXPECT_THAT(prices(after_ten(both, {{10, 12, 9, 10}})), ElementsAre(9, 11));
  EXPECT_THAT(prices(after_ten(both, {{10, 11, 9, 10}})), ElementsAre(9, 11));
}

TEST(Fills, Row9_4TheNearerPriceComesFirst) {
  const auto result = after_ten({limit(10, 8), limit(10, 9)}, {{10, 10, 8, 8}}, with_cash(90));
  EXPECT_THAT(prices(result), ElementsAre(9));
  EXPECT_EQ(result.orders[0].outcome, OrderOutcome::refused);
  // Whatever the kind: bought at 9 on the way to the stop at 8.
  const auto kinds = after_ten({reduce_only(stop(-5, 8)), limit(5, 9)}, {{10, 10, 8, 8}});
  EXPECT_THAT(prices(kinds), ElementsAre(9, 8));
}

TEST(Fills, Row9_4AtOnePriceTheFirstSubmittedComesFirst) {
  const auto result = after_ten({limit(1, 9), limit(2, 9)}, {{10, 10, 9, 9}});
  EXPECT_THAT(quantities(result), ElementsAre(1, 2));
}

TEST(Fills, Row9_5OrdersAtTheCloseComeLast) {
  const auto result = after_ten({at_close(-1), limit(1, 9), at_close(-2)}, {{10, 11, 8, 11}});
  EXPECT_THAT(quantities(result), ElementsAre(1, -1, -2));
  EXPECT_THAT(prices(result), ElementsAre(9, 11, 11));
  EXPECT_EQ(result.equity[1], 1000 + 2);
}

}  // namespace
}  // namespace runledger::test
