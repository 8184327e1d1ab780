// Sections 1 and 2 of core/engine/FILLS.md, each test a row by its number.
#include <fstream>
#include <iterator>
#include <string>

#include "fills_support.hpp"

namespace runledger::test {
namespace {

// ---- 1. When

TEST(Fills, Row1_1MarketOrdersFillWholeAtTheNextOpen) {
  const auto result = result_of({{units(10)}}, daily({{20, 20}, {21, 22}}), with_cash(1000));
  ASSERT_THAT(result.fills, SizeIs(1));
  EXPECT_EQ(result.fills[0].bar, 1u);
  EXPECT_EQ(result.fills[0].price, 21);
  EXPECT_EQ(result.fills[0].quantity, 10);
  EXPECT_EQ(result.orders[0].outcome, OrderOutcome::filled);
  EXPECT_EQ(result.orders[0].outcome_bar, 1u);
  EXPECT_THAT(result.equity, ElementsAre(1000, 1010));
}

TEST(Fills, Row1_2OrdersOfTheLastBarStayWaiting) {
  Script script;
  script.on_end = [](Script& self, const rl_step&) -> rl_status { return self.buy(10); };
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    return step.series[0].count == 6 ? self.buy(10) : RL_OK;
  };
  const Outcome outcome = run(script, tens());
  ASSERT_TRUE(outcome.has_value());
  EXPECT_THAT(outcome->fills, IsEmpty());
  EXPECT_THAT(outcome->refusals, IsEmpty());
  ASSERT_THAT(outcome->orders, SizeIs(2));
  EXPECT_EQ(outcome->orders[0].outcome, OrderOutcome::waiting);
  EXPECT_EQ(outcome->orders[1].outcome, OrderOutcome::waiting);
}

TEST(Fills, Row1_3AnOrderOfOnFillWaitsForTheNextOpen) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    return step.series[0].count == 1 ? self.buy(5) : RL_OK;
  };
  script.on_fill = [](Script& self, const rl_fill& fill) -> rl_status {
    return fill.quantity > 0 ? self.close() : RL_OK;
  };
  const Outcome outcome = run(script, daily({10, 11, 12, 13}));
  ASSERT_TRUE(outcome.has_value());
  ASSERT_THAT(outcome->fills, SizeIs(2));
  EXPECT_EQ(outcome->fills[1].bar, 2u);
  EXPECT_EQ(outcome->fills[1].price, 12);
}

TEST(Fills, Row1_4ACancelledOrderIsGone) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    if (step.series[0].count > 1) return RL_OK;
    self.buy(10);
    EXPECT_EQ(self.host->cancel(self.host, self.last_id + 1), RL_REJECTED);
    return self.host->cancel(self.host, self.last_id);
  };
  const Outcome outcome = run(script, tens());
  ASSERT_TRUE(outcome.has_value());
  EXPECT_THAT(outcome->fills, IsEmpty());
  EXPECT_THAT(outcome->refusals, IsEmpty());
  EXPECT_EQ(outcome->orders[0].outcome, OrderOutcome::cancelled);
}

TEST(Fills, Row1_5OrdersOfOneBarAreCarriedOutInTurn) {
  const auto result = result_of({{units(6), units(6)}}, tens(), with_cash(100));
  EXPECT_THAT(quantities(result), ElementsAre(6));
  ASSERT_THAT(result.refusals, SizeIs(1));
  EXPECT_EQ(result.refusals[0].order_id, 2u);
}

// ---- 2. How much

TEST(Fills, Row2_1UnitsAreTakenAsGiven) {
  EXPECT_THAT(quantities(result_of({{units(2.5)}}, tens(), with_cash(100))), ElementsAre(2.5));
}

TEST(Fills, Row2_2CashPercentIsSizedAtTheSignalClose) {
  const PaddedBars bars = daily({{20, 20}, {21, 21}});
  const std::vector<double> expected{(1000.0 / 20) * 0.95};
  EXPECT_EQ(quantities(result_of({{by_run(1)}}, bars, with_cash(1000))), expected);
  EXPECT_EQ(quantities(result_of({{sized(95, RL_SIZE_CASH_PCT)}}, bars, with_cash(1000))),
            expected);
  EXPECT_THAT(quantities(result_of({{by_run(-1)}}, bars, with_cash(1000))), ElementsAre(-47.5));
}

