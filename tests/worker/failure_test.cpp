// What is kept of a failed run.
#include "failure.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>

#include <runledger/base/time.hpp>

#include "support.hpp"
#include "temporary_directory.hpp"

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

TEST(RunFailure, NamesThePluginInsteadOfItsCopyWhereNoSourceIsKnown) {
  const TemporaryDirectory folder;
  const auto copy = folder.path() / "0123456789abcdef.so";
  std::filesystem::copy_file(MISBEHAVING, copy);
  auto call = call_of(copy.c_str(), "segv");
  call.plugin_name = "mine.so";
  Worker worker(worker_options());
  const auto failure = failure_of(worker, call);
  EXPECT_THAT(failure.frames, ElementsAre("segv_now in mine.so", "segv_on_bar in mine.so"));
  call.plugin_name = "";
  EXPECT_THAT(failure_of(worker, call).frames[0], HasSubstr("in 0123456789abcdef.so"));
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
              Contains(testing::ContainsRegex("throws_nowhere.* at throwing.cpp:[0-9]+")));
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

// ---- Sentences ------------------------------------------------------------------------------

using schema::PluginCall;
using worker::EndKind;
using worker::Loss;

constexpr std::uint64_t kMemory = 16u << 20;
constexpr std::uint64_t kBars = 4u << 30;  // what was there before the run began

worker::CallContext context_of(std::string strategy) {
  return {.program = WORKER_PROGRAM,
          .plugin = MISBEHAVING,
          .plugin_name = "mine.so",
          .strategy = std::move(strategy),
          .bars = &hundred_bars(),
          .timeout = std::chrono::milliseconds(1'500),
          .memory_limit = kMemory};
}

Loss loss_in(PluginCall call, Loss::Kind kind) {
  Loss loss;
  loss.kind = kind;
  loss.status.progress.call = static_cast<std::uint32_t>(call);
  loss.status.progress.bar = 4;
  loss.status.end.memory_limit = kBars + kMemory;
  return loss;
}

Loss signal_in(PluginCall call, int signal, std::uint64_t memory_used) {
  Loss loss = loss_in(call, Loss::Kind::ended);
  loss.wait_status = signal;
  loss.status.end.kind = static_cast<std::uint32_t>(EndKind::signal);
  loss.status.end.signal = signal;
  loss.status.end.memory_bytes = kBars + memory_used;
  return loss;
}

std::string told(const Loss& loss, const std::string& strategy = "mine") {
  return tell_loss(loss, context_of(strategy)).message;
}

TEST(Sentence, OfATimeoutSaysWhereTheRunWasAndWhetherItHadTakenItsMemory) {
  Loss loss = loss_in(PluginCall::on_bar, Loss::Kind::timed_out);
  EXPECT_EQ(told(loss),
            "The run took longer than the limit of 1.5 s; it was in mine::on_bar at bar 4 "
            "(2009-01-05).");
  loss.status.end.kind = static_cast<std::uint32_t>(EndKind::asked);
  loss.status.end.memory_bytes = kBars + kMemory / 2;
  EXPECT_THAT(told(loss), Not(HasSubstr("memory")));
  loss.status.end.memory_bytes = kBars + kMemory - 1;
  EXPECT_EQ(told(loss),
            "The run took longer than the limit of 1.5 s; it was in mine::on_bar at bar 4 "
            "(2009-01-05) and held 15 MB of the 16 MB of memory that it may use, so that more may "
            "have been refused.");
  EXPECT_EQ(told(loss_in(PluginCall::load, Loss::Kind::timed_out), ""),
            "Describing the plugin took longer than the limit of 1.5 s; it was in the library "
            "while it was loaded.");
}

TEST(Sentence, OfACrashBlamesMemoryOnlyWhenTheRunItselfHadTakenIt) {
  EXPECT_EQ(told(signal_in(PluginCall::on_bar, SIGABRT, kMemory / 2)),
            "SIGABRT in mine::on_bar at bar 4 (2009-01-05): it aborted.");
  EXPECT_EQ(told(signal_in(PluginCall::on_bar, SIGABRT, kMemory)),
            "mine::on_bar ran out of memory at bar 4 (2009-01-05): it may use 16 MB.");
}

TEST(Sentence, BeginsWithACapitalAndNamesNoCallWhereThereIsNone) {
  EXPECT_EQ(told(loss_in(PluginCall::load, Loss::Kind::closed)),
            "The library while it was loaded closed files that are the worker's own.");
  EXPECT_EQ(told(loss_in(PluginCall::none, Loss::Kind::garbled)),
            "The worker's answer was not well formed; the strategy writes to memory or files that "
            "are not its own.");
  Loss exited = loss_in(PluginCall::none, Loss::Kind::ended);
  exited.wait_status = 12 << 8;
  EXPECT_EQ(told(exited), "The worker exited with status 12 outside of any call.");
  Loss killed = loss_in(PluginCall::on_bar, Loss::Kind::ended);
  killed.wait_status = SIGKILL;
  EXPECT_EQ(told(killed),
            "The worker was killed from outside in mine::on_bar at bar 4 (2009-01-05); the system "
            "may have run out of memory.");
}

TEST(Sentence, OfTerminateSaysWhatWasThrownIfAnythingWas) {
  Loss loss = signal_in(PluginCall::on_end, SIGABRT, 0);
  loss.status.end.kind = static_cast<std::uint32_t>(EndKind::terminate);
  EXPECT_EQ(told(loss), "mine::on_end called std::terminate at bar 4 (2009-01-05).");
  std::ranges::copy(std::string_view("all is lost."), loss.status.end.text.begin());
  EXPECT_EQ(told(loss),
            "mine::on_end threw an exception at bar 4 (2009-01-05) where nobody could catch it: "
            "all is lost.");
}

TEST(Sentence, OfAReplyEndsWithOneFullStop) {
  schema::RunReplyT reply;
  reply.failure = schema::FailureReason::not_loadable;
  reply.message = "it is no library.";
  EXPECT_EQ(tell_failed_run(reply, context_of("mine"), "").message,
            "mine.so cannot be used: it is no library.");
  reply.failure = schema::FailureReason::out_of_memory;
  EXPECT_EQ(tell_failed_run(reply, context_of("mine"), "").message,
            "The run of mine is too large: it is no library.");
}

}  // namespace
}  // namespace runledger::test
