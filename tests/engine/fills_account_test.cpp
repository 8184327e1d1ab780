// Sections 3 to 6 of core/engine/FILLS.md, each test a row by its number.
#include <cmath>

#include "fills_support.hpp"

namespace runledger::test {
namespace {

// ---- 3. The standard account

TEST(Fills, Row3_1ExitsAreNeverRefused) {
  const auto result = result_of({{units(-10)}, {close_order()}},
                                daily({{10, 10}, {10, 10}, {25, 25}}), with_cash(100));
  EXPECT_THAT(quantities(result), ElementsAre(-10, 10));
  EXPECT_EQ(result.final_cash, -50);
}

TEST(Fills, Row3_2BuyingForMoreThanCashIsRefusedWhole) {
  expect_refused(result_of({{units(11)}}, tens(), with_cash(100)), RefusalCode::cost_above_cash,
                 "11 x 10.00 is more than cash 100");
}

TEST(Fills, Row3_3BuyingForAllCashIsAllowed) {
  const auto result = result_of({{units(10)}}, tens(), with_cash(100));
  EXPECT_THAT(quantities(result), ElementsAre(10));
  EXPECT_EQ(result.final_cash, 0);
}

TEST(Fills, Row3_4LeverageLendsCash) {
  Settings settings = with_cash(100);
  settings.leverage = 2;
  const auto result = result_of({{units(20)}, {units(1)}}, tens(), settings);
  EXPECT_THAT(quantities(result), ElementsAre(20));
  EXPECT_EQ(result.final_cash, -100);
  ASSERT_THAT(result.refusals, SizeIs(1));
  EXPECT_EQ(result.refusals[0].reason, "1 x 10.00 is more than cash -100 x leverage 2");
}

TEST(Fills, Row3_5AShortAboveEquityIsRefusedWhole) {
  expect_refused(result_of({{units(-11)}}, tens(), with_cash(100)), RefusalCode::short_above_equity,
                 "a short of 11 x 10.00 is more than equity 100");
  EXPECT_THAT(quantities(result_of({{units(-10)}}, tens(), with_cash(100))), ElementsAre(-10));
}

TEST(Fills, Row3_6AddingToAShortCountsBoth) {
  const auto result = result_of({{units(-6)}, {units(-6)}, {units(-4)}}, tens(), with_cash(100));
  EXPECT_THAT(quantities(result), ElementsAre(-6, -4));
  ASSERT_THAT(result.refusals, SizeIs(1));
  EXPECT_EQ(result.refusals[0].reason, "a short of 12 x 10.00 is more than equity 100");
}

TEST(Fills, Row3_7ThroughZeroIsOneFill) {
  const auto result = result_of({{units(5)}, {units(-8)}}, tens(), with_cash(50));
  EXPECT_THAT(quantities(result), ElementsAre(5, -8));
  EXPECT_EQ(result.final_position, -3);
  EXPECT_EQ(result.final_cash, 80);
}

TEST(Fills, Row3_8ThroughZeroTheExitIsDoneWhateverBecomesOfTheEntry) {
  const auto result = result_of({{units(5)}, {units(-20)}}, tens(), with_cash(50));
  EXPECT_THAT(quantities(result), ElementsAre(5, -5));
  ASSERT_THAT(result.refusals, SizeIs(1));
  EXPECT_EQ(result.refusals[0].quantity, -15);
  EXPECT_EQ(result.refusals[0].order_id, 2u);
  EXPECT_EQ(result.orders[1].outcome, OrderOutcome::filled);
  EXPECT_EQ(result.final_position, 0);
}

TEST(Fills, Row3_9ABankruptAccountIsClosedAtThatClose) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    return step.series[0].count == 1 ? self.buy(-10) : RL_OK;
  };
  const Outcome outcome =
      run(script, daily({{10, 10}, {10, 12}, {15, 20}, {5, 5}}), with_cash(100));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_TRUE(outcome->bankrupt);
  ASSERT_THAT(outcome->fills, SizeIs(2));
  EXPECT_EQ(outcome->fills[1].order_id, 0u);
  EXPECT_EQ(outcome->fills[1].price, 20);
  EXPECT_THAT(outcome->equity, ElementsAre(100, 80, 0));
  EXPECT_EQ(outcome->final_position, 0);
  EXPECT_THAT(pnls(*outcome), ElementsAre(-100));
  EXPECT_THAT(script.calls, ElementsAre("create", "on_bar 0", "on_fill 1", "on_bar 1", "on_fill 0",
                                        "on_end", "destroy"));
}

