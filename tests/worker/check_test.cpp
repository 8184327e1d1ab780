#include <gmock/gmock.h>

#include "support.hpp"

namespace runledger::test {
namespace {

using schema::CheckVerdict;
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
  EXPECT_EQ(report.look_ahead.verdict, CheckVerdict::passed) << report.look_ahead.why;
  EXPECT_EQ(report.run.orders, 50U);
}

void expect_to_look_ahead(const CheckReport& report) {
  EXPECT_TRUE(report.repeat.same) << report.repeat.message;
  EXPECT_TRUE(report.warm.same) << report.warm.message;
  EXPECT_EQ(report.look_ahead.verdict, CheckVerdict::failed);
  ASSERT_TRUE(report.look_ahead.difference);
  EXPECT_GE(report.look_ahead.difference->bar, 9U);
  EXPECT_EQ(report.look_ahead.difference->future, schema::OtherFuture::scrambled);
}

TEST(Check, FindsAStrategyThatLooksAheadAndTheBar) { expect_to_look_ahead(report_of("peeks")); }

// Its orders are the same whatever the future holds; which of them it takes back is not.
TEST(Check, FindsAStrategyThatOnlyCancelsByWhatLiesAhead) {
  expect_to_look_ahead(report_of("cancels_after_peeking"));
}

TEST(Check, FindsNothingInAStrategyThatCancelsByWhatItSaw) {
  const CheckReport report = report_of("cancels_by_the_past");
  EXPECT_TRUE(report.repeat.same) << report.repeat.message;
  EXPECT_EQ(report.look_ahead.verdict, CheckVerdict::passed) << report.look_ahead.why;
}

TEST(Check, LeavesWhatIsDecidedAtTheEndOut) {
  EXPECT_EQ(report_of("trades_at_the_end").look_ahead.verdict, CheckVerdict::passed);
}

TEST(Check, FindsStateOutsideTheInstance) {
  const CheckReport report = report_of("counts_in_a_static");
  EXPECT_TRUE(report.repeat.same) << report.repeat.message;
  EXPECT_FALSE(report.warm.same);
  EXPECT_EQ(report.warm.bar, 0U);
  EXPECT_EQ(report.look_ahead.verdict, CheckVerdict::passed) << report.look_ahead.why;
}

TEST(Check, FindsChanceAndSaysNothingOfTheFutureThen) {
  const CheckReport report = report_of("throws_dice");
  EXPECT_FALSE(report.repeat.same);
  EXPECT_EQ(report.look_ahead.verdict, CheckVerdict::inconclusive);
  EXPECT_THAT(report.look_ahead.why, HasSubstr("uses chance"));
  EXPECT_EQ(report.look_ahead.runs, 0U);
  EXPECT_FALSE(report.warm_up.why.empty());
}

TEST(Check, TellsHowFarItIs) {
  Worker worker(worker_options());
  std::uint64_t last = 0;
  const auto outcome = value_of(worker.check(call_of(MISBEHAVING, "steady"),
                                             [&last](std::uint64_t done, std::uint64_t total) {
                                               EXPECT_EQ(done, last + 1);
                                               EXPECT_LE(done, total);
                                               last = done;
                                             }));
  ASSERT_TRUE(outcome);
  EXPECT_GE(last, outcome->look_ahead.runs + 8);
}

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
