#include "warm_up.hpp"

#include <gmock/gmock.h>

#include <runledger/strategy_abi.h>

#include "support.hpp"

namespace runledger::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using worker::bars_until_agreed;
using worker::WarmUp;

constexpr std::uint64_t kBars = 100;

// A run that orders, and is filled on the next bar, as told.
struct Trade {
  std::uint64_t bar;
  double quantity;
};
RunResult run_of(std::initializer_list<Trade> trades) {
  RunResult result;
  for (const Trade& trade : trades) {
    OrderRecord order{};
    order.id = result.orders.size() + 1;
    order.bar = trade.bar;
    order.outcome_bar = trade.bar + 1;
    order.kind = RL_MARKET;
    order.quantity = trade.quantity;
    order.outcome = OrderOutcome::filled;
    result.orders.push_back(order);
    FillRecord fill{};
    fill.order_id = static_cast<decltype(fill.order_id)>(order.id);
    fill.bar = trade.bar + 1;
    fill.quantity = trade.quantity;
    fill.price = 100;
    result.fills.push_back(fill);
  }
  return result;
}

TEST(TwoStarts, AgreeFromTheBarAfterTheLastOtherDecision) {
  // Bars of the later run count from 20.
  EXPECT_EQ(bars_until_agreed(run_of({{30, 1}, {60, -1}}), run_of({{10, 1}, {40, -1}}), 20, kBars),
            0U);
  EXPECT_EQ(bars_until_agreed(run_of({{5, 1}, {60, -1}}), run_of({{10, 1}, {40, -1}}), 20, kBars),
            11U)
      << "the one holds since bar 5, the other from 31 on";
}

TEST(TwoStarts, AgreeWhateverTheSizes) {
  EXPECT_EQ(bars_until_agreed(run_of({{30, 5}, {60, -5}}), run_of({{10, 1}, {40, -1}}), 20, kBars),
            0U);
}

TEST(TwoStarts, DoNotAgreeWhileOneHoldsWhatTheOtherDoesNot) {
  EXPECT_EQ(bars_until_agreed(run_of({{5, 1}}), run_of({}), 20, kBars), std::nullopt);
  EXPECT_EQ(bars_until_agreed(run_of({{5, 1}, {60, -1}}), run_of({{40, -1}}), 20, kBars),
            std::nullopt)
      << "the same order leaves one flat and the other short";
  EXPECT_EQ(bars_until_agreed(run_of({{5, 1}, {50, -1}}), run_of({}), 20, kBars), 31U);
}

TEST(TwoStarts, DoNotAgreeWhenTheLastBarDiffers) {
  EXPECT_EQ(bars_until_agreed(run_of({{99, 1}}), run_of({}), 20, kBars), std::nullopt);
}

TEST(TwoStarts, AgreeOnWhatIsTakenBackToo) {
  RunResult whole = run_of({{30, 1}, {60, -1}});
  const RunResult later = run_of({{10, 1}, {40, -1}});
  whole.orders[0].outcome = OrderOutcome::cancelled;
  whole.orders[0].outcome_bar = 45;
  EXPECT_EQ(bars_until_agreed(whole, later, 20, kBars), 26U);
}

TEST(TwoStarts, AreFlatAlikeWhenRoundingLeavesAShadowOfAPosition) {
  RunResult whole = run_of({{1, 0.1}, {2, 0.2}, {3, -0.3}});
  ASSERT_NE(0.1 + 0.2 - 0.3, 0);
  EXPECT_EQ(bars_until_agreed(whole, run_of({}), 20, kBars), 0U);
}

const worker::SharedBars& bars() {
  static const worker::SharedBars made = value_of(worker::SharedBars::make(wavy_bars(400)));
  return made;
}

WarmUp warm_up_of(const char* strategy, const worker::SharedBars& shown = bars()) {
  worker::Worker worker(worker_options());
  worker::RunCall call = call_of(FORESIGHT, strategy);
  call.bars = &shown;
  return value_of(worker.check(call))->warm_up;
}

TEST(WarmUp, OfMovingAveragesEnds) {
  for (const char* strategy : {"sma_trend", "ema_trend"}) {
    const WarmUp found = warm_up_of(strategy);
    EXPECT_THAT(found.starts, ElementsAre(50U, 100U, 150U, 200U));
    ASSERT_TRUE(found.bars) << strategy;
    EXPECT_GE(*found.bars, 19U) << "the slow mean is not defined before";
    EXPECT_LT(*found.bars, 200U);
    EXPECT_GT(found.orders_after, 0U);
  }
}

TEST(WarmUp, OfOneThatCountsItsBarsDoesNotEnd) {
  const WarmUp found = warm_up_of("counts_its_bars");
  EXPECT_EQ(found.starts.size(), worker::kLaterStarts);
  EXPECT_EQ(found.bars, std::nullopt);
}

TEST(WarmUp, IsNotTriedOnAFewBarsOrWithoutOrders) {
  const worker::SharedBars few = value_of(worker::SharedBars::make(wavy_bars(15)));
  EXPECT_THAT(warm_up_of("next_close", few).why, HasSubstr("fewer than 16 bars"));
  const WarmUp idle = warm_up_of("never_orders");
  EXPECT_THAT(idle.why, HasSubstr("ordered nothing"));
  EXPECT_THAT(idle.starts, IsEmpty());
}

}  // namespace
}  // namespace runledger::test