TEST(Fills, Row3_10ABankruptAccountTakesNoOrders) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    return step.series[0].count == 1 ? self.buy(-10) : RL_OK;
  };
  script.on_end = [](Script& self, const rl_step&) -> rl_status {
    EXPECT_EQ(self.buy(1), RL_REJECTED);
    EXPECT_EQ(self.last_id, 0u);
    return RL_OK;
  };
  const Outcome outcome = run(script, daily({{10, 10}, {10, 20}}), with_cash(100));
  ASSERT_TRUE(outcome.has_value());
  ASSERT_THAT(outcome->refusals, SizeIs(1));
  EXPECT_EQ(outcome->refusals[0].code, RefusalCode::bankrupt);
  EXPECT_EQ(outcome->refusals[0].reason, "the account is bankrupt and closed");
}

// ---- 4. The reference account

TEST(Fills, Row4_1TheSubmitCheckIsPricedAtTheSignalClose) {
  // At the open the order would be affordable.
  expect_refused(result_of({{units(11)}}, daily({{10, 10}, {5, 5}}), reference(100)),
                 RefusalCode::submit_check, "11 x 10.00 at the signal close would leave cash -10");
}

TEST(Fills, Row4_2ARefusedOrdersShareStaysTaken) {
  const auto result = result_of({{units(11), units(1)}}, tens(), reference(100));
  EXPECT_THAT(result.fills, IsEmpty());
  EXPECT_THAT(result.refusals, SizeIs(2));
}

TEST(Fills, Row4_3ClosingAShortWithNegativeEquityIsRefused) {
  const auto result = result_of({{units(-10)}, {close_order()}},
                                daily({{10, 10}, {10, 25}, {10, 10}}), reference(100));
  EXPECT_THAT(quantities(result), ElementsAre(-10));
  ASSERT_THAT(result.refusals, SizeIs(1));
  EXPECT_EQ(result.refusals[0].code, RefusalCode::submit_check);
  EXPECT_THAT(result.equity, ElementsAre(100, -50, 100));
  EXPECT_FALSE(result.bankrupt);
}

TEST(Fills, Row4_4APurchaseIsCheckedAgainAtTheOpen) {
  expect_refused(result_of({{units(10)}}, daily({{10, 10}, {11, 11}}), reference(100)),
                 RefusalCode::fill_check, "10 x 11.00 is more than cash 100");
}

TEST(Fills, Row4_5AShortEntryIsNotCheckedAtTheOpen) {
  EXPECT_THAT(quantities(result_of({{units(-10)}}, daily({{10, 10}, {20, 20}}), reference(100))),
              ElementsAre(-10));
}

TEST(Fills, Row4_6CashGoesThroughTheAveragePrice) {
  const auto result = result_of({{units(3)}, {close_order()}},
                                daily({{10, 10}, {10.1, 10.2}, {10.3, 10.3}}), reference(100));
  const double after_entry = 100 - 3 * 10.1;
  EXPECT_EQ(result.final_cash, after_entry + (3 * 10.1 + 3 * (10.3 - 10.1)));
}

TEST(Fills, Row4_7EquityHasTheOldOrderOfOperations) {
  const PaddedBars bars = daily({{10, 10}, {10.1, 10.7}});
  const double unrealised = 3 * (10.7 - 10.1);
  EXPECT_EQ(result_of({{units(3)}}, bars, reference(100)).equity[1],
            (100 - 3 * 10.1) + ((3 * 10.7 - unrealised) + unrealised));
  EXPECT_EQ(result_of({{units(-3)}}, bars, reference(100)).equity[1], (100 + 3 * 10.1) + -3 * 10.7);
}

TEST(Fills, Row4_8ASizeOfZeroIsNothing) {
  Settings settings = reference(100);
  settings.lot_size = 100;
  const auto result = result_of({{by_run(1)}}, tens(), settings);
  EXPECT_THAT(result.refusals, IsEmpty());
  EXPECT_EQ(result.orders[0].outcome, OrderOutcome::nothing);
}

TEST(Fills, Row4_8ASizeOfZeroIsNotRefusedForTheOrderBeforeIt) {
  const auto result = result_of({{units(10)}, {units(1), by_run(1)}}, tens(), reference(100));
  ASSERT_THAT(result.refusals, SizeIs(1));
  EXPECT_EQ(result.refusals[0].order_id, 2);
  EXPECT_EQ(result.orders[2].outcome, OrderOutcome::nothing);
}