TEST(Fills, Row2_3EquityPercentIsSizedAtTheFillWithCommission) {
  const auto result = result_of({{sized(50, RL_SIZE_EQUITY_PCT)}}, daily({{20, 20}, {10, 10}}),
                                with_rate(1000, 0.01));
  ASSERT_THAT(result.fills, SizeIs(1));
  EXPECT_NEAR(result.fills[0].quantity, 500 / 10.1, 1e-12);
  EXPECT_LE(result.fills[0].quantity * 10 + result.fills[0].fee, 500);
}

TEST(Fills, Row2_3AllOfEquityIsNeverRefusedForAnUlp) {
  for (int cents = 100; cents < 1200; cents += 7) {
    const double price = cents / 100.0;
    const auto result = result_of({{sized(100, RL_SIZE_EQUITY_PCT)}}, daily({price, price}),
                                  with_rate(9999.99, 0.0013));
    EXPECT_THAT(result.fills, SizeIs(1)) << price;
  }
}

TEST(Fills, Row2_4TheRunsEquityPercentBuysWholeUnits) {
  Settings settings = with_sizing(1000, SizingKind::equity_pct, 50);
  settings.costs.commission_rate = 0.01;
  EXPECT_THAT(quantities(result_of({{by_run(1)}}, tens(), settings)), ElementsAre(49));
  settings.lot_size = 0.5;
  EXPECT_THAT(quantities(result_of({{by_run(1)}}, tens(), settings)), ElementsAre(49.5));
}

TEST(Fills, Row2_5ValueIsSizedAtTheFill) {
  const PaddedBars bars = daily({{20, 20}, {40, 40}});
  EXPECT_THAT(quantities(result_of({{sized(500, RL_SIZE_VALUE)}}, bars, with_cash(1000))),
              ElementsAre(12.5));
  EXPECT_THAT(
      quantities(result_of({{by_run(-1)}}, bars, with_sizing(1000, SizingKind::value, 500))),
      ElementsAre(-12.5));
}

TEST(Fills, Row2_6TheRunsUnitsAreOnTheOrdersSide) {
  EXPECT_THAT(quantities(result_of({{by_run(-1)}}, tens(), with_sizing(100, SizingKind::units, 3))),
              ElementsAre(-3));
}

TEST(Fills, Row2_7CloseIsMinusThePositionAtSubmission) {
  EXPECT_THAT(quantities(result_of({{units(2.5)}, {close_order()}}, tens(), with_cash(100))),
              ElementsAre(2.5, -2.5));
  // Two of them: each asks for the whole.
  EXPECT_THAT(
      quantities(result_of({{units(2)}, {close_order(), close_order()}}, tens(), with_cash(100))),
      ElementsAre(2, -2, -2));
}

TEST(Fills, Row2_8CloseWhenFlatIsNothing) {
  const auto result = result_of({{close_order()}}, tens(), with_cash(100));
  EXPECT_THAT(result.fills, IsEmpty());
  EXPECT_THAT(result.refusals, IsEmpty());
  EXPECT_EQ(result.orders[0].outcome, OrderOutcome::nothing);
}

TEST(Fills, Row2_9TargetsTradeTheDifference) {
  const auto from_four = [](const rl_order& order) {
    return quantities(result_of({{units(4)}, {order}}, tens(), with_cash(1000))).back();
  };
  EXPECT_EQ(from_four(sized(10, RL_SIZE_TARGET_UNITS)), 6);
  EXPECT_EQ(from_four(sized(-5, RL_SIZE_TARGET_UNITS)), -9);
  EXPECT_EQ(from_four(sized(0, RL_SIZE_TARGET_UNITS)), -4);
  EXPECT_EQ(from_four(sized(0, RL_SIZE_TARGET_EQUITY_PCT)), -4);
  EXPECT_EQ(from_four(sized(70, RL_SIZE_TARGET_VALUE)), 3);
  EXPECT_EQ(from_four(sized(50, RL_SIZE_TARGET_EQUITY_PCT)), 46);
  EXPECT_EQ(from_four(sized(-50, RL_SIZE_TARGET_EQUITY_PCT)), -54);
}

TEST(Fills, Row2_10ATargetThatIsHeldIsNothing) {
  const auto result =
      result_of({{units(4)}, {sized(4, RL_SIZE_TARGET_UNITS)}}, tens(), with_cash(1000));
  EXPECT_THAT(quantities(result), ElementsAre(4));
  EXPECT_EQ(result.orders[1].outcome, OrderOutcome::nothing);
}

