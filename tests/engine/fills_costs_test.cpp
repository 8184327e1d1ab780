// Sections 13 and 14 of core/engine/FILLS.md, each test a row by its number.
#include <limits>

#include "fills_support.hpp"

namespace runledger::test {
namespace {

using testing::DoubleEq;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr Candle kDownAndUp{10, 11, 8, 10};
constexpr Candle kUp{10, 12, 9, 10};

template <class Change>
Settings with(Change&& change, double cash = 1000) {
  Settings settings = with_cash(cash);
  change(settings);
  return settings;
}

double only_price(const RunResult& result) {
  EXPECT_THAT(result.fills, SizeIs(1));
  return result.fills.empty() ? kNaN : result.fills[0].price;
}

double only_fee(const RunResult& result) {
  EXPECT_THAT(result.fills, SizeIs(1));
  return result.fills.empty() ? kNaN : result.fills[0].fee;
}

// ---- 13. Spread, slippage, maker and taker

TEST(Fills, Row13_1AFillPaysTheLeastCommission) {
  const Settings settings = with([](Settings& s) {
    s.costs.commission_rate = 0.01;
    s.costs.commission_min = 5;
  });
  EXPECT_EQ(only_fee(after_ten({units(1)}, {kTen}, settings)), 5);
  EXPECT_EQ(only_fee(after_ten({units(80)}, {kTen}, settings)), 8);
  // Through zero it is paid once: 0.2 by the opening part.
  const auto turned = result_of({{units(1)}, {units(-3)}}, tens(), settings);
  EXPECT_EQ(turned.fills[1].fee, 5);
  EXPECT_THAT(commissions(turned), ElementsAre(DoubleEq(9.8), DoubleEq(0.2)));
}

TEST(Fills, Row13_1SizesLeaveRoomForTheLeastCommission) {
  const Settings settings = with([](Settings& s) { s.costs.commission_min = 5; });
  const auto result = after_ten({sized(100, RL_SIZE_EQUITY_PCT)}, {kTen}, settings);
  EXPECT_THAT(quantities(result), ElementsAre(DoubleEq(99.5)));
}

TEST(Fills, Row13_1ARefusedOpeningLeavesTheLeastCommissionToTheClosing) {
  const Settings settings = with([](Settings& s) { s.costs.commission_min = 5; }, 100);
  const auto result = result_of({{units(5)}, {units(-50)}}, tens(), settings);
  EXPECT_THAT(quantities(result), ElementsAre(5, -5));
  EXPECT_EQ(result.fills[1].fee, 5);
  EXPECT_EQ(result.final_cash, 90);
}

Settings maker_for_nothing() {
  return with([](Settings& s) {
    s.costs.commission_rate = 0.01;
    s.costs.commission_maker_rate = 0;
  });
}

TEST(Fills, Row13_2ALimitThatHadToWaitIsAMaker) {
  const Settings settings = maker_for_nothing();
  EXPECT_EQ(only_fee(after_ten({limit(1, 9)}, {kDownAndUp}, settings)), 0);
  EXPECT_EQ(only_fee(after_ten({limit(1, 9)}, {{8, 9, 7, 8}}, settings)), 0.08);
  EXPECT_EQ(only_fee(after_ten({limit(1, 9)}, {kTen, {8, 9, 7, 8}}, settings)), 0);
  EXPECT_EQ(only_fee(after_ten({units(1)}, {kTen}, settings)), 0.1);
  EXPECT_EQ(only_fee(after_ten({at_close(1)}, {kTen}, settings)), 0.1);
}

TEST(Fills, Row13_2SizesCountTheRateOfTheFill) {
  rl_order order = limit(100, 10);
  order.size_mode = RL_SIZE_EQUITY_PCT;
  const auto maker = after_ten({order}, {{11, 11, 10, 11}}, maker_for_nothing());
  EXPECT_THAT(quantities(maker), ElementsAre(100));
}

TEST(Fills, Row13_3AStopLimitIsATakerWhereItIsTriggered) {
  const Settings settings = maker_for_nothing();
  EXPECT_GT(only_fee(after_ten({stop_limit(1, {11, 12})}, {{11.5, 13, 11, 12}}, settings)), 0);
  EXPECT_GT(only_fee(after_ten({stop_limit(1, {11, 12})}, {kUp}, settings)), 0);
  EXPECT_EQ(only_fee(after_ten({stop_limit(1, {11, 12})}, {{13, 14, 12, 13}}, settings)), 0);
  EXPECT_EQ(only_fee(after_ten({stop_limit(1, {11, 10.5})}, {kUp}, settings)), 0);
  EXPECT_EQ(only_fee(after_ten({stop_limit(1, {11, 10.5})}, {{10, 12, 11, 12}, {10, 10, 10, 10}},
                               settings)),
            0);
}

TEST(Fills, Row13_3ATakeProfitIsAMakerAndAStopLossIsNot) {
  const Settings settings = maker_for_nothing();
  const auto exit_fee = [&](const rl_order& entry, std::vector<Candle> bars) {
    return after_ten({entry}, std::move(bars), settings).fills.back().fee;
  };
  EXPECT_EQ(exit_fee(with_exits(units(1), {0, 11}), {kTen, {10, 12, 10, 10}}), 0);
  EXPECT_EQ(exit_fee(with_exits(units(1), {0, 11}), {kTen, {12, 12, 12, 12}}), 0);
  EXPECT_EQ(exit_fee(with_exits(stop(1, 11), {0, 12}), {{10, 13, 10, 13}}), 0);
  EXPECT_EQ(exit_fee(with_exits(limit(1, 9), {0, 11}), {{10, 10, 9, 9}, {12, 12, 12, 12}}), 0);
  EXPECT_GT(exit_fee(with_exits(units(1), {0, 11}), {{12, 12, 12, 12}}), 0);
  EXPECT_GT(exit_fee(with_exits(stop(1, 11), {0, 10.5}), {{10, 12, 10, 12}}), 0);
  EXPECT_GT(exit_fee(with_exits(units(1), {9, 0}), {kTen, {10, 10, 8, 9}}), 0);
}

const Settings& wide() {
  static const Settings settings = with([](Settings& s) { s.costs.spread = 0.02; });
  return settings;
}

TEST(Fills, Row13_4BuyersPayHalfTheSpreadAndSellersToo) {
  EXPECT_EQ(only_price(after_ten({units(1)}, {kTen}, wide())), 10 * 1.01);
  EXPECT_EQ(only_price(after_ten({units(-1)}, {kTen}, wide())), 10 * 0.99);
  EXPECT_EQ(only_price(after_ten({at_close(1)}, {kTen}, wide())), 10 * 1.01);
}

TEST(Fills, Row13_5StopsAreTriggeredByTheBarsPrices) {
  EXPECT_EQ(only_price(after_ten({stop(1, 11)}, {{10, 11, 10, 10}}, wide())), 11 * 1.01);
  EXPECT_THAT(after_ten({stop(1, 11)}, {{10, 10.95, 10, 10}}, wide()).fills, IsEmpty());
  EXPECT_EQ(only_price(after_ten({stop(-1, 9)}, {{10, 10, 9, 10}}, wide())), 9 * 0.99);
}

TEST(Fills, Row13_6LimitsAreTouchedByWhatIsPaid) {
  EXPECT_THAT(after_ten({limit(1, 9)}, {{10, 10, 8.95, 10}}, wide()).fills, IsEmpty());
  EXPECT_EQ(only_price(after_ten({limit(1, 9)}, {{10, 10, 8.9, 10}}, wide())), 9);
  EXPECT_EQ(only_price(after_ten({limit(1, 9)}, {{8, 8, 8, 8}}, wide())), 8 * 1.01);
  EXPECT_THAT(after_ten({limit(-1, 11)}, {{10, 11.05, 10, 10}}, wide()).fills, IsEmpty());
  EXPECT_EQ(only_price(after_ten({limit(-1, 11)}, {{10, 11.2, 10, 10}}, wide())), 11);
}

TEST(Fills, Row13_6ATakeProfitInTheEntryBarIsTouchedByWhatIsPaid) {
  const rl_order entry = with_exits(stop(1, 11), {0, 12});
  EXPECT_THAT(prices(after_ten({entry}, {{10, 12.1, 10, 12.1}}, wide())), SizeIs(1));
  EXPECT_THAT(prices(after_ten({entry}, {{10, 12.2, 10, 12.2}}, wide())),
              ElementsAre(11 * 1.01, 12));
}

TEST(Fills, Row13_7SlippageMakesAllButLimitsWorse) {
  const Settings settings = with([](Settings& s) { s.costs.slippage_rate = 0.01; });
  EXPECT_EQ(only_price(after_ten({units(1)}, {kTen}, settings)), 10 * 1.01);
  EXPECT_EQ(only_price(after_ten({units(-1)}, {kTen}, settings)), 10 * 0.99);
  EXPECT_EQ(only_price(after_ten({stop(1, 11)}, {kUp}, settings)), 11 * 1.01);
  EXPECT_EQ(only_price(after_ten({at_close(-1)}, {kTen}, settings)), 10 * 0.99);
  EXPECT_EQ(only_price(after_ten({trailing(-1, 1)}, {{10, 10, 8, 8}}, settings)), 9 * 0.99);
  EXPECT_EQ(only_price(after_ten({limit(1, 9)}, {kDownAndUp}, settings)), 9);
  EXPECT_EQ(only_price(after_ten({limit(1, 9)}, {{8, 8, 8, 8}}, settings)), 8);
  EXPECT_EQ(only_price(after_ten({stop_limit(1, {11, 12})}, {kUp}, settings)), 11);
}

TEST(Fills, Row13_7SlippageComesAfterTheSpread) {
  const Settings settings = with([](Settings& s) {
    s.costs.spread = 0.02;
    s.costs.slippage_rate = 0.1;
  });
  EXPECT_EQ(only_price(after_ten({units(1)}, {kTen}, settings)), 10 * 1.01 * 1.1);
}

TEST(Fills, Row13_8SlippageMayBeInTicks) {
  const Settings settings = with([](Settings& s) {
    s.tick_size = 0.05;
    s.costs.slippage_ticks = 2;
  });
  EXPECT_EQ(only_price(after_ten({units(1)}, {kTen}, settings)), 10.1);
  EXPECT_EQ(only_price(after_ten({units(-1)}, {kTen}, settings)), 9.9);
}

const Settings& thin() {
  static const Settings settings = with([](Settings& s) { s.costs.slippage_volume = 0.1; }, 1e5);
  return settings;
}

TEST(Fills, Row13_9SlippageGrowsWithTheSquareOfTheShareOfVolume) {
  const Candle thin_bar{10, 10, 10, 10, 100};
  EXPECT_EQ(only_price(after_ten({units(50)}, {thin_bar}, thin())), 10.25);
  EXPECT_EQ(only_price(after_ten({units(-50)}, {thin_bar}, thin())), 9.75);
  EXPECT_EQ(only_price(after_ten({units(500)}, {thin_bar}, thin())), 11);
  EXPECT_EQ(only_price(after_ten({units(5)}, {{10, 10, 10, 10, 0}}, thin())), 11);
}

TEST(Fills, Row13_10BarsWithoutVolumeAreFreeOfItAndToldOnce) {
  const Candle unknown{10, 10, 10, 10, kNaN};
  const auto result =
      result_of({{units(1)}, {units(1)}}, candles({unknown, unknown, unknown}), thin());
  EXPECT_THAT(prices(result), ElementsAre(10, 10));
  ASSERT_THAT(result.log, SizeIs(1));
  EXPECT_THAT(result.log[0].text, testing::HasSubstr("without volume"));
  EXPECT_THAT(after_ten({units(1)}, {kTen}, thin()).log, IsEmpty());
}

TEST(Fills, Row13_11SizesAndChecksAreAtThePricePaid) {
  const Settings settings = with([](Settings& s) { s.costs.slippage_rate = 0.25; }, 100);
  EXPECT_THAT(quantities(after_ten({sized(100, RL_SIZE_VALUE)}, {kTen}, settings)), ElementsAre(8));
  EXPECT_THAT(quantities(after_ten({sized(100, RL_SIZE_EQUITY_PCT)}, {kTen}, settings)),
              ElementsAre(8));
  expect_refused(after_ten({units(9)}, {kTen}, settings), RefusalCode::cost_above_cash,
                 "9 x 12.50 is more than cash 100");
}

TEST(Fills, Row13_11ATargetThatSlippageTurnsIsNothing) {
  const Settings settings = with([](Settings& s) { s.costs.slippage_rate = 0.25; });
  const auto result =
      result_of({{units(10)}, {sized(110, RL_SIZE_TARGET_VALUE)}}, tens(), settings);
  EXPECT_THAT(quantities(result), ElementsAre(10));
  EXPECT_EQ(result.orders[1].outcome, OrderOutcome::nothing);
}

TEST(Fills, Row13_12ABankruptAccountIsClosedWithSlippage) {
  const Settings settings = with([](Settings& s) { s.costs.slippage_rate = 0.1; }, 100);
  const auto result = after_ten({units(-10)}, {{10, 30, 10, 30}}, settings);
  EXPECT_TRUE(result.bankrupt);
  EXPECT_EQ(result.fills[1].price, 30 * 1.1);
  EXPECT_EQ(result.fills[1].cause, FillCause::bankrupt);
  EXPECT_EQ(result.final_cash, 100 + 90 - 330);
}

TEST(Fills, Row13_13ASaleNeverBringsLessThanNothing) {
  const Settings settings = with([](Settings& s) {
    s.tick_size = 0.05;
    s.costs.slippage_ticks = 300;
  });
  EXPECT_EQ(result_of({{units(1)}, {units(-1)}}, tens(), settings).fills[1].price, 0);
}

TEST(Fills, Row12_3WithASpreadTheTwoFillsHaveTheirOwnPrices) {
  Settings settings = wide();
  settings.one_position = true;
  const auto result = result_of({{units(5)}, {units(3)}}, tens(), settings);
  EXPECT_THAT(quantities(result), ElementsAre(5, -5, 3));
  EXPECT_THAT(prices(result), ElementsAre(10 * 1.01, 10 * 0.99, 10 * 1.01));
}

// ---- 14. Margin and financing

Settings margined(double maintenance) {
  return with(
      [&](Settings& s) {
        s.leverage = 2;
        s.maintenance_margin = maintenance;
      },
      100);
}

TEST(Fills, Row14_1EquityBelowTheMaintenanceMarginIsACall) {
  const auto longs = result_of({{units(20)}}, daily({10, 10, 8, 9, 9}), margined(0.5));
  ASSERT_THAT(longs.fills, SizeIs(2));
  EXPECT_EQ(margin_calls(longs), 1u);
  EXPECT_EQ(longs.final_cash, -100 + 180);
  const auto shorts = result_of({{units(-10)}}, daily({10, 10, 14, 13}), margined(0.5));
  EXPECT_EQ(margin_calls(shorts), 1u);
  EXPECT_EQ(margin_calls(result_of({{units(20)}}, daily({10, 10, 8, 9, 9}), margined(0))), 0u);
}

TEST(Fills, Row14_2WhatWaitsIsCancelledAndWhatFollowsIsNot) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    if (step.series[0].count == 1) {
      self.submit(with_exits(units(20), {1, 0}));
      self.submit(limit(1, 2));
    }
    if (step.series[0].count == 3) {
      EXPECT_EQ(step.account->open_order_count, 0u);
      self.buy(1);
    }
    return RL_OK;
  };
  const RunResult result = run(script, daily({10, 10, 8, 9, 9}), margined(0.5)).value();
  EXPECT_THAT(outcomes(result),
              ElementsAre(OrderOutcome::filled, OrderOutcome::cancelled_by_engine,
                          OrderOutcome::cancelled_by_engine, OrderOutcome::filled));
  EXPECT_EQ(result.orders[2].outcome_bar, 2u);
  EXPECT_THAT(quantities(result), ElementsAre(20, -20, 1));
}

