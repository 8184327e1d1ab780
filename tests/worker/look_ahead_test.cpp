#include <algorithm>
#include <random>

#include <gmock/gmock.h>

#include "decisions.hpp"
#include "other_bars.hpp"
#include "support.hpp"

namespace runledger::test {
namespace {

using schema::CheckVerdict;
using schema::OtherFuture;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Lt;
using worker::CheckReport;
using worker::LookAhead;
using worker::Worker;

constexpr std::size_t kBars = 400;

const worker::SharedBars& bars() {
  static const worker::SharedBars made = value_of(worker::SharedBars::make(wavy_bars(kBars)));
  return made;
}

// An integer parameter of a strategy that has one.
struct Parameter {
  const char* name = nullptr;
  std::int64_t value = 0;
};

worker::RunCall call_with(const char* strategy, Parameter parameter) {
  worker::RunCall call = call_of(FORESIGHT, strategy);
  call.bars = &bars();
  if (parameter.name == nullptr) return call;
  schema::ParameterT sent;
  sent.name = parameter.name;
  sent.value = std::make_unique<schema::ParameterValue>(parameter.value, 0.0,
                                                        schema::ParameterType::integer);
  call.parameters.push_back(std::move(sent));
  return call;
}

CheckReport report_of(const worker::RunCall& call) {
  Worker worker(worker_options());
  auto outcome = value_of(worker.check(call));
  EXPECT_TRUE(outcome) << outcome.error().message;
  return std::move(*outcome);
}

LookAhead look(const char* strategy, Parameter parameter = {}) {
  return report_of(call_with(strategy, parameter)).look_ahead;
}

void expect_caught(const LookAhead& found) {
  EXPECT_EQ(found.verdict, CheckVerdict::failed) << found.why;
  ASSERT_TRUE(found.difference);
  const worker::LookAheadDifference& difference = *found.difference;
  EXPECT_LT(difference.bar, kBars);
  if (difference.cut) {
    EXPECT_LE(difference.bar, *difference.cut);
  }
  const bool told = !difference.failure.empty() || !difference.real.orders.empty() ||
                    !difference.otherwise.orders.empty();
  EXPECT_TRUE(told) << "neither decision is told";
}

void expect_passed(const LookAhead& found) {
  EXPECT_EQ(found.verdict, CheckVerdict::passed) << found.why;
  EXPECT_FALSE(found.difference) << "bar " << found.difference->bar;
  EXPECT_EQ(found.runs, 3 + 3 * found.cuts.size());
  EXPECT_GT(found.orders_before, 0U);
  EXPECT_LE(found.orders_before, found.orders);
}

TEST(LookAhead, IsFoundInTheNextClose) { expect_caught(look("next_close")); }

TEST(LookAhead, IsFoundInTheMeanOfAllBarsOfTheRun) {
  expect_caught(look("whole_sample", {"length", kBars}));
}

TEST(LookAhead, IsFoundInWhatIsReadPastTheCountUntilThereIsNothing) {
  expect_caught(look("until_nan"));
}

TEST(LookAhead, IsFoundInACentredMean) { expect_caught(look("centred_mean")); }

TEST(LookAhead, IsFoundInOneThatDoesItOnceInAHundredBars) {
  const LookAhead found = look("looks_rarely");
  expect_caught(found);
  EXPECT_EQ(found.difference->bar % 100, 59U);
}

TEST(LookAhead, IsFoundInOrdersThatAreNotMade) { expect_caught(look("avoids_losses")); }

TEST(LookAhead, IsFoundInSizes) {
  const LookAhead found = look("sizes_by_the_next_volume");
  expect_caught(found);
  ASSERT_EQ(found.difference->real.orders.size(), 1U);
  ASSERT_EQ(found.difference->otherwise.orders.size(), 1U);
  EXPECT_NE(found.difference->real.orders[0].quantity,
            found.difference->otherwise.orders[0].quantity);
}

TEST(LookAhead, IsFoundInWhatIsKeptUntilAnOrderIsFilled) {
  const LookAhead found = look("looks_when_filled");
  expect_caught(found);
  EXPECT_EQ(found.difference->bar % 10, 0U) << "the bar after the order";
}

// The process of the first run would know the mean of all bars in every later one.
TEST(LookAhead, IsFoundInWhatAProcessRemembers) {
  const CheckReport report = report_of(call_with("remembers", {}));
  EXPECT_TRUE(report.warm.same) << report.warm.message;
  expect_caught(report.look_ahead);
}

// With its data whole it never fails.
TEST(LookAhead, IsFoundInOneThatFailsWhenTheDataIsCut) {
  const LookAhead found = look("fails_before_the_end");
  expect_caught(found);
  EXPECT_EQ(found.difference->future, OtherFuture::cut);
  EXPECT_THAT(found.difference->failure, HasSubstr("the end is near"));
}

TEST(LookAhead, IsNotFoundInMovingAverages) {
  expect_passed(look("sma_trend"));
  expect_passed(look("ema_trend"));
}

TEST(LookAhead, IsNotFoundInOrdersOfEveryKindWithExitsOfTheirOwn) {
  expect_passed(look("brackets"));
}

TEST(LookAhead, IsNotFoundInBuyAndHold) {
  worker::RunCall call = call_of(BUY_AND_HOLD, "buy_and_hold");
  call.bars = &bars();
  const LookAhead found = report_of(call).look_ahead;
  expect_passed(found);
  EXPECT_EQ(found.orders, 1U);
}

// A whole check is some fifty processes, so these are few; which ones is left to chance.
TEST(LookAhead, IsNotFoundInAnyRuleAboutThePast) {
  std::random_device chance;
  for (int i = 0; i < 4; ++i) {
    const std::int64_t rule = chance() % 1'000'000;
    const LookAhead found = look("any_rule", {"rule", rule});
    EXPECT_EQ(found.verdict, CheckVerdict::passed) << "rule " << rule << ": " << found.why;
  }
}

TEST(LookAhead, IsNotKnownOfOneThatNeverOrders) {
  const LookAhead found = look("never_orders");
  EXPECT_EQ(found.verdict, CheckVerdict::inconclusive);
  EXPECT_THAT(found.why, HasSubstr("it ordered nothing"));
}

TEST(LookAhead, IsNotKnownWhenNothingLiesAhead) {
  for (const std::size_t count : {0U, 1U}) {
    const worker::SharedBars few = value_of(worker::SharedBars::make(wavy_bars(count)));
    worker::RunCall call = call_of(FORESIGHT, "next_close");
    call.bars = &few;
    const LookAhead found = report_of(call).look_ahead;
    EXPECT_EQ(found.verdict, CheckVerdict::inconclusive) << count;
    EXPECT_THAT(found.cuts, IsEmpty());
  }
}

TEST(LookAhead, TriesTheSameAgain) {
  const LookAhead once = look("sma_trend");
  const LookAhead again = look("sma_trend");
  EXPECT_EQ(once.seed, again.seed);
  EXPECT_EQ(once.cuts, again.cuts);
}

TEST(LookAhead, CutsNearDecisionsAndAnywhere) {
  const CheckReport report = report_of(call_with("sma_trend", {}));
  const LookAhead& found = report.look_ahead;
  EXPECT_TRUE(std::ranges::is_sorted(found.cuts));
  EXPECT_THAT(found.cuts, Each(Lt(kBars - 1)));
  EXPECT_LE(found.cuts.size(), worker::kCutsNearDecisions + worker::kCutsAnywhere);
  const auto result = value_of(decode_result(report.run.result));
  const auto decided = worker::decision_bars(result);
  const auto near = [&](std::uint64_t cut) {
    return std::ranges::binary_search(decided, cut) || std::ranges::binary_search(decided, cut + 1);
  };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(found.cuts, near));
  EXPECT_GE(count, worker::kCutsNearDecisions);
  EXPECT_LT(count, found.cuts.size());
}

// ---- Decisions ------------------------------------------------------------------------------

RunResult ordered_on(std::initializer_list<std::uint64_t> on) {
  RunResult result;
  for (const std::uint64_t bar : on) {
    OrderRecord order{};
    order.id = result.orders.size() + 1;
    order.bar = order.outcome_bar = bar;
    order.quantity = 1;
    result.orders.push_back(order);
  }
  return result;
}

TEST(Decisions, DifferOnTheFirstBarWithAnotherOrder) {
  using worker::first_difference;
  EXPECT_EQ(first_difference(ordered_on({1, 5}), ordered_on({1, 5})), std::nullopt);
  EXPECT_EQ(first_difference(ordered_on({1, 5}), ordered_on({1, 7})), 5U);
  EXPECT_EQ(first_difference(ordered_on({1, 5}), ordered_on({1})), 5U);
  EXPECT_EQ(first_difference(ordered_on({1, 5}), ordered_on({1}), 4), std::nullopt);
  EXPECT_EQ(first_difference(ordered_on({2}), ordered_on({2, 2})), 2U);
  RunResult other = ordered_on({1, 5});
  other.orders[1].quantity = -0.0;
  RunResult zero = other;
  zero.orders[1].quantity = 0;
  EXPECT_EQ(first_difference(other, zero), 5U) << "bit for bit";
}

TEST(Decisions, DifferOnTheBarOfACancellation) {
  const RunResult kept = ordered_on({1, 5});
  RunResult taken_back = kept;
  taken_back.orders[0].outcome = OrderOutcome::cancelled;
  taken_back.orders[0].outcome_bar = 3;
  EXPECT_EQ(worker::first_difference(kept, taken_back), 3U);
  EXPECT_EQ(worker::first_difference(kept, taken_back, 2), std::nullopt);
  EXPECT_THAT(worker::decisions_on(taken_back, 3).cancelled, testing::ElementsAre(1U));
  EXPECT_THAT(worker::decision_bars(taken_back), testing::ElementsAre(1U, 3U, 5U));
}

// ---- Other futures --------------------------------------------------------------------------

TEST(OtherBars, KeepWhatLiesUpToTheCut) {
  const BarColumns real = bars().columns();
  for (const OtherFuture future : {OtherFuture::cut, OtherFuture::rising, OtherFuture::falling}) {
    const auto other = value_of(worker::bars_with_future(bars(), 99, future, 7));
    const BarColumns shown = other.columns();
    EXPECT_EQ(shown.size(), future == OtherFuture::cut ? 100U : kBars);
    for (std::size_t i = 0; i < 100; ++i) {
      EXPECT_EQ(shown.label[i], real.label[i]);
      EXPECT_EQ(shown.close_time[i], real.close_time[i]);
      EXPECT_EQ(shown.open[i], real.open[i]);
      EXPECT_EQ(shown.high[i], real.high[i]);
      EXPECT_EQ(shown.low[i], real.low[i]);
      EXPECT_EQ(shown.close[i], real.close[i]);
      EXPECT_EQ(shown.volume[i], real.volume[i]);
    }
  }
}

TEST(OtherBars, GoOnFromTheCutAsAMarketCould) {
  for (const OtherFuture future : {OtherFuture::rising, OtherFuture::falling}) {
    const auto other = value_of(worker::bars_with_future(bars(), 9, future, 7));
    const BarColumns shown = other.columns();
    const double start = shown.close[9];
    const bool rising = future == OtherFuture::rising;
    for (std::size_t i = 10; i < shown.size(); ++i) {
      EXPECT_EQ(shown.label[i], bars().columns().label[i]);
      EXPECT_LE(shown.low[i], std::min(shown.open[i], shown.close[i]));
      EXPECT_GE(shown.high[i], std::max(shown.open[i], shown.close[i]));
      EXPECT_GT(shown.low[i], 0);
      EXPECT_EQ(shown.close[i] > start, rising) << i;
      EXPECT_LT(shown.close[i], 2.1 * start);
      EXPECT_GT(shown.close[i], start / 2.1);
    }
    EXPECT_EQ(shown.close[10] > shown.open[10], rising);
  }
}

}  // namespace
}  // namespace runledger::test
