#include "look_ahead.hpp"

#include <gmock/gmock.h>

#include <runledger/app/maintenance.hpp>
#include <runledger/app/strategies.hpp>
#include <runledger/strategy_abi.h>

#include "decision_text.hpp"
#include "workbench.hpp"

namespace runledger::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LookAheadCheck : public test::Workbench {
 protected:
  LookAheadCheck() { import(write_prices("ACME.csv", 300)); }

  RunDetail run_of(const std::string& strategy) {
    RunOptions asked = options("ACME");
    asked.strategy = strategy;
    return run(asked);
  }
  static std::string foresight(const std::string& name) {
    return std::string(FORESIGHT) + ":" + name;
  }
  LookAheadDetail check(Seq run) {
    auto found = check_look_ahead(context_, run);
    EXPECT_TRUE(found) << found.error().message;
    return *std::move(found);
  }
  LookAheadDetail check(const std::string& strategy) { return check(run_of(strategy).id); }
};

TEST_F(LookAheadCheck, IsPassedByAMovingAverageAndSaysWhatWasTried) {
  const LookAheadDetail found = check("sma_cross");
  EXPECT_EQ(found.verdict, "passed") << found.detail;
  EXPECT_TRUE(found.repeatable);
  EXPECT_EQ(found.runs, 3 + 3 * found.cuts.size());
  EXPECT_GT(found.orders_before, 0U);
  EXPECT_THAT(found.detail, HasSubstr("of 300 bars"));
  EXPECT_EQ(found.starts.size(), 4U);
  EXPECT_TRUE(found.warm_up_bars);
  EXPECT_THAT(warm_up_text(found), HasSubstr("agree for good after"));
  EXPECT_EQ(found.bar, std::nullopt);
  EXPECT_THAT(found.future, IsEmpty());
}

TEST_F(LookAheadCheck, IsFailedByAPeekerAndTellsTheBarAndBothDecisions) {
  const RunDetail run = run_of(foresight("next_close"));
  const LookAheadDetail found = check(run.id);
  EXPECT_EQ(found.verdict, "failed");
  ASSERT_TRUE(found.bar);
  ASSERT_TRUE(found.bar_time);
  EXPECT_NE(found.real, found.otherwise);
  EXPECT_THAT(found.detail, HasSubstr("with the real future: " + found.real));
  EXPECT_THAT(found.detail, HasSubstr(": " + found.otherwise));
  EXPECT_THAT(found.detail, HasSubstr("on bar " + std::to_string(*found.bar) + " (20"));
}

TEST_F(LookAheadCheck, IsRecordedWithTheRun) {
  const RunDetail run = run_of("sma_cross");
  EXPECT_FALSE(read_run(context_, run.id)->look_ahead);
  const LookAheadDetail first = check(run.id);
  const LookAheadDetail second = check(run.id);
  EXPECT_GT(second.event, first.event);
  EXPECT_EQ(second.cuts, first.cuts) << "the same is tried again";
  const auto shown = read_run(context_, run.id);
  ASSERT_TRUE(shown && shown->look_ahead);
  EXPECT_EQ(shown->look_ahead->event, second.event) << "the last one is told";
  const auto entries = history(context_, run.id);
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ(entries->back().what, "checked");
  EXPECT_THAT(
      entries->back().text,
      HasSubstr("checked whether run " + std::to_string(run.id.value) + " looks ahead: passed: "));
  const auto verified = verify(context_);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_TRUE(verified->ok);
}

TEST_F(LookAheadCheck, IsInconclusiveOfARunThatDoesNotComeOutAgain) {
  const LookAheadDetail dice = check(std::string(MISBEHAVING) + ":throws_dice");
  EXPECT_EQ(dice.verdict, "inconclusive");
  EXPECT_FALSE(dice.repeatable);
  EXPECT_THAT(dice.detail, HasSubstr("another result now than the recorded one"));
}

TEST_F(LookAheadCheck, IsInconclusiveOfARunWithoutOrders) {
  const LookAheadDetail idle = check(foresight("never_orders"));
  EXPECT_EQ(idle.verdict, "inconclusive");
  EXPECT_TRUE(idle.repeatable);
  EXPECT_THAT(warm_up_text(idle), IsEmpty());
}

TEST_F(LookAheadCheck, IsRefusedOfAFailedRunAndRecordsNothing) {
  const RunDetail run = run_of(std::string(MISBEHAVING) + ":segv");
  const auto refused = check_look_ahead(context_, run.id);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::run_failed);
  EXPECT_FALSE(read_run(context_, run.id)->look_ahead);
}