TEST(Fills, Row14_3ThePositionIsClosedAtTheNextOpen) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    return step.series[0].count == 1 ? self.buy(20) : RL_OK;
  };
  const RunResult result = run(script, daily({{10, 10}, {10, 8}, {9, 7}}), margined(0.5)).value();
  ASSERT_THAT(result.fills, SizeIs(2));
  EXPECT_EQ(result.fills[1].order_id, 0u);
  EXPECT_EQ(result.fills[1].cause, FillCause::margin_call);
  EXPECT_EQ(result.fills[1].bar, 2u);
  EXPECT_EQ(result.fills[1].quantity, -20);
  EXPECT_EQ(result.fills[1].price, 9);
  EXPECT_FALSE(result.bankrupt);
  EXPECT_THAT(script.calls, testing::Contains("on_fill 0"));
}

TEST(Fills, Row14_3ThePositionIsClosedAtThePricePaid) {
  Settings settings = margined(0.5);
  settings.costs.slippage_rate = 0.1;
  settings.costs.commission_fixed = 1;
  const auto result = result_of({{units(10)}}, daily({10, 10, 1, 1, 1}), settings);
  ASSERT_THAT(result.fills, SizeIs(2));
  EXPECT_EQ(result.fills[1].price, 0.9);
  EXPECT_EQ(result.fills[1].fee, 1);
}

