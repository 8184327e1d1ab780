#include <gmock/gmock.h>

#include "support.hpp"

namespace runledger::test {
namespace {

using testing::HasSubstr;
using worker::CheckReport;
using worker::Worker;

CheckReport report_of(const char* strategy) {
  Worker worker(worker_options());
  auto outcome = value_of(worker.check(call_of(MISBEHAVING, strategy)));
  EXPECT_TRUE(outcome) << outcome.error().message;
  return std::move(*outcome);
}

TEST(Check, FindsNothingInAPureStrategy) {
  const CheckReport report = report_of("steady");
  EXPECT_TRUE(report.repeat.same) << report.repeat.message;
  EXPECT_TRUE(report.warm.same) << report.warm.message;
  EXPECT_TRUE(report.look_ahead.same) << report.look_ahead.message;
  EXPECT_EQ(report.run.orders, 50U);
}

void expect_to_look_ahead(const CheckReport& report) {
  EXPECT_TRUE(report.repeat.same) << report.repeat.message;
  EXPECT_TRUE(report.warm.same) << report.warm.message;
  EXPECT_FALSE(report.look_ahead.same);
  EXPECT_GE(report.look_ahead.bar, 9U);
  EXPECT_THAT(report.look_ahead.message, HasSubstr("for the first time at bar"));
}

TEST(Check, FindsAStrategyThatLooksAheadAndTheBar) { expect_to_look_ahead(report_of("peeks")); }

// Its orders are the same whatever the future holds; which of them it takes back is not.
TEST(Check, FindsAStrategyThatOnlyCancelsByWhatLiesAhead) {
  expect_to_look_ahead(report_of("cancels_after_peeking"));
}

TEST(Check, FindsNothingInAStrategyThatCancelsByWhatItSaw) {
  const CheckReport report = report_of("cancels_by_the_past");
  EXPECT_TRUE(report.repeat.same) << report.repeat.message;
  EXPECT_TRUE(report.look_ahead.same) << report.look_ahead.message;
}

TEST(Check, LeavesWhatIsDecidedAtTheEndOut) {
  EXPECT_TRUE(report_of("trades_at_the_end").look_ahead.same);
}

TEST(Check, FindsStateOutsideTheInstance) {
  const CheckReport report = report_of("counts_in_a_static");
  EXPECT_TRUE(report.repeat.same) << report.repeat.message;
  EXPECT_FALSE(report.warm.same);
  EXPECT_EQ(report.warm.bar, 0U);
  EXPECT_TRUE(report.look_ahead.same) << report.look_ahead.message;
}

TEST(Check, FindsChance) { EXPECT_FALSE(report_of("throws_dice").repeat.same); }

TEST(Check, FindsDecisionsThatDependOnAnAddress) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer's allocator gives the same addresses every time";
  EXPECT_FALSE(report_of("depends_on_an_address").repeat.same);
}

TEST(Check, TellsARunThatFails) {
  Worker worker(worker_options());
  const auto outcome = value_of(worker.check(call_of(MISBEHAVING, "segv")));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().reason, schema::FailureReason::crashed);
}

}  // namespace
}  // namespace runledger::test