TEST_F(LookAheadCheck, ThatIsInterruptedSaysThatTheRunIsRecorded) {
  const RunDetail run = run_of("sma_cross");
  const std::atomic<bool> interrupted = true;
  context_.interrupted = &interrupted;
  const auto stopped = check_look_ahead(context_, run.id);
  context_.interrupted = nullptr;
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::interrupted);
  EXPECT_THAT(stopped.error().message,
              HasSubstr("run " + std::to_string(run.id.value) + " is recorded"));
  EXPECT_FALSE(read_run(context_, run.id)->look_ahead);
}

// ---- strategies check -----------------------------------------------------------------------

CheckFinding finding_of(const CheckReport& report, const std::string& name) {
  for (const CheckFinding& finding : report.findings)
    if (finding.check == name) return finding;
  ADD_FAILURE() << "no finding " << name;
  return {};
}

TEST_F(LookAheadCheck, OfAStrategyTellsBothFindings) {
  const auto sound = check_strategy(context_, foresight("ema_trend"));
  ASSERT_TRUE(sound) << sound.error().message;
  EXPECT_TRUE(sound->at(0).ok());
  EXPECT_EQ(finding_of(sound->at(0), "does not look ahead").verdict, CheckFinding::Verdict::passed);
  const CheckFinding forgets = finding_of(sound->at(0), "forgets where its data began");
  EXPECT_EQ(forgets.verdict, CheckFinding::Verdict::passed);
  EXPECT_THAT(forgets.detail, HasSubstr("it decides alike after"));

  const auto peeks = check_strategy(context_, foresight("centred_mean"));
  ASSERT_TRUE(peeks) << peeks.error().message;
  EXPECT_FALSE(peeks->at(0).ok());
  EXPECT_THAT(finding_of(peeks->at(0), "does not look ahead").detail,
              HasSubstr("with the real future: "));
}

TEST_F(LookAheadCheck, OfAStrategyIsNoFailureWhenNothingCanBeSaid) {
  const auto idle = check_strategy(context_, foresight("never_orders"));
  ASSERT_TRUE(idle) << idle.error().message;
  EXPECT_TRUE(idle->at(0).ok());
  EXPECT_EQ(finding_of(idle->at(0), "does not look ahead").verdict,
            CheckFinding::Verdict::inconclusive);
  const auto counts = check_strategy(context_, foresight("counts_its_bars"));
  ASSERT_TRUE(counts) << counts.error().message;
  EXPECT_TRUE(counts->at(0).ok());
  EXPECT_EQ(finding_of(counts->at(0), "forgets where its data began").verdict,
            CheckFinding::Verdict::warning);
}

// ---- Words ----------------------------------------------------------------------------------

OrderRecord order(std::uint32_t kind, std::uint32_t mode, double quantity) {
  OrderRecord record{};
  record.kind = kind;
  record.size_mode = mode;
  record.quantity = quantity;
  return record;
}

TEST(Decisions, AreToldInWords) {
  EXPECT_EQ(decisions_text({}), "nothing");
  OrderRecord limit = order(RL_LIMIT, RL_SIZE_UNITS, -2.5);
  limit.limit_price = 101.25;
  limit.time_in_force = RL_BARS;
  limit.expire_bars = 3;
  EXPECT_EQ(
      decisions_text({.orders = {order(RL_MARKET, RL_SIZE_UNITS, 10), limit}, .cancelled = {7}}),
      "buy 10 units at market, sell 2.5 units with limit 101.25 for 3 bars, cancel order 7");
  EXPECT_EQ(decisions_text({.orders = {order(RL_MARKET, RL_SIZE_UNITS, -1)}, .cancelled = {}}),
            "sell 1 unit at market");
  EXPECT_EQ(decisions_text({.orders = {order(RL_MARKET, RL_SIZE_RUN, -1)}, .cancelled = {}}),
            "sell, sized by the run, at market");
  OrderRecord entry = order(RL_STOP, RL_SIZE_EQUITY_PCT, 5);
  entry.stop_price = 99;
  entry.stop_loss = 90;
  EXPECT_EQ(decisions_text({.orders = {entry}, .cancelled = {}}),
            "buy for 5 % of equity with stop 99 and stop loss 90");
}

TEST(Decisions, ThatAreManyAreCounted) {
  const std::vector<OrderRecord> many(9, order(RL_MARKET, RL_SIZE_CLOSE, 1));
  EXPECT_THAT(decisions_text({.orders = many, .cancelled = {}}), testing::EndsWith("and 3 more"));
}

}  // namespace
}  // namespace runledger::app