TEST(Fills, Row2_11ReduceOnlyNeverOpensOrTurns) {
  const rl_order reduce = Script::order_of(-10, RL_SIZE_UNITS, RL_REDUCE_ONLY);
  const rl_order add = Script::order_of(1, RL_SIZE_UNITS, RL_REDUCE_ONLY);
  const auto result = result_of({{reduce}, {units(4)}, {add}, {reduce}}, tens(), with_cash(1000));
  EXPECT_THAT(quantities(result), ElementsAre(4, -4));
  EXPECT_EQ(result.orders[0].outcome, OrderOutcome::nothing);
  EXPECT_EQ(result.orders[2].outcome, OrderOutcome::nothing);
  EXPECT_THAT(result.refusals, IsEmpty());
}

TEST(Fills, Row2_12SizesAreRoundedTowardZeroToLots) {
  const auto result = result_of({{units(13)}, {units(-17)}}, tens(), with_lot(1000, 5));
  EXPECT_THAT(quantities(result), ElementsAre(10, -15));
  ASSERT_THAT(result.log, SizeIs(1));
  EXPECT_EQ(result.log[0].text, "order sizes are rounded toward zero to lots of 5");
  // 0.3 is three lots of 0.1, though 0.3 / 0.1 is below 3 in doubles.
  const auto tenths = result_of({{units(0.3)}}, tens(), with_lot(1000, 0.1));
  EXPECT_NEAR(tenths.fills[0].quantity, 0.3, 1e-15);
}

TEST(Fills, Row2_13ASizeOfZeroIsRefused) {
  expect_refused(result_of({{units(3)}}, tens(), with_lot(1000, 5)), RefusalCode::size_zero,
                 "the size is less than one lot of 5");
}

TEST(Fills, Row2_14SizesBeyondReasonAreRefused) {
  expect_refused(result_of({{units(1e30)}}, tens(), with_cash(1000)), RefusalCode::size_not_finite,
                 "1e+30 x 10.00 is beyond what an account can hold (1e+24 units, 1e+18 in money)");
  const auto short_sale = result_of({{units(-1e18)}}, tens(), reference(1000));
  EXPECT_THAT(short_sale.fills, IsEmpty());
  EXPECT_EQ(short_sale.refusals[0].code, RefusalCode::size_not_finite);
}

TEST(Fills, Row2_15ARemainderOfDustIsNone) {
  const auto result = result_of({{units(0.1), units(0.2)}, {units(-0.3)}}, tens(), with_cash(1000));
  EXPECT_EQ(result.final_position, 0);
  EXPECT_THAT(result.trades, SizeIs(2));
  EXPECT_TRUE(result.trades.back().exit_bar.has_value());
}

TEST(Fills, Row2_16CashPercentCountsTheExitsThatWaitBeforeIt) {
  const OrderPlan turn = {{units(-10)}, {close_order(), sized(95, RL_SIZE_CASH_PCT)}};
  const auto result = result_of(turn, tens(), with_cash(100));
  EXPECT_THAT(quantities(result), ElementsAre(-10, 10, 9.5));
  EXPECT_THAT(result.refusals, IsEmpty());
}

TEST(Fills, Row2_16CashPercentPaysTheCommissionOfTheExitsFirst) {
  const OrderPlan turn = {{units(10)}, {close_order(), sized(-50, RL_SIZE_CASH_PCT)}};
  const auto result = result_of(turn, tens(), with_fixed(102, 1));
  EXPECT_THAT(quantities(result), ElementsAre(10, -10, -5));
}

TEST(Fills, Row2_16AnExitThatWaitsBehindDoesNotCount) {
  const OrderPlan turn = {{units(-10)}, {sized(95, RL_SIZE_CASH_PCT), close_order()}};
  const auto result = result_of(turn, tens(), with_cash(100));
  EXPECT_EQ(quantities(result)[1], 19);  // 95 % of 200
}

TEST(Fills, Row2_16TheReferenceAccountTakesTheCashOfTheSignalBar) {
  const OrderPlan turn = {{units(-10)}, {close_order(), sized(95, RL_SIZE_CASH_PCT)}};
  const auto result = result_of(turn, tens(), reference(100));
  EXPECT_THAT(quantities(result), ElementsAre(-10, 10));
  ASSERT_THAT(result.refusals, SizeIs(1));
  EXPECT_EQ(result.refusals[0].quantity, 19);
}

TEST(Fills, TheVersionOfTheRulesIsThatOfTheDocument) {
  std::ifstream file(RL_SOURCE_DIR "/core/engine/FILLS.md");
  const std::string document(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(document, testing::HasSubstr("\nVersion " + std::to_string(kRulesVersion) + ". "));
}

}  // namespace
}  // namespace runledger::test
