// What a worker calls a completed run, and what the client takes for one.
#include <algorithm>
#include <string>

#include <gmock/gmock.h>

#include <runledger/base/bytes.hpp>

#include "support.hpp"

namespace runledger::test {
namespace {

using schema::FailureReason;
using testing::HasSubstr;
using worker::Worker;

// A worker program that answers wrongly in the way that is named.
Worker fake_worker(const char* way) {
  return Worker({.program = WORKER_PROGRAM, .prefix = {FAKE_WORKER, way}});
}

worker::RunCall call_for_result() {
  auto call = call_of(MISBEHAVING, "steady");
  call.want_result = true;
  return call;
}

TEST(Completion, OfAReplyThatHasEverythingIsARun) {
  Worker worker = fake_worker("whole");
  EXPECT_EQ(completed(worker, call_for_result()).result, (Bytes{1, 2, 3}));
}

struct Lacking {
  const char* way;
  const char* says;
};
void PrintTo(const Lacking& lacking, std::ostream* out) { *out << lacking.way; }

class Incomplete : public testing::TestWithParam<Lacking> {};

TEST_P(Incomplete, RepliesAreFailuresOfTheProtocolAndCostTheirWorker) {
  Worker worker = fake_worker(GetParam().way);
  for (int i = 0; i < 2; ++i) {
    const auto failure = failure_of(worker, call_for_result());
    EXPECT_EQ(failure.reason, FailureReason::protocol) << failure.message;
    EXPECT_THAT(failure.message, HasSubstr(GetParam().says));
  }
}

INSTANTIATE_TEST_SUITE_P(
    , Incomplete,
    testing::Values(Lacking{"no-result-digest", "without its result digest"},
                    Lacking{"no-decision-digest", "without its decision digest"},
                    Lacking{"no-result", "without its result;"},
                    Lacking{"no-metrics", "without its metrics"},
                    Lacking{"another-result", "without the result that its digest is of"},
                    Lacking{"unknown-failure", "failure number 200"}),
    [](const auto& tested) {
      std::string name = tested.param.way;
      std::ranges::replace(name, '-', '_');
      return name;
    });

TEST(Completion, NeedsTheResultOnlyWhenItWasAskedFor) {
  Worker worker = fake_worker("no-result");
  EXPECT_TRUE(completed(worker, call_of(MISBEHAVING, "steady")).result.empty());
}

TEST(Completion, OfACheckNeedsTheResultToo) {
  Worker worker = fake_worker("no-result");
  const auto outcome = value_of(worker.check(call_of(MISBEHAVING, "steady")));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().reason, FailureReason::protocol);
}

TEST(Status, CannotBeShrunkUnderTheClientByAWorker) {
  Worker worker = fake_worker("shrinks-status");
  completed(worker, call_for_result());
}

TEST(Description, IsNoAnswerToARunNorTheOtherWayRound) {
  Worker worker = fake_worker("whole");
  const auto outcome = value_of(worker.describe(MISBEHAVING));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().reason, FailureReason::protocol);
}

}  // namespace
}  // namespace runledger::test