TEST(Fills, Row14_4OnTheLastBarNothingIsClosed) {
  const auto result = result_of({{units(20)}}, daily({10, 10, 8}), margined(0.5));
  EXPECT_THAT(quantities(result), ElementsAre(20));
  EXPECT_EQ(margin_calls(result), 0u);
}

TEST(Fills, Row14_5ExactlyTheMaintenanceMarginIsNoCall) {
  const auto result = result_of({{units(20)}}, daily({10, 10, 10}), margined(0.5));
  EXPECT_EQ(margin_calls(result), 0u);
}

TEST(Fills, Row14_6FinancingIsChargedBeforeEquityAndBelongsToNoTrade) {
  const Settings settings = with([](Settings& s) { s.borrow_rate = 0.365; });
  const auto result =
      result_of({{units(-10)}, {}, {close_order()}}, daily({10, 10, 10, 10, 10}), settings);
  EXPECT_THAT(result.equity,
              ElementsAre(1000, 1000, DoubleEq(999.9), DoubleEq(999.8), DoubleEq(999.8)));
  EXPECT_THAT(pnls(result), ElementsAre(0));
  EXPECT_DOUBLE_EQ(result.borrow_fees, 0.2);
  EXPECT_DOUBLE_EQ(result.final_cash, 999.8);
}

