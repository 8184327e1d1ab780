// What is kept of a failed run.
#include <chrono>

#include <gmock/gmock.h>

#include <runledger/base/time.hpp>

#include "support.hpp"

namespace runledger::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using worker::Worker;

TEST(RunFailure, NamesTheFramesOfACrashInnermostFirst) {
  Worker worker(worker_options());
  const auto failure = failure_of(worker, call_of(MISBEHAVING, "segv"));
  ASSERT_THAT(failure.frames, SizeIs(2)) << failure.message;
  EXPECT_THAT(failure.frames[0], HasSubstr("segv_now"));
  EXPECT_THAT(failure.frames[1], HasSubstr("segv_on_bar"));
}

TEST(RunFailure, NamesTheCallerOfAnAddressThatIsNoCode) {
  Worker worker(worker_options());
  const auto failure = failure_of(worker, call_of(MISBEHAVING, "null_call"));
  EXPECT_THAT(failure.frames, Contains(HasSubstr("null_call_now")));
}

TEST(RunFailure, NamesTheFramesOfAnExitAHangAndAThrowThatNobodyCaught) {
  Worker worker(worker_options());
  EXPECT_THAT(failure_of(worker, call_of(MISBEHAVING, "exits")).frames,
              Contains(HasSubstr("exits_now")));
  auto hang = call_of(MISBEHAVING, "spins");
  hang.timeout = std::chrono::milliseconds(100);
  EXPECT_THAT(failure_of(worker, hang).frames, Contains(HasSubstr("spins_now")));
  EXPECT_THAT(failure_of(worker, call_of(THROWING, "throws_nowhere")).frames,
              Contains(HasSubstr("throws_nowhere")));
}

TEST(RunFailure, CapsTheFramesOfAnEndlessRecursion) {
  Worker worker(worker_options());
  const auto failure = failure_of(worker, call_of(MISBEHAVING, "recursion"));
  EXPECT_THAT(failure.frames, SizeIs(64));
  EXPECT_THAT(failure.frames.front(), HasSubstr("recurse"));
}

TEST(RunFailure, KeepsSignalCallBarAndTime) {
  Worker worker(worker_options());
  const auto failure = failure_of(worker, call_of(MISBEHAVING, "segv"));
  EXPECT_EQ(failure.signal, SIGSEGV);
  EXPECT_EQ(failure.exit_status, std::nullopt);
  EXPECT_EQ(failure.call, schema::PluginCall::on_bar);
  EXPECT_EQ(failure.bar, 4U);
  EXPECT_EQ(format_time(failure.bar_time.value_or(0)), "2009-01-05");
  EXPECT_GT(failure.wall_ns, 0);
}

TEST(RunFailure, KeepsTheExitStatus) {
  Worker worker(worker_options());
  const auto failure = failure_of(worker, call_of(MISBEHAVING, "exits_7"));
  EXPECT_EQ(failure.exit_status, 7);
  EXPECT_EQ(failure.signal, 0);
}

TEST(RunFailure, KeepsWhatWasLoggedAndPrintedBeforeTheEnd) {
  Worker worker(worker_options());
  const auto failure = failure_of(worker, call_of(MISBEHAVING, "says_and_crashes"));
  EXPECT_EQ(failure.output,
            "bar 4 (2009-01-05) warn: logged before the end\nprinted before the end\n");
  EXPECT_EQ(failure.output_dropped, 0U);
}

TEST(RunFailure, KeepsTheEndOfTooMuchOutput) {
  Worker worker(worker_options());
  auto call = call_of(MISBEHAVING, "prints_for_ever");
  call.timeout = std::chrono::milliseconds(100);
  const auto failure = failure_of(worker, call);
  EXPECT_LE(failure.output.size(), worker::kOutputBytesMax);
  EXPECT_GT(failure.output.size(), worker::kOutputBytesMax / 2);
  EXPECT_GT(failure.output_dropped, 1U << 20);
}

TEST(RunFailure, KeepsNothingOfTheRunBefore) {
  Worker worker(worker_options());
  failure_of(worker, call_of(MISBEHAVING, "says_and_crashes"));
  const auto failure = failure_of(worker, call_of(MISBEHAVING, "refuses_to_start"));
  EXPECT_EQ(failure.output, "");
  EXPECT_THAT(failure.frames, SizeIs(0));
  EXPECT_EQ(failure.bar, std::nullopt);
}

}  // namespace
}  // namespace runledger::test