// ---- 5. Commission

TEST(Fills, Row5_1EntryAndExitPayTheirOwn) {
  const auto result = result_of({{units(10)}, {close_order()}},
                                daily({{10, 10}, {10, 10}, {20, 20}}), with_rate(1000, 0.01));
  ASSERT_THAT(result.fills, SizeIs(2));
  EXPECT_EQ(result.fills[0].fee, 1);
  EXPECT_EQ(result.fills[1].fee, 2);
  EXPECT_THAT(pnls(result), ElementsAre(97));
  EXPECT_EQ(result.final_cash, 1097);
}

TEST(Fills, Row5_2ThroughZeroTheFixedPartIsPaidOnce) {
  const auto result = result_of({{units(5)}, {units(-8)}}, tens(), with_fixed(1000, 1));
  ASSERT_THAT(result.fills, SizeIs(2));
  EXPECT_EQ(result.fills[1].fee, 1);
  EXPECT_THAT(commissions(result), ElementsAre(2, 0));
}

TEST(Fills, Row5_3CommissionCountsInAPurchaseOnly) {
  expect_refused(result_of({{units(10)}}, tens(), with_fixed(100, 1)), RefusalCode::cost_above_cash,
                 "10 x 10.00 + commission 1 is more than cash 100");
  EXPECT_THAT(quantities(result_of({{units(-10)}}, tens(), with_fixed(100, 1))), ElementsAre(-10));
}

TEST(Fills, Row5_3CommissionPerUnitCountsToo) {
  Settings settings = with_cash(100);
  settings.costs.commission_per_unit = 0.5;
  const auto result = result_of({{units(10)}, {units(8)}}, tens(), settings);
  EXPECT_THAT(quantities(result), ElementsAre(8));
  EXPECT_EQ(result.fills[0].fee, 4);
}

// ---- 6. Trades

PaddedBars rising() { return daily({10, 10, 11, 12, 13}); }

TEST(Fills, Row6_1InAndOutIsOneTrade) {
  const auto result = result_of({{units(10)}, {}, {close_order()}}, rising(), with_cash(1000));
  ASSERT_THAT(result.trades, SizeIs(1));
  EXPECT_EQ(result.trades[0].entry_bar, 1u);
  EXPECT_EQ(result.trades[0].exit_bar, 3u);
  EXPECT_EQ(result.trades[0].size, 10);
  EXPECT_THAT(pnls(result), ElementsAre(20));
}

TEST(Fills, Row6_2InTwiceOutOnceIsTwoTrades) {
  const auto result =
      result_of({{units(10)}, {units(10)}, {units(-20)}}, rising(), with_cash(1000));
  EXPECT_THAT(pnls(result), ElementsAre(20, 10));
}

TEST(Fills, Row6_3OutInPartsSplitsTheTrade) {
  const auto result =
      result_of({{units(10)}, {}, {units(-4)}, {units(-6)}}, rising(), with_cash(1000));
  EXPECT_THAT(pnls(result), ElementsAre(8, 18));
}

TEST(Fills, Row6_4ThroughZeroClosesOneAndOpensOne) {
  const auto result = result_of({{units(5)}, {}, {units(-8)}}, rising(), with_cash(1000));
  ASSERT_THAT(result.trades, SizeIs(2));
  EXPECT_EQ(result.trades[0].pnl, 10);
  EXPECT_EQ(result.trades[1].size, -3);
  EXPECT_EQ(result.trades[1].entry_price, 12);
}

TEST(Fills, Row6_5ASplitSharesCommissionByUnits) {
  const auto result =
      result_of({{units(10)}, {}, {units(-4)}, {units(-6)}}, rising(), with_fixed(1000, 1));
  EXPECT_THAT(commissions(result), ElementsAre(1.4, 1.6));
}

TEST(Fills, Row6_6AnOpenTradeHasNoExit) {
  const auto result = result_of({{units(10)}}, rising(), with_cash(1000));
  ASSERT_THAT(result.trades, SizeIs(1));
  EXPECT_FALSE(result.trades[0].exit_bar.has_value());
  EXPECT_TRUE(std::isnan(result.trades[0].exit_price));
  EXPECT_TRUE(std::isnan(result.trades[0].pnl));
}

}  // namespace
}  // namespace runledger::test