TEST(Fills, Row14_7AShortPaysForWhatItBorrows) {
  const Settings settings = with([](Settings& s) { s.borrow_rate = 0.365; });
  const auto result = result_of({{units(-10)}}, daily({10, 10, 10}), settings);
  EXPECT_DOUBLE_EQ(result.borrow_fees, 0.1);
  EXPECT_EQ(result.interest, 0);
  EXPECT_EQ(result_of({{units(10)}}, daily({10, 10, 10}), settings).borrow_fees, 0);
}

TEST(Fills, Row14_7AWeekendIsLongerThanANight) {
  Bars bars;
  for (const int day : {0, 1, 4}) {
    bars.label.push_back(day * 86'400'000'000'000);
    for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume})
      column->push_back(10);
  }
  const Settings settings = with([](Settings& s) { s.borrow_rate = 0.365; });
  EXPECT_DOUBLE_EQ(result_of({{units(-10)}}, PaddedBars(bars), settings).borrow_fees, 0.3);
}

TEST(Fills, Row14_8OwnCashEarnsInterest) {
  const Settings settings = with([](Settings& s) { s.cash_rate = 0.365; });
  EXPECT_DOUBLE_EQ(result_of({}, daily({10, 10}), settings).interest, 1);
  // What a short sale brought earns nothing: a day of 1000, then of 1001.
  const auto shorts = result_of({{units(-10)}}, daily({10, 10, 10}), settings);
  EXPECT_DOUBLE_EQ(shorts.interest, 1 + 1.001);
}

TEST(Fills, Row14_9OwedCashPaysInterest) {
  const Settings settings = with(
      [](Settings& s) {
        s.leverage = 2;
        s.cash_rate = 0.5;
        s.margin_rate = 0.365;
      },
      100);
  const auto result = result_of({{units(20)}}, daily({10, 10, 10}), settings);
  EXPECT_DOUBLE_EQ(result.interest, 100 * 0.5 / 365 - (100 - 100 * 0.5 / 365) * 0.365 / 365);
  EXPECT_EQ(result.final_cash, -100 + result.interest);
}

}  // namespace
}  // namespace runledger::test
